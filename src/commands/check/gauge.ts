import type { Call } from "../../calls/call.ts";
import type { Rules } from "./rules.ts";

/** What is checked, and against what. */
export interface CheckInput {
  /** Recorded calls, in order of time. */
  readonly calls: readonly Call[];
  /** Those that run now, whenever they began. */
  readonly open: readonly Call[];
  readonly rules: Rules;
  /** The calls are only those of certain tools: the time between them is not theirs. */
  readonly isOfTools: boolean;
  /** Seconds since the epoch. */
  readonly now: number;
}

/** A value that was held to a limit; both in the threshold's unit. */
export interface Measure {
  readonly value: number;
  readonly limit: number;
  readonly tool?: string | undefined;
  readonly sessionId?: string | undefined;
  /** Seconds since the epoch. */
  readonly time?: number | undefined;
  /** What else there is to say of the value, for people. */
  readonly detail?: string | undefined;
}

/** Collects what is measured for a threshold: all that is over its limit, and the nearest below. */
export class Gauge {
  readonly over: Measure[] = [];
  nearest: Measure | undefined;
  /** What there was too little of to judge by. */
  few: string | undefined;
  /** The same of some tools only: said beside the values of others. */
  besides: string | undefined;
  /** What the rows lack. */
  unknown: string | undefined;
  /** Why nothing measured is nothing wrong. */
  fine: string | undefined;

  add(measure: Measure): void {
    if (measure.value > measure.limit) this.over.push(measure);
    else if (this.nearest === undefined || ratio(measure) > ratio(this.nearest)) {
      this.nearest = measure;
    }
  }
}

/** Zero of a limit of zero is all that is allowed. */
export function ratio({ value, limit }: Measure): number {
  return limit === 0 ? (value === 0 ? 1 : Infinity) : value / limit;
}
