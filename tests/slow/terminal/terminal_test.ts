/** Tables in a real terminal. */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "../../std/std_assert.ts";
import { logText, RECENT, writeLog } from "../../kit/log_files.ts";
import { expectExit, perfmon } from "../../kit/perfmon.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { testWith } from "../../kit/tools.ts";
import { Terminal } from "../../kit/terminal.ts";

const TOOLS = ["bash", "env", "tmux"];

for (const width of [60, 80, 300]) {
  testWith(TOOLS, `report: fits a terminal of ${width} columns`, async () => {
    using folder = temporaryFolder();
    const file = writeLog(folder.path, logText(RECENT));
    await using terminal = await Terminal.open({ width, height: 60, env: { PERFMON_FILE: file } });
    for (const line of ["report", "report --wide", "report last", "top", "tail", "running"]) {
      const { lines, code } = await terminal.output(`perfmon ${line}`);
      const env = { LANG: "C.UTF-8", COLUMNS: String(width), PERFMON_FILE: file };
      const piped = expectExit(await perfmon(line.split(" "), { env }), 0);
      // A line that is too long would go on in the next one.
      assertEquals([code, ...lines], [0, ...piped.stdout.trimEnd().split("\n")]);
      if (line !== "report --wide") continue;
      const headers = lines.filter((each) => each.startsWith("TOOL"));
      assertEquals(headers.length === 1, width === 300);
      assertStringIncludes(headers.join(" "), "%CPU MAX");
    }
  });
}

testWith(
  TOOLS,
  "a terminal that tells no width has 80 columns, messages on stderr too",
  async () => {
    using folder = temporaryFolder();
    await using terminal = await Terminal.open({
      width: 200,
      height: 24,
      env: { HOME: folder.path, CLAUDE_CONFIG_DIR: folder.path },
    });
    const { lines } = await terminal.output(
      "stty cols 0 rows 0; perfmon hooks remove --everywhere",
    );
    assertEquals(lines, ["There are no hooks of perfmon in any settings"]);
  },
);

testWith(
  TOOLS,
  "profile save, import and clear: no word of theirs is broken by a terminal's edge",
  async () => {
    using folder = temporaryFolder();
    const home = `${folder.path}/home`;
    const transcripts = `${home}/.claude/projects/p`;
    Deno.mkdirSync(transcripts, { recursive: true });
    Deno.writeTextFileSync(`${transcripts}/s.jsonl`, "");
    const file = writeLog(home, logText(RECENT));
    const env = { HOME: home, PERFMON_FILE: file };
    const width = `Saved "${home}/performance.d/profiles/may.json": `.length;
    await using terminal = await Terminal.open({ width, height: 40, env });
    const before = "clear --before 2020-01-01";
    for (const line of ["profile save may --replace", "import", "import --remove", before]) {
      const shown = (await terminal.output(`perfmon ${line}`)).lines;
      const { stdout } = await perfmon(line.split(" "), { env });
      assertEquals(shown.map((each) => each.trim()).join(" "), stdout.trim().replaceAll("\n", " "));
    }
    await terminal.run("perfmon clear");
    const asked = await terminal.until((each) => each.at(-1)?.endsWith("[y/N]") === true, "asked");
    assertMatch(asked.join("\n"), / \(8 rows, 1\.0\n {2}KiB\)\? \[y\/N\]$/);
    await terminal.run("n");
  },
);

testWith(
  TOOLS,
  "bench says what is waited for, and leaves the result alone on the screen",
  async () => {
    using folder = temporaryFolder();
    const env = { HOME: folder.path };
    await using terminal = await Terminal.open({ width: 80, height: 50, env });
    await terminal.run("perfmon bench --rounds 2; echo over");
    const said = "Measuring 2 rounds of each command ...";
    await terminal.until((lines) => lines.includes(said), "what is waited for");
    const lines = await terminal.until((each) => each.includes("over"), "the result");
    assertEquals(lines.includes(said), false);
    assert(lines.some((line) => /^COMMAND +MEDIAN/.test(line)));
  },
);

testWith(
  TOOLS,
  "report: bold headers and red failures in a terminal, not with NO_COLOR or TERM=dumb",
  async () => {
    using folder = temporaryFolder();
    const file = writeLog(folder.path, logText(RECENT));
    await using terminal = await Terminal.open({
      width: 80,
      height: 24,
      env: { PERFMON_FILE: file },
    });
    const header = async (prefix: string): Promise<string> => {
      const { lines } = await terminal.output(`${prefix} perfmon report`, { styled: true });
      return lines.find((line) => line.includes("CALLS")) ?? "";
    };
    const failure = async (prefix: string): Promise<string> => {
      const { lines } = await terminal.output(`${prefix} perfmon tail`, { styled: true });
      return lines.find((line) => line.includes("error 7")) ?? "";
    };
    assertStringIncludes((await failure("")).split("error 7")[0]!.slice(-12), "31m");
    assertMatch(await failure("NO_COLOR=1"), / error 7 /);
    assertStringIncludes(await header(""), "\x1b[1mTOOL");
    assertMatch(await header("NO_COLOR=1"), /^TOOL/);
    assertMatch(await header("TERM=dumb"), /^TOOL/);
  },
);

testWith(TOOLS, "report: ASCII in a terminal without UTF-8, names of the log too", async () => {
  using folder = temporaryFolder();
  const odd = RECENT.map((sample) => ({ ...sample, toolName: `Zé天${sample.toolName}` }));
  const file = writeLog(folder.path, logText(odd));
  const env = { PERFMON_FILE: file, LANG: "C" };
  await using terminal = await Terminal.open({ width: 80, height: 50, env });
  const { lines } = await terminal.output("perfmon report; perfmon report last");
  // deno-lint-ignore no-control-regex -- the range of ASCII
  assert(lines.every((line) => /^[\x00-\x7f]*$/.test(line)), lines.join("\n"));
  assert(lines.some((line) => /^Z\?\?\?Read +2 /.test(line)), lines.join("\n"));
});
