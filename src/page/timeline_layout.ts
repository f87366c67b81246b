import { durationOf, endTimeOf, type PageCalls } from "../dashboard/page_call.ts";
import { FLAG, STATUSES } from "../dashboard/head.ts";
import { TimeScale } from "./time_scale.ts";

/** A session on the timeline: its calls from `from` to `to`, places on the scale. */
export interface Block {
  /** Its place in the page's list; -1 for calls without a session. */
  readonly session: number;
  readonly from: number;
  readonly to: number;
  readonly depth: number;
}

/** Sessions that do not overlap share a row; calls side by side are in lanes, one under the other. */
export interface Row {
  readonly blocks: readonly Block[];
  /** Places of calls in order of time; those of one lane do not overlap. */
  readonly lanes: readonly Uint32Array[];
}

/** Calls beyond so many side by side share the last lane. */
const MAX_LANES = 10;
/** What stays free between sessions of one row: a part of the scale, or of a session's share of it. */
const CLEARANCE = 0.004;
const CLEARANCE_OF_SHARE = 0.1;

const RUNNING = STATUSES.indexOf("running");

/** Where each call of a page stands. */
export class TimelineLayout {
  readonly scale: TimeScale;
  /** Of each call, places on the scale: where it begins, where its wait ends, where it ends. */
  readonly begins: Float64Array;
  readonly runs: Float64Array;
  readonly ends: Float64Array;
  /** The lane of each call. */
  private readonly laneOf: Uint8Array;
  private readonly sessions = new Map<number, number[]>();

  constructor(private readonly page: PageCalls) {
    const { columns, head } = page;
    const count = head.calls;
    this.begins = new Float64Array(count);
    this.runs = new Float64Array(count);
    this.ends = new Float64Array(count);
    this.laneOf = new Uint8Array(count);
    /** As `ends`; a call that still runs is no reason to show hours in which nothing else happened. */
    const known = new Float64Array(count);
    for (let call = 0; call < count; call++) {
      const begin = beginOf(page, call);
      const isOpen = columns.status[call] === RUNNING;
      const end = Math.max(begin, isOpen ? head.made : endTimeOf(columns, call));
      const duration = durationOf(columns, call);
      this.begins[call] = begin;
      this.ends[call] = end;
      known[call] = isOpen ? begin : end;
      this.runs[call] = isOpen || Number.isNaN(duration)
        ? begin
        : Math.min(end, Math.max(begin, end - duration));
    }
    this.scale = new TimeScale(this.begins, known);
    for (const times of [this.begins, this.runs, this.ends]) {
      for (let call = 0; call < count; call++) times[call] = this.scale.toOffset(times[call]!);
    }
    this.assignLanes();
  }

  private assignLanes(): void {
    const { columns, head } = this.page;
    const lanes = new Map<number, number[]>();
    for (let call = 0; call < head.calls; call++) {
      const session = columns.session[call]!;
      let ends = lanes.get(session);
      let calls = this.sessions.get(session);
      if (ends === undefined || calls === undefined) {
        lanes.set(session, ends = []);
        this.sessions.set(session, calls = []);
      }
      calls.push(call);
      let lane = ends.findIndex((end) => end <= this.begins[call]!);
      if (lane < 0) lane = Math.min(ends.length, MAX_LANES - 1);
      ends[lane] = Math.max(ends[lane] ?? 0, this.ends[call]!);
      this.laneOf[call] = lane;
    }
  }

  /** The rows with these sessions only, or with all. */
  rows(only?: number): Row[] {
    const blocks = [...this.sessions].filter(([session]) => only === undefined || session === only)
      .map(([session, calls]) => ({ ...this.blockOf(session, calls), calls }))
      .sort((a, b) => a.from - b.from);
    const clearance = this.scale.length * Math.min(CLEARANCE, CLEARANCE_OF_SHARE / blocks.length);
    const rows: { end: number; blocks: typeof blocks }[] = [];
    for (const block of blocks) {
      const row = rows.find(({ end }) => end <= block.from);
      const end = block.to + clearance;
      if (row === undefined) rows.push({ end, blocks: [block] });
      else {
        row.end = end;
        row.blocks.push(block);
      }
    }
    return rows.map(({ blocks }) => ({ blocks, lanes: this.lanesOf(blocks) }));
  }

  private blockOf(session: number, calls: readonly number[]): Block {
    let from = Infinity, to = 0, depth = 0;
    for (const call of calls) {
      from = Math.min(from, this.begins[call]!);
      to = Math.max(to, this.ends[call]!);
      depth = Math.max(depth, this.laneOf[call]! + 1);
    }
    return { session, from, to, depth };
  }

  private lanesOf(blocks: readonly (Block & { calls: readonly number[] })[]): Uint32Array[] {
    const depth = Math.max(...blocks.map((block) => block.depth));
    const lanes: number[][] = Array.from({ length: depth }, () => []);
    for (const { calls } of blocks) {
      for (const call of calls) lanes[this.laneOf[call]!]!.push(call);
    }
    return lanes.map((calls) => Uint32Array.from(calls));
  }
}

/** When a call began, seconds since the epoch; without a start row by its duration. */
function beginOf({ columns }: PageCalls, call: number): number {
  const time = columns.time[call]!;
  if ((columns.flags[call]! & FLAG.hasStart) !== 0) return time;
  return time - (durationOf(columns, call) || 0);
}
