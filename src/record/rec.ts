import { pathVariable } from "../files/environment.ts";
import { messageOf } from "../text/message.ts";
import { type LogLocation, logPath } from "../log/location.ts";
import { REC_DEFAULTS, type RecOptions } from "../agents/rec_flags.ts";
import type { ParsedOptions } from "./rec_options.ts";
import { openInput } from "./hook_input.ts";
import { findLog } from "../log/find_log.ts";
import { drainInput } from "./read_hook.ts";
import { record, sampleClient } from "./record.ts";

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
  if (args[0] === "sample") {
    return await (await import("./sample/rec_sample.ts")).recSample(args.slice(1));
  }
  // The read goes on while the process is sampled; stdin is swallowed whatever fails meanwhile.
  const input = openInput();
  const { options, problems } = await readOptions(args);
  let location: LogLocation | undefined;
  try {
    const sampled = await sampleClient(options, problems);
    location = await locate(options);
    await record(options, location, input, problems, sampled);
  } catch (error) {
    problems.push(`nothing was recorded: ${messageOf(error)}`);
  }
  await drainInput(input);
  if (problems.length === 0) return 0;
  (await import("./rec_complain.ts")).complain(location, options.event, problems);
  return options.strict ? 1 : 0;
}

/** The flags that most hooks carry, all of them switches. */
const USUAL = ["--async", "--command", "--watch"];
type Three = [boolean, boolean, boolean];

/** Reads the arguments; what reads flags is loaded only where there is another than most hooks carry. */
async function readOptions(args: readonly string[]): Promise<ParsedOptions> {
  const [event, ...flags] = args;
  const isUsual = flags.every((flag) => USUAL.includes(flag));
  if (isUsual && (event === "start" || event === "end")) {
    const [async, command, watch] = USUAL.map((flag) => flags.includes(flag)) as Three;
    return { options: { ...REC_DEFAULTS, event, async, command, watch }, problems: [] };
  }
  return (await import("./rec_options.ts")).parseRecOptions(args);
}

async function locate(options: RecOptions): Promise<LogLocation> {
  const path = logPath(options.file, pathVariable);
  if (path === undefined) throw new Error("HOME is not set; give --file or set PERFMON_FILE");
  return await findLog(path);
}
