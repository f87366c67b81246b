/** Lines with a secret in each place where one can stand: nothing of it is in any file or output. */
import { walkSync } from "@std/fs";
import { expectExit, perfmon } from "../../kit/perfmon.ts";
import { dataOf } from "../page_text.ts";
import { readProjectFile } from "../../kit/project.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { assert, assertEquals } from "../../std/std_assert.ts";

const SECRET = "hunter2";

/** The lines, out of a table that has the answers before a tab. */
const LINES = readProjectFile("tests/testdata/command_lines_secret.txt").trimEnd().split("\n")
  .map((row) => row.slice(row.indexOf("\t") + 1).replaceAll("\\n", "\n"));

/** A transcript in which each line is a call of Bash. */
function transcriptOf(lines: readonly string[]): string {
  const began = Date.now() - 3_600_000;
  const entry = (seconds: number, block: object): string =>
    JSON.stringify({
      sessionId: "s1",
      cwd: "/home/ada/api",
      timestamp: new Date(began + 1000 * seconds).toISOString(),
      message: { content: [block] },
    });
  return lines.flatMap((command, at) => [
    entry(2 * at, { type: "tool_use", id: `toolu_${at}`, name: "Bash", input: { command } }),
    entry(2 * at + 1, { type: "tool_result", tool_use_id: `toolu_${at}`, content: "ok" }),
  ]).join("\n") + "\n";
}

/** What prints calls and rows; nothing of the whole line, which show asks the transcript for. */
const PRINTING: readonly (readonly string[])[] = [
  ["report"],
  ["report", "--wide"],
  ["report", "--by", "command"],
  ["report", "--by", "turn"],
  ["report", "--by", "permission"],
  ["report", "--json"],
  ["report", "--csv"],
  ["report", "s1"],
  ["top", "-n", "200"],
  ["top", "--by", "output"],
  ["tail", "-n", "200"],
  ["tail", "-n", "200", "--raw"],
  ["running"],
  ["show", "worst", "--no-transcript"],
  ["export", "csv"],
  ["export", "csv", "--calls"],
  ["export", "json", "--calls"],
  ["export", "prometheus", "--command"],
  ["export", "otlp", "--command", "--dry-run"],
  ["profile", "save", "p"],
  ["status"],
];

/** So many lines are recorded by hooks. */
const RECORDED = 60;

Deno.test("no secret of a command line gets into a file or an output by hooks", async () => {
  using folder = temporaryFolder();
  const env = {
    CLAUDE_CONFIG_DIR: folder.path,
    COLUMNS: "200",
    LANG: "C.UTF-8",
    AI_AGENT: "claude-code_2-1-330_agent",
  };
  const hook = async (words: string[], event: object): Promise<void> => {
    const json = { session_id: "s1", cwd: "/home/ada/api", prompt_id: "p", ...event };
    const stdin = JSON.stringify(json) + "\n";
    const { stdout, stderr } = expectExit(
      await perfmon(["rec", ...words, "--command"], { env, stdin }),
      0,
    );
    assertEquals(`${stdout}${stderr}`, "", words.join(" "));
  };
  const lines = LINES.filter((_, at) => at % Math.floor(LINES.length / RECORDED) === 0);
  assert(lines.length >= RECORDED);
  await hook(["event"], { hook_event_name: "UserPromptSubmit", prompt: lines.join("; ") });
  const record = async (command: string, at: number): Promise<void> => {
    const call = { tool_name: "Bash", tool_input: { command }, tool_use_id: `toolu_${at}` };
    const before = { hook_event_name: "PreToolUse", ...call };
    await hook(["start"], before);
    if (at % 10 === 0) await hook(["event"], { ...before, hook_event_name: "PermissionRequest" });
    const tool_response = { stdout: command, stderr: "", interrupted: false };
    if (at % 10 !== 1) {
      await hook(["end"], {
        ...call,
        hook_event_name: "PostToolUse",
        duration_ms: 5,
        tool_response,
      });
    }
  };
  for (let at = 0; at < lines.length; at += 8) {
    await Promise.all(lines.slice(at, at + 8).map((line, index) => record(line, at + index)));
  }
  await hook(["event"], { hook_event_name: "Stop" });
  for (const command of [...PRINTING, ["dashboard", "-o", `${folder.path}/page.html`]]) {
    const { stdout, stderr } = expectExit(await perfmon([...command], { env }), 0);
    assert(!`${stdout}${stderr}`.includes(SECRET), `${command.join(" ")}: ${stdout}${stderr}`);
  }
  const log = Deno.readTextFileSync(`${folder.path}/performance.csv`);
  assert(log.includes(",npm test,") && log.split("\n").length > 2 * RECORDED, log);
  assertEquals(filesWithSecret(folder.path), []);
  await expectPageWithoutSecret(`${folder.path}/page.html`);
});

/** The files below a folder that have it, without transcripts. */
function filesWithSecret(folder: string): string[] {
  return Array.from(walkSync(folder, { includeDirs: false }), ({ path }) => path)
    .filter((path) => !path.includes("/projects/"))
    .filter((path) => Deno.readTextFileSync(path).includes(SECRET));
}

async function expectPageWithoutSecret(path: string): Promise<void> {
  const data = await dataOf(Deno.readTextFileSync(path));
  assert(data.includes("npm test") && !data.includes(SECRET));
}

Deno.test("no secret of a command line gets into a file or an output, and its command does", async () => {
  using folder = temporaryFolder();
  Deno.mkdirSync(`${folder.path}/projects/p`, { recursive: true });
  Deno.writeTextFileSync(`${folder.path}/projects/p/s1.jsonl`, transcriptOf(LINES));
  const env = { CLAUDE_CONFIG_DIR: folder.path, COLUMNS: "200", LANG: "C.UTF-8" };
  // Where there is no log calls are imported ones only, which have no rows.
  const ofRows = [
    "export csv",
    "export prometheus",
    "export otlp",
    "profile save",
    "tail -n 200 --raw",
  ];
  const commands = [
    ["report"],
    ["import"],
    ...PRINTING.filter((words) => !ofRows.some((each) => words.join(" ").startsWith(each))),
    ["dashboard", "-o", `${folder.path}/page.html`],
  ];
  let said = "";
  for (const command of commands) {
    const { stdout, stderr, code } = await perfmon([...command], { env });
    assert(
      code === 0 || command.includes("permission") || command.includes("turn"),
      `${command.join(" ")}: ${stderr}`,
    );
    assert(!`${stdout}${stderr}`.includes(SECRET), `${command.join(" ")}: ${stdout}${stderr}`);
    said += stdout;
  }
  for (const name of ["npm test", "apt-get install", "vault kv", "docker login"]) {
    assert(said.includes(name), name);
  }
  assertEquals(filesWithSecret(folder.path), []);
  await expectPageWithoutSecret(`${folder.path}/page.html`);
});
