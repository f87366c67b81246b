import { temporaryFolder } from "../../cli/ending.ts";
import { variable } from "../../files/environment.ts";
import type { HooksReport } from "../../agents/claude/hooks/inspect/inspect.ts";
import { programsOnPath } from "../../files/programs.ts";
import { resolveLog } from "../../log/resolve.ts";
import { readLog } from "../../log/read/read.ts";
import { ensureSpool } from "../../log/spool.ts";
import { INSTALL } from "./doctor_checks.ts";
import { advise, type Check, fail, pass } from "./verdict.ts";
import { drain } from "../../record/drain.ts";
import { type HookLines, hookLines, runHook } from "../../agents/claude/hooks/hook_trial.ts";

/** What `sh` is on one system or another. */
const SHELLS = [["sh"], ["dash"], ["bash"], ["busybox", "sh"]] as const;

const NAME = "Trial";

/**
 * Feeds one start and one end through the hook's own command line, as Claude Code would, but into a
 * log of its own in a temporary folder, and looks at what was recorded and how long it took. A line
 * that is all shell is tried under each shell that is there.
 */
export async function tryHooks(hooks: HooksReport, program: string): Promise<Check> {
  using folder = temporaryFolder("perfmon-doctor-");
  try {
    const log = `${folder.path}/performance.csv`;
    const lines = hookLines(hooks, program, log);
    const shells = lines.spools ? SHELLS.filter(isThere) : [["sh"]];
    if (lines.spools) ensureSpool(resolveLog(log));
    const { milliseconds, fault } = await runUnder(shells, lines, log);
    if (fault !== undefined) return fail(NAME, fault, INSTALL);
    if (lines.spools) await drain(resolveLog(log));
    const { samples } = await readLog(resolveLog(log), { history: false });
    const wanted = 2 * shells.length;
    if (samples.filter(({ memoryRss }) => memoryRss !== undefined).length !== wanted) {
      const recorded = `${samples.length} of ${wanted} rows with their figures`;
      return fail(NAME, `the hooks recorded ${recorded}`, INSTALL);
    }
    if (lines.relyOnPath && !await isFoundWithoutPath(lines, log)) {
      return advise(
        NAME,
        "the hook has no path of perfmon, and does not find it where a hook has no PATH",
        "install perfmon ~/.local/bin/, or into /usr/local/bin",
      );
    }
    return pass(NAME, recordedWords(lines, shells, milliseconds / shells.length));
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    return fail(NAME, "the hooks recorded nothing", INSTALL);
  }
}

/** Runs a start and an end under each shell; how long that took in all, and in a sentence what a hook did amiss. */
async function runUnder(
  shells: readonly (readonly string[])[],
  lines: HookLines,
  log: string,
): Promise<{ readonly milliseconds: number; readonly fault?: string }> {
  let milliseconds = 0;
  for (const shell of shells) {
    for (const moment of ["start", "end"] as const) {
      const { code, printed, took } = await runHook(lines[moment], moment, log, shell);
      milliseconds += took;
      if (code === 0 && (printed === "" || isAnswer(printed))) continue;
      const what = code === 0 ? "printed something" : `exited with ${code}`;
      return { milliseconds, fault: `the hook of the ${moment} ${what} under ${shell.join(" ")}` };
    }
  }
  return { milliseconds };
}

/** Says through which lines a start and an end were recorded, and how long the two took. */
function recordedWords(
  { isInstalled, passedOver, spools }: HookLines,
  shells: readonly (readonly string[])[],
  milliseconds: number,
): string {
  const which = isInstalled ? "the hook" : "the hook as install would write it";
  const where = spools ? ` of ${shells.map(([shell]) => shell).join(", ")}` : "";
  const others = passedOver.map((program) => `; not tried: the project's "${program}"`).join("");
  return `start and end recorded through ${which}${where} in ${
    milliseconds.toFixed(0)
  } ms${others}`;
}

/** A hook may have another PATH than a terminal; its line looks in some usual folders, too. */
async function isFoundWithoutPath(lines: HookLines, log: string): Promise<boolean> {
  const rows = async (): Promise<number> => {
    if (lines.spools) await drain(resolveLog(log));
    return (await readLog(resolveLog(log), { history: false })).samples.length;
  };
  const before = await rows();
  await runHook(lines.start, "start", log, ["sh"], { PATH: "/usr/bin:/bin" });
  return await rows() > before;
}

function isThere([shell]: (typeof SHELLS)[number]): boolean {
  return programsOnPath(shell, variable("PATH") ?? "").length > 0;
}

/** A hook with an alert may answer Claude Code, and with nothing else. */
function isAnswer(printed: string): boolean {
  return /^{"systemMessage":"perfmon: .*"}\n$/.test(printed);
}
