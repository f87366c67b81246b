import { allHooks } from "../hooks/claude_settings.ts";
import { type Moment, readCommand, writeCommand } from "../hooks/command_line.ts";
import { readTextFile } from "../hooks/files.ts";
import type { HooksReport } from "../hooks/inspect.ts";
import { programsOnPath } from "../hooks/programs.ts";
import { resolveLog } from "../log/resolve.ts";
import { readLog } from "../log/read.ts";
import { ensureSpool } from "../log/spool.ts";
import type { Check } from "./doctor_checks.ts";
import { drain } from "./drain.ts";

/** What `sh` is on one system or another. */
const SHELLS = [["sh"], ["dash"], ["bash"], ["busybox", "sh"]] as const;

/**
 * Feeds one start and one end through the hook's own command line, as Claude Code would, but into a
 * log of its own in a temporary folder, and looks at what was recorded and how long it took. A line
 * that is all shell is tried under each shell that is there.
 */
export async function tryHooks(hooks: HooksReport, program: string): Promise<Check> {
  const name = "Trial";
  const folder = Deno.makeTempDirSync({ prefix: "perfmon-doctor-" });
  try {
    const log = `${folder}/performance.csv`;
    const lines = hookLines(hooks, program, log);
    const shells = lines.spools ? SHELLS.filter(isThere) : [["sh"]];
    if (lines.spools) ensureSpool(resolveLog(log));
    let milliseconds = 0;
    for (const shell of shells) {
      for (const moment of ["start", "end"] as const) {
        const { code, printed, took } = await runHook(lines[moment], moment, log, shell);
        milliseconds += took;
        if (code !== 0 || printed !== "" && !isAnswer(printed)) {
          const what = code === 0 ? "printed something" : `exited with ${code}`;
          return fail(name, `the hook of the ${moment} ${what} under ${shell.join(" ")}`);
        }
      }
    }
    if (lines.spools) await drain(resolveLog(log));
    const { samples } = await readLog(resolveLog(log), { history: false });
    const wanted = 2 * shells.length;
    if (samples.filter(({ memoryRss }) => memoryRss !== undefined).length !== wanted) {
      return fail(
        name,
        `the hooks recorded ${samples.length} of ${wanted} rows with their figures`,
      );
    }
    const took = (milliseconds / shells.length).toFixed(0);
    const where = lines.spools ? ` of ${shells.map(([shell]) => shell).join(", ")}` : "";
    const finding = `start and end recorded through the hook${where} in ${took} ms`;
    return { name, verdict: "pass", finding };
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    return fail(name, "the hooks recorded nothing");
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

function isThere([shell]: (typeof SHELLS)[number]): boolean {
  return programsOnPath(shell, Deno.env.get("PATH") ?? "").length > 0;
}

/** A hook with an alert may answer Claude Code, and with nothing else. */
function isAnswer(printed: string): boolean {
  return /^{"systemMessage":"perfmon: .*"}\n$/.test(printed);
}

function fail(name: string, finding: string): Check {
  return { name, verdict: "fail", finding, remedy: "perfmon hooks install" };
}

/** The installed lines, or those that install would write, with their log replaced by the scratch one. */
function hookLines(
  hooks: HooksReport,
  program: string,
  log: string,
): Record<"start" | "end", string> & { spools: boolean } {
  const installed = hooks.settings.filter(({ state }) => state === "on")
    .flatMap(({ path }) => allHooks(readTextFile(path)?.text ?? ""))
    .flatMap(({ hook }) => readCommand(String(hook["command"])) ?? []);
  const line = (moment: Moment): string => {
    const command = installed.find((each) => each.moment === moment) ??
      { moment, program, options: {} };
    return writeCommand({ ...command, options: { ...command.options, file: log } });
  };
  const spools = installed.some(({ via }) => via === "spool");
  return { start: line("start"), end: line("end"), spools };
}

async function runHook(
  line: string,
  moment: Moment,
  log: string,
  [shell = "", ...flags]: readonly string[],
): Promise<{ code: number; printed: string; took: number }> {
  const payload = {
    session_id: `perfmon-doctor-${shell}`,
    cwd: "/",
    hook_event_name: moment === "start" ? "PreToolUse" : "PostToolUse",
    tool_name: "Trial",
    tool_input: {},
    tool_use_id: "perfmon-doctor",
  };
  const begin = performance.now();
  const child = new Deno.Command(shell === "sh" ? "/bin/sh" : shell, {
    args: [...flags, "-c", line],
    env: { PERFMON_FILE: log, CLAUDE_PID: String(Deno.pid) },
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const writer = child.stdin.getWriter();
  // A hook that does not read its input is found out by what it records.
  await writer.write(new TextEncoder().encode(JSON.stringify(payload) + "\n"))
    .then(() => writer.close()).catch(() => {});
  const { code, stdout } = await child.output();
  return { code, printed: new TextDecoder().decode(stdout), took: performance.now() - begin };
}
