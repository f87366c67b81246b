import { pathVariable, variable } from "../files/environment.ts";
import { clientVersion } from "../agents/claude/client_version.ts";
import type { EventKind, Sample } from "../row/sample.ts";
import { withEnvironment } from "../agents/claude/session.ts";
import { messageOf } from "../text/message.ts";
import { appendSample } from "../log/write/append.ts";
import { type LogLocation, logPath } from "../log/location.ts";
import { sampleProcess } from "../sampler/sample.ts";
import { hasAlert, REC_DEFAULTS, type RecOptions } from "../agents/rec_flags.ts";
import type { ParsedOptions } from "./rec_options.ts";
import { describers } from "./describers.ts";
import { type HookInput, openInput } from "./hook_input.ts";
import { findLog } from "../log/find_log.ts";
import { drainInput, readHook } from "./read_hook.ts";
import { toSample } from "./to_sample.ts";

/**
 * `perfmon rec`: one hook event in, one row appended. It runs twice in every tool call of a person at
 * work, so it prints nothing on stdout and exits 0 whatever happens; what went wrong is one line in
 * the error log and on stderr. It reaches no package and does nothing that a reader could do.
 */
export async function rec(args: readonly string[]): Promise<number> {
  if (args[0] === "drain" || args[0] === "finish") {
    const { recDrain, recFinish } = await import("./rec_drain.ts");
    return await (args[0] === "drain" ? recDrain : recFinish)(args.slice(1));
  }
  // The read goes on while the process is sampled; stdin is swallowed whatever fails meanwhile.
  const input = openInput();
  const { options, problems } = await readOptions(args);
  let location: LogLocation | undefined;
  try {
    location = await locate(options);
    await record(options, location, input, problems);
  } catch (error) {
    problems.push(`nothing was recorded: ${messageOf(error)}`);
  }
  await drainInput(input);
  if (problems.length === 0) return 0;
  (await import("./rec_complain.ts")).complain(location, options.event, problems);
  return options.strict ? 1 : 0;
}

/** Reads the arguments; what reads flags is loaded only where there is another than most hooks carry. */
async function readOptions(args: readonly string[]): Promise<ParsedOptions> {
  const [event, ...flags] = args;
  const isUsual = flags.every((flag) => flag === "--async" || flag === "--command");
  if (isUsual && (event === "start" || event === "end")) {
    const [async, command] = [flags.includes("--async"), flags.includes("--command")];
    return { options: { ...REC_DEFAULTS, event, async, command }, problems: [] };
  }
  return (await import("./rec_options.ts")).parseRecOptions(args);
}

async function locate(options: RecOptions): Promise<LogLocation> {
  const path = logPath(options.file, pathVariable);
  if (path === undefined) throw new Error("HOME is not set; give --file or set PERFMON_FILE");
  return await findLog(path);
}

async function record(
  options: RecOptions,
  location: LogLocation,
  input: HookInput,
  problems: string[],
): Promise<void> {
  const tool = options.tool ?? (variable("CLAUDE_TOOL_NAME") || undefined);
  const { usage, problem, isLasting } = await sampleProcess(wantedProcesses(options, problems));
  if (problem !== undefined && !(isLasting === true && await isNoted(location, problem))) {
    problems.push(problem);
  }
  const parsed = await readHook(input, tool !== undefined, await describers(options));
  if (parsed?.problem !== undefined) problems.push(parsed.problem);
  if (parsed === undefined && tool === undefined) {
    problems.push("no JSON came on stdin, and no --tool was given");
  }
  const hook = parsed && withEnvironment(parsed.event, variable);
  const event = options.event ?? hook?.event;
  if (event === undefined) throw new Error('say "rec start" or "rec end"');
  const makeSample = (): Sample => {
    const occasion = {
      timestamp: eventTime(event),
      event,
      toolName: options.tool ?? hook?.toolName ?? tool,
      clientVersion: clientVersion(variable("AI_AGENT"), hook?.client),
    };
    return toSample(occasion, usage, hook);
  };
  const trouble = await appendSample(location, makeSample, {
    layout: options.layout,
    history: options.history,
    patienceMs: lockPatience(input),
    rotation: event === "end" ? { maxLines: options["max-lines"], keep: options.keep } : undefined,
  });
  if (trouble !== undefined) problems.push(trouble);
  if (event !== "end" || !hasAlert(options)) return;
  const { alert } = await import("./give_alert.ts");
  const silence = await alert(location, makeSample(), options);
  if (silence !== undefined) problems.push(silence);
}

async function isNoted(location: LogLocation, problem: string): Promise<boolean> {
  return (await import("./rec_complain.ts")).isNoted(location, problem);
}

/**
 * The time of a row, seconds since the epoch: of a start as late, of an end as early as this
 * process can take it, so that the time between them holds as little of perfmon as possible.
 */
function eventTime(event: EventKind): number {
  const elapsed = event === "start" ? performance.now() : 0;
  return (performance.timeOrigin + elapsed) / 1000;
}

/** A hook waits a second in all, for its JSON and for the lock, and for the lock a moment at least. */
function lockPatience({ begin }: HookInput): number {
  return Math.max(300, 1000 - (performance.now() - begin));
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
