/** Hooks where something else is in the way. */
import { expectExit } from "../../kit/perfmon.ts";
import { must } from "../../kit/mounts.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { testWith } from "../../kit/tools.ts";
import { assert, assertEquals, assertStringIncludes } from "../../std/std_assert.ts";
import { place } from "./place.ts";

testWith(["mkfifo"], "what is no folder in performance.d's place is named at once", async () => {
  using folder = temporaryFolder();
  const { home, settings, hooks } = place(folder.path);
  Deno.writeTextFileSync(settings, "{}");
  must("mkfifo", [`${home}/.claude/performance.d`]);
  for (const command of ["disable", "enable"]) {
    const { stderr } = expectExit(await hooks(command), 74);
    const path = `${home}/.claude/performance.d`;
    assertEquals(stderr, `perfmon: Cannot lock "${path}": it is no folder; move it away\n`);
  }
  for (const command of ["install", "remove"]) {
    assertStringIncludes(expectExit(await hooks(command), 74).stderr, "performance.d");
  }
  assert(Deno.lstatSync(`${home}/.claude/performance.d`).isFifo);
});

Deno.test("hooks come out where the log is none, which is said, and do not go in", async () => {
  for (const spoil of [Deno.mkdirSync, (path: string) => Deno.symlinkSync(path, path)]) {
    using folder = temporaryFolder();
    const { home, settings, hooks } = place(folder.path);
    const log = `${home}/.claude/performance.csv`;
    const problem = `perfmon: Cannot use "${log}" as the log: `;
    const before = '{"model": "x"}';
    Deno.writeTextFileSync(settings, before);
    expectExit(await hooks("install", "--via", "spool"), 0);
    const installed = Deno.readTextFileSync(settings);
    spoil(log);
    for (
      const [args, text] of [
        [["disable"], before],
        [["enable"], installed],
        [["disable", "--everywhere"], before],
        [["enable", "--everywhere"], installed],
        [["remove"], before],
        [["remove", "--everywhere"], before],
      ] as const
    ) {
      assertStringIncludes(expectExit(await hooks(...args), 0).stderr, problem);
      assertEquals(Deno.readTextFileSync(settings), text, args.join(" "));
    }
    const { stderr } = expectExit(await hooks("install"), 66);
    assert(stderr.startsWith(problem), stderr);
    assertEquals(Deno.readTextFileSync(settings), before);
  }
});

Deno.test("bad usage and bad data change nothing and never exit 2", async () => {
  using folder = temporaryFolder();
  const { hooks, settings } = place(folder.path);
  const broken = '{"hooks": {},\n}';
  Deno.writeTextFileSync(settings, broken);
  const runs: readonly [string[], number, string][] = [
    [["install"], 65, `Cannot use "${settings}": Invalid JSON at line 2, column 1`],
    [["remove"], 65, settings],
    [["install", "--scope", "mine"], 64, "choose user, project, local, managed"],
    [["install", "--max-lines", "x"], 64, '"x" for --max-lines'],
    [["install", "--max-lines", "400", "--keep", "500"], 64, "Cannot use --keep 500"],
    [["install", "--keep", "1000"], 64, "Cannot use --keep 1000"],
    [["install", "--history", "long"], 64, '"long" for --history'],
    [["remove", "--everywhere", "--scope", "user"], 64, "Cannot use --scope with --everywhere"],
    [["generate"], 64, "Missing FILE.json"],
    [["generate", "none.json"], 66, '"none.json"'],
    [["generate", settings], 65, `Cannot read "${settings}": Invalid JSON at line 2`],
    [[], 64, "install, remove, enable, disable, generate"],
  ];
  for (const [args, code, message] of runs) {
    const { stderr } = expectExit(await hooks(...args), code);
    assertStringIncludes(stderr, message);
    assertEquals(stderr.trim().split("\n").length, 1, stderr);
  }
  assertEquals(Deno.readTextFileSync(settings), broken);
});
