/** What people type that is called otherwise here, or wrongly: the right command, or a hint that does no harm. */
import { logText, RECENT, writeLog } from "../../kit/log_files.ts";
import { expectExit, perfmon } from "../../kit/perfmon.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { assertEquals, assertStringIncludes } from "../../std/std_assert.ts";

async function refusal(args: readonly string[], code = 64): Promise<string> {
  return expectExit(await perfmon([...args]), code).stderr;
}

Deno.test("help, version and status are found by the names that people type", async () => {
  const same: readonly (readonly [typed: string, meant: string])[] = [
    ["help", "--help"],
    ["help top", "top --help"],
    ["hooks help", "hooks --help"],
    ["hooks help install", "hooks install --help"],
    ["profile help", "profile --help"],
    ["install --help", "hooks install --help"],
    ["uninstall --help", "hooks remove --help"],
    ["hooks uninstall --help", "hooks remove --help"],
    ["version", "--version"],
  ];
  for (const [typed, meant] of same) {
    const [one, other] = await Promise.all([typed, meant].map((line) => perfmon(line.split(" "))));
    assertEquals(expectExit(one!, 0).stdout, expectExit(other!, 0).stdout, typed);
  }
  const { stdout } = expectExit(await perfmon(["hooks", "status"]), 0);
  assertStringIncludes(stdout, "Recording  off");
});

Deno.test("install and uninstall put the hooks in and take them out", async () => {
  using home = temporaryFolder();
  const env = { HOME: home.path };
  const settings = `${home.path}/.claude/settings.json`;
  const { stderr } = expectExit(await perfmon(["install"], { env }), 0);
  // The tests' own binary is one that the next build replaces.
  assertStringIncludes(
    stderr,
    '/dist/perfmon", which lies in a build folder: install it elsewhere',
  );
  assertStringIncludes(Deno.readTextFileSync(settings), "PreToolUse");
  expectExit(await perfmon(["uninstall"], { env }), 0);
  const { stdout } = expectExit(await perfmon(["status"], { env, cwd: home.path }), 0);
  assertStringIncludes(stdout, "off: no hooks");
});

Deno.test("live and watch are top --live", async () => {
  const refused = async (...args: string[]): Promise<string> =>
    (await perfmon([...args, "--file", "/nowhere/performance.csv"])).stderr;
  for (const typed of ["live", "watch"]) {
    assertEquals(await refused(typed), await refused("top", "--live"));
  }
});

Deno.test("a name is suggested where it is near, and never one that takes something away", async () => {
  assertStringIncludes(await refusal(["tpo"]), 'did you mean "perfmon top"?');
  assertStringIncludes(await refusal(["dashbord"]), 'did you mean "perfmon dashboard"?');
  assertStringIncludes(await refusal(["export", "prom"]), '"perfmon export prometheus"?');
  for (const typed of ["clar", "cleer", "zzz", "hooks remov", "hooks xyz", "hooks disabel"]) {
    const text = await refusal(typed.split(" "));
    assertEquals(/clear|remove|disable|did you mean/.test(text.replace(/^.*?"/, "")), false, text);
  }
});

Deno.test("a flag with two letters in each other's place is found where another is as near", async () => {
  for (
    const args of ["report --sinec 2h", "--sinec 2h", "top --sinec 2h", "export csv --sinec 2h"]
  ) {
    assertStringIncludes(await refusal(args.split(" ")), "did you mean --since?", args);
  }
  assertStringIncludes(await refusal(["hooks", "install", "--scoep"]), "did you mean --scope?");
  const { stdout } = expectExit(await perfmon(["rec", "start", "--comamnd"]), 0);
  assertEquals(stdout, "");
});

Deno.test("a session, tool or project that is not there: the near one, else those that are", async () => {
  using folder = temporaryFolder();
  const file = writeLog(folder.path, logText(RECENT));
  const refused = (...args: string[]): Promise<string> =>
    refusal(["report", ...args, "--file", file], 1);
  assertStringIncludes(await refused("--session", "zzz"), 'there is "bbbb", "aaaa"');
  assertStringIncludes(await refused("--tool", "Raed"), 'did you mean "Read"?');
});

Deno.test("a file that is no log is bad data, and not a log without calls", async () => {
  const readme = `${import.meta.dirname}/../../../README.md`;
  for (
    const args of [["report"], ["top"], ["tail"], ["running"], ["check", "--max-duration", "1s"]]
  ) {
    const text = await refusal([...args, "--file", readme], 65);
    assertStringIncludes(text, "none of its");
  }
});
