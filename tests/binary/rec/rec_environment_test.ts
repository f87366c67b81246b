/** Environment variables that are no text: they tell nothing, and cost no row. */
import { binary, expectExit } from "../../kit/perfmon.ts";
import { HOOK, run, whatStandsIn } from "../../kit/homes.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { testWith } from "../../kit/tools.ts";
import { assertEquals, assertStringIncludes } from "../../std/std_assert.ts";

/** Runs a command with a variable that is no UTF-8 text. */
async function withLatin1(home: string, name: string, command: string): ReturnType<typeof run> {
  const script = `export ${name}="$(printf 'a\\377b')"; ${command}`;
  return await run(home, "sh", ["-c", script], { COLUMNS: "200" });
}

testWith("sh", "a variable that is not UTF-8 costs no row and no report", async () => {
  using home = temporaryFolder();
  const optional = [
    "AI_AGENT",
    "CLAUDE_TOOL_NAME",
    "CLAUDE_PID",
    "CLAUDE_PROJECT_DIR",
    "CLAUDE_CODE_SESSION_ID",
    "COPILOT_CLI",
    "LANG",
    "TZ",
    "COLUMNS",
    "NO_COLOR",
  ];
  for (const [index, name] of optional.entries()) {
    const rec = `printf '%s' '${HOOK}' | "$PERFMON" rec start`;
    const { code, stderr } = await withLatin1(home.path, name, rec);
    assertEquals([code, stderr], [0, ""], name);
    assertEquals(whatStandsIn(home.path).rows.length, index + 1, name);
    const report = await withLatin1(
      home.path,
      name,
      '"$PERFMON" status && "$PERFMON" report --all',
    );
    assertEquals([report.code, report.stderr], [0, ""], name);
  }
});

Deno.test("a home or configuration folder that is relative is named as such, and nothing is made there", async () => {
  using home = temporaryFolder();
  for (const name of ["CLAUDE_CONFIG_DIR", "HOME"]) {
    const runIn = (args: string[]): ReturnType<typeof run> =>
      run(home.path, binary, args, { [name]: "repository" });
    Deno.mkdirSync(`${home.path}/repository/.claude`, { recursive: true });
    const why = `Cannot use $${name}: "repository" is no absolute path`;
    for (const event of ["start", "end", "drain", "finish"]) {
      const { code, stdout, stderr } = await runIn(["rec", event, "--tool", "x"]);
      assertEquals([code, stdout, stderr.split("\n").length], [0, "", 2]);
      assertStringIncludes(stderr, why);
    }
    for (
      const args of [["report"], ["status"], ["hooks", "install"], ["hooks", "remove"], ["import"]]
    ) {
      const { code, stderr } = await runIn(args);
      assertEquals([code, stderr], [74, `perfmon: ${why}\n`], args.join(" "));
    }
    assertEquals([...Deno.readDirSync(`${home.path}/repository/.claude`)], []);
    assertEquals([...Deno.readDirSync(`${home.path}/repository`)].length, 1);
    Deno.removeSync(`${home.path}/repository`, { recursive: true });
  }
});

testWith("sh", "a path that is not UTF-8 is named as such, by rec and by commands", async () => {
  using home = temporaryFolder();
  for (const name of ["PERFMON_FILE", "CLAUDE_CONFIG_DIR", "HOME"]) {
    const rec = await withLatin1(home.path, name, '"$PERFMON" rec start --tool x');
    assertEquals([rec.code, rec.stdout], [0, ""]);
    assertStringIncludes(rec.stderr, `nothing was recorded: Cannot use $${name}: it is not UTF-8`);
    const report = await withLatin1(home.path, name, '"$PERFMON" report');
    assertEquals([report.code, report.stderr], [
      74,
      `perfmon: Cannot use $${name}: it is not UTF-8 text\n`,
    ]);
  }
});

testWith(
  "sh",
  "an argument that is not UTF-8 ends the runtime itself, and an installed line with 0",
  async () => {
    using home = temporaryFolder();
    const bare = await run(home.path, "sh", [
      "-c",
      '"$PERFMON" rec start --tool "$(printf "\\377")" 2>/dev/null </dev/null',
    ]);
    assertEquals([bare.code, bare.stdout], [134, ""]);
    expectExit(await run(home.path, binary, ["hooks", "install"]), 0);
    const settings = JSON.parse(Deno.readTextFileSync(`${home.path}/.claude/settings.json`));
    const line: string = settings.hooks.PreToolUse[0].hooks[0].command;
    assertStringIncludes(line, " rec start ");
    const changed = line.replaceAll(" rec start ", ' rec start --tool "$(printf "\\377")" ');
    const script = 'printf "%s\\n" "$HOOK" | sh -c "$LINE"';
    const env = { LINE: changed, HOOK };
    const { code, stdout, stderr } = await run(home.path, "sh", ["-c", script], env);
    assertEquals([code, stdout, stderr], [0, "", ""]);
  },
);
