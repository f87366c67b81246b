/** What comes from outside is text on a terminal: it never steers it. */
import { assert, assertEquals, assertStringIncludes } from "../../std/std_assert.ts";
import { binary } from "../../kit/perfmon.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { testWith } from "../../kit/tools.ts";
import { Terminal } from "../../kit/terminal.ts";

const STEERING = "x\u009b31m\u202ey\u0085z";

/** A log whose tool has such a name: a foreign program wrote it. */
function steeringLog(folder: string): string {
  const path = `${folder}/log.csv`;
  const now = Date.now() / 1000;
  Deno.writeTextFileSync(
    path,
    `${now - 2},1.0,100,${STEERING},start\n${now - 1},1.0,100,${STEERING},end\n`,
  );
  return path;
}

/** All that a program writes to a terminal, as bytes of UTF-8 read as text. */
async function onTerminal(line: string, home: string): Promise<string> {
  const { stdout } = await new Deno.Command("script", {
    args: ["-qec", line, "/dev/null"],
    clearEnv: true,
    env: {
      PATH: Deno.env.get("PATH") ?? "",
      HOME: home,
      PERFMON: binary,
      TERM: "xterm",
      COLUMNS: "120", // the terminal of script has no size
      LANG: "C.UTF-8",
      TZ: "UTC",
    },
    cwd: home,
    stdin: "null",
  }).output();
  return new TextDecoder().decode(stdout);
}

testWith(
  "script",
  "raw rows, CSV, JSON, tables and messages reach a terminal without what would steer it",
  async () => {
    using folder = temporaryFolder();
    const log = steeringLog(folder.path);
    const commands = [
      ["tail --raw", "x?31m?y?z"],
      ["export csv", "x?31m?y?z"],
      ["export json", "x?31m?y?z"],
      ["tail --csv", "x?31m?y?z"],
      ["tail --json", "x?31m?y?z"],
      ["tail", "x?31m?y?z"],
      ["report", "x?31m?y?z"],
      ["report --tool nothing", "x?31m?y?z"], // a message that names what there is
    ];
    for (const [command = "", expected = ""] of commands) {
      const shown = await onTerminal(`"$PERFMON" ${command} --file ${log}`, folder.path);
      assertStringIncludes(shown, expected, command);
      const steering = /[\x80-\x9f\u202a-\u202e\u2066-\u2069]/.exec(shown);
      assertEquals(steering, null, `${command}: ${JSON.stringify(shown)}`);
    }
  },
);

testWith("script", "into a file the same rows go as they are", async () => {
  using folder = temporaryFolder();
  const log = steeringLog(folder.path);
  await onTerminal(`"$PERFMON" tail --raw --file ${log} > ${folder.path}/out`, folder.path);
  assertStringIncludes(Deno.readTextFileSync(`${folder.path}/out`), STEERING);
});

testWith(["tmux", "bash"], "bash inserts a file's name as a name: it runs nothing", async () => {
  using folder = temporaryFolder();
  Deno.writeTextFileSync(`${folder.path}/z$(touch\${IFS}PWN).csv`, "");
  Deno.writeTextFileSync(`${folder.path}/two words.csv`, "");
  await using terminal = await Terminal.open({
    width: 100,
    height: 20,
    env: { HOME: folder.path },
  });
  await terminal.run(`cd ${folder.path}; perfmon completions bash > c.bash; source c.bash; clear`);
  for (const start of ["perfmon report --file z", "perfmon report --file two"]) {
    await terminal.type(start);
    await terminal.key("Tab");
    await terminal.until((lines) => lines.join("").includes(".csv"), "the name");
    await terminal.key("Enter");
    await terminal.until((lines) => lines.join(" ").includes("holds no"), "the answer");
    await terminal.run("clear");
  }
  assert(![...Deno.readDirSync(folder.path)].some(({ name }) => name === "PWN"));
});
