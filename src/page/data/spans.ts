import type { CallColumns } from "./columns.ts";

/**
 * CPU of the tools' processes, for some lines of a report: calls of one process that overlap are taken as
 * one. Calls come in order of time.
 */
export class CpuSpans {
  /** By line, seconds; and whether any are known. */
  readonly seconds: Float64Array;
  readonly isKnown: Uint8Array;
  private readonly until: Float64Array;
  private readonly from: Float64Array;
  private readonly to: Float64Array;

  constructor(lines: number, private readonly pids: number) {
    this.seconds = new Float64Array(lines);
    this.isKnown = new Uint8Array(lines);
    this.until = new Float64Array(lines * pids).fill(-Infinity);
    this.from = new Float64Array(lines * pids);
    this.to = new Float64Array(lines * pids);
  }

  /** Adds a call of which all this is known: when it began and ended, and its process's CPU then. */
  add(line: number, pid: number, start: number, end: number, from: number, to: number): void {
    const at = line * this.pids + pid;
    this.isKnown[line] = 1;
    const until = this.until[at]!;
    if (start >= until || from < this.from[at]!) {
      this.seconds[line]! += to - from;
      this.until[at] = end;
      this.from[at] = from;
      this.to[at] = to;
      return;
    }
    if (end > until) this.until[at] = end;
    if (to <= this.to[at]!) return;
    this.seconds[line]! += to - this.to[at]!;
    this.to[at] = to;
  }
}

/** Change of the client's resident set, likewise. */
export class GrowthSpans {
  private readonly kibibytes: Float64Array;
  private readonly isKnown: Uint8Array;
  private readonly until: Float64Array;
  private readonly rss: Float64Array;

  constructor(lines: number, private readonly pids: number) {
    this.kibibytes = new Float64Array(lines);
    this.isKnown = new Uint8Array(lines);
    this.until = new Float64Array(lines * pids).fill(-Infinity);
    this.rss = new Float64Array(lines * pids);
  }

  add(columns: CallColumns, call: number, line: number, pid: number): void {
    const at = line * this.pids + pid;
    const start = columns.time[call]!;
    const end = start + columns.wall[call]!;
    const rss = columns.rssEnd[call]!;
    const until = this.until[at]!;
    if (start >= until) this.kibibytes[line]! += rss - columns.rssStart[call]!;
    else if (end > until) this.kibibytes[line]! += rss - this.rss[at]!;
    else return;
    this.isKnown[line] = 1;
    this.until[at] = end;
    this.rss[at] = rss;
  }

  /** KiB; `undefined` where nothing is known. */
  of(line: number): number | undefined {
    return this.isKnown[line] === 1 ? this.kibibytes[line] : undefined;
  }
}

/** The length of the union of intervals that come in order of their starts. */
export class Union {
  private length: number | undefined;
  private until = -Infinity;

  add(start: number, end: number): void {
    if (start > this.until) {
      this.length = (this.length ?? 0) + end - start;
      this.until = end;
    } else if (end > this.until) {
      this.length = (this.length ?? 0) + end - this.until;
      this.until = end;
    }
  }
  known(): number | undefined {
    return this.length;
  }
}
