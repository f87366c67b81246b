/** Rows `peak`: what the processes of a call came to, joined to it; and figures of servers and of storage. */
import { LiveCalls } from "../../../src/live/live_calls.ts";
import { toCalls } from "../../../src/calls/to_calls.ts";
import type { Call } from "../../../src/calls/call.ts";
import type { Sample } from "../../../src/row/sample.ts";
import { assertEquals } from "../../std/std_assert.ts";
import { call, end, start } from "../../kit/samples.ts";

function peak(time: number, toolUseId: string, rest: Partial<Sample> = {}): Sample {
  return { ...start(time, { toolUseId, ...rest }), event: "peak" };
}

/** What `take` takes of the calls of rows, read at once and one by one, which comes to the same. */
function each<Taken>(rows: readonly Sample[], take: (call: Call) => Taken): Taken[] {
  const live = new LiveCalls(undefined, () => true);
  for (const row of rows) live.add([row]);
  const [once, little] = [toCalls(rows), live.list().calls].map((calls) => calls.map(take));
  assertEquals(little, once);
  return once ?? [];
}

const memory = ({ peakMemory, isPeakProportional }: Call) => [peakMemory, isPeakProportional];

Deno.test("a call's peak counts shared pages once where that is known, else the resident sets", () => {
  const rows = [...call("a", 1, 2), ...call("b", 3, 4), ...call("c", 5, 6)];
  const peaks = [peak(2.1, "a", { peakRss: 900, peakPss: 300 }), peak(4.1, "b", { peakRss: 900 })];
  assertEquals(each([...rows, ...peaks], memory), [[300, true], [900, false], [undefined, false]]);
});

Deno.test("of two peaks of a call the second counts: that of its work in the background", () => {
  const rows = [start(1, { toolUseId: "a" }), end(1.1, { toolUseId: "a", status: "background" })];
  const peaks = [
    peak(1.2, "a", { peakRss: 100, status: "background" }),
    peak(60, "a", { peakRss: 5000, peakProcess: "tsc", peakProcesses: 3, processSeconds: 58 }),
  ];
  for (const order of [peaks, peaks.toReversed()]) {
    assertEquals(
      each([...rows, ...order], ({ peakMemory, peakProcess, peakProcesses, processSeconds }) => [
        ...[peakMemory, peakProcess, peakProcesses, processSeconds],
      ]),
      [[5000, "tsc", 3, 58]],
    );
  }
});

Deno.test("where an id comes again a peak is of the call that had begun last by then", () => {
  const rows = [...call("a", 1, 2), ...call("a", 10, 12)];
  const peaks = [peak(2.1, "a", { peakRss: 100 }), peak(12.1, "a", { peakRss: 200 })];
  assertEquals(each([...rows, ...peaks], ({ peakMemory }) => peakMemory), [100, 200]);
});

Deno.test("a call whose client died has the peak that the sampler saw", () => {
  const rows = [start(1, { toolUseId: "a" }), peak(9, "a", { peakRss: 700 })];
  assertEquals(each(rows, ({ peakMemory }) => peakMemory), [700]);
});

Deno.test("calls side by side with the same figures of processes are marked, others are not", () => {
  const rows = [...call("a", 1, 5), ...call("b", 2, 6), ...call("c", 2, 6), ...call("d", 7, 8)];
  const same = { peakRss: 500, processSeconds: 1.5 };
  const peaks = [
    ...[peak(6.1, "a", same), peak(6.1, "b", same), peak(8.1, "d", same)],
    peak(6.1, "c", { peakRss: 501, processSeconds: 1.5 }),
  ];
  assertEquals(each([...rows, ...peaks], ({ isPeakShared }) => isPeakShared), [
    ...[true, true, false, false],
  ]);
});

/** A call of an MCP server, whose process lives at both ends. */
function ofServer(from: number, to: number, used: number, children = [2, 2]): Sample[] {
  const names = { toolUseId: `mcp${from}`, toolName: "mcp__github__search" };
  const [before, after] = children;
  const figures = { childCpuSeconds: 7, liveCpuSeconds: 3 };
  return [
    start(from, { ...names, ...figures, children: before }),
    end(to, { ...names, ...figures, children: after, liveCpuSeconds: 3 + used }),
  ];
}

