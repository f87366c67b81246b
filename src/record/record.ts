import { variable } from "../files/environment.ts";
import { clientVersion, knowsAsync } from "../agents/claude/client_version.ts";
import { hasAlert, type RecOptions } from "../agents/rec_flags.ts";
import { withEnvironment } from "../agents/claude/session.ts";
import { appendSample } from "../log/write/append.ts";
import type { LogLocation } from "../log/location.ts";
import { startsShell } from "./shell_tool.ts";
import type { HookEvent } from "../row/hook_event.ts";
import { type EventKind, isCallEvent, type ProcessUsage, type Sample } from "../row/sample.ts";
import type { Range, SampleResult } from "../sampler/find_process.ts";
import { ownCpuSeconds } from "../sampler/own_cpu.ts";
import { sampleProcess } from "../sampler/sample.ts";
import type { Describers } from "../agents/claude/event.ts";
import { describers } from "./describers.ts";
import type { HookInput } from "./hook_input.ts";
import { readHook } from "./read_hook.ts";
import { toSample } from "./to_sample.ts";

/**
 * A hook uses so many times the CPU that it has used when its row is made: what is left to do, its end and its shell
 * take a quarter of that and more (tests/bench/README.md).
 */
const WHOLE_HOOK = 5 / 4;

/**
 * Samples the client, and sees to hooks of it that hang. Nothing of the log is touched before: its mount may
 * be what hangs.
 */
export async function sampleClient(
  options: RecOptions,
  problems: string[],
): Promise<SampleResult> {
  const isLastOfTurn = options.event === undefined;
  const sampled = await sampleProcess(wantedProcesses(options, problems), {
    onlyOlder: runsBeside(options),
    isDated: runsBeside(options),
    slowAfter: isLastOfTurn ? 1 : 20,
  });
  if (sampled.slow !== undefined) {
    (await import("./hung_hooks.ts")).endHungHooks(sampled.slow, isLastOfTurn);
  }
  return sampled;
}

/**
 * Appends the row of the event that `input` brings, and gives an alert where one is due. What is not as it
 * should be is added to `problems`; throws where nothing was recorded.
 */
export async function record(
  options: RecOptions,
  location: LogLocation,
  input: HookInput,
  problems: string[],
  { usage, problem, isLasting, began }: SampleResult,
): Promise<void> {
  const tool = options.tool ?? (variable("CLAUDE_TOOL_NAME") || undefined);
  if (problem !== undefined && !(isLasting === true && await isNoted(location, problem))) {
    problems.push(problem);
  }
  const load = (toolName: string): Promise<Describers> => describers(options, toolName);
  const parsed = await readHook(input, tool !== undefined, load);
  if (parsed?.problem !== undefined) problems.push(parsed.problem);
  if (parsed === undefined && tool === undefined) {
    problems.push("no JSON came on stdin, and no --tool was given");
  }
  const observed = { usage, hook: parsed?.event, tool, runsBeside: runsBeside(options), began };
  await append(observed, options, location, input, problems);
}

/**
 * Does the same where the event is of no call, as the end of a turn or of a session is; of any other, and
 * without one, nothing is recorded, and nothing is said.
 */
export async function recordEvent(
  options: RecOptions,
  location: LogLocation,
  input: HookInput,
  problems: string[],
): Promise<void> {
  // Its line is always that of a hook: a shell that does nothing else.
  const { usage, began } = await sampleProcess(wantedProcesses(options, problems), {
    onlyOlder: false,
    isDated: true,
  });
  const hook = (await readHook(input, false))?.event;
  if (hook?.event === undefined || isCallEvent(hook.event)) return;
  await append({ usage, hook, began }, options, location, input, problems);
}

/** Whether the client does not wait for the hook. */
function runsBeside({ async }: RecOptions): boolean {
  return async && knowsAsync(clientVersion(variable("AI_AGENT")));
}

/** What is known of an event when its row is made. */
interface Observed {
  readonly usage: ProcessUsage | undefined;
  readonly hook: HookEvent | undefined;
  readonly tool?: string | undefined;
  /** Whether the client does not wait for the hook. */
  readonly runsBeside?: boolean;
  /** When the hook began, as far as the kernel's ticks tell. */
  readonly began?: Range | undefined;
}

async function append(
  { usage, hook: read, tool, runsBeside = false, began }: Observed,
  options: RecOptions,
  location: LogLocation,
  input: HookInput,
  problems: string[],
): Promise<void> {
  const hook = read && withEnvironment(read, variable);
  // An event of no call is what its JSON says, whatever line the hook has.
  const isOfCall = hook?.event === undefined || isCallEvent(hook.event);
  const event = isOfCall && options.event || hook?.event;
  if (event === undefined) throw new Error('say "rec start" or "rec end"');
  if (!isOfCall && options.layout === "basic") return; // it has no place for them
  const makeSample = (): Sample => {
    const occasion = {
      timestamp: eventTime(event, runsBeside, began),
      event,
      toolName: options.tool ?? hook?.toolName ?? tool,
      clientVersion: clientVersion(variable("AI_AGENT"), hook?.client),
    };
    return toSample(occasion, event === "start" ? withOwnCpu(usage) : usage, hook);
  };
  // A turn ends as often as it likes without any call.
  const mayRotate = event === "end" || event === "stop";
  const trouble = await appendSample(location, makeSample, {
    layout: options.layout,
    history: options.history,
    patienceMs: lockPatience(input),
    rotation: mayRotate ? { maxLines: options["max-lines"], keep: options.keep } : undefined,
  });
  if (trouble !== undefined) problems.push(trouble);
  if (options.watch && event === "start" && hook?.toolUseId && startsShell(hook.toolName)) {
    await (await import("./ensure_sampler.ts")).ensureSampler(location, options);
  }
  if (event !== "end" || !hasAlert(options)) return;
  const { alert } = await import("./give_alert.ts");
  const silence = await alert(location, makeSample(), options);
  if (silence !== undefined) problems.push(silence);
}

/**
 * What the client's children had used, with what this hook will have: else the call would be charged with it.
 */
function withOwnCpu(usage: ProcessUsage | undefined): ProcessUsage | undefined {
  if (usage?.childCpuSeconds === undefined) return usage;
  return { ...usage, childCpuSeconds: usage.childCpuSeconds + WHOLE_HOOK * ownCpuSeconds() };
}

async function isNoted(location: LogLocation, problem: string): Promise<boolean> {
  return (await import("./rec_complain.ts")).isNoted(location, problem);
}

/**
 * The time of a row, seconds since the epoch: of a start that the client waits for as late, of all others as early
 * as can be told, so that the time between two rows holds as little of perfmon as possible.
 */
function eventTime(event: EventKind, runsBeside: boolean, began: Range | undefined): number {
  const origin = performance.timeOrigin / 1000;
  if (event === "start" && !runsBeside) return origin + performance.now() / 1000;
  // What the process needs to come so far is the same at both ends of a call. Where that is much, on a busy
  // machine, the kernel knows better when the hook began.
  return began === undefined ? origin : Math.max(began.from, Math.min(origin, began.to));
}

/** A hook waits a second in all, for its JSON and for the lock, and for the lock a moment at least. */
function lockPatience({ waited }: HookInput): number {
  return Math.max(300, 1000 - waited);
}

function wantedProcesses(options: RecOptions, problems: string[]): number[] {
  if (options.pid !== undefined) return [options.pid];
  const client = variable("CLAUDE_PID");
  if (!client) return [];
  const pid = Number(client);
  if (Number.isSafeInteger(pid) && pid > 0) return [pid];
  problems.push("CLAUDE_PID is no process id");
  return [];
}
