import { formatDuration, plural } from "../../text/units.ts";
import { NO_BREAK } from "../../text/table.ts";
import { sumTurns } from "./turn_sums.ts";
import type { Turns } from "./turn.ts";

/**
 * Where a session's time went: a sentence, to be broken by `wrap`, and a bar of so many columns, whose signs the
 * sentence explains.
 */
export function turnBar(turns: Turns, columns: number): [sentence: string, bar: string] {
  const { turns: count, parts, between, away, background } = sumTurns(turns);
  const shown = [
    { name: "model", sign: "█", seconds: parts.model },
    { name: "tools", sign: "▓", seconds: parts.tools },
    { name: "prompts", sign: "▒", seconds: parts.prompts },
    { name: "gates", sign: "|", seconds: parts.gates },
    { name: "tools, prompts and gates°", sign: "▞", seconds: parts.together },
    { name: "background work", sign: "·", seconds: background.seconds },
    { name: "you", sign: "░", seconds: between.seconds },
  ].filter(({ seconds }) => seconds >= 0.0005);
  const absent = away.seconds + parts.away;
  const sentence = `${plural(count, "turn")}: ` +
    shown.map(({ name, sign, seconds }) => `${sign}${NO_BREAK}${name} ${formatDuration(seconds)}`)
      .join(
        ", ",
      ) +
    (absent > 0 ? `; away ${formatDuration(absent)}` : "");
  const total = shown.reduce((sum, { seconds }) => sum + seconds, 0);
  let [bar, passed] = ["", 0];
  for (const { sign, seconds } of shown) {
    passed += seconds;
    bar = bar.padEnd(Math.round(columns * passed / total), sign);
  }
  return [sentence, bar];
}
