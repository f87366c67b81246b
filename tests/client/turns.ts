/**
 * Whether perfmon tells where the time of a turn went, in the real Claude Code: the model takes 2 s for each answer,
 * tools and a permission take times that are known too.
 * `deno run -A tests/client/turns.ts CLAUDE`, the path of a client, on a quiet machine. Exit status 0 where each
 * part is within 100 ms of the truth.
 */
import { recordsOf } from "../kit/log_files.ts";
import { binary, expectExit, perfmon } from "../kit/perfmon.ts";
import { temporaryFolder } from "../kit/temporary_folder.ts";
import { allowAfter, installHooks, runSession, type Steps, type ToolCall } from "./stand_in.ts";

function bash(command: string, more: Record<string, unknown> = {}): ToolCall {
  return { name: "Bash", input: { command, ...more } };
}

const THINK_SECONDS = 2;
const ASK_SECONDS = 1.5;
const STEPS: Steps = [
  bash("sleep 1"),
  // Side by side, which the client does with what only reads: the longer one counts.
  [bash("sleep 1"), bash("sleep 2")],
  bash("sleep 9", { run_in_background: true }),
  { name: "Write", input: { file_path: "asked.txt", content: "x" } },
];

/** Seconds; each answer but the last is of a step. How long a tool took the client says: its shell takes some time, too. */
function truthOf(log: string): Readonly<Record<string, number>> {
  const took = recordsOf(log).filter(({ event }) => event === "end")
    .toSorted((a, b) => a["tool_use_id"]! < b["tool_use_id"]! ? -1 : 1)
    .map((row) => Number(row["duration_ms"]) / 1000);
  const [first = 0, second = 0, third = 0, ...others] = took;
  return {
    model_seconds: THINK_SECONDS * (STEPS.length + 1),
    tools_seconds: first + Math.max(second, third) + others.reduce((sum, each) => sum + each, 0),
    prompts_seconds: ASK_SECONDS,
  };
}

if (import.meta.main) {
  const [client, ...flags] = Deno.args;
  if (client === undefined) {
    console.error("usage: deno run -A tests/client/turns.ts CLAUDE [FLAG of hooks install...]");
    Deno.exit(64);
  }
  using home = temporaryFolder();
  Deno.env.set("PATH", `${client.slice(0, client.lastIndexOf("/"))}:${Deno.env.get("PATH")}`);
  await installHooks(Deno.realPathSync(binary), home.path, ...flags);
  allowAfter(home.path, ASK_SECONDS);
  const { code } = await runSession(client, home.path, STEPS, {
    allowed: ["Bash"],
    thinkMs: 1000 * THINK_SECONDS,
  });
  const env = { HOME: home.path };
  const run = async (...args: string[]): Promise<string> =>
    expectExit(await perfmon(args, { env }), 0).stdout;
  console.log(`The client ended with ${code}`);
  console.log(await run("report", "--by", "turn"));
  console.log(await run("report", "--by", "permission"));
  console.log(await run("report"));
  console.log(await run("report", "last"));
  const { turns: [turn] } = JSON.parse(await run("report", "--by", "turn", "--json"));
  let worst = 0;
  const log = `${home.path}/.claude/performance.csv`;
  for (const [part, truth] of Object.entries(truthOf(log))) {
    const off = 1000 * (turn[part] - truth);
    worst = Math.max(worst, Math.abs(off));
    const figures = `${turn[part].toFixed(3)} s, in truth ${truth.toFixed(3)}: ${
      off.toFixed(0)
    } ms off`;
    console.log(`${part.padEnd(16)} ${figures}`);
  }
  Deno.exit(worst <= 100 ? 0 : 1);
}
