/**
 * What `--watch` adds to the start's hook of a call of Bash: while a sampler runs, and where the hook has to start
 * one: `deno run -A tests/bench/watched.ts [ROUNDS]`. The three take turns, so that a busy machine is one for all.
 */
import { samplerUsage } from "../../src/sampler/watch/sampler_usage.ts";
import { resolveLog } from "../../src/log/resolve.ts";
import { binary } from "../kit/perfmon.ts";
import { temporaryFolder } from "../kit/temporary_folder.ts";
import { waitFor } from "../kit/waits.ts";
import { compare, type Program, runOnce } from "./measure.ts";

const ROUNDS = Number(Deno.args[0] ?? 100);

/** The hook of a client that is this process, with a log of its own. */
function start(folder: string, name: string, flags: readonly string[]): Program {
  const event = {
    session_id: "s",
    hook_event_name: "PreToolUse",
    tool_name: "Bash",
    tool_input: { command: "true" },
    tool_use_id: "toolu_1",
  };
  return {
    name,
    command: [binary, "rec", "start", "--async", "--command", ...flags],
    payload: new TextEncoder().encode(JSON.stringify(event) + "\n"),
    env: {
      PERFMON_FILE: `${folder}/${name.replace(/\W+/g, "_")}/performance.csv`,
      CLAUDE_PID: String(Deno.pid),
      AI_AGENT: "claude-code_2-1-330_bench",
    },
  };
}

/** The sampler of a program's log. */
function sampler({ env }: Program): number | undefined {
  return samplerUsage(resolveLog(env!["PERFMON_FILE"]!).folder)?.pid;
}

async function end(program: Program): Promise<void> {
  const pid = sampler(program);
  if (pid !== undefined) Deno.kill(pid, "SIGTERM");
  await waitFor(() => sampler(program) === undefined, "the sampler to end");
}

async function begin(program: Program): Promise<void> {
  await runOnce(program);
  await waitFor(() => sampler(program) !== undefined, "the sampler to begin");
}

using folder = temporaryFolder();
const watched = start(folder.path, "--watch, a sampler runs", ["--watch"]);
const starting = start(folder.path, "--watch, none runs", ["--watch"]);
const programs: readonly Program[] = [
  start(folder.path, "without --watch", []),
  // It ends half a minute after the last call.
  { ...watched, before: () => sampler(watched) === undefined ? begin(watched) : Promise.resolve() },
  // One that has just been started is ended when it can be told to.
  {
    ...starting,
    before: async () => {
      if (await Deno.stat(starting.env!["PERFMON_FILE"]!).catch(() => undefined)) {
        await waitFor(() => sampler(starting) !== undefined, "the sampler to begin");
      }
      await end(starting);
    },
  },
];
for (const { name, median, middleHalf, ratio } of await compare(programs, ROUNDS)) {
  const [low, high] = middleHalf.map((each) => each.toFixed(1));
  console.log(
    `${name.padEnd(24)} ${median.toFixed(1)} ms (${low} to ${high}), ${ratio.toFixed(3)}`,
  );
}
console.log(`${ROUNDS} rounds, load ${Deno.loadavg()[0]?.toFixed(1)}`);
for (const program of [watched, starting]) await end(program);
