import { clientCpu, growth, residentMemory, toolCpu } from "./check_clients.ts";
import { durations, failures, openCalls, peaks, percentiles } from "./check_tools.ts";
import { isLimited, LimitFinder } from "./rules.ts";
import { THRESHOLD_NAMES, type ThresholdName } from "./thresholds.ts";
import { type CheckInput, Gauge, type Measure, ratio } from "./gauge.ts";

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

type Gauging = (input: CheckInput, limits: LimitFinder, gauge: Gauge) => void;

const GAUGINGS: Readonly<Record<ThresholdName, readonly Gauging[]>> = {
  "max-duration": [durations],
  "max-p95": [percentiles],
  "max-failures": [failures],
  "max-open": [openCalls],
  "max-cpu": [clientCpu, toolCpu],
  "max-rss": [residentMemory],
  "max-peak": [peaks],
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
