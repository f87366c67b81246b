import { serverOf } from "../core/call.ts";
import { ColumnSummary } from "../dashboard/column_summary.ts";
import { STATUSES } from "../dashboard/head.ts";
import { PageCall, type PageCalls } from "../dashboard/page_call.ts";
import { shortener } from "../report/calls_text.ts";
import type { Findings } from "../report/findings.ts";
import { type Report, tool, toolOrServer } from "../report/summarize.ts";
import { GrowingCalls } from "./growing_calls.ts";
import { isFiltered, type State } from "./state.ts";

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
  /** Shortens the id of a session. */
  readonly short: (id: string) => string;
  private readonly summary: ColumnSummary;
  private readonly growing: GrowingCalls;

  constructor(readonly page: PageCalls) {
    this.summary = new ColumnSummary(page);
    this.growing = new GrowingCalls(page);
    this.groupOfTool = page.head.tools.map((name) => serverOf(name) ?? name);
    this.short = shortener(page.head.sessions);
    this.whole = this.view({});
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
    const report = this.summary.summarize(chosen, groupOf);
    return { state, chosen, mask, report, findings: this.findingsOf(state, chosen) };
  }

  private findingsOf(state: State, chosen: Uint32Array): Findings {
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
    const tools = head.tools.map((name, place) =>
      tool === undefined || name === tool || this.groupOfTool[place] === tool
    );
    const place = session === undefined ? undefined : head.sessions.indexOf(session);
    const wanted = STATUSES.findIndex((each) => each === status);
    for (let call = 0; call < mask.length; call++) {
      const isAsked = tools[columns.tool[call]!] === true &&
        (place === undefined || columns.session[call] === place) &&
        (wanted < 0 || columns.status[call] === wanted);
      if (isAsked) mask[call] = 1;
    }
    this.mask = { key, mask };
    return mask;
  }

  private placesOf(mask: Uint8Array, { from = -Infinity, to = Infinity }: State): Uint32Array {
    const { time } = this.page.columns;
    const places = new Uint32Array(mask.length);
    let count = 0;
    for (let call = 0; call < mask.length; call++) {
      if (mask[call] === 1 && time[call]! >= from && time[call]! < to) places[count++] = call;
    }
    return places.subarray(0, count);
  }

  /** A session as people know it: the short id and its project. */
  sessionLabel(id: string): string {
    return [this.short(id), this.projectOf(id) ?? ""].join(" ").trimEnd();
  }

  private readonly projects = new Map<string, string | undefined>();

  private projectOf(id: string): string | undefined {
    if (this.projects.size === 0) {
      const { head, columns } = this.page;
      columns.session.forEach((session, index) => {
        const name = head.sessions[session];
        const project = head.projects[columns.project[index]!];
        if (name !== undefined && project !== undefined) this.projects.set(name, project);
      });
    }
    return this.projects.get(id);
  }
}
