/** What a row costs does not grow with the log: how often times of rows and maps are read, by log and length. */
import { CallFollower } from "../../../src/live/call_follower.ts";
import { Counters } from "../../../src/calls/counters/counters.ts";
import { LiveCalls } from "../../../src/live/live_calls.ts";
import type { Sample } from "../../../src/row/sample.ts";
import { assert } from "../../std/std_assert.ts";
import { call, end, start } from "../../kit/samples.ts";

/** What takes the rows of a log that grows. */
interface Taker {
  add(samples: readonly Sample[]): unknown;
}

const TAKERS: Record<string, () => Taker> = {
  CallFollower: () => new CallFollower(),
  // Without a look at the list, which takes as long as there are calls in it.
  LiveCalls: () => new LiveCalls(undefined, () => true),
  Counters: () => new Counters(0),
};

/** Logs of four rows a `count`. */
const LOGS: Record<string, (count: number) => Sample[]> = {
  "one call after the other": (count) =>
    numbers(2 * count).flatMap((number) => call(`${number}`, 2 * number, 2 * number + 1)),
  "all calls at once": (count) => [
    ...numbers(2 * count).map((number) => start(number, { toolUseId: `${number}` })),
    ...numbers(2 * count).map((number) => end(1e6 + number, { toolUseId: `${number}` })),
  ],
  "all calls at once, without ids": (count) => [
    ...numbers(2 * count).map((number) => start(number / 1e4)),
    ...numbers(2 * count).map((number) => end(1e6 + number)),
  ],
  "calls that never end": (count) =>
    numbers(4 * count).map((number) => start(40 * number, { toolUseId: `${number}` })),
  "subagents": (count) =>
    numbers(count).flatMap((number) => {
      const run = { toolName: "Agent", agentId: `sub${number}` };
      const [launch, back] = call(`${number}`, 10 * number, 10 * number + 9, { toolName: "Agent" });
      return [launch!, start(10 * number + 1, run), end(10 * number + 8, run), back!];
    }),
};

for (const [log, rowsOf] of Object.entries(LOGS)) {
  for (const [name, make] of Object.entries(TAKERS)) {
    Deno.test(`${name}: a row costs the same, however many came before: ${log}`, () => {
      const costs = [250, 500, 1000, 2000].map((count) => readsPerRow(make(), rowsOf(count)));
      for (const cost of costs) assert(cost < 100, `reads for each row: ${costs}`);
    });
  }
}

/** Logs in which an id comes again and again, of four rows a `count`. */
const SAME_IDS: Record<string, (count: number) => Sample[]> = {
  "one after the other": (count) =>
    numbers(2 * count).flatMap((number) => call("call_0", 10 * number, 10 * number + 1)),
  "never a moment of rest": (count) =>
    numbers(2 * count).flatMap((number) => call("call_0", number / 2, number / 2 + 0.3)),
  "behind a denied one": (count) => [
    start(0, { toolUseId: "call_0" }),
    ...numbers(2 * count).flatMap((number) => call("call_0", 10 * number + 9, 10 * number + 10)),
  ],
  "anew each turn": (count) =>
    numbers(2 * count).flatMap((number) => call(`Bash:${number % 3}`, 4 * number, 4 * number + 1)),
  "side by side": (count) =>
    numbers(count).flatMap((number) =>
      [
        ...call("call_0", 10 * number, 10 * number + 4, { durationMs: 4000 }),
        ...call("call_0", 10 * number + 0.1, 10 * number + 3, { durationMs: 2900 }),
      ].sort((a, b) => a.timestamp - b.timestamp)
    ),
  "never an end": (count) =>
    numbers(4 * count).map((number) => start(40 * number, { toolUseId: "call_0" })),
  "all at once": (count) => [
    ...numbers(2 * count).map((number) => start(number, { toolUseId: "call_0" })),
    ...numbers(2 * count).map((number) => end(1e6 + number, { toolUseId: "call_0" })),
  ],
  "in the background": (count) =>
    numbers(count).flatMap((number) => {
      const [first, last] = call("call_0", 10 * number, 10 * number + 1, { status: "background" });
      const done = { ...end(10 * number + 8, { toolUseId: "call_0" }), event: "done" as const };
      return [
        first!,
        last!,
        done,
        start(10 * number + 9, { toolUseId: "call_0", toolName: "Read" }),
      ];
    }),
};

for (const [log, rowsOf] of Object.entries(SAME_IDS)) {
  for (const [name, make] of Object.entries(TAKERS)) {
    Deno.test(`${name}: a row costs the same, however many came before: one id, ${log}`, () => {
      const sizes = [500, 1000, 2000, 4000];
      const costs = sizes.map((count) => readsPerRow(make(), rowsOf(count)));
      // Counters remember 500 calls, and CallFollower 2000, so that smaller logs cost less.
      const [, , third = 0, last = 0] = costs;
      for (const cost of costs) assert(cost < 2000, `reads for each row: ${costs}`);
      assert(last < 1.2 * third + 10, `reads for each row: ${costs}`);
    });
  }
}

/** How often the time of a row is read, or a map, for each row of a log that comes in pieces of ten. */
function readsPerRow(taker: Taker, rows: readonly Sample[]): number {
  let reads = 0;
  const { get } = Map.prototype;
  const count = function <Value>(this: Map<unknown, Value>, key: unknown): Value | undefined {
    reads++;
    return get.call(this, key);
  };
  using _restored = { [Symbol.dispose]: () => void (Map.prototype.get = get) };
  Map.prototype.get = count;
  const counted = rows.map(({ timestamp, ...rest }): Sample => ({
    ...rest,
    get timestamp() {
      reads++;
      return timestamp;
    },
  }));
  for (let row = 0; row < counted.length; row += 10) taker.add(counted.slice(row, row + 10));
  return reads / rows.length;
}

function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, number) => number);
}
