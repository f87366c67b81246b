import { variable } from "../../files/environment.ts";
import { type HookLines, hookLines, runHook } from "../../agents/claude/hooks/hook_trial.ts";
import { inspectHooks } from "../../agents/claude/hooks/inspect/inspect.ts";
import { programPath } from "../../agents/claude/hooks/programs.ts";
import type { Call } from "../../calls/call.ts";
import { toCalls } from "../../calls/to_calls.ts";
import { temporaryFolder } from "../../cli/ending.ts";
import { type Arguments, EXIT } from "../../cli/command.ts";
import { screen, write, writeText } from "../../cli/output.ts";
import { Waiting } from "../../cli/progress.ts";
import { readLog } from "../../log/read/read.ts";
import { resolveLog } from "../../log/resolve.ts";
import { ensureSpool } from "../../log/spool.ts";
import { ledgerPath, surroundings } from "../../query/surroundings.ts";
import { drain } from "../../record/drain.ts";
import { type Figure, figuresText, isOff } from "./figures_text.ts";

const MIB = 1 << 20;
/** So much is held, written and read, MiB. */
const HELD = 200;
const WRITTEN = 64;
/** The sampler begins with the first call, and is there after so many milliseconds. */
const WARM_UP_MS = 500;
/** So long a row of the sampler is waited for, milliseconds. */
const PEAK_MS = 3000;

/** What one call does, and what is true of it. */
interface Trial {
  readonly id: string;
  readonly command: string;
  /** Whether it may be over before a hook has looked that runs beside it: its figures would be in both rows. */
  readonly isShort?: true;
  /** The figures, from perfmon's call, what the command printed and how long its shell ran, seconds. */
  readonly figures: (call: Call, printed: string, seconds: number) => Figure[];
}

const TRIALS: readonly Trial[] = [
  // The first starts the sampler, and tells nothing.
  { id: "begin", command: "sleep 1", figures: () => [] },
  {
    id: "cpu",
    command: "n=0; while [ $n -lt 600000 ]; do n=$((n+1)); done; times",
    figures: ({ cpuSeconds }, printed) => [
      { name: "CPU", unit: "seconds", measured: cpuSeconds, truth: secondsOfTimes(printed) },
    ],
  },
  {
    id: "memory",
    command: `dd if=/dev/zero bs=${HELD * MIB} count=1 2>/dev/null | sleep 2`,
    figures: ({ peakMemory }) => [{
      ...{ name: "Memory at its peak", unit: "bytes", truth: HELD * MIB },
      measured: peakMemory === undefined ? undefined : 1024 * peakMemory,
    }],
  },
  {
    id: "wait",
    command: "sleep 1.5",
    figures: ({ durationSeconds, processSeconds }, _printed, truth) => [
      { name: "Duration", unit: "seconds", measured: durationSeconds, truth },
      { name: "Its processes ran", unit: "seconds", measured: processSeconds, truth },
    ],
  },
  {
    id: "write",
    isShort: true,
    command:
      `dd if=/dev/zero of="$PERFMON_FIGURES" bs=${MIB} count=${WRITTEN} conv=fsync 2>/dev/null`,
    figures: ({ writeBytes }) => [
      { name: "Written", unit: "bytes", measured: writeBytes, truth: WRITTEN * MIB },
    ],
  },
  {
    id: "read",
    isShort: true,
    command:
      `dd if="$PERFMON_FIGURES" of=/dev/null bs=${MIB} iflag=direct 2>/dev/null && echo read`,
    figures: ({ readBytes }, printed) => [{
      ...{ name: "Read, uncached", unit: "bytes", measured: readBytes },
      truth: printed.includes("read") ? WRITTEN * MIB : undefined,
    }],
  },
];

/** Seconds of CPU as the shell's `times` tells them, of itself and of its children. */
function secondsOfTimes(printed: string): number | undefined {
  const parts = [...printed.matchAll(/(\d+)m(\d+[.,]\d+)s/g)];
  if (parts.length < 4) return undefined;
  const seconds = parts.map(([, minutes, rest = ""]) =>
    60 * Number(minutes) + Number(rest.replace(",", "."))
  );
  return seconds.reduce((sum, each) => sum + each, 0);
}

/** `perfmon doctor --figures`: what the installed hooks record of known calls, beside the truth. */
export async function figures(args: Arguments): Promise<number> {
  const hooks = inspectHooks(surroundings(), ledgerPath());
  using folder = temporaryFolder("perfmon-figures-");
  const log = `${folder.path}/performance.csv`;
  const lines = hookLines(hooks, programPath(Deno.execPath(), variable("PATH") ?? ""), log);
  if (lines.spools) ensureSpool(resolveLog(log));
  const found = await carryOutAll(lines, log);
  if (args.has("json")) write(JSON.stringify(found, null, 2) + "\n");
  else writeText(figuresText(found, lines.spools), screen(args));
  return found.some(isOff) ? EXIT.no : EXIT.ok;
}

async function carryOutAll(lines: HookLines, log: string): Promise<Figure[]> {
  using _waiting = new Waiting("Doing work whose figures are known");
  const found: Figure[] = [];
  for (const trial of TRIALS) found.push(...await carryOut(trial, lines, log));
  return found;
}

/** Does what a client does at a call of Bash: the hooks run beside the shell. */
async function carryOut(trial: Trial, lines: HookLines, log: string): Promise<Figure[]> {
  const { id, command, isShort } = trial;
  const run = (moment: "start" | "end"): Promise<unknown> =>
    runHook(lines[moment], moment, log, ["sh"], {}, {
      session_id: "perfmon-figures",
      tool_name: "Bash",
      tool_input: { command },
      tool_use_id: id,
    });
  const start = run("start");
  if (isShort) await start;
  const began = performance.now();
  const child = new Deno.Command("/bin/sh", {
    args: ["-c", `: && eval '${command}' && pwd -P >| /dev/null`],
    cwd: "/",
    env: { PERFMON_FIGURES: `${log}.figures` },
    detached: true,
    stdin: "null",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const { stdout } = await child.output();
  const seconds = (performance.now() - began) / 1000;
  await Promise.all([start, run("end")]);
  if (lines.spools) await drain(resolveLog(log));
  const isWatched = lines.start.includes(" --watch");
  const call = await callOf(id, log, isWatched && id !== "begin");
  if (call === undefined) return [];
  return trial.figures(call, new TextDecoder().decode(stdout), seconds);
}

/** The call as perfmon reads it, once the sampler has told of it. */
async function callOf(id: string, log: string, isWatched: boolean): Promise<Call | undefined> {
  const deadline = performance.now() + (isWatched ? PEAK_MS : WARM_UP_MS);
  while (true) {
    const { samples } = await readLog(resolveLog(log), { history: false });
    const call = toCalls(samples).find(({ start, end }) => (start ?? end)?.toolUseId === id);
    const isOver = performance.now() > deadline;
    if (isOver || isWatched && call?.peakMemory !== undefined) return call;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
