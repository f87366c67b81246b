import type { Call } from "../../calls/call.ts";
import { clientCpu, growth, residentMemory, toolCpu } from "./check_clients.ts";
import { durations, failures, openCalls, percentiles } from "./check_tools.ts";
import { isLimited, LimitFinder, type Rules } from "./rules.ts";
import { THRESHOLD_NAMES, type ThresholdName } from "./thresholds.ts";

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

/**
 * What came of a threshold. `pass`: no value is over its limit. `fail`: this one is. `few`: there is
 * too little to judge by. `unknown`: the rows lack what it takes.
 */
export interface Finding {
  readonly threshold: ThresholdName;
  readonly state: "pass" | "fail" | "few" | "unknown";
  /** The value over its limit; of `pass` the one that is nearest to it, if there is any. */
  readonly measure?: Measure | undefined;
  /** Why there is no value; or what, beside the values, could not be judged. */
  readonly reason?: string | undefined;
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
function ratio({ value, limit }: Measure): number {
  return limit === 0 ? (value === 0 ? 1 : Infinity) : value / limit;
}

type Gauging = (input: CheckInput, limits: LimitFinder, gauge: Gauge) => void;

const GAUGINGS: Readonly<Record<ThresholdName, readonly Gauging[]>> = {
  "max-duration": [durations],
  "max-p95": [percentiles],
  "max-failures": [failures],
  "max-open": [openCalls],
  "max-cpu": [clientCpu, toolCpu],
  "max-rss": [residentMemory],
  "max-growth": [growth],
};

/**
 * Holds calls to the rules. One finding for each value over its limit, those furthest over first; of a
 * threshold that no value is over, one that says so, or why it can't be told.
 */
export function checkCalls(input: CheckInput): Finding[] {
  const limits = new LimitFinder(input.rules);
  return THRESHOLD_NAMES.filter((name) => isLimited(input.rules, name)).flatMap((threshold) => {
    const gauge = new Gauge();
    for (const measure of GAUGINGS[threshold]) measure(input, limits, gauge);
    return findingsOf(threshold, gauge);
  });
}

function findingsOf(threshold: ThresholdName, gauge: Gauge): Finding[] {
  const { over, nearest, unknown, fine, besides } = gauge;
  if (over.length > 0) {
    over.sort((a, b) => ratio(b) - ratio(a));
    // What is said beside them is said once.
    return over.map((measure, index) =>
      index === 0
        ? { threshold, state: "fail", measure, reason: besides }
        : { threshold, state: "fail", measure }
    );
  }
  if (nearest !== undefined) {
    return [{ threshold, state: "pass", measure: nearest, reason: besides }];
  }
  if (unknown !== undefined) return [{ threshold, state: "unknown", reason: unknown }];
  const few = besides ?? gauge.few;
  return [
    few === undefined
      ? { threshold, state: "pass", reason: fine ?? "no call that it is for" }
      : { threshold, state: "few", reason: few },
  ];
}
