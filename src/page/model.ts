import { serverOf } from "../calls/call.ts";
import { ColumnSummary } from "./data/column_summary.ts";
import { STATUSES } from "./data/head.ts";
import { PageCall, type PageCalls } from "./data/page_call.ts";
import type { Findings } from "../summary/findings.ts";
import { tool, toolOrServer } from "../summary/summarize.ts";
import { firstPlace } from "./first_place.ts";
import { GrowingCalls } from "./growing_calls.ts";
import { SessionCalls } from "./session_calls.ts";
import { isFiltered, type State } from "./state.ts";
import type { Report } from "../summary/summary.ts";

const NO_SESSION = -2;

/** The calls that a state asks for, and what they come to. */
export interface View {
  readonly state: State;
  /** Places of the calls, ascending: in order of time. */
  readonly chosen: Uint32Array;
  /** For each call of the page whether it is one of them but for its time: 1 or 0. The same array as long as it is the same. */
  readonly mask: Uint8Array;
  readonly report: Report;
  readonly findings: Findings;
}

/** The page's calls, and what is the same whatever is filtered. */
export class Model {
  /** The line of the report that each tool belongs to, by the tool's place: its own, or its server's. */
  readonly groupOfTool: readonly string[];
  /** All calls. */
  readonly whole: View;
  /** The calls of each session. */
  readonly sessions: SessionCalls;
  private summary: ColumnSummary | undefined;
  private growing: GrowingCalls | undefined;

  /** `short` shortens the id of a session. */
  constructor(readonly page: PageCalls, readonly short: (id: string) => string) {
    this.groupOfTool = page.head.tools.map((name) => serverOf(name) ?? name);
    this.sessions = new SessionCalls(page.columns, page.head.sessions.length);
    const { report, growth, changes } = page.head;
    const mask = this.maskOf({});
    this.whole = {
      state: {},
      mask,
      chosen: this.placesOf(mask, {}),
      report: { ...report, running: report.running.map(({ place }) => new PageCall(page, place)) },
      findings: { growth, changes },
    };
  }

  /** The line of the report that a tool belongs to, by the tool's name. */
  groupOf(name: string): string {
    return this.groupOfTool[this.page.head.tools.indexOf(name)] ?? name;
  }

  /** The call at a place; `undefined` where there is none. */
  call(place: number | undefined): PageCall | undefined {
    const isThere = place !== undefined && Number.isInteger(place) && place >= 0 &&
      place < this.page.head.calls;
    return isThere ? new PageCall(this.page, place) : undefined;
  }

  /** The calls that a state asks for. */
  select(state: State): View {
    return isFiltered(state) ? this.view(state) : { ...this.whole, state };
  }

  private view(state: State): View {
    const mask = this.maskOf(state);
    const chosen = this.placesOf(mask, state);
    // Of one tool or server the report has a line for each tool, as with --tool.
    const groupOf = state.tool === undefined ? toolOrServer : tool;
    this.summary ??= new ColumnSummary(this.page);
    const report = this.summary.summarize(chosen, groupOf);
    return { state, chosen, mask, report, findings: this.findingsOf(state, chosen) };
  }

  /** What filters need and the whole does not, a piece at a time. */
  *prepare(): Generator<void> {
    this.summary ??= new ColumnSummary(this.page);
    yield;
    this.growing ??= new GrowingCalls(this.page);
    yield;
    // The browser has compiled all of it for many calls by then, not when somebody waits for it.
    const { report } = this.view({ status: "ok" });
    report.groups.forEach(({ p50Seconds, p95Seconds }) => [p50Seconds, p95Seconds]);
  }

  private findingsOf(state: State, chosen: Uint32Array): Findings {
    this.growing ??= new GrowingCalls(this.page);
    const growth = this.growing.steepest(chosen);
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

  private maskOf({ tool, session, status }: State): Uint8Array {
    const key = JSON.stringify([tool, session, status]);
    if (this.mask?.key === key) return this.mask.mask;
    const { head, columns } = this.page;
    const mask = new Uint8Array(head.calls);
    const isAsked = Uint8Array.from(
      head.tools,
      (name, place) =>
        Number(tool === undefined || name === tool || this.groupOfTool[place] === tool),
    );
    const wanted = STATUSES.findIndex((each) => each === status);
    const { tool: tools, status: statuses } = columns;
    const calls = session === undefined ? undefined : this.sessions.of(this.placeOf(session));
    const count = calls === undefined ? mask.length : calls.length;
    for (let at = 0; at < count; at++) {
      const call = calls === undefined ? at : calls[at]!;
      mask[call] = isAsked[tools[call]!]!;
    }
    if (wanted >= 0) {
      for (let call = 0; call < mask.length; call++) {
        if (statuses[call] !== wanted) mask[call] = 0;
      }
    }
    this.mask = { key, mask };
    return mask;
  }

  private placesOf(mask: Uint8Array, { from = -Infinity, to = Infinity }: State): Uint32Array {
    const { time } = this.page.columns;
    const end = firstAt(time, to);
    const places = new Uint32Array(mask.length + 1);
    let count = 0;
    for (let call = firstAt(time, from); call < end; call++) {
      places[count] = call;
      count += mask[call]!; // an `if` would be foretold wrong too often
    }
    return places.subarray(0, count);
  }

  /** The number of a session, to ask `sessions` for; of one that is not in the page no call has it. */
  placeOf(session: string): number {
    const place = this.page.head.sessions.indexOf(session);
    return place < 0 ? NO_SESSION : place;
  }

  /** A session as people know it: the short id and its project. */
  sessionLabel(id: string): string {
    return [this.short(id), this.projectOf(id) ?? ""].join(" ").trimEnd();
  }

  private projects: Int32Array | undefined;

  private projectOf(id: string): string | undefined {
    const { head, columns } = this.page;
    if (this.projects === undefined) {
      const projects = this.projects = new Int32Array(head.sessions.length).fill(-1);
      for (let call = 0; call < head.calls; call++) {
        const project = columns.project[call]!;
        const session = columns.session[call]!;
        if (project >= 0 && session >= 0) projects[session] = project;
      }
    }
    return head.projects[this.projects[head.sessions.indexOf(id)]!];
  }
}

/** The first of ascending times that is not before a time. */
function firstAt(times: Float64Array, time: number): number {
  return firstPlace(times.length, (place) => times[place]! >= time);
}
