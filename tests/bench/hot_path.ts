/**
 * What `rec` costs beside an empty program compiled the same way: paired, interleaved runs, the ratio
 * of the medians. Run it on a quiet machine with `deno run -A tests/bench/hot_path.ts [RUNS]`.
 */
import { binary, temporaryFolder } from "../support.ts";

const RUNS = Number(Deno.args[0] ?? 50);
const WARM_UP = 5;
const PAYLOAD = JSON.stringify({
  session_id: "084eaac8-8a67-4e97-9b13-49511b9e047f",
  cwd: "/home/dev/project",
  hook_event_name: "PreToolUse",
  tool_name: "Bash",
  tool_input: { command: "echo hi", description: "Say hi" },
  tool_use_id: "toolu_01S000T0000000000000echo",
}) + "\n";

/** Milliseconds from spawning the program to its exit, the hook's JSON on its stdin. */
async function time(command: readonly string[], log: string): Promise<number> {
  const [program = "", ...args] = command;
  const started = performance.now();
  const child = new Deno.Command(program, {
    args,
    env: { PERFMON_FILE: log, CLAUDE_PID: String(Deno.pid) },
    stdin: "piped",
    stdout: "null",
    stderr: "null",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(PAYLOAD)).then(() => writer.close()).catch(() => {});
  await child.status;
  return performance.now() - started;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}

async function compileEmpty(folder: string): Promise<string> {
  await Deno.writeTextFile(`${folder}/empty.ts`, "");
  const { success } = await new Deno.Command(Deno.execPath(), {
    args: ["compile", "-q", "-A", "--no-code-cache", "-o", `${folder}/empty`, `${folder}/empty.ts`],
  }).spawn().status;
  if (!success) throw new Error("Compiling the empty program failed: set DENORT_BIN");
  return `${folder}/empty`;
}

using folder = temporaryFolder();
const empty = [await compileEmpty(folder.path)];
const log = `${folder.path}/performance.csv`;
const commands = [empty, [binary, "rec", "start"], [binary, "rec", "end"], empty];
const times: number[][] = commands.map(() => []);
for (let run = -WARM_UP; run < RUNS; run++) {
  for (const [index, command] of commands.entries()) {
    const taken = await time(command, log);
    if (run >= 0) times[index]!.push(taken);
  }
}
const base = median(times[0]!);
for (const [index, name] of ["empty", "rec start", "rec end", "empty again"].entries()) {
  const middle = median(times[index]!);
  console.log(`${name.padEnd(12)} ${middle.toFixed(2)} ms  ${(middle / base).toFixed(3)}`);
}
