import type { RowReader } from "./row_reader.ts";

/** How rows become calls: which start and which end belong together. */

/** The rows of one call in a table, by their numbers; −1 where one is not there. */
export interface Pair {
  readonly start: number;
  readonly end: number;
}

/** The rows of one call, whatever a row is; `undefined` where one is not there. */
export interface RowPair<Row> {
  start: Row | undefined;
  end: Row | undefined;
  /** Paired by order while calls of the same key overlapped: the times may be another call's. */
  approximate: boolean;
}

/**
 * Pairs the rows of one subagent's run: adds a row to those that came before it. A hook may be registered
 * twice, so of rows that say the same the earliest counts.
 */
function takeRow<Row>(pair: RowPair<Row>, row: Row, reader: RowReader<Row>): void {
  const member = reader.isStart(row) ? "start" : "end";
  const known = pair[member];
  if (known === undefined || reader.time(row) < reader.time(known)) pair[member] = row;
}

/**
 * Pairs rows without a tool_use_id, one after the other in the order of the log: a subagent's run by
 * session and agent_id, others by order: an end takes the newest unpaired start of the same session (or
 * else process), agent and tool. A row that finds no partner is a pair of its own.
 */
export class LoosePairs<Row, Made extends RowPair<Row>> {
  private readonly runs = new Map<string, Made>();
  private readonly starts = new Map<string, OpenStarts<Made>>();

  /** @param make Makes a pair without rows. */
  constructor(private readonly reader: RowReader<Row>, private readonly make: () => Made) {}

  /** Adds the next row; returns the pair that it belongs to. */
  add(row: Row): Made {
    return this.reader.isSubagentRun(row) ? this.addToRun(row) : this.addByOrder(row);
  }

  /** Lets go of a pair: no further row belongs to it. */
  delete(pair: Made): void {
    const row = pair.start ?? pair.end;
    if (row === undefined) return;
    if (this.reader.isSubagentRun(row)) {
      const key = runKey(row, this.reader);
      if (this.runs.get(key) === pair) this.runs.delete(key);
    } else if (pair.end === undefined) this.deleteStart(pair, orderKey(row, this.reader));
  }

  private deleteStart(pair: Made, key: string): void {
    const open = this.starts.get(key);
    const place = open?.stack.indexOf(pair) ?? -1;
    if (open === undefined || place < 0) return;
    open.stack.splice(place, 1);
    if (place < open.stale) open.stale--;
    if (place < open.doubtful) open.doubtful--;
    if (open.stack.length === 0) this.starts.delete(key);
  }

  private addToRun(row: Row): Made {
    const key = runKey(row, this.reader);
    let pair = this.runs.get(key);
    if (pair === undefined || isResumed(pair, row, this.reader)) {
      this.runs.set(key, pair = this.make());
    }
    takeRow(pair, row, this.reader);
    return pair;
  }

  private addByOrder(row: Row): Made {
    const key = orderKey(row, this.reader);
    let open = this.starts.get(key);
    if (!this.reader.isStart(row)) {
      const pair = open === undefined ? this.make() : popStart(open);
      if (open?.stack.length === 0) this.starts.delete(key);
      pair.end = row;
      return pair;
    }
    if (open === undefined) {
      this.starts.set(key, open = { stack: [], stale: 0, doubtful: 0, endedSince: false });
    }
    if (open.endedSince) open.stale = open.stack.length;
    open.endedSince = false;
    const pair = this.make();
    pair.start = row;
    open.stack.push(pair);
    return pair;
  }
}

/** The unpaired starts of one key, oldest first; at least one. */
interface OpenStarts<Made> {
  readonly stack: Made[];
  /** How many of them, from the oldest, are left over from before an end: most likely denied calls. */
  stale: number;
  /** How many of them, from the oldest, were there when an end could have been theirs. */
  doubtful: number;
  endedSince: boolean;
}

/** Takes the newest start for an end. */
function popStart<Made extends RowPair<unknown>>(open: OpenStarts<Made>): Made {
  const candidates = open.stack.length - open.stale;
  const pair = open.stack.pop()!;
  const left = open.stack.length;
  pair.approximate = candidates !== 1 || left < open.doubtful;
  open.doubtful = candidates > 1 ? left : Math.min(open.doubtful, left);
  open.stale = Math.min(open.stale, left);
  open.endedSince = true;
  return pair;
}

/** A text that the rows of one subagent have in common, and no others; no text of a log has a line end. */
function runKey<Row>(row: Row, reader: RowReader<Row>): string {
  return `${reader.session(row) || ""}\n${reader.agent(row) || ""}`;
}

/** A text that the rows without an id have in common which may be of one call, and no others. */
function orderKey<Row>(row: Row, reader: RowReader<Row>): string {
  const client = reader.session(row) || `\n${reader.process(row)}`;
  return `${client}\n${reader.agent(row) || ""}\n${reader.toolName(row)}`;
}

/** A subagent keeps its id when it is resumed: a start after its end begins another run. */
function isResumed<Row>({ start, end }: RowPair<Row>, row: Row, reader: RowReader<Row>): boolean {
  if (!reader.isStart(row) || end === undefined || start === undefined) return false;
  return reader.time(row) > reader.time(end);
}
