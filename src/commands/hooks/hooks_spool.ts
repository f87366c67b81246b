import { say } from "../../cli/output.ts";
import { messageOf } from "../../text/message.ts";
import { plural } from "../../text/units.ts";
import { readCommand } from "../../agents/claude/hooks/command_line.ts";
import type { Registration } from "../../agents/claude/hooks/events.ts";
import { hooksAt } from "../../agents/claude/hooks/installation.ts";
import { readLedger } from "../../agents/claude/hooks/ledger.ts";
import { SCOPES, settingsPath } from "../../agents/claude/hooks/scopes.ts";
import { type LogLocation, logPath } from "../../log/location.ts";
import { resolveLog } from "../../log/resolve.ts";
import { ensureSpool, hasSpool, removeSpool } from "../../log/spool.ts";
import { CommandError, EXIT } from "../../cli/command.ts";
import { asCommand } from "./hooks_common.ts";
import { surroundings } from "../../query/surroundings.ts";

/** The logs into whose spools hooks record. */
export function spoolLogs(hooks: readonly Registration[]): LogLocation[] {
  const logs = new Map<string, LogLocation>();
  for (const { hook } of hooks) {
    const command = readCommand(String(hook["command"]));
    if (command?.via !== "spool") continue;
    const { file } = command.options;
    const path = logPath(typeof file === "string" ? file : undefined, (name) => Deno.env.get(name));
    if (path === undefined) continue;
    try {
      const location = resolveLog(path);
      logs.set(location.folder, location);
    } catch {
      // What is no log any more has no spool that hooks write into.
    }
  }
  return [...logs.values()];
}

/** The logs into whose spools the hooks of these settings files record, or would if they were on. */
export function spoolLogsAt(paths: readonly string[], ledger: string): LogLocation[] {
  const known = readLedger(ledger);
  return spoolLogs(paths.flatMap((path) => [...hooksAt(path), ...known.get(path)?.waiting ?? []]));
}

/** Makes the spools that hooks need. Throws a `CommandError` (74) where one can't be made. */
export function makeSpools(hooks: readonly Registration[]): void {
  for (const location of spoolLogs(hooks)) {
    try {
      ensureSpool(location);
    } catch (error) {
      throw new CommandError(
        `Cannot make the folder "${location.folder}/spool": ${messageOf(error)}`,
        EXIT.inputOutput,
      );
    }
  }
}

/**
 * Takes into their logs what waits in these spools, and removes those that no hooks record into any
 * more; tells on stderr what was done. Returns the exit code: 74 where one could not be drained.
 */
export async function settleSpools(
  locations: readonly LogLocation[],
  ledger: string,
): Promise<number> {
  const others = asCommand(() => spoolLogsAt(knownSettings(ledger), ledger));
  const used = new Set(others.map(({ folder }) => folder));
  let code: number = EXIT.ok;
  for (const location of locations.filter(hasSpool)) {
    const path = `${location.folder}/spool`;
    try {
      const { drain } = await import("../../record/drain.ts");
      const { taken } = await drain(location);
      if (taken > 0) say(`Took ${plural(taken, "record")} of "${path}" into the log`);
      if (!used.has(location.folder) && removeSpool(location)) say(`Removed "${path}"`);
    } catch (error) {
      say(`perfmon: Cannot drain and remove "${path}": ${messageOf(error)}`);
      code = EXIT.inputOutput;
    }
  }
  return code;
}

/** The settings files of all scopes, and those of every project that hooks were installed into. */
function knownSettings(ledger: string): string[] {
  const here = SCOPES.flatMap((scope) => settingsPath(scope, surroundings()) ?? []);
  return [...new Set([...here, ...readLedger(ledger).keys()])];
}
