import config from "../../../deno.json" with { type: "json" };
import { variable } from "../../files/environment.ts";
import { unknownEvents } from "../../agents/claude/hooks/events.ts";
import { hookPrograms } from "../../agents/claude/hooks/inspect/hook_programs.ts";
import { inspectHooks } from "../../agents/claude/hooks/inspect/inspect.ts";
import { clientVersion, programPath } from "../../agents/claude/hooks/programs.ts";
import type { LogLocation } from "../../log/location.ts";
import { logStatus } from "../../log/status.ts";
import { printable } from "../../text/printable.ts";
import { wrap } from "../../text/table.ts";
import { type Arguments, type Command, EXIT } from "../../cli/command.ts";
import {
  checkBinary,
  checkClient,
  checkErrors,
  checkFolder,
  checkHooks,
  checkLock,
  checkLog,
  checkNewest,
  checkSpool,
  checkVersion,
} from "./doctor_checks.ts";
import type { Check } from "./verdict.ts";
import { checkSampler } from "./doctor_sampler.ts";
import { tryHooks } from "./doctor_trial.ts";
import { type Screen, screen, write, writeText } from "../../cli/output.ts";
import { locate, readIfThere } from "../../query/asked_log.ts";
import { FILE_FLAG } from "../../query/selection_flags.ts";
import { ledgerPath, surroundings } from "../../query/surroundings.ts";

export const command: Command = {
  name: "doctor",
  readsLog: true,
  summary: "Check the installation, and try the hooks out for real",
  flags: [
    FILE_FLAG,
    {
      name: "figures",
      help:
        "Burn CPU, hold memory, wait, write and read through the installed hooks, and print what " +
        "they recorded beside the truth",
    },
    { name: "json", help: "Print the checks, or the figures, as one JSON array" },
  ],
  notes: [
    "Each check passes, advises or fails, with the command that mends it. The trial feeds a start " +
    "and an end through the hook's own command line into a log of its own. Exits 1 if a check fails.",
    "With --figures it is the client of five calls of a few seconds, into a log of its own: what perfmon " +
    "says of each stands beside what is true of it. It exits 1 where a figure is off by more than a tenth.",
    "pass is as it should be, advise works but could be better, fail keeps calls from being recorded.",
  ],
  examples: [
    ["doctor", "why is nothing recorded?"],
    ["doctor --figures", "how far are the figures from the truth here?"],
  ],
  run,
};

async function run(args: Arguments): Promise<number> {
  if (args.has("figures")) return await (await import("./doctor_figures.ts")).figures(args);
  const checks = await examine(locate(args));
  if (args.has("json")) write(JSON.stringify(checks, null, 2) + "\n");
  else {
    const target = screen(args);
    writeText(checks.map((check) => checkText(check, target)).join(""), target);
  }
  return checks.some(({ verdict }) => verdict === "fail") ? EXIT.no : EXIT.ok;
}

async function examine(location: LogLocation): Promise<Check[]> {
  const path = variable("PATH") ?? "";
  const running = Deno.execPath();
  const self = { path: running, version: config.version };
  const hooks = inspectHooks(surroundings(), ledgerPath());
  const status = await logStatus(location);
  const contents = await readIfThere(location);
  const version = await clientVersion(path);
  return [
    checkBinary(running, path, hooks),
    ...checkVersion(config.version, await hookPrograms(hooks, self, path)),
    ...checkHooks(hooks, version),
    await checkFolder(location, hooks),
    ...checkSpool(hooks, location, Date.now() / 1000),
    checkLock(status),
    checkLog(status, contents),
    checkNewest(contents, Date.now() / 1000),
    checkErrors(status),
    checkSampler(hooks, location, Date.now() / 1000),
    checkClient(version?.join("."), unknownEvents({ version })),
    await tryHooks(hooks, programPath(running, path)),
  ];
}

const INDENT = 21;

/**
 * `pass    Binary       …`, wrapped below the finding, and the remedy on a line of its own; without what
 * names in settings may hold to steer a terminal.
 */
function checkText({ name, verdict, finding, remedy }: Check, { width, style }: Screen): string {
  const lines = [
    ...wrap(printable(finding), width - INDENT, ""),
    ...(remedy === undefined ? [] : [`→ ${printable(remedy)}`]),
  ];
  const shown = verdict === "fail" ? style.fail(verdict) : verdict;
  const label = shown + " ".repeat(8 - verdict.length) + name.padEnd(INDENT - 8);
  return lines.map((line, index) => (index === 0 ? label : " ".repeat(INDENT)) + line + "\n").join(
    "",
  );
}
