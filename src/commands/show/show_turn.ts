import { timeOf } from "../../calls/call.ts";
import { type Arguments, CommandError, EXIT } from "../../cli/command.ts";
import { outputFormat, screen, write, writeText } from "../../cli/output.ts";
import { callFilter } from "../../query/filter.ts";
import { select } from "../../query/selection.ts";
import { turnsIn } from "../../query/turns_in.ts";
import { jsonHead, toJson } from "../../summary/json.ts";
import { callRecord } from "../../summary/records.ts";
import { permissionRecord, turnRecord } from "../../summary/turns/turn_records.ts";
import { shortener } from "../../text/shortener.ts";
import { showTurnText } from "./show_turn_text.ts";

/** Reads `7d1f.14`, turn 14 of a session, as report --by turn prints it; `undefined` for what is none. */
export function turnName(wanted: string): { session: string; number: number } | undefined {
  const [, session, digits] = /^(.+)\.(\d{1,9})[°~+]*$/.exec(wanted) ?? [];
  return session === undefined ? undefined : { session, number: Number(digits) };
}

/**
 * Tells one turn: how its time went, and its calls and requests. Throws a `CommandError` (1) where there is no such
 * session or turn, 64 for a filter that a turn has not.
 */
export async function showTurn(
  args: Arguments,
  { session, number }: { readonly session: string; readonly number: number },
): Promise<number> {
  const filter = callFilter(args);
  if (filter !== undefined) {
    throw new CommandError(`Cannot use --${filter} with a turn: it is for calls`, EXIT.usage);
  }
  const selection = await select(args.with("session", session), {
    wholeLog: true,
    orTranscripts: true,
  });
  const { turns, permissions } = turnsIn(selection);
  const turn = turns.find((each) => each.number === number);
  const newest = turns.at(-1);
  if (turn === undefined) {
    const given = ["project", "since", "until"].filter((flag) => args.text(flag) !== undefined);
    const fit = given.length === 0 ? "" : ` that fits --${given.join(", --")}`;
    throw new CommandError(
      newest === undefined
        ? `Cannot find a turn of session "${session}": no prompt of it is recorded${fit}`
        : `Cannot find turn ${number} of session "${session}": its newest is ${newest.number}`,
      EXIT.no,
    );
  }
  const { from, to, sessionId } = turn;
  const calls = selection.calls.filter((call) =>
    call.sessionId === sessionId && timeOf(call) >= from && timeOf(call) <= to &&
    (turn.isImported || call.imported !== true)
  );
  const asked = permissions.filter(({ time }) => time >= from && time <= to);
  if (outputFormat(args) === "json") {
    write(toJson({
      ...jsonHead(selection.context),
      turn: turnRecord(turn),
      permissions: asked.map(permissionRecord),
      calls: calls.map(callRecord),
    }));
    return EXIT.ok;
  }
  const target = screen(args);
  const { now, utc, badRows, sessionIds } = selection;
  const notes = badRows === undefined ? [] : [badRows];
  const text = showTurnText(turn, calls, asked, {
    ...{ width: target.width, style: target.style, now, utc, notes },
    session: shortener(sessionIds()),
  });
  writeText(text, target);
  return EXIT.ok;
}
