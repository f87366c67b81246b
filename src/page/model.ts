import { serverOf } from "../core/call.ts";
import { STATUSES } from "../dashboard/head.ts";
import { callsOf } from "../dashboard/page_data.ts";
import type { PageCall, PageCalls } from "../dashboard/page_call.ts";
import { shortener } from "../report/calls_text.ts";
import { type Findings, findings } from "../report/findings.ts";
import { type Report, summarize, tool, toolOrServer } from "../report/summarize.ts";
import { isFiltered, type State } from "./state.ts";

/** The calls that a state asks for, and what they come to. */
export interface View {
  readonly state: State;
  readonly calls: readonly PageCall[];
  /** For each call of the page whether it is one of them: 1 or 0. */
  readonly mask: Uint8Array;
  readonly report: Report;
  readonly findings: Findings;
}

/** The page's calls, and what is the same whatever is filtered. */
export class Model {
  readonly calls: readonly PageCall[];
  /** The line of the report that each tool belongs to, by the tool's place: its own, or its server's. */
  readonly groupOfTool: readonly string[];
  /** The lines of the report over all calls, most time first. */
  readonly whole: View;
  /** Shortens the id of a session. */
  readonly short: (id: string) => string;

  constructor(readonly page: PageCalls) {
    this.calls = callsOf(page);
    this.groupOfTool = page.head.tools.map((name) => serverOf(name) ?? name);
    this.short = shortener(page.head.sessions);
    this.whole = this.select({});
  }

  /** The calls that a state asks for. */
  select(state: State): View {
    const mask = this.maskOf(state);
    const calls = this.calls.filter(({ index }) => mask[index] === 1);
    // Of one tool or server the report has a line for each tool, as with --tool.
    const report = summarize(calls, state.tool === undefined ? toolOrServer : tool);
    return { state, calls, mask, report, findings: this.findingsOf(state, calls) };
  }

  private findingsOf(state: State, calls: readonly PageCall[]): Findings {
    const { growth } = findings(calls, []);
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

  private maskOf(state: State): Uint8Array {
    const { head, columns } = this.page;
    const mask = new Uint8Array(head.calls);
    const tools = head.tools.map((name, place) =>
      state.tool === undefined || name === state.tool || this.groupOfTool[place] === state.tool
    );
    const session = state.session === undefined ? undefined : head.sessions.indexOf(state.session);
    const status = STATUSES.findIndex((each) => each === state.status);
    const { from = -Infinity, to = Infinity } = state;
    for (let index = 0; index < mask.length; index++) {
      const time = columns.time[index]!;
      const isAsked = tools[columns.tool[index]!] === true &&
        (session === undefined || columns.session[index] === session) &&
        (status < 0 || columns.status[index] === status) && time >= from && time < to;
      if (isAsked) mask[index] = 1;
    }
    return mask;
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
