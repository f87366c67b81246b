import { pathVariable } from "../../files/environment.ts";
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
import { ensureSpool, openName, spoolFolder, spoolFolders } from "../../log/spool.ts";
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
    const path = logPath(typeof file === "string" ? file : undefined, pathVariable);
    if (path === undefined) continue;
    try {
      const location = resolveLog(path);
      logs.set(spoolFolder(location), location);
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

/** Makes the spools of logs. Throws a `CommandError` (74) where one can't be made. */
export function makeSpools(locations: readonly LogLocation[]): void {
  for (const location of locations) {
    try {
      ensureSpool(location);
    } catch (error) {
      throw new CommandError(
        `Cannot make the folder "${spoolFolder(location)}": ${messageOf(error)}`,
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
  const used = new Set(others.map(spoolFolder));
  let code: number = EXIT.ok;
  for (const location of locations) {
    for (const spool of new Set(spoolFolders(location).map(openName))) {
      if (!await settleSpool(location, spool, used.has(spool))) code = EXIT.inputOutput;
    }
  }
  return code;
}

/** Drains one of a log's spools and removes it unless it is used; returns false, and says so, where that fails. */
async function settleSpool(
  location: LogLocation,
  spool: string,
  isUsed: boolean,
): Promise<boolean> {
  try {
    const { drain } = await import("../../record/drain.ts");
    const { removeSpool } = await import("../../record/remove_spool.ts");
    const { taken, lost } = isUsed
      ? { ...await drain(location), lost: 0 }
      : await removeSpool(location, spool);
    if (taken > 0) say(`Took ${plural(taken, "record")} of "${spool}" into the log`);
    const part = lost > 0 ? `, and in it ${plural(lost, "record")} that could not be read` : "";
    if (!isUsed) say(`Removed "${spool}"${part}`);
    return true;
  } catch (error) {
    say(`perfmon: Cannot drain and remove "${spool}": ${messageOf(error)}`);
    return false;
  }
}

/** The settings files of all scopes, and those of every project that hooks were installed into. */
function knownSettings(ledger: string): string[] {
  const here = SCOPES.flatMap((scope) => settingsPath(scope, surroundings()) ?? []);
  return [...new Set([...here, ...readLedger(ledger).keys()])];
}
