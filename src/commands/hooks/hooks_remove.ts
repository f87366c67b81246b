import { say } from "../../cli/output.ts";
import { removeHooks } from "../../agents/claude/hooks/actions.ts";
import { inspectHooks } from "../../agents/claude/hooks/inspect/inspect.ts";
import type { Command } from "../../cli/command.ts";
import {
  asCommand,
  EVERYWHERE_FLAG,
  forEachTarget,
  SCOPE_FLAG,
  type Targets,
  targetsOf,
} from "./hooks_common.ts";
import { readLedger } from "../../agents/claude/hooks/ledger.ts";
import { pathVariable } from "../../files/environment.ts";
import { lstatIfThere } from "../../files/if_there.ts";
import { logPath } from "../../log/location.ts";
import { surroundings } from "../../query/surroundings.ts";
import { settleSpools, spoolLogsAt } from "./hooks_spool.ts";

export const remove: Command = {
  name: "hooks remove",
  summary: "Take the hooks out again without a trace",
  flags: [SCOPE_FLAG, EVERYWHERE_FLAG],
  notes: [
    "Where nobody else has changed the settings since, they come back byte for byte; otherwise only " +
    "perfmon's entries go. The log stays; what waits in its spool is taken in, and the spool removed.",
  ],
  examples: [
    ["hooks remove", "from this user's settings"],
    ["hooks remove --everywhere", "before uninstalling"],
  ],
  async run(args): Promise<number> {
    const targets = targetsOf(args);
    const spools = asCommand(() => spoolLogsAt(targets.paths, targets.ledger));
    const isTold = targets.paths.length === 1;
    const { outcomes, code } = await forEachTarget(targets, removeHooks, (outcome, path) => {
      if (outcome === "changed") return `Removed the hooks from "${path}"`;
      return isTold ? `There are no hooks of perfmon in "${path}"` : undefined;
    });
    if (!isTold && outcomes.length > 0 && !outcomes.includes("changed")) {
      say("There are no hooks of perfmon in any settings");
    }
    const others = asCommand(() => otherFiles(targets));
    if (others.length > 0) {
      say(
        `Hooks stay in "${
          others.join('", "')
        }": perfmon hooks remove --everywhere takes these out, too`,
      );
    }
    if (outcomes.includes("changed")) say(whatStays());
    for (const { path, foreignEvents } of inspectHooks(surroundings(), targets.ledger).settings) {
      if (!targets.paths.includes(path) || foreignEvents.length === 0) continue;
      say(
        `In "${path}" stays what perfmon did not install: ${foreignEvents.join(", ")} ` +
          "(take it out by hand)",
      );
    }
    return code || await settleSpools(spools, targets.ledger);
  },
};

/** The settings files with hooks, on or switched off, that a removal was not about. */
function otherFiles({ paths, ledger }: Targets): string[] {
  const seen = inspectHooks(surroundings(), ledger).settings
    .filter(({ state }) => state !== "absent").map(({ path }) => path);
  const known = [...new Set([...seen, ...readLedger(ledger).keys()])];
  return known.filter((path) => !paths.includes(path));
}

/** The log and the program, which a removal leaves where they are. */
function whatStays(): string {
  const path = logPath(undefined, pathVariable);
  const log = path === undefined || lstatIfThere(path) === undefined
    ? ""
    : `the log "${path}" (perfmon clear removes it) and `;
  return `Not touched: ${log}perfmon itself, "${Deno.execPath()}"`;
}
