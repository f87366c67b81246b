import type { CallColumns } from "../../calls/call_columns.ts";
import { numberOf, WITHOUT_START } from "../../calls/call_state.ts";
import type { SessionCalls } from "../session_calls.ts";
import { TimeScale } from "./time_scale.ts";

/** A session on the timeline: its calls from `from` to `to`, places on the scale. */
export interface Block {
  /** Its number; 0 for calls without a session. */
  readonly session: number;
  readonly from: number;
  readonly to: number;
  readonly depth: number;
}

/** Sessions that do not overlap share a row; calls side by side are in lanes, one under the other. */
export interface Row {
  /** Whose sessions these are, where the row is the first of theirs. */
  readonly name: string;
  readonly blocks: readonly Block[];
  /** Places of calls in order of time; those of one lane do not overlap. */
  readonly lanes: readonly Int32Array[];
}

/** The number of the lane of a call that no row shows. */
export const NO_LANE = 0xffff;
/** Calls beyond so many side by side share the last lane. */
const MAX_LANES = 10;
/** What stays free between sessions of one row: a part of the scale, or of a session's share of it. */
const CLEARANCE = 0.004;
const CLEARANCE_OF_SHARE = 0.1;

const RUNNING = numberOf("running");

/** Where each call of a page stands. */
export class TimelineLayout {
  readonly scale: TimeScale;
  /** Of each call, places on the scale: where it begins, where its wait ends, where it ends. */
  readonly begins: Float64Array;
  readonly runs: Float64Array;
  readonly ends: Float64Array;
  /** The lane of each call. */
  private readonly laneOf: Uint8Array;

  /** @param made When the page was made, seconds since the epoch: up to then what runs is shown to run. */
  constructor(
    columns: CallColumns,
    made: number,
    private readonly sessions: SessionCalls,
    private readonly projectOf: (session: number) => string = () => "",
  ) {
    const { size: count, time, endTime, duration, status } = columns;
    this.begins = new Float64Array(count);
    this.runs = new Float64Array(count);
    this.ends = new Float64Array(count);
    this.laneOf = new Uint8Array(count);
    /** As `ends`; a call that still runs is no reason to show hours in which nothing else happened. */
    const known = new Float64Array(count);
    for (let call = 0; call < count; call++) {
      const begin = beginOf(columns, call);
      const isOpen = status[call] === RUNNING;
      const ended = endTime[call]!;
      const end = Math.max(begin, isOpen ? made : ended === ended ? ended : time[call]!); // not NaN
      const took = duration[call]!;
      this.begins[call] = begin;
      this.ends[call] = end;
      known[call] = isOpen ? begin : end;
      this.runs[call] = isOpen || Number.isNaN(took)
        ? begin
        : Math.min(end, Math.max(begin, end - took));
    }
    this.scale = new TimeScale(this.begins, known);
    for (const times of [this.begins, this.runs, this.ends]) {
      for (let call = 0; call < count; call++) times[call] = this.scale.toOffset(times[call]!);
    }
    this.assignLanes();
  }

  private assignLanes(): void {
    for (const session of this.sessions.sessions()) {
      const calls = this.sessions.of(session);
      const ends: number[] = [];
      for (let at = 0; at < calls.length; at++) {
        const call = calls[at]!;
        const begin = this.begins[call]!;
        let lane = 0;
        while (lane < ends.length && ends[lane]! > begin) lane++;
        lane = Math.min(lane, MAX_LANES - 1);
        ends[lane] = Math.max(ends[lane] ?? 0, this.ends[call]!);
        this.laneOf[call] = lane;
      }
    }
  }

  /** The rows with this session only, or with all: those of a project one under the other. */
  rows(only?: number): Row[] {
    const blocks = (only === undefined ? this.sessions.sessions() : [only])
      .filter((session) => this.sessions.of(session).length > 0)
      .map((session) => this.blockOf(session))
      .sort((a, b) => a.from - b.from);
    const clearance = this.scale.length * Math.min(CLEARANCE, CLEARANCE_OF_SHARE / blocks.length);
    const projects = Map.groupBy(blocks, ({ session }) => this.projectOf(session));
    return [...projects].flatMap(([project, blocks]) =>
      packed(blocks, clearance).map((blocks, row) => ({
        name: row === 0 ? project : "",
        blocks,
        lanes: this.lanesOf(blocks),
      }))
    );
  }

  private blockOf(session: number): Block {
    const calls = this.sessions.of(session);
    let from = Infinity, to = 0, depth = 0;
    for (let at = 0; at < calls.length; at++) {
      const call = calls[at]!;
      from = Math.min(from, this.begins[call]!);
      to = Math.max(to, this.ends[call]!);
      depth = Math.max(depth, this.laneOf[call]! + 1);
    }
    return { session, from, to, depth };
  }

  private lanesOf(blocks: readonly Block[]): Int32Array[] {
    const depth = Math.max(...blocks.map((block) => block.depth));
    const size = blocks.reduce((sum, { session }) => sum + this.sessions.of(session).length, 0);
    const lanes = Array.from({ length: depth }, () => new Int32Array(size));
    const counts = new Uint32Array(depth);
    for (const { session } of blocks) {
      const calls = this.sessions.of(session);
      for (let at = 0; at < calls.length; at++) {
        const lane = this.laneOf[calls[at]!]!;
        lanes[lane]![counts[lane]!++] = calls[at]!;
      }
    }
    return lanes.map((calls, lane) => calls.slice(0, counts[lane]));
  }
}

/** Blocks in as many rows as they need, none over another. */
function packed(blocks: readonly Block[], clearance: number): Block[][] {
  const rows: { end: number; blocks: Block[] }[] = [];
  for (const block of blocks) {
    const row = rows.find(({ end }) => end <= block.from);
    const end = block.to + clearance;
    if (row === undefined) rows.push({ end, blocks: [block] });
    else {
      row.end = end;
      row.blocks.push(block);
    }
  }
  return rows.map(({ blocks }) => blocks);
}

/** The number of each call's lane, the lanes of all rows counted on. */
export function laneNumbers(rows: readonly Row[], calls: number): Uint16Array {
  const numbers = new Uint16Array(calls).fill(NO_LANE);
  const lanes = rows.flatMap((row) => row.lanes);
  for (const [number, lane] of lanes.entries()) {
    for (let at = 0; at < lane.length; at++) numbers[lane[at]!] = number;
  }
  return numbers;
}

/** When a call began, seconds since the epoch; without a start row by its duration. */
function beginOf({ time, flags, duration }: CallColumns, call: number): number {
  const hasStart = (flags[call]! & WITHOUT_START) === 0;
  return hasStart ? time[call]! : time[call]! - (duration[call]! || 0);
}