const cpu = ({ cpuSeconds }: Call) => cpuSeconds;

Deno.test("a call of an MCP server used what live processes did, where it ran alone and none left", () => {
  assertEquals(each(ofServer(1, 3, 0.5), cpu), [0.5]);
  assertEquals(each(ofServer(1, 3, -0.5), cpu), [undefined]);
  assertEquals(each(ofServer(1, 3, 0.5, [2, 1]), cpu), [undefined]);
  assertEquals(each([...ofServer(1, 3, 0.5), ...ofServer(2, 4, 0.5)], cpu), [undefined, undefined]);
});

/** A call of Bash that ends at 5, and one of a server that begins then, whose hook looked when it had used so much. */
function afterAnother(
  late: number,
  { from = 5.5, children = 2, between = [] }: {
    readonly from?: number;
    readonly children?: number;
    readonly between?: readonly Sample[];
  } = {},
): Sample[] {
  const figures = { childCpuSeconds: 7, liveCpuSeconds: 3, children: 2 };
  const [begun, ended] = ofServer(from, from + 1, 0.5, [children, children]) as [Sample, Sample];
  const isAtWork = { liveCpuSeconds: 3 + late };
  return [...call("a", 4, 5, figures), ...between, { ...begun, ...isAtWork }, ended];
}

Deno.test("what a server had used when a late hook looked is the call's, as the end of the call before tells", () => {
  const used = (rows: Sample[]): string | undefined => each(rows, cpu).at(-1)?.toFixed(2);
  assertEquals(used(afterAnother(0)), "0.50");
  assertEquals(used(afterAnother(0.1)), "0.50");
  // No hook is so late, or the server was at work before; it was another server; it may have worked for another call.
  assertEquals(used(afterAnother(0.3)), "0.20");
  assertEquals(used(afterAnother(0.1, { from: 36 })), "0.40");
  assertEquals(used(afterAnother(0.1, { children: 3 })), "0.40");
  const cancelled = [start(5.1, { toolUseId: "c", toolName: "mcp__github__search" })];
  assertEquals(used(afterAnother(0.1, { between: cancelled })), "0.40");
});

Deno.test("while work of another call goes on in the background, nothing is known of a server's CPU", () => {
  const figures = { toolUseId: "b", childCpuSeconds: 7, liveCpuSeconds: 3 };
  const launch = [
    start(1, { ...figures, children: 1 }),
    end(1.1, { ...figures, children: 2, status: "background" }),
  ];
  const done = (time: number): Sample => ({ ...start(time, { toolUseId: "b" }), event: "done" });
  const used = (rows: readonly Sample[]): number | undefined => each(rows, cpu).at(-1);
  assertEquals(used([...launch, ...ofServer(4, 5, 0.5)]), undefined);
  assertEquals(used([...launch, ...ofServer(4, 5, 0.5), done(9)]), undefined);
  assertEquals(used([...launch, done(3), ...ofServer(4, 5, 0.5)]), 0.5);
  assertEquals(used([...launch, ...ofServer(4, 5, 0.5, [1, 1])]), 0.5);
});

Deno.test("work in the background had used at its call's return what its processes had, where none left; of one that nobody sees nothing is known", () => {
  const launched = (children: number, toolName = "Bash"): Sample[] => {
    const names = { toolUseId: "b", toolName };
    return [
      start(1, { ...names, childCpuSeconds: 7, liveCpuSeconds: 3, children: 2 }),
      end(2, { ...names, childCpuSeconds: 7, liveCpuSeconds: 3.5, children, status: "background" }),
    ];
  };
  assertEquals(each(launched(4), cpu), [0.5]);
  assertEquals(each(launched(2), cpu), [undefined]);
  assertEquals(each(launched(4, "Agent"), cpu), [undefined]);
});

Deno.test("what a call read and wrote is what the client's account grew by", () => {
  const rows = [
    start(1, { toolUseId: "a", readBytes: 4096, writeBytes: 100, majorFaults: 7 }),
    end(2, { toolUseId: "a", readBytes: 8192, writeBytes: 100, majorFaults: 9 }),
  ];
  assertEquals(
    each(rows, ({ readBytes, writeBytes, majorFaults }) => [readBytes, writeBytes, majorFaults]),
    [[4096, 0, 2]],
  );
});
