/// <reference lib="dom" />
import { plural } from "../../text/units.ts";
import type { PageHead } from "../data/head.ts";
import { type Answerable, answers } from "../../summary/answers.ts";
import type { Findings } from "../../summary/findings.ts";
import { byId, element } from "../dom.ts";
import { formatRange } from "../formats.ts";
import { FILTERS, formatState, type State } from "../state.ts";

/** The section in which an answer shows, by its label. */
const PLACES: Readonly<Record<string, string>> = {
  Slow: "tools",
  Gate: "waits",
  Failing: "failures",
  CPU: "resources",
  Growing: "resources",
  Grew: "resources",
  Running: "timeline",
  Changed: "tools",
};

/** What there is to say of a page, or of a part of it. */
export interface Answered {
  readonly state: State;
  readonly table: Answerable;
  readonly findings: Findings;
}

/** The title, and the answers as sentences, each a link to where it shows. */
export function showAnswers(head: PageHead, short: (id: string) => string, view: Answered): void {
  const { table: report, findings, state } = view;
  const counts = [plural(report.all.calls, "call")];
  if (report.sessions > 0) counts.push(plural(report.sessions, "session"));
  if (report.projects > 0) counts.push(plural(report.projects, "project"));
  byId("title").textContent = `${head.covers}: ${counts.join(", ")}`;
  byId("subtitle").textContent = report.firstTime === undefined || report.lastTime === undefined
    ? ""
    : [formatRange(report.firstTime, report.lastTime), ...filtersOf(state, short)].join(", only ");
  const found = answers(report, head.made, { findings, session: short, before: head.before });
  const rows = found.flatMap(([label, answer]) => [
    element("dt", { text: label }),
    element("dd", {}, [
      element("a", {
        text: answer,
        attributes: { href: linkFor(label, view), "data-label": label },
      }),
    ]),
  ]);
  byId("findings").replaceChildren(
    rows.length > 0
      ? element("dl", {}, rows)
      : element("p", { class: "empty", text: "No calls: clear a filter, or zoom out." }),
  );
}

/** What is filtered by besides the time, in words: paper shows no controls. */
function filtersOf(state: State, short: (id: string) => string): string[] {
  const words: Readonly<Record<string, (value: string) => string>> = {
    session: (id) => `session ${short(id)}`,
    version: (version) => `Claude Code ${version}`,
    search: (text) => `“${text}”`,
  };
  const named = FILTERS.flatMap((name) => {
    const value = state[name];
    return value === undefined ? [] : [words[name]?.(value) ?? value];
  });
  return named.length === 0 ? [] : [named.join(" · ")];
}

function linkFor(label: string, { state, findings }: Answered): string {
  const place = PLACES[label] ?? "tools";
  const more: State = label === "Growing" || label === "Grew"
    ? { chart: findings.growth?.sessionId }
    : label === "Running"
    ? { status: "running" }
    : {};
  return `${formatState({ ...state, ...more })}&at=${place}`;
}
