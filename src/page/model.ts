import { serverOf } from "../calls/call.ts";
import type { CallView } from "../calls/call_columns.ts";
import { CallList } from "../calls/call_list.ts";
import { callMask } from "./call_mask.ts";
import { CallOrder, type CallRank } from "./call_order.ts";
import { PROJECT, SESSION_ID } from "../row/row_view.ts";
import type { PageColumns } from "./data/page_columns.ts";
import { toolsAndCommands, withFailing } from "../summary/command_groups.ts";
import type { Findings } from "../summary/findings.ts";
import { groupBy, type Grouping } from "../summary/grouping.ts";
import { type Series, seriesOf, steepestGrowth } from "../summary/growth.ts";
import { summarize, tool, toolOrServer } from "../summary/summarize.ts";
import { firstPlace } from "../stats/first_place.ts";
import { SessionCalls } from "./session_calls.ts";
import { FILTERS, isFiltered, type State } from "./state.ts";
import type { Report } from "../summary/summary.ts";

const NO_SESSION = -1;

/** The calls that a state asks for, and what they come to. */
export interface View {
  readonly state: State;
  /** Places of the calls, ascending: in order of time. */
  readonly chosen: Int32Array;
  /** For each call of the page whether it is one of them but for its time: 1 or 0. The same array as long as it is the same. */
  readonly mask: Uint8Array;
  /** By tool, or of one tool or server by each of its own; worked out when it is asked for, as `table`. */
  readonly report: Report;
  /** As perfmon's report has it: Bash by command, where calls say theirs. */
  readonly table: Report;
  /** The same, and commands that fail often without a line of their own: what findings are about. */
  readonly answered: Report;
  readonly findings: Findings;
}

/** The page's calls, and what is the same whatever is filtered. */
export class Model {
  /** The line of the report that each tool belongs to, by the tool's place in the head: its own, or its server's. */
  readonly groupOfTool: readonly string[];
  /** All calls. */
  readonly whole: View;
  /** The calls of each session. */
  readonly sessions: SessionCalls;

  /** `short` shortens the id of a session. */
  constructor(readonly page: PageColumns, readonly short: (id: string) => string) {
    this.groupOfTool = page.head.texts.toolName.map((name) => serverOf(name) ?? name);
    this.sessions = new SessionCalls(page);
    this.order = new CallOrder(page);
    const { report, table, answered, growth, changes } = page.head;
    const mask = this.maskOf({});
    const running = report.running.map(({ place }) => page.call(place));
    this.whole = {
      state: {},
      mask,
      chosen: this.placesOf(mask, {}),
      report: { ...report, running },
      table: { ...table ?? report, running },
      answered: { ...answered ?? table ?? report, running },
      findings: { growth, changes },
    };
  }

  /** The line of the report that a tool belongs to, by the tool's name. */
  groupOf(name: string): string {
    return this.groupOfTool[this.page.head.texts.toolName.indexOf(name)] ?? name;
  }

  /** The call at a place; `undefined` where there is none. */
  call(place: number | undefined): CallView | undefined {
    const isThere = place !== undefined && Number.isInteger(place) && place >= 0 &&
      place < this.page.head.calls;
    return isThere ? this.page.call(place) : undefined;
  }

  private readonly order: CallOrder;

  /** The first calls of a view, `most` of them, in the order of something, as `CallOrder` has it. */
  ordered(view: View, rank: CallRank, isReversed: boolean, most = Infinity): Int32Array {
    const { chosen, mask, state: { from, to } } = view;
    const few = most < chosen.length ? this.order.first(chosen, rank, isReversed, most) : undefined;
    if (few !== undefined) return few;
    const all = this.order.of(rank, isReversed);
    if (chosen.length === all.length) return all;
    const isAtAnyTime = from === undefined && to === undefined;
    const [first = 0, last = -1] = [chosen[0], chosen.at(-1)];
    const found = new Int32Array(Math.min(most, chosen.length));
    let count = 0;
    for (let at = 0; count < found.length; at++) {
      const call = all[at]!;
      if (mask[call] === 1 && (isAtAnyTime || (call >= first && call <= last))) {
        found[count++] = call;
      }
    }
    return found;
  }

  /** A view's calls with a line for each command, project, session, day or version. */
  grouped({ chosen, state }: View, grouping: Grouping): Report {
    const splitServers = state.tool !== undefined;
    return summarize(
      new CallList(this.page, chosen),
      groupBy(grouping, { utc: false, splitServers }),
    );
  }

