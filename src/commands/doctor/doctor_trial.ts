import { temporaryFolder } from "../../cli/ending.ts";
import { variable } from "../../files/environment.ts";
import type { HooksReport } from "../../agents/claude/hooks/inspect/inspect.ts";
import { programsOnPath } from "../../files/programs.ts";
import { resolveLog } from "../../log/resolve.ts";
import { readLog } from "../../log/read/read.ts";
import { ensureSpool } from "../../log/spool.ts";
import { INSTALL } from "./doctor_checks.ts";
import type { Check } from "./verdict.ts";
import { drain } from "../../record/drain.ts";
import { type HookLines, hookLines, runHook } from "../../agents/claude/hooks/hook_trial.ts";

/** What `sh` is on one system or another. */
const SHELLS = [["sh"], ["dash"], ["bash"], ["busybox", "sh"]] as const;

/**
 * Feeds one start and one end through the hook's own command line, as Claude Code would, but into a
 * log of its own in a temporary folder, and looks at what was recorded and how long it took. A line
 * that is all shell is tried under each shell that is there.
 */
export async function tryHooks(hooks: HooksReport, program: string): Promise<Check> {
  const name = "Trial";
  const fail = (finding: string): Check => ({
    name,
    verdict: "fail",
    finding,
    remedy: INSTALL,
  });
  using folder = temporaryFolder("perfmon-doctor-");
  try {
    const log = `${folder.path}/performance.csv`;
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
          return fail(`the hook of the ${moment} ${what} under ${shell.join(" ")}`);
        }
      }
    }
    if (lines.spools) await drain(resolveLog(log));
    const { samples } = await readLog(resolveLog(log), { history: false });
    const wanted = 2 * shells.length;
    if (samples.filter(({ memoryRss }) => memoryRss !== undefined).length !== wanted) {
      return fail(`the hooks recorded ${samples.length} of ${wanted} rows with their figures`);
    }
    if (lines.relyOnPath && !await isFoundWithoutPath(lines, log)) {
      return {
        name,
        verdict: "advise",
        finding: "the hook has no path of perfmon, and does not find it where a hook has no PATH",
        remedy: "install perfmon ~/.local/bin/, or into /usr/local/bin",
      };
    }
    const took = (milliseconds / shells.length).toFixed(0);
    const where = lines.spools ? ` of ${shells.map(([shell]) => shell).join(", ")}` : "";
    const others = lines.passedOver.map((program) => `; not tried: the project's "${program}"`);
    const which = lines.isInstalled ? "the hook" : "the hook as install would write it";
    const finding = `start and end recorded through ${which}${where} in ${took} ms` +
      others.join("");
    return { name, verdict: "pass", finding };
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    return fail("the hooks recorded nothing");
  }
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
