import { type Arguments, CommandError, EXIT } from "../../cli/command.ts";
import { linesOf, type OutputFormat, screen, warn, write, writeText } from "../../cli/output.ts";
import { FILTERS } from "../../query/filter.ts";
import type { Selection } from "../../query/selection.ts";
import { recordsCsv } from "../../summary/csv.ts";
import { jsonHead, toJson } from "../../summary/json.ts";
import {
  PERMISSION_COLUMNS,
  permissionRecord,
  TURN_COLUMNS,
  turnRecord,
  turnSumsRecord,
} from "../../summary/turns/turn_records.ts";
import type { Turns } from "../../summary/turns/turn.ts";
import { permissionsText, turnsText } from "../../summary/turns/turns_text.ts";
import { turnsIn } from "../../query/turns_in.ts";
import { shortener } from "../../text/shortener.ts";
import { wrap } from "../../text/table.ts";
import type { ByEvents } from "./by_events.ts";

/** Reports on turns, or on permission requests. Throws a `CommandError` (64) for a filter that neither has. */
export function reportTurns(
  args: Arguments,
  format: OutputFormat,
  selection: Selection,
  by: ByEvents,
): number {
  const filter = FILTERS.find((flag) =>
    flag !== "session" && flag !== "project" && args.text(flag) !== undefined
  );
  const unusable = filter ?? ["sort", "compare"].find((flag) => args.text(flag) !== undefined);
  if (unusable !== undefined) {
    throw new CommandError(
      `Cannot use --${unusable} with --by ${by}: it is for calls; --session and --project are for both`,
      EXIT.usage,
    );
  }
  const found = turnsIn(selection);
  const records = by === "turn"
    ? found.turns.map(turnRecord)
    : found.permissions.map(permissionRecord);
  if (format === "json") {
    write(toJson({
      ...jsonHead(selection.context),
      sums: turnSumsRecord(found),
      [by === "turn" ? "turns" : "permissions"]: records,
    }));
  } else if (format === "csv") {
    write(recordsCsv(records, by === "turn" ? TURN_COLUMNS : PERMISSION_COLUMNS));
    if (selection.badRows !== undefined) warn(selection.badRows);
  } else printText(args, selection, found, by);
  return records.length > 0 || format !== "text" ? EXIT.ok : EXIT.no;
}

function printText(
  args: Arguments,
  { badRows, covers, now, utc, sessionIds }: Selection,
  found: Turns,
  by: ByEvents,
): void {
  const target = screen(args);
  const { width, height, style } = target;
  const isEmpty = (by === "turn" ? found.turns : found.permissions).length === 0;
  if (isEmpty) {
    const what = by === "turn" ? "No turn" : "No permission request";
    const sentence = `${covers}: ${what} is recorded. The hooks of prompts are there if ` +
      `"perfmon hooks install" knew the version of Claude Code: see "perfmon doctor"`;
    writeText(wrap(sentence, width, "").join("\n") + "\n", target);
    return;
  }
  const options = {
    covers,
    width,
    height,
    count: linesOf(args),
    style,
    now,
    utc,
    session: shortener(sessionIds()),
    notes: badRows === undefined ? [] : [badRows],
  };
  writeText(
    by === "turn" ? turnsText(found, options) : permissionsText(found.permissions, options),
    target,
  );
}
