/** Calls whose ids come again, and hooks that are registered twice: in whatever order their rows are written. */
import fc from "fast-check";
import { toCalls } from "../../../src/calls/to_calls.ts";
import { CallStream } from "../../../src/calls/stream/call_stream.ts";
import { compareCalls } from "../../../src/calls/stream/streamed_call.ts";
import type { Sample } from "../../../src/row/sample.ts";
import { assertEquals } from "../../std/std_assert.ts";
import { end, start } from "../../kit/samples.ts";
import { type Case, testCases } from "./call_cases.ts";
import { cpuMilliseconds } from "../../kit/processes.ts";
import { inQuietMoment } from "../../kit/waits.ts";

type Names = Partial<Sample>;

const again = { toolUseId: "Bash:0" };

/** The rows of one call of the id, its start `late` seconds late. */
function rowsOf(from: number, to: number, late = 0, rest: Names = {}): Sample[] {
  const durationMs = Math.round(1000 * (to - from));
  return [start(from + late, { ...again, ...rest }), end(to, { ...again, durationMs, ...rest })];
}

function* permutations<Item>(items: readonly Item[]): Generator<Item[]> {
  if (items.length === 0) yield [];
  for (const [place, item] of items.entries()) {
    for (const rest of permutations(items.filter((_, other) => other !== place))) {
      yield [item, ...rest];
    }
  }
}

type Span = [from: number | undefined, to: number | undefined];

/** When each call began and ended, by all rows at once and by one after the other. */
function spans(rows: readonly Sample[]): Span[] {
  const atOnce = toCalls(rows).map(({ start, end }): Span => [start?.timestamp, end?.timestamp]);
  const stream = new CallStream();
  for (const row of rows) stream.add([row]);
  const streamed = stream.calls().sort(compareCalls)
    .map(({ start, end }) => [start?.sample.timestamp, end?.sample.timestamp]);
  assertEquals(streamed, atOnce);
  return atOnce;
}

// Hooks that nobody waits for are late by some 20 ms, more on a busy machine: as late as the end, or later.
for (const [late, later] of [[0, 0], [0.03, 0], [0, 0.03], [0.03, 0.03]] as const) {
  Deno.test(`two calls of one id, starts late by ${late} and ${later} s: in every order of their rows`, () => {
    const [from, to, second, last] = [100, 100.02, 103, 103.01];
    const expected: Span[] = [[from + late, to], [second + later, last]];
    for (const rows of permutations([...rowsOf(from, to, late), ...rowsOf(second, last, later)])) {
      assertEquals(spans(rows).sort((a, b) => a[1]! - b[1]!), expected, JSON.stringify(rows));
    }
  });
}

Deno.test("two calls of one id with the same figures, a moment apart, are two: in every order", () => {
  const rows = [...rowsOf(100, 100.012), ...rowsOf(100.062, 100.074)];
  for (const each of permutations(rows)) {
    assertEquals(spans(each), [[100, 100.012], [100.062, 100.074]]);
  }
});

Deno.test("a hook that is registered twice: one call, in every order of its rows, and of their times", () => {
  const [a, b, c, d] = [100, 100.002, 100.004, 100.006];
  // A start that nobody waits for can be late for a call of some milliseconds.
  for (
    const [s, t, e, f] of [[a, b, c, d], [a, c, b, d], [a, d, b, c], [b, c, a, d], [c, d, a, b]]
  ) {
    const names = { ...again, durationMs: 3 };
    const rows = [s, t].map((time) => start(time!, again))
      .concat([e, f].map((time) => end(time!, names)));
    for (const each of permutations(rows)) {
      assertEquals(spans(each), [[Math.min(s!, t!), Math.min(e!, f!)]], JSON.stringify(each));
    }
  }
});

Deno.test("two registrations of one hook, one id for all calls: each call once, in any order", () => {
  const calls = [rowsOf(100, 160), rowsOf(163, 163.5), rowsOf(166, 200)];
  const rows = calls.flat().flatMap((row) => [row, { ...row, timestamp: row.timestamp + 0.4 }]);
  fc.assert(fc.property(fc.shuffledSubarray(rows, { minLength: rows.length }), (each) => {
    assertEquals(spans(each), [[100, 160], [163, 163.5], [166, 200]]);
  }));
});