  /** The calls that a state asks for. */
  select(state: State): View {
    return isFiltered(state) ? this.view(state) : { ...this.whole, state };
  }

  private view(state: State): View {
    const mask = this.maskOf(state);
    const chosen = this.placesOf(mask, state);
    // Of one tool or server the report has a line for each tool, as with --tool.
    const list = new CallList(this.page, chosen);
    const rule = state.tool === undefined ? toolOrServer : tool;
    const hasCommands = this.page.head.table !== null;
    let [report, table, answered]: (Report | undefined)[] = [];
    const byCommand = (): Report | undefined => {
      const rule = hasCommands ? toolsAndCommands(list, state.tool !== undefined) : undefined;
      return rule === undefined ? undefined : summarize(list, rule);
    };
    return {
      state,
      chosen,
      mask,
      get report(): Report {
        return report ??= summarize(list, rule);
      },
      get table(): Report {
        return table ??= byCommand() ?? this.report;
      },
      get answered(): Report {
        return answered ??= hasCommands ? withFailing(this.table, list) : this.table;
      },
      findings: this.findingsOf(state, list),
    };
  }

  /** Works out once what a filter needs: the browser has compiled it for many calls then, before somebody waits for it. */
  prepare(): void {
    const view = this.view({ tool: this.page.head.texts.toolName[0], status: "ok" });
    this.ordered(view, "duration", false);
    const { table } = this.view({ status: "ok" });
    [table.all, ...table.groups].forEach((
      { totalSeconds, cpuSeconds, p50Seconds, p95Seconds },
    ) => [totalSeconds, cpuSeconds, p50Seconds, p95Seconds]);
  }

  private series: Series | undefined;

  private findingsOf(state: State, list: CallList): Findings {
    this.series ??= seriesOf(this.page);
    const growth = steepestGrowth(list, this.series);
    const { changes } = this.page.head;
    // They compare with calls that are not in the page: only whole tools can be compared.
    const comparable = !isFiltered({ ...state, tool: undefined });
    return {
      growth,
      changes: comparable
        ? changes.filter(({ name }) => state.tool === undefined || state.tool === name)
        : [],
    };
  }

  private mask: { key: string; mask: Uint8Array } | undefined;

  private maskOf(state: State): Uint8Array {
    const key = JSON.stringify(FILTERS.map((name) => state[name]));
    if (this.mask?.key !== key) {
      this.mask = { key, mask: callMask(this.page, this.groupOfTool, state) };
    }
    return this.mask.mask;
  }

  private placesOf(mask: Uint8Array, { from = -Infinity, to = Infinity }: State): Int32Array {
    const { time } = this.page;
    const end = firstAt(time, to);
    const places = new Int32Array(mask.length + 1);
    let count = 0;
    for (let call = firstAt(time, from); call < end; call++) {
      places[count] = call;
      count += mask[call]!; // an `if` would be foretold wrong too often
    }
    return places.subarray(0, count);
  }

  /** The number of a session, to ask `sessions` for; of one that is not in the page no call has it. */
  sessionNumber(session: string): number {
    const place = this.page.head.texts.sessionId.indexOf(session);
    return place < 0 ? NO_SESSION : place + 1;
  }

  /** A session as people know it: the short id and its project. */
  sessionLabel(id: string): string {
    return [this.short(id), this.projectOf(id) ?? ""].join(" ").trimEnd();
  }

  /** By session, its last project. */
  private projects: Int32Array | undefined;

  private projectOf(id: string): string | undefined {
    return this.projectOfSession(this.sessionNumber(id));
  }

  /** The last project of a session, by its number. */
  projectOfSession(session: number): string | undefined {
    const { head } = this.page;
    if (this.projects === undefined) {
      const sessions = this.page.texts(SESSION_ID).numbers;
      const numbers = this.page.texts(PROJECT).numbers;
      const projects = this.projects = new Int32Array(head.texts.sessionId.length + 1);
      for (let call = 0; call < head.calls; call++) {
        if (numbers[call]! > 0) projects[sessions[call]!] = numbers[call]!;
      }
    }
    return head.texts.project[(this.projects[session] ?? 0) - 1];
  }
}

/** The first of ascending times that is not before a time. */
function firstAt(times: Float64Array, time: number): number {
  return firstPlace(times.length, (place) => times[place]! >= time);
}
