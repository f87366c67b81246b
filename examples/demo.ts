/**
 * Plays a session of Claude Code: real hook JSON around real commands, with the built binary as the
 * hook, then shows the log and what perfmon makes of it. Run it with `deno task demo`.
 */

import { quote } from "../src/text/shell_words.ts";

const ROOT = new URL("..", import.meta.url).pathname;
const BINARY = "dist/perfmon";
const LOG = "dist/demo/performance.csv";

/** A tool call: what the client would tell the hooks of it, and the command that does its work. */
interface DemoCall {
  readonly tool: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly shell: string;
}

const bash = (command: string): DemoCall => ({
  tool: "Bash",
  input: { command },
  shell: command,
});

/** Burns a second of CPU, or some. */
const BURN = "awk 'BEGIN { for (i = 0; i < 12000000; i++) n += i % 7 }'";
/** Three processes that outlive the call. */
const LEAVE_CHILDREN = "for i in 1 2 3; do sleep 4 >/dev/null 2>&1 & done";

/** Calls of one batch run side by side, batches one after the other. */
const BATCHES: readonly (readonly DemoCall[])[] = [
  [{ tool: "Read", input: { file_path: "README.md" }, shell: "cat README.md" }],
  [bash("git log --stat | tail -n 1; sleep 0.5")],
  [bash(BURN)],
  [bash("ls /does-not-exist")],
  [
    bash("sleep 0.8"),
    { tool: "Grep", input: { pattern: "sample" }, shell: "grep -rc sample src" },
  ],
  [bash(LEAVE_CHILDREN)],
];

const session = crypto.randomUUID();
let calls = 0;

async function play(call: DemoCall): Promise<void> {
  const base = {
    session_id: session,
    transcript_path: `${ROOT}dist/demo/${session}.jsonl`,
    cwd: `${ROOT}dist/demo`,
    permission_mode: "default",
    tool_name: call.tool,
    tool_input: call.input,
    tool_use_id: `toolu_demo_${++calls}`,
  };
  await hook("start", { ...base, hook_event_name: "PreToolUse" });
  const begin = performance.now();
  // The client's shell: by its arguments and its session the sampler knows a call's processes.
  const { code, stderr } = await new Deno.Command("sh", {
    args: ["-c", `: && eval ${quote(call.shell)} && pwd -P >| /dev/null`],
    cwd: ROOT,
    detached: true,
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn().output();
  const timed = { duration_ms: Math.round(performance.now() - begin) };
  if (code === 0) {
    const tool_response = { interrupted: false };
    return await hook("end", { ...base, hook_event_name: "PostToolUse", tool_response, ...timed });
  }
  const error = `Exit code ${code}\n${new TextDecoder().decode(stderr)}`;
  await hook("end", { ...base, hook_event_name: "PostToolUseFailure", error, ...timed });
}

/** Runs the hook as the client does: a shell line, one line of JSON on stdin, CLAUDE_PID in the environment. */
async function hook(event: "start" | "end", payload: object): Promise<void> {
  const child = new Deno.Command("sh", {
    args: ["-c", `exec "${ROOT}${BINARY}" rec ${event} --command --watch`],
    env: {
      PERFMON_FILE: ROOT + LOG,
      CLAUDE_PID: String(Deno.pid),
      AI_AGENT: "claude-code_2-1-330_demo",
    },
    stdin: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(JSON.stringify(payload) + "\n"));
  await writer.close();
  await child.status;
}

/** Waits until the sampler has told of the calls that ended last, where there is one. */
async function settle(): Promise<void> {
  let size = -1;
  for (let now = -2; now !== size; now = (await Deno.stat(ROOT + LOG)).size) {
    size = now;
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}

/** Shows a command as a person would type it, then runs it. */
async function show(command: string): Promise<void> {
  console.log(`\n$ ${command}`);
  await new Deno.Command("sh", { args: ["-c", command], cwd: ROOT }).spawn().status;
}

await Deno.remove(`${ROOT}dist/demo`, { recursive: true }).catch(() => {});
await Deno.mkdir(`${ROOT}dist/demo`, { recursive: true });
console.log("Recording a session of 7 calls, two of them side by side ...");
for (const batch of BATCHES) await Promise.all(batch.map(play));
await settle();
await show(`head -n 3 ${LOG}`);
await show(`${BINARY} tail --file ${LOG}`);
await show(`${BINARY} report --file ${LOG}`);
console.log("\nThe binary is dist/perfmon: put it on PATH, then perfmon --help");
