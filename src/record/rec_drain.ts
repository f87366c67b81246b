import { pathVariable, variable } from "../files/environment.ts";
import { messageOf } from "../text/message.ts";
import { io } from "../files/io.ts";
import { type LogLocation, logPath } from "../log/location.ts";
import { requirePlace, resolveLog } from "../log/resolve.ts";
import { ensureSpool } from "../log/spool.ts";
import { commandLinesBelow } from "../sampler/command_lines.ts";
import { lastingProblem, sampleProcess } from "../sampler/sample.ts";
import { drain } from "./drain.ts";
import { complain, isNoted, sayError } from "./rec_complain.ts";
import { endHungHooks } from "./hung_hooks.ts";
import { openInput } from "./hook_input.ts";
import { parseRecOptions } from "./rec_options.ts";
import { recordEvent } from "./record.ts";
import { drainInput } from "./read_hook.ts";

/**
 * `perfmon rec drain`: makes the spool where it is missing, and takes what waits in it into the log. Where
 * its own hook is that of a turn's end, or of the session's, it records that, too. A hook calls it, so
 * like `rec` it prints nothing on stdout and exits 0 whatever happens.
 */
export function recDrain(args: readonly string[]): Promise<number> {
  return settle("drain", args, ensureSpool);
}

/**
 * `perfmon rec finish`, at a session's end: waits until the client's own hooks that nobody waits for are
 * done, because a client that is pid 1 of a container takes all with it, and drains the spool where there
 * is one. Like `recDrain` else.
 */
export function recFinish(args: readonly string[]): Promise<number> {
  return settle("finish", args, waitForHooks);
}

async function settle(
  moment: "drain" | "finish",
  args: readonly string[],
  prepare: (location: LogLocation) => void | Promise<void>,
): Promise<number> {
  const input = openInput();
  const { options, problems } = parseRecOptions(args);
  const noted: string[] = [];
  let location: LogLocation | undefined;
  const client = await findClient();
  if (client !== undefined) endHungHooks(client, moment === "drain");
  try {
    const path = logPath(options.file, pathVariable);
    if (path === undefined) throw new Error("HOME is not set; give --file or set PERFMON_FILE");
    const found = resolveLog(path);
    requirePlace(path, found);
    location = found;
    await recordEvent(options, location, input, problems);
    await prepare(location);
    noted.push(...(await drain(location)).problems);
    problems.push(...lastingProblems(location).filter((each) => !problems.includes(each)));
  } catch (error) {
    problems.push(`the spool was not drained: ${messageOf(error)}`);
  }
  await drainInput(input);
  if (problems.length > 0) complain(location, moment, problems);
  for (const problem of noted) sayError(`rec ${moment}`, problem);
  if (problems.length + noted.length === 0) return 0;
  return options.strict ? 1 : 0;
}

/** What keeps figures out of all records, where that was not said yet: the shell that leaves them can't say it. */
function lastingProblems(location: LogLocation): string[] {
  const problem = lastingProblem();
  return problem === undefined || isNoted(location, problem) ? [] : [problem];
}

async function findClient(): Promise<number | undefined> {
  const named = Number(variable("CLAUDE_PID"));
  return (await sampleProcess(named > 0 ? [named] : [])).usage?.pid;
}

/** The longest that a session's end waits for hooks, and the time between two looks, milliseconds. */
const WAIT_MS = 1000, LOOK_MS = 20;

async function waitForHooks(): Promise<void> {
  const client = await findClient();
  if (client === undefined) return;
  const deadline = performance.now() + WAIT_MS;
  const isOwn = (pid: number): boolean => pid === Deno.pid || pid === Deno.ppid;
  while (commandLinesBelow(client, isOwn).some(isHook) && performance.now() < deadline) {
    io.pause(LOOK_MS);
  }
}

/**
 * Whether a process is the shell or the perfmon of a hook that nobody waits for. It is told by its line and
 * not by a lock: a hook that the client has just started holds none yet.
 */
function isHook(commandLine: string): boolean {
  return /\bperfmon\b.*(\brec \w+ |;)--async\b/s.test(commandLine);
}
