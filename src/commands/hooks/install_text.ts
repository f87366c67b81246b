import type { Outcome } from "../../agents/claude/hooks/actions.ts";
import { knowsAsync } from "../../agents/claude/client_version.ts";
import { writeOptions } from "../../agents/claude/hooks/command_line.ts";
import {
  LAST_EVENTS,
  type Registration,
  unknownEvents,
  untoldWithout,
} from "../../agents/claude/hooks/events.ts";
import type { InstallPlan } from "./install_plan.ts";
import { quoteForPaste } from "../../text/shell_words.ts";

/** What an install tells the person: what was done, what is in force now, and what comes next. */
export function installed(
  outcome: Outcome,
  path: string,
  wanted: readonly Registration[],
  plan: InstallPlan,
): string[] {
  const events = wanted.map(({ event }) => event).join(", ");
  return [
    outcome === "changed"
      ? `Installed the hooks in "${path}": ${events}`
      : `The hooks in "${path}" are so already`,
    ...summary(wanted, plan),
    "Next: go on with Claude Code, running sessions take the hooks up; then perfmon report. " +
    "perfmon doctor tries the hooks out",
  ];
}

/** What hooks of a plan do: what is in force with them, what they store, watch and leave out. */
export function summary(wanted: readonly Registration[], plan: InstallPlan): string[] {
  return [
    `Options: ${optionsInForce(wanted, plan)}`,
    stored(plan),
    watched(plan),
    ...leftOut(plan),
    ...notes(plan),
  ];
}

/** A program that the next build or a removed clone takes with it. */
function notes({ program }: InstallPlan): string[] {
  return program === undefined || !/\/(dist|build|target)\/[^/]+$/.test(program) ? [] : [
    `The hooks start "${program}", which lies in a build folder: install it elsewhere, e.g. ` +
    `install ${quoteForPaste(program)} ~/.local/bin/, and run this again by that path`,
  ];
}

function optionsInForce(wanted: readonly Registration[], plan: InstallPlan): string {
  const { way, isWaitedFor, options, kept, version } = plan;
  const waiting = wanted.filter(({ event, hook }) =>
    hook["async"] !== true && !LAST_EVENTS.includes(event)
  )
    .map(({ event }) => event);
  const atTurns = wanted.some(({ event }) => event === "Stop") ? ", but at a turn's end" : "";
  const waits = isWaitedFor
    ? "Claude Code waits for each hook"
    : version !== undefined && !knowsAsync(version.join("."))
    ? `Claude Code ${version.join(".")} waits for each hook, later versions do not`
    : waiting.length === 0
    ? `Claude Code waits for no hook${atTurns}`
    : `Claude Code waits for ${waiting.join(", ")}, which may alert, and for no other hook`;
  const given = `--via ${way} ${writeOptions(options)}`.trimEnd();
  return `${given}${kept === "" ? "" : ` (from before: ${kept}; --reset begins anew)`}; ${waits}`;
}

/** What rows say of what a call was asked to do. */
function stored({ options }: InstallPlan): string {
  const params = options.params === undefined
    ? ""
    : ", and one redacted line of what a tool was asked to do";
  return options.command === undefined
    ? `Stored: times and figures${params}; not which command a call was (--command adds it)`
    : `Stored: times, figures, and which command a call was: program and subcommand (npm test), a ` +
      `host, an agent's or skill's name; never an argument, path or value (--no-command leaves it ` +
      `out)${params}`;
}

/** What runs beside the hooks. */
function watched({ way, options }: InstallPlan): string {
  if (options.watch !== undefined) {
    return "Watched: what calls of Bash start, by a process that runs while they do and ends half a minute " +
      "after the last one (peaks of memory; --no-watch leaves it out)";
  }
  if (way === "spool") return "Watched: nothing; peaks of memory need --via binary";
  return options.layout === "basic"
    ? "Watched: nothing; the basic layout has no place for peaks of memory"
    : "Watched: nothing, so no peaks of memory (--watch adds them)";
}

function leftOut(plan: InstallPlan): string[] {
  const unknown = unknownEvents(plan);
  if (unknown.length === 0) return [];
  if (plan.version === undefined) {
    return [
      `Left out ${
        unknown.join(", ")
      }: which Claude Code this is for is not known (no claude on PATH), ` +
      "and an old one would ignore a settings file that has it; put claude on PATH and run perfmon hooks " +
      `install again, until then not recorded: ${untoldWithout(unknown)}`,
    ];
  }
  return [
    `Left out ${unknown.join(", ")}: Claude Code ${
      plan.version.join(".")
    } does not know them and ` +
    "may ignore a settings file that has them; run this again after an update",
  ];
}