const CASES: Case[] = [
  {
    name: "each start after an end of the same id is a new call",
    samples: [...rowsOf(10, 10.1), ...rowsOf(12, 102), ...rowsOf(105, 105.05)],
    calls: [{ durationSeconds: 0.1 }, { durationSeconds: 90 }, { durationSeconds: 0.05 }],
  },
  {
    name: "a denied call of an id that comes again takes no later call's end",
    samples: [start(10, again), ...rowsOf(20, 21), ...rowsOf(30, 31)],
    calls: [
      { startTime: 10, status: "abandoned" },
      { startTime: 20, durationSeconds: 1 },
      { startTime: 30, durationSeconds: 1 },
    ],
  },
  {
    name: "a start long after an end of its id is a call of its own, that runs",
    samples: [...rowsOf(10, 11), end(20, again), start(60, again)],
    calls: [{ durationSeconds: 1 }, { endTime: 20, startTime: undefined }, { status: "running" }],
  },
  {
    name: "one id for all: another tool, agent or session is another call",
    samples: [
      start(10, { ...again, toolName: "Read" }),
      start(10.1, again),
      start(10.2, { ...again, agentId: "sub" }),
      start(10.3, { ...again, sessionId: "t" }),
      end(11, { ...again, toolName: "Read" }),
      end(12.1, again),
      end(13.2, { ...again, agentId: "sub" }),
      end(14.3, { ...again, sessionId: "t" }),
    ],
    calls: [1, 2, 3, 4].map((seconds) => ({ durationSeconds: seconds, approximate: false })),
  },
  {
    name: "one id for calls side by side: as many as there are ends, which is whose can't be told",
    samples: [
      start(10, again),
      start(10.1, again),
      end(12, { ...again, durationMs: 1900 }),
      end(15, { ...again, durationMs: 5000 }),
    ],
    calls: [
      { startTime: 10, durationSeconds: 5, approximate: true },
      { startTime: 10.1, durationSeconds: 1.9, approximate: true },
    ],
  },
  {
    name: "only one of a call's hooks registered twice: one call",
    samples: [
      ...[start(10, again), start(10.01, again), end(15, again)],
      ...[start(20, again), end(25, again), end(25.01, again)],
      ...[start(30, again), end(30.1, again), end(30.11, again)],
      ...[start(30.8, again), end(31, again)],
      ...[start(40, again), start(40.01, again)],
    ],
    calls: [
      { startTime: 10, endTime: 15 },
      { startTime: 20, endTime: 25 },
      { startTime: 30, endTime: 30.1 },
      { startTime: 30.8, endTime: 31 },
      { startTime: 40, status: "running" },
    ],
  },
];

testCases(CASES);

/** Calls of one id one after the other, most without rest: what they took, and the rest before each, hundredths of a second. */
const longRun = fc.array(
  fc.tuple(fc.integer({ min: 2, max: 400 }), fc.constantFrom(5, 20, 20, 50, 50, 300)),
  { minLength: 40, maxLength: 200, size: "max" },
);

Deno.test("long runs of one id, without rest or with: each call is one, in any pieces, late rows and doubles too", () => {
  fc.assert(
    fc.property(longRun, fc.array(fc.nat(), { maxLength: 6 }), fc.boolean(), (run, late, twice) => {
      let time = 100;
      const calls = run.map(([took, rest]): Span => {
        const from = time + rest / 100;
        return [from, time = from + took / 100];
      });
      const rows = calls.flatMap(([from = 0, to = 0], number) => {
        // The client's own figure tells one end from the next.
        const rest = { ...again, durationMs: Math.round(1000 * (to - from)) + number };
        return [start(from, again), end(to, rest)];
      }).flatMap((row) => twice ? [row, { ...row, timestamp: row.timestamp + 0.004 }] : [row]);
      for (const each of late) {
        const [row] = rows.splice(each % rows.length, 1);
        rows.splice(Math.min(rows.length, each % rows.length + 9), 0, row!);
      }
      assertEquals(spans(rows), calls);
    }),
    { numRuns: 60 },
  );
});

Deno.test("a denied call of one id, and a long one beside others: each keeps its own, in any pieces", () => {
  const denied = start(10, again);
  const short = Array.from({ length: 300 }, (_, at) => rowsOf(100 + at / 2, 100.3 + at / 2)).flat();
  const rows = [denied, ...short, ...rowsOf(400, 401)];
  assertEquals(spans(rows).slice(0, 2), [[10, undefined], [100, 100.3]]);
  assertEquals(spans(rows).length, 302);
  // It ends when the newest without an end is its own: after all the others.
  const last = end(500, { ...again, durationMs: 490_000 });
  assertEquals(spans([...rows, last])[0], [10, 500]);
});

Deno.test(
  "ten times as many calls of one id take no hundred times as long",
  inQuietMoment(() => {
    const timeOf = (count: number): number => {
      const rows = Array.from({ length: count }, (_, index) => rowsOf(10 * index, 10 * index + 1));
      return cpuMilliseconds(() => assertEquals(toCalls(rows.flat()).length, count));
    };
    const best = (count: number): number => Math.min(...[1, 2, 3].map(() => timeOf(count)));
    timeOf(1000); // compiled by then
    const few = best(5000);
    assertEquals(best(50_000) < 40 * few, true, "linear is 10, quadratic 100");
  }),
);
