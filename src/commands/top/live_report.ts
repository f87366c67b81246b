import { isSameProcess } from "../../calls/figures.ts";
import { type Call, hasEnded, timeOf } from "../../calls/call.ts";
import type { CallList } from "../../calls/call_list.ts";
import type { ClientRow } from "../../live/live_calls.ts";
import { Trails } from "./trail.ts";
import {
  type Activity,
  activityOf,
  type Looks,
  type RunningCall,
  runningReport,
} from "../../live/running_report.ts";
import { summarize } from "../../summary/summarize.ts";
import type { Report } from "../../summary/summary.ts";

/** A session whose client lives, with what the client and all below it do now. */
export interface LiveSession {
  readonly sessionId: string | undefined;
  readonly project: string | undefined;
  readonly pid: number;
  /** Of the client and its descendants. */
  readonly activity: Activity;
  /** The client's own resident set, KiB; `undefined` where it just ended. */
  readonly clientRss: number | undefined;
  /** Per cent of one core at each look, oldest first. */
  readonly cpuTrail: readonly number[];
  /** The client's resident set at each look, KiB, oldest first. */
  readonly rssTrail: readonly number[];
  /** Its calls that ended, of those that are reported on. */
  readonly calls: number;
  readonly failed: number;
  /** Its newest row. */
  readonly newest: ClientRow;
}

/** A call without an end. */
export interface LiveCall extends RunningCall {
  /** Per cent of one core at each look, oldest first. */
  readonly cpuTrail: readonly number[];
  /** As the sampler saw it; where none watches the call, at each look. */
  readonly memory: readonly number[];
}

/** What a live view shows. */
export interface LiveReport {
  /** The one that was used last first. */
  readonly sessions: readonly LiveSession[];
  /** Oldest first. */
  readonly running: readonly LiveCall[];
  /** Of the calls that began since the view did. */
  readonly report: Report;
  /** Calls that ended since then, newest first. */
  readonly ended: readonly Call[];
  /** Seconds since the epoch. */
  readonly now: number;
}

/** What is to be seen at one moment. */
export interface Sight {
  readonly list: CallList;
  readonly clients: readonly ClientRow[];
  readonly looks: Looks;
  /** Seconds since the epoch. */
  readonly now: number;
}

/** So many looks back go the trails. */
const TRAIL = 60;

/** Makes reports of a live view, one after the other; remembers what the trails need. */
export class LiveReporter {
  readonly #sessionCpu = new Trails(TRAIL);
  readonly #sessionRss = new Trails(TRAIL);
  readonly #callCpu = new Trails(TRAIL);
  readonly #callRss = new Trails(TRAIL);
  #summarized: { list: CallList; report: Report; ended: readonly Call[] } | undefined;

  /** `since`: seconds since the epoch; `undefined`: all calls. */
  constructor(private readonly since: number | undefined) {}

  report({ list, clients, looks, now }: Sight): LiveReport {
    const { report, ended } = this.#summarize(list);
    const { calls } = list;
    return {
      sessions: this.#sessions(clients, calls, looks),
      running: this.#running(calls, looks, now),
      report,
      ended,
      now,
    };
  }

  /** The sums only where there are other calls than before. */
  #summarize(list: CallList): { report: Report; ended: readonly Call[] } {
    if (this.#summarized?.list === list) return this.#summarized;
    const { since = -Infinity } = this;
    const report = summarize(list.within(this.since, undefined));
    const ended = list.calls.filter((call) => hasEnded(call) && (call.endTime ?? 0) >= since)
      .sort((a, b) => (b.endTime ?? 0) - (a.endTime ?? 0));
    this.#summarized = { list, report, ended };
    return this.#summarized;
  }

  #sessions(
    clients: readonly ClientRow[],
    calls: readonly Call[],
    looks: Looks,
  ): LiveSession[] {
    const counts = this.#countBySession(calls);
    const seen = clients.map((newest) => {
      const { pid, sessionId } = newest;
      const processes = looks.second.filter(({ client }) => isSameProcess(client, newest));
      return {
        newest,
        pid,
        sessionId,
        project: newest.project,
        activity: activityOf(processes, looks),
        clientRss: processes.find((each) => each.pid === pid)?.rss,
        ...counts.get(sessionId) ?? { calls: 0, failed: 0 },
      };
    });
    this.#sessionCpu.push(
      new Map(seen.map((each) => [String(each.pid), each.activity.cpuPercent])),
    );
    this.#sessionRss.push(new Map(seen.map((each) => [String(each.pid), each.clientRss ?? 0])));
    return seen.map((each) => ({
      ...each,
      cpuTrail: this.#sessionCpu.get(String(each.pid)),
      rssTrail: this.#sessionRss.get(String(each.pid)),
    })).sort((a, b) => b.newest.timestamp - a.newest.timestamp);
  }

  #countBySession(
    calls: readonly Call[],
  ): Map<string | undefined, { calls: number; failed: number }> {
    const counts = new Map<string | undefined, { calls: number; failed: number }>();
    for (const call of calls) {
      if (!hasEnded(call) || timeOf(call) < (this.since ?? -Infinity)) continue;
      let count = counts.get(call.sessionId);
      if (count === undefined) counts.set(call.sessionId, count = { calls: 0, failed: 0 });
      count.calls++;
      if (call.status === "error") count.failed++;
    }
    return counts;
  }

  #running(calls: readonly Call[], looks: Looks, now: number): LiveCall[] {
    const { running } = runningReport(calls, [], looks, now);
    this.#callCpu.push(
      new Map(running.map((each) => [keyOf(each.call), each.activity?.cpuPercent ?? 0])),
    );
    this.#callRss.push(
      new Map(running.map((each) => [keyOf(each.call), each.activity?.rss ?? 0])),
    );
    return running.map((each) => ({
      ...each,
      cpuTrail: this.#callCpu.get(keyOf(each.call)),
      memory: each.memory.length > 0 ? each.memory : this.#callRss.get(keyOf(each.call)),
    }));
  }
}

function keyOf({ start, sessionId, agentId }: Call): string {
  return [sessionId, agentId, start?.toolUseId, start?.timestamp].join("\n");
}
