import { compareTools, toProfile } from "../../profiles/profile.ts";
import { changesText } from "../../profiles/profile_text.ts";
import type { CallList } from "../../calls/call_list.ts";
import type { Call } from "../../calls/call.ts";
import { CLIENT_VERSION } from "../../row/row_view.ts";
import { dayTrend } from "../../summary/report/day_trend.ts";
import { byName } from "../../summary/grouping.ts";
import type { Naming, ReportColumn } from "../../summary/report_columns.ts";
import type { Report } from "../../summary/summary.ts";
import type { Style } from "../../text/style.ts";
import { wrap } from "../../text/table.ts";
import { formatAge, formatTime } from "../../text/units.ts";

/** Sessions go by the short form of their ids and their projects, with when they began and how long they went on. */
export function sessionNaming(
  { calls, now, utc }: {
    readonly calls: readonly Call[];
    readonly now: number;
    readonly utc: boolean;
  },
  short: (id: string) => string,
): Naming {
  /** By session, its last project. */
  const projects = new Map<string, string>();
  for (const { sessionId, project } of calls) {
    if (sessionId !== undefined) projects.set(sessionId, project ?? projects.get(sessionId) ?? "");
  }
  const columns: ReportColumn[] = [
    {
      name: "when",
      header: "WHEN",
      cell: ({ name, firstTime }) =>
        projects.has(name) && firstTime !== undefined ? formatTime(firstTime, now, utc) : "",
      isText: true,
      drop: 0,
    },
    {
      name: "for",
      header: "FOR",
      cell: ({ name, firstTime, lastTime }) =>
        projects.has(name) && firstTime !== undefined && lastTime !== undefined
          ? formatAge(lastTime - firstTime)
          : "",
      drop: 0,
    },
  ];
  const label = (id: string): string =>
    projects.has(id) ? `${short(id)} ${projects.get(id)}`.trimEnd() : id;
  return { grouping: "session", label, columns };
}

/** What stands below a table by day or version: the trend, or the same tools in two versions. */
export function textBelow(
  grouping: Naming["grouping"],
  report: Report,
  list: CallList,
  options: { readonly width: number; readonly style: Style },
): string[] {
  if (grouping === "day") return dayTrend(report.groups, options.width);
  return grouping === "version" ? sameTools(report, list, options) : [];
}

/** The tools that both of the two newest versions have, because what is done with them differs otherwise. */
function sameTools(
  { groups }: Report,
  list: CallList,
  options: { readonly width: number; readonly style: Style },
): string[] {
  const [before, after] = groups.map(({ name }) => name).filter((name) => /\d/.test(name))
    .sort(byName).slice(-2);
  if (before === undefined || after === undefined) return [];
  const { numbers, names } = list.columns.texts(CLIENT_VERSION);
  const profileOf = (version: string): ReturnType<typeof toProfile> =>
    toProfile(list.filter((call) => names.text(numbers[call]!) === version), {
      created: 0,
      log: "",
      covers: "",
    });
  const tools = compareTools(profileOf(before), profileOf(after))
    .filter((each) => each.before !== undefined && each.after !== undefined);
  if (tools.length === 0) return [];
  return [
    ...wrap(`The same tools, ${before} → ${after}`, options.width, "  "),
    "",
    ...changesText(tools, options).split("\n"),
    ...wrap("– the data can't tell (rank test, 1 % level)", options.width, "  ")
      .map(options.style.faint),
  ];
}
