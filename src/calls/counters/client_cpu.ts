import type { Call } from "../call.ts";
import { isSameProcess } from "../figures.ts";
import { firstPlace } from "../../stats/first_place.ts";
import type { ProcessName, Sample } from "../../row/sample.ts";

/** A stretch of the CPU seconds of a process's children, which only grow. */
export type Span = [from: number, to: number];

/** What is remembered of a monitored process. */
export interface Client {
  readonly pid: number;
  readonly processStart: number | undefined;
  /** The highest figure seen of its own CPU, seconds. */
  cpuSeconds: number | undefined;
  /** What of its children's CPU calls were charged with, in order and apart from each other. */
  spans: Span[];
}

/** The newest processes that are remembered. */
const MAX_CLIENTS = 100;

/** The CPU of monitored processes and of what they ran: differences of their figures, each counted once. */
export class ClientCpu {
  /** User + system CPU that the processes used since each was first seen. */
  seconds = 0;
  /** The one seen last in the end. */
  readonly clients: Client[] = [];

  /** Takes what a row, or a look at the process, says of its own CPU. */
  add({ pid, processStart, cpuSeconds }: ProcessName & Pick<Sample, "cpuSeconds">): void {
    if (pid === undefined) return;
    const client: Client = this.clientOf({ pid, processStart }) ??
      { pid, processStart, cpuSeconds: undefined, spans: [] };
    if (cpuSeconds !== undefined) {
      const before = client.cpuSeconds ?? cpuSeconds;
      this.seconds += Math.max(0, cpuSeconds - before);
      client.cpuSeconds = Math.max(cpuSeconds, before);
    }
    if (this.clients.at(-1) === client) return;
    const place = this.clients.indexOf(client);
    if (place >= 0) this.clients.splice(place, 1);
    this.clients.push(client);
    if (this.clients.length > MAX_CLIENTS) this.clients.shift();
  }

  /** What is remembered of a process: the pid alone may be another's, later or in another container. */
  private clientOf(process: ProcessName): Client | undefined {
    return this.clients.findLast((client) => isSameProcess(client, process));
  }

  /** The CPU of a call's processes that no other call was charged with, seconds; 0 where it is not known. */
  take({ start, end, cpuSeconds }: Call): number {
    if (cpuSeconds === undefined || start?.pid === undefined) return 0;
    const client = this.clientOf(start);
    if (client === undefined) return cpuSeconds;
    return addSpan(client.spans, [start.childCpuSeconds ?? 0, end?.childCpuSeconds ?? 0]);
  }

  /** Forgets what was charged before the oldest of these calls, which have not ended, began. */
  forget(open: Iterable<{ readonly rows: readonly Sample[] }>): void {
    const oldest = this.#oldest(open);
    for (const client of this.clients) {
      const from = oldest.get(client) ?? Infinity;
      // The last one stays in any case: hooks of one moment may come out of order.
      client.spans = client.spans.filter(([, to], index) =>
        to > from || index === client.spans.length - 1
      );
    }
  }

  /** The least that the children of each client had used at a row of these calls, seconds. */
  #oldest(open: Iterable<{ readonly rows: readonly Sample[] }>): Map<Client, number> {
    const oldest = new Map<Client, number>();
    for (const { rows } of open) {
      for (const row of rows) {
        const client = this.clientOf(row);
        if (client === undefined) continue;
        const seconds = row.childCpuSeconds ?? Infinity;
        oldest.set(client, Math.min(oldest.get(client) ?? Infinity, seconds));
      }
    }
    return oldest;
  }
}

/** Adds a stretch to others, which stay in order and apart; returns by how much their length grew. */
function addSpan(spans: Span[], [from, to]: Span): number {
  const before = firstPlace(spans.length, (place) => spans[place]![1] >= from);
  let behind = before;
  while (behind < spans.length && spans[behind]![0] <= to) behind++;
  const touching = spans.slice(before, behind);
  const joined: Span = [
    Math.min(from, ...touching.map((span) => span[0])),
    Math.max(to, ...touching.map((span) => span[1])),
  ];
  spans.splice(before, touching.length, joined);
  return touching.reduce((left, span) => left - (span[1] - span[0]), joined[1] - joined[0]);
}
