/** In a pid namespace whose /proc is of another one, what stands there is of other processes. */
import { HOOK, record, whatStandsIn } from "../../kit/homes.ts";
import { succeeds } from "../../kit/mounts.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { procfs, testWith, type Tool } from "../../kit/tools.ts";
import { assert, assertEquals, assertStringIncludes } from "../../std/std_assert.ts";

const UNSHARE = ["unshare", ...(Deno.uid() === 0 ? [] : ["--map-root-user"]), "--pid", "--fork"];

const pidNamespaces: Tool = {
  name: "unshare --pid",
  found: () => succeeds(UNSHARE[0]!, [...UNSHARE.slice(1), "true"]),
};

const FIGURES = ["cpu_percent", "memory_rss", "cpu_seconds", "tree_rss", "children", "pid"];

testWith(
  [procfs, pidNamespaces],
  "with a /proc of another namespace figures stay empty, which is said once",
  async () => {
    using home = temporaryFolder();
    for (const args of [["start"], ["end"], ["start", "--pid", "1"]]) {
      for (const env of [{}, { CLAUDE_PID: "1" }, { CLAUDE_PID: String(Deno.pid) }]) {
        await record(home.path, args, { stdin: HOOK, through: UNSHARE, env });
      }
    }
    const { rows, errors } = await record(home.path, ["start"], { stdin: HOOK, through: UNSHARE });
    assertEquals(rows.length, 10);
    for (const row of rows) {
      const known = FIGURES.filter((name) => !["", "0", "0.0"].includes(row[name] ?? ""));
      assertEquals(known, [], JSON.stringify(row));
    }
    await record(home.path, ["drain"], { through: UNSHARE });
    assertEquals(whatStandsIn(home.path).errors.length, 1);
    assertStringIncludes(errors[0] ?? "", "/proc is of another pid namespace");
  },
);

testWith(
  [procfs, pidNamespaces],
  "with a /proc of its own a pid namespace has its figures",
  async () => {
    using home = temporaryFolder();
    const through = [...UNSHARE, "--mount-proc"];
    const { rows, errors } = await record(home.path, ["start"], {
      stdin: HOOK,
      through: [...through, "sh", "-c", '"$0" "$@"; exit'],
    });
    assertEquals(errors, []);
    assert(Number(rows[0]?.["memory_rss"]) > 0, JSON.stringify(rows));
  },
);

testWith(
  [procfs, pidNamespaces],
  "a drain says it where the shell leaves the records",
  async () => {
    using home = temporaryFolder();
    for (let drain = 0; drain < 2; drain++) {
      await record(home.path, ["drain"], {
        through: UNSHARE,
      });
    }
    const { errors } = whatStandsIn(home.path);
    assertEquals(errors.length, 1);
    assertStringIncludes(errors[0] ?? "", "/proc is of another pid namespace");
  },
);
