/** What commands say before anything is recorded: what is so, and the next step, never one that was done. */
import { expectExit, perfmon } from "../../kit/perfmon.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { assertEquals, assertStringIncludes } from "../../std/std_assert.ts";

const READERS: readonly (readonly string[])[] = [
  [],
  ["report"],
  ["top"],
  ["tail"],
  ["tail", "-f"],
  ["running"],
  ["show", "last"],
  ["export", "json"],
  ["dashboard", "-o", "-"],
  ["profile", "save", "now"],
  ["check", "--max-duration", "1s"],
];

async function say(home: string, args: readonly string[], code: number): Promise<string> {
  const run = await perfmon([...args], { env: { HOME: home }, cwd: home });
  return expectExit(run, code).stderr;
}

Deno.test("before the hooks are installed every command that reads says to install them", async () => {
  using home = temporaryFolder();
  for (const args of READERS) {
    const text = await say(home.path, args, 66);
    assertStringIncludes(text, "Nothing is recorded yet");
    assertStringIncludes(text, 'Run "perfmon hooks install"');
  }
});

Deno.test("after it none does: the hooks are on, and the next call is the first", async () => {
  using home = temporaryFolder();
  await say(home.path, ["hooks", "install"], 0);
  for (const args of READERS) {
    const text = await say(home.path, args, 66);
    assertStringIncludes(text, "The hooks are on (user settings): ");
    assertEquals(text.includes("hooks install"), false, text);
  }
});

Deno.test("what happened before is offered where transcripts tell of it", async () => {
  using home = temporaryFolder();
  await say(home.path, ["hooks", "install"], 0);
  const folder = `${home.path}/.claude/projects/-work-api`;
  Deno.mkdirSync(folder, { recursive: true });
  Deno.writeTextFileSync(`${folder}/7d1f20c4.jsonl`, "{}\n");
  const text = await say(home.path, ["export", "json"], 66);
  assertStringIncludes(text, 'of 1 session before: run "perfmon import" to see them');
});

Deno.test("where the hooks are switched off, or the log was emptied, that is what is said", async () => {
  using home = temporaryFolder();
  await say(home.path, ["hooks", "install"], 0);
  await say(home.path, ["hooks", "disable"], 0);
  assertStringIncludes(await say(home.path, ["report"], 66), 'off: run "perfmon hooks enable"');
  await say(home.path, ["hooks", "enable"], 0);
  Deno.writeTextFileSync(`${home.path}/.claude/performance.csv`, "", { mode: 0o600 });
  const { stdout } = expectExit(
    await perfmon(["report"], { env: { HOME: home.path }, cwd: home.path }),
    0,
  );
  assertStringIncludes(stdout.replaceAll(/\s+/g, " "), "no calls yet. The hooks are on");
});
