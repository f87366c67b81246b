import type { Environment } from "../../../src/files/environment.ts";
import { logPath } from "../../../src/log/location.ts";
import { resolveLog } from "../../../src/log/resolve.ts";
import { assertEquals, assertThrows } from "../../std/std_assert.ts";
import { toolsOf } from "../../kit/log_files.ts";
import { allTools, appendRows, logIn, names, rotating } from "../../kit/numbered_rows.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { testWith } from "../../kit/tools.ts";

Deno.test("the log is that of --file, $PERFMON_FILE, $CLAUDE_CONFIG_DIR or HOME, in this order", () => {
  const environment = (values: Record<string, string>): Environment => (name) => values[name];
  const home = { HOME: "/home/ada" };
  const config = { ...home, CLAUDE_CONFIG_DIR: "/etc/claude" };
  const file = { ...config, PERFMON_FILE: "/var/log/p.csv" };
  assertEquals(logPath("/tmp/x.csv", environment(file)), "/tmp/x.csv");
  assertEquals(logPath(undefined, environment(file)), "/var/log/p.csv");
  assertEquals(
    logPath("", environment({ ...file, PERFMON_FILE: "" })),
    "/etc/claude/performance.csv",
  );
  assertEquals(logPath(undefined, environment(home)), "/home/ada/.claude/performance.csv");
  assertEquals(logPath(undefined, environment({ HOME: "" })), undefined);
  assertEquals(logPath(undefined, environment({})), undefined);
});

Deno.test("a symlinked log is the log it points to, with that one's lock and history", async () => {
  using folder = temporaryFolder();
  Deno.mkdirSync(`${folder.path}/real`);
  const real = logIn(`${folder.path}/real`);
  Deno.symlinkSync("real/performance.csv", `${folder.path}/relative.csv`);
  Deno.symlinkSync(`${folder.path}/relative.csv`, `${folder.path}/chain.csv`);
  // Dangling at first: the first row makes the log where the links point to.
  await appendRows(logIn(folder.path, "chain.csv"), 1, 6, rotating(9, 4));
  await appendRows(logIn(folder.path, "relative.csv"), 7, 8, rotating(9, 4));
  await appendRows(real, 9, 10, rotating(9, 4));
  const beside = ["chain.d", "relative.d"].map((name) => `${folder.path}/${name}`);
  assertEquals(logIn(folder.path, "chain.csv"), { ...real, linkFolders: beside });
  assertEquals([toolsOf(real.path), await allTools(real)], [names(10, 7), names(10)]);
  const left = [...Deno.readDirSync(folder.path)].map((entry) => entry.name).sort();
  assertEquals(left, ["chain.csv", "real", "relative.csv"]);
  assertEquals(Deno.lstatSync(`${folder.path}/chain.csv`).isSymlink, true);
});

Deno.test("links that go in a circle are refused", () => {
  using folder = temporaryFolder();
  Deno.symlinkSync("b.csv", `${folder.path}/a.csv`);
  Deno.symlinkSync("a.csv", `${folder.path}/b.csv`);
  assertThrows(() => resolveLog(`${folder.path}/a.csv`), Error, "too many symlinks");
});

testWith(
  "mkfifo",
  "only a regular file is a log: a folder, a FIFO or a device is refused by name",
  () => {
    using folder = temporaryFolder();
    const fifo = `${folder.path}/fifo.csv`;
    new Deno.Command("mkfifo", { args: [fifo] }).outputSync();
    Deno.symlinkSync("fifo.csv", `${folder.path}/link.csv`);
    const cases: [string, string][] = [
      [folder.path, "it is a folder"],
      [fifo, "it is a FIFO"],
      [`${folder.path}/link.csv`, "it is a FIFO"],
      ["/dev/null", "it is a device or a socket"],
    ];
    for (const [path, reason] of cases) {
      const { message } = assertThrows(() => resolveLog(path), Error);
      assertEquals(message, `Cannot use "${path}" as the log: ${reason}, no regular file`);
    }
  },
);

Deno.test("logs with similar names in one folder never mix", async () => {
  using folder = temporaryFolder();
  const logs = ["a.csv", "a", "a.log", "a.d.csv"].map((name) => logIn(folder.path, name));
  assertEquals(new Set(logs.map((log) => log.folder)).size, logs.length);
  for (const [index, log] of logs.entries()) {
    await appendRows(log, 100 * index + 1, 100 * index + 12, rotating(9, 4));
  }
  for (const [index, log] of logs.entries()) {
    assertEquals(await allTools(log), names(100 * index + 12, 100 * index + 1), log.path);
  }
});
