import type { CallList } from "../../calls/call_list.ts";
import type { Sample } from "../../row/sample.ts";
import { formatCount, formatDuration, plural } from "../../text/units.ts";
import { wholePercents } from "../../stats/whole_percents.ts";
import { printable } from "../../text/printable.ts";
import { commandLine, type Flags } from "../../text/command_line.ts";
import type { Answer, AnswerOptions } from "../answers.ts";
import type { ReportTextOptions } from "../report_text.ts";
import {
  groupPermissions,
  permissionGroup,
  sumTurns,
  type Times,
  type TurnSums,
} from "./turn_sums.ts";
import type { Turns } from "./turn.ts";
import { type TurnOptions, turnsOf } from "./turns.ts";

/** What turns add to the text of a report. */
export function turnsInReport(
  events: readonly Sample[],
  list: CallList,
  options: TurnOptions & Pick<AnswerOptions, "flags"> = {},
): Required<Pick<ReportTextOptions, "turnAnswers">> {
  return { turnAnswers: turnAnswers(turnsOf(events, list, options), options.flags ?? {}) };
}

/** Where the time went, and what the person was asked; nothing without turns. */
export function turnAnswers(turns: Turns, flags: Flags): Answer[] {
  if (turns.turns.length === 0) return [];
  const sums = sumTurns(turns);
  const times = [timeAnswer(sums)];
  const besides = betweenAnswer(sums);
  const imported = turns.turns.filter(({ isImported }) => isImported).length;
  if (besides !== "") times.push(besides);
  if (imported > 0) {
    const which = imported === turns.turns.length ? "they are" : plural(imported, "turn");
    times.push(
      `${which} from transcripts, which tell tools, prompts and gates only together`,
    );
  }
  // The last of the lines on the time leads on.
  const found = times.map((text, index): Answer =>
    index < times.length - 1
      ? ["Time", text]
      : ["Time", text, commandLine("report --by turn", flags)]
  );
  if (turns.permissions.length > 0) {
    found.push(["Prompts", asked(turns), commandLine("report --by permission", flags)]);
  }
  return found;
}

/** How often the person was asked, how long that took, and for what: of several the one that stands out. */
function asked({ permissions }: Turns): string {
  const { asked, waits } = permissionGroup("All", permissions);
  const [most, next] = groupPermissions(permissions).sort((a, b) => b.asked - a.asked);
  const name = printable(most?.name ?? "");
  const only = next === undefined ? ` for ${name}` : "";
  const isMost = next !== undefined && most!.asked > next.asked;
  const took = waits.count > 0 ? `, ${spread(waits)}` : "";
  return `${formatCount(asked)}${only}${took}${
    isMost ? `; ${name} ${formatCount(most!.asked)}` : ""
  }`;
}

const PARTS = ["model", "tools", "prompts", "gates", "together"] as const;

function timeAnswer({ turns, seconds, parts }: TurnSums): string {
  const percents = wholePercents(PARTS.map((part) => parts[part]));
  const shares = PARTS.flatMap((part, place) => {
    const isAlways = part === "model" || part === "tools" && parts.together === 0;
    if (!isAlways && percents[place] === 0) return [];
    return [`${part === "together" ? "tools, prompts and gates" : part} ${percents[place]}%`];
  });
  return `${plural(turns, "turn")}, ${formatDuration(seconds)}: ${shares.join(", ")}`;
}

/** What no turn's time is. */
function betweenAnswer({ parts, between, away, background }: TurnSums): string {
  const absent = away.seconds + parts.away;
  const work = `between turns: background work ${formatDuration(background.seconds)}`;
  const [you, hasWork] = [between.count > 0, background.count > 0];
  return [
    ...(hasWork ? [you ? `${work}; you, ${spread(between)}` : work] : []),
    ...(you && !hasWork ? [`your own time between turns, ${spread(between)}`] : []),
    ...(absent > 0 ? [`away ${formatDuration(absent)}, not counted`] : []),
  ].join("; ");
}

function spread({ seconds, median }: Times): string {
  return `median ${formatDuration(median)}, ${formatDuration(seconds)} in all`;
}
