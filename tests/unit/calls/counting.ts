/** Counters as exports use them. */
import { Counters } from "../../../src/calls/counters/counters.ts";
import { countersFromJson, countersToJson } from "../../../src/calls/counters/counters_json.ts";
import { type Sample } from "../../../src/row/sample.ts";

/** Counts the rows in portions, each by counters that went through JSON, as they do between two exports. */
export function count(...portions: (readonly Sample[])[]): Counters {
  let counters = new Counters(0);
  for (const portion of portions) {
    counters = throughJson(counters);
    counters.add(portion);
  }
  return throughJson(counters);
}

export function throughJson(counters: Counters): Counters {
  return countersFromJson(JSON.parse(JSON.stringify(countersToJson(counters))));
}

/** What has been counted of the tools that were called. */
export function figures(counters: Counters): Record<string, unknown> {
  return Object.fromEntries(
    [...counters.tools].map((
      [name, { calls, durations, peaks: _peaks, peakBytes: _bytes, ...seconds }],
    ) =>
      [name, {
        calls: Object.entries(calls).filter(([, value]) => value > 0).flat(),
        durations: durations.flatMap((value, bucket) => value === 0 ? [] : [`${bucket}: ${value}`]),
        ...Object.fromEntries(
          Object.entries(seconds).map(([key, value]) => [key, Number(value.toFixed(6))]),
        ),
      }] as const
    ).filter(([, tool]) => tool.calls.length > 0),
  );
}
