import type { CallColumns } from "../calls/call_columns.ts";
import { isEnded, numberOf } from "../calls/call_state.ts";
import type { View } from "./model.ts";

const ERROR = numberOf("error");

/** A day of the reader's time zone, and what its calls came to. */
export interface Day {
  /** Seconds since the epoch; `to` is the next day's begin. */
  readonly from: number;
  readonly to: number;
  /** Calls that ended. */
  readonly calls: number;
  readonly failed: number;
  /** In which any call ran, as a line of `report --by day` has it. */
  readonly seconds: number;
}

/** The days on which calls began. */
export class Days {
  private readonly days: { from: number; to: number }[] = [];
  /** By call. */
  private readonly dayOf: Uint32Array;

  constructor(private readonly columns: CallColumns) {
    const { time } = columns;
    this.dayOf = new Uint32Array(time.length);
    let to = -Infinity;
    for (let call = 0; call < time.length; call++) {
      if (time[call]! >= to) {
        const day = dayOf(time[call]!);
        this.days.push(day);
        to = day.to;
      }
      this.dayOf[call] = this.days.length - 1;
    }
  }

  private whole: Day[] | undefined;

  /** Each day on which one of the calls of a view began. */
  of({ chosen }: Pick<View, "chosen">): Day[] {
    if (chosen.length < this.dayOf.length) return this.sumsOf(chosen);
    return this.whole ??= this.sumsOf(chosen);
  }

  private sumsOf(chosen: Int32Array): Day[] {
    const { dayOf } = this;
    const { status } = this.columns;
    const [begun, calls, failed] = [0, 0, 0].map(() => new Int32Array(this.days.length));
    for (let at = 0; at < chosen.length; at++) {
      const call = chosen[at]!;
      const day = dayOf[call]!;
      begun![day]!++;
      if (!isEnded(status[call]!)) continue;
      calls![day]!++;
      if (status[call] === ERROR) failed![day]!++;
    }
    const seconds = this.secondsOf(chosen);
    return this.days
      .map((day, place): Day => ({
        ...day,
        calls: calls![place]!,
        failed: failed![place]!,
        seconds: seconds[place]!,
      }))
      .filter((_, place) => begun![place]! > 0);
  }

  /** By day, how long any of the calls ran that began on it. */
  private secondsOf(chosen: Int32Array): Float64Array {
    const { dayOf } = this;
    const { begins, ends } = this.columns.ownTimes;
    const calls = this.columns.ownTimes.inOrder(chosen);
    const until = new Float64Array(this.days.length).fill(-Infinity);
    const seconds = new Float64Array(this.days.length);
    for (let at = 0; at < calls.length; at++) {
      const call = calls[at]!;
      const day = dayOf[call]!;
      const end = ends[call]!;
      if (end <= until[day]!) continue;
      seconds[day]! += end - Math.max(begins[call]!, until[day]!);
      until[day] = end;
    }
    return seconds;
  }
}

/** The day of a time, seconds since the epoch. */
export function dayOf(time: number): { from: number; to: number } {
  const day = new Date(1000 * time);
  const from = day.setHours(0, 0, 0, 0) / 1000;
  return { from, to: new Date(day).setDate(day.getDate() + 1) / 1000 };
}
