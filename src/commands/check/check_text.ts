import { formatTime, plural } from "../../text/units.ts";
import type { CallsTextOptions } from "../../summary/calls_text.ts";
import type { Finding } from "./check_calls.ts";
import type { FlatRecord } from "../../summary/records.ts";
import { rounded } from "../../summary/records.ts";
import { printable } from "../../text/printable.ts";
import { wrap } from "../../text/table.ts";
import { type ThresholdName, thresholdOf, THRESHOLDS } from "./thresholds.ts";
import type { Measure } from "./gauge.ts";

/** Beyond so many values over one threshold the rest is counted. */
const SHOWN = 5;
const INDENT = 22;

/** One paragraph a threshold: whether it holds, what is over it and by how much, where to look. */
export function checkText(findings: readonly Finding[], options: CallsTextOptions): string {
  const lines: string[] = [];
  let previous: ThresholdName | undefined;
  let shown = 0;
  for (const finding of findings) {
    const { threshold, state } = finding;
    const begins = threshold !== previous;
    previous = threshold;
    shown = begins ? 1 : shown + 1;
    if (shown > SHOWN) continue;
    const label = begins ? state.padEnd(8) + threshold.padEnd(INDENT - 8) : " ".repeat(INDENT);
    lines.push(
      ...paragraph(
        begins && state === "fail" ? options.style.fail("fail") + label.slice(4) : label,
        sentence(finding, options),
        options.width,
      ),
    );
    const count = findings.filter((each) => each.threshold === threshold).length;
    if (shown === SHOWN && count > SHOWN) {
      lines.push(" ".repeat(INDENT) + `and ${count - SHOWN} more: see --json`);
    }
  }
  return lines.map((line) => line + "\n").join("");
}

function paragraph(label: string, text: string, width: number): string[] {
  return wrap(text, width - INDENT, "").map((line, index) =>
    (index === 0 ? label : " ".repeat(INDENT)) + line
  );
}

/** How many thresholds do not hold: `2 of 3 thresholds broken`. */
export function verdictText(findings: readonly Finding[]): string {
  const all = new Set(findings.map(({ threshold }) => threshold));
  const of = (state: Finding["state"]): number =>
    new Set(findings.filter((each) => each.state === state).map((each) => each.threshold)).size;
  const broken = of("fail");
  const untold = of("few") + of("unknown");
  return (broken === 0
    ? `${plural(all.size - untold, "threshold")} kept`
    : `${broken} of ${plural(all.size, "threshold")} broken`) +
    (untold > 0 ? `, ${untold} not judged` : "");
}

function sentence(
  { threshold, state, measure, reason }: Finding,
  options: CallsTextOptions,
): string {
  if (measure === undefined) return reason ?? "";
  const { format, formatExcess } = thresholdOf(threshold);
  const { value, limit } = measure;
  const judged = state === "fail"
    ? `${subject(threshold, measure)}: ${formatExcess(value - limit)} over ${format(limit)}`
    : `${subject(threshold, measure)}; the limit is ${format(limit)}`;
  return judged + where(measure, options) + (reason === undefined ? "" : `; ${reason}`);
}

/** What was measured, in words; begins with the tool where there is one. */
function subject(threshold: ThresholdName, measure: Measure): string {
  const { detail, tool } = measure;
  const value = THRESHOLDS[threshold].format(measure.value);
  const name = printable(tool ?? "");
  switch (threshold) {
    case "max-duration":
      return `${name} took ${value}`;
    case "max-p95":
      return `${name}'s p95 is ${value} (${detail})`;
    case "max-failures":
      return `${value} of ${name} failed (${detail})`;
    case "max-open":
      return `${name} runs for ${value}`;
    case "max-cpu":
      return `${value} of a core${tool === undefined ? "" : ` in ${name}`} (${detail})`;
    case "max-rss":
      return detail === undefined ? value : `${value} (${detail})`;
    case "max-peak":
      return `${name} held ${value} at its peak${detail === undefined ? "" : `, ${detail}`}`;
    case "max-growth":
      return String(detail);
  }
}

function where({ sessionId, time }: Measure, { now, utc, session }: CallsTextOptions): string {
  const parts = [
    ...(sessionId === undefined ? [] : [`session ${printable(session(sessionId))}`]),
    ...(time === undefined ? [] : [formatTime(time, now, utc)]),
  ];
  return parts.length === 0 ? "" : ` (${parts.join(", ")})`;
}

/** The keys of a finding in JSON and CSV. */
export const CHECK_COLUMNS = [
  "threshold",
  "state",
  "value",
  "limit",
  "excess",
  "unit",
  "tool",
  "session_id",
  "timestamp",
  "reason",
] as const;

/** A finding under `CHECK_COLUMNS`; value, limit and excess in the unit that is named. */
export function checkRecord({ threshold, state, measure, reason }: Finding): FlatRecord {
  const record: Record<typeof CHECK_COLUMNS[number], string | number | undefined> = {
    threshold,
    state,
    value: measure?.value,
    limit: measure?.limit,
    excess: measure && Math.max(0, measure.value - measure.limit),
    unit: thresholdOf(threshold).unit,
    tool: measure?.tool,
    session_id: measure?.sessionId,
    timestamp: measure?.time,
    reason,
  };
  return Object.fromEntries(CHECK_COLUMNS.map((column) => [column, rounded(record[column])]));
}
