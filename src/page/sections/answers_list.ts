/// <reference lib="dom" />
import { plural } from "../../text/units.ts";
import type { PageHead } from "../data/head.ts";
import { type Answerable, answers } from "../../summary/answers.ts";
import type { Findings } from "../../summary/findings.ts";
import { flagsOf, stateOfCommand } from "../command_state.ts";
import { byId, element } from "../dom.ts";
import { formatRange } from "../formats.ts";
import { FILTERS, formatState, isFiltered, type State } from "../state.ts";

/** What there is to say of a page, or of a part of it. */
export interface Answered {
  readonly state: State;
  /** The table's lines, and commands that fail often without one: what findings are about. */
  readonly answered: Answerable;
  readonly findings: Findings;
}

/** The title, and the findings as sentences: each a link that leaves what it speaks of, with the command line that shows the same. */
export function showAnswers(head: PageHead, short: (id: string) => string, view: Answered): void {
  const { answered: report, findings, state } = view;
  const open = report.abandoned + report.running.length;
  const hasNoEnd = report.all.calls === 0 && open > 0;
  const counts = [
    hasNoEnd ? `${plural(open, "call")} without an end` : plural(report.all.calls, "call"),
  ];
  if (report.sessions > 0) counts.push(plural(report.sessions, "session"));
  if (report.projects > 0) counts.push(plural(report.projects, "project"));
  byId("title").textContent = `${head.covers}: ${counts.join(", ")}`;
  byId("subtitle").textContent = report.firstTime === undefined || report.lastTime === undefined
    ? ""
    : [formatRange(report.firstTime, report.lastTime), ...filtersOf(state, short)].join(", only ");
  const flags = flagsOf(state, head.flags, short);
  const found = [
    ...isFiltered(state) ? [] : head.turnFindings,
    ...answers(report, head.made, {
      ...{ findings, session: short, before: head.before, flags },
    }),
  ];
  // No flag says what was searched, or which version is meant.
  const isSaid = state.search === undefined && state.version === undefined;
  const rows = found.flatMap(([label, answer, command], place) => [
    ...label === found[place - 1]?.[0] ? [] : [element("dt", { text: label })],
    command === undefined ? element("dd", { text: answer }) : element("dd", {}, [
      element("a", {
        text: answer,
        attributes: { href: linkFor(command, state, head), "data-label": label },
      }),
      ...isSaid ? [commandLine(command)] : [],
    ]),
  ]);
  byId("findings").replaceChildren(
    rows.length > 0 ? element("dl", {}, rows) : element("p", {
      class: "empty",
      text: hasNoEnd || report.all.calls > 0
        ? "Nothing stands out here."
        : "No calls: clear a filter, or zoom out.",
    }),
  );
}

/** A command line, and a button that copies it. */
function commandLine(line: string): HTMLElement {
  const code = element("code", { text: line });
  const button = element("button", {
    text: "Copy",
    attributes: { type: "button", "aria-label": `Copy ${line}` },
    click: () => {
      getSelection()?.selectAllChildren(code); // where the browser lets no page copy, one key is left
      navigator.clipboard?.writeText(line).then(() => button.textContent = "Copied", () => {});
    },
  });
  return element("span", { class: "command" }, [code, " ", button]);
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

/** Leads to the calls that a command line shows, and of `report` to what it is about. */
function linkFor(line: string, state: State, { texts }: PageHead): string {
  const [, place] = PLACES.find(([pattern]) => pattern.test(line))!;
  return `${formatState(stateOfCommand(line, state, texts.sessionId))}&at=${place}`;
}

/** Where the page has what a command line shows. */
const PLACES: readonly (readonly [RegExp, place: string])[] = [
  [/^perfmon report --by turn/, "timeline"],
  [/^perfmon report --by permission/, "waits"],
  [/^perfmon report --/, "tools"],
  [/^perfmon report/, "resources"],
  [/^/, "calls"],
];
