/** Calls as they end: each once, whatever order and doubles their rows come in. */
import fc from "fast-check";
import { type Call, hasEnded } from "../../../src/calls/call.ts";
import { type CallOptions, toCalls } from "../../../src/calls/to_calls.ts";
import type { CallView } from "../../../src/calls/call_columns.ts";
import { nameOf } from "../../../src/calls/counters/ended_calls.ts";
import { compareRows } from "../../../src/calls/pair_again.ts";
import { pairAgain } from "../../../src/calls/stretches.ts";
import { STREAMED_ROWS, type StreamedRow } from "../../../src/calls/stream/streamed_call.ts";
import { CallFollower } from "../../../src/live/call_follower.ts";
import { isCallEvent, type Sample } from "../../../src/row/sample.ts";
import { isSubagentRun } from "../../../src/row/tool_name.ts";
import { assertEquals } from "../../std/std_assert.ts";
import { piecesOf, randomCuts, randomLog } from "../../kit/random_logs.ts";
import { call, end, membersOf, start } from "../../kit/samples.ts";

/** The durations of the calls that each batch ends. */
function told(...batches: (readonly Sample[])[]): (number | undefined)[][] {
  const follower = new CallFollower();
  return batches.map((batch) => follower.add(batch).map((each) => each.durationSeconds));
}

Deno.test("CallFollower: a call is told when its end comes, once", () => {
  const [first, last] = call("a", 1, 3);
  assertEquals(told([first!], [], [last!], [start(9)]), [[], [], [2], []]);
});

Deno.test("CallFollower: doubles of a call's rows tell nothing new, also earlier ones that come late", () => {
  const rows = call("a", 1, 3);
  assertEquals(told(rows, call("a", 1.01, 3.01), call("a", 0.99, 2.99)), [[2], [], []]);
});

Deno.test("CallFollower: a subagent's run is told at its stop, and not again when its launch returns", () => {
  assertEquals(
    told(
      [start(1, { toolName: "Agent", toolUseId: "l" })],
      [start(2, { toolName: "Agent", agentId: "x" })],
      [end(7, { toolName: "Agent", agentId: "x" })],
      [end(8, { toolName: "Agent", toolUseId: "l", durationMs: 7000 })],
    ),
    [[], [], [5], []],
  );
});

Deno.test("CallFollower: an agent that TaskStop ended is told when the client says so, once, as it is in a report", () => {
  const run = { toolName: "Agent", agentId: "x", agentType: "Explore" };
  const rows = [
    ...call("l", 1, 2, { toolName: "Agent", status: "background", durationMs: 50 }),
    start(1.5, run),
    ...call("stop", 6, 6.1, { toolName: "TaskStop" }),
    { ...end(7.5, { toolUseId: "l", status: "interrupted" }), event: "done" as const },
  ];
  const follower = new CallFollower();
  const agents = rows.flatMap((row) => follower.add([row])).filter(({ isRun }) => isRun);
  const known = toCalls(rows).filter(({ isRun }) => isRun);
  assertEquals(agents.map(membersOf), known.map(membersOf), "told when it is known to be over");
  assertEquals(known.map(({ status, durationSeconds }) => [status, durationSeconds]), [
    ["interrupted", 6],
  ]);
});

// Once it was the launch's, so that a resumed run was told twice (seed 848913289 of the test below, as of d9b15d4).
Deno.test("CallFollower: a run that only its stop tells of is its own agent's, not that of the agent that launched it", () => {
  const rows = [
    ...call("launch", 1, 1.5, { toolName: "Agent", agentId: "other", sessionId: undefined }),
    end(2, { toolName: "Agent", agentId: "sub", agentType: "Explore", sessionId: undefined }),
  ];
  assertEquals(toCalls(rows).map(({ agentId }) => agentId), ["sub"]);
  assertEquals(new CallFollower().add(rows).map(({ agentId }) => agentId), ["sub"]);
});

Deno.test("CallFollower: beside a call that still runs the CPU is shared", () => {
  const follower = new CallFollower();
  const calls = follower.add([start(1, { toolUseId: "long" }), ...call("short", 2, 3)]);
  assertEquals(calls.map(({ shared }) => shared), [true]);
});

Deno.test("CallFollower: a start is kept, however many calls end before it does", () => {
  const follower = new CallFollower();
  follower.add([start(0, { toolUseId: "long", sessionId: "other", pid: 7 })]);
  let count = 0;
  for (let index = 0; index < 3000; index++) {
    count += follower.add(call(`${index}`, index, index + 0.5)).length;
  }
  assertEquals(count, 3000);
  const [last] = follower.add([end(3001, { toolUseId: "long", sessionId: "other", pid: 7 })]);
  assertEquals(last?.durationSeconds, 3001);
});

Deno.test("CallFollower: tells what pairing all rows anew with each piece tells", () => {
  const options: CallOptions = { isAlive: (pid) => pid !== 200 };
  fc.assert(
    fc.property(randomLog, randomCuts, (rows, cuts) => {
      const follower = new CallFollower(options);
      const model = new PairingAnew(options);
      for (const piece of piecesOf(rows, cuts)) {
        assertEquals(follower.add(piece).map(tellable), model.add(piece).map(tellable));
      }
    }),
    { numRuns: 300 },
  );
});

/** All but whether its processes' figures are shared: their row comes after the call was told. */
function tellable(call: Call): Record<string, unknown> {
  return { ...membersOf(call), isPeakShared: undefined };
}

/** What a `CallFollower` is to tell, told in the simplest way. */
class PairingAnew {
  #samples: Sample[] = [];
  #told = new Set<unknown>();
  readonly #nameOfEnd = new Map<Sample, unknown>();

  constructor(private readonly options: CallOptions) {}

  add(samples: readonly Sample[]): Call[] {
    this.#samples.push(...samples);
    this.#nameEnds();
    const calls = toCalls(this.#samples, this.options);
    const running = calls.filter((call) => call.status === "running" && !call.isRun);
    const ended = calls.filter((call) => hasEnded(call) && this.#isNew(call, calls));
    for (const call of ended) {
      if (running.some((other) => overlaps(call, other))) call.shared = true;
    }
    return ended.sort((a, b) => (a.endTime ?? 0) - (b.endTime ?? 0));
  }

  #isNew(call: CallView, calls: readonly Call[]): boolean {
    const names = this.#namesOf(call, calls);
    const isNew = !names.some((name) => this.#told.has(name));
    for (const name of names) this.#told.add(name);
    return isNew;
  }

  /** What a call is known again by; a run that ended with its launch by that of the launch, too. */
  #namesOf(call: CallView, calls: readonly Call[]): unknown[] {
    const { end, rows, sessionId } = call;
    if (call.isRun) {
      const runs = calls.filter((other) =>
        other.isRun && other.sessionId === sessionId && other.agentId === call.agentId
      ).sort((a, b) => this.#placeOf(a) - this.#placeOf(b));
      const run = [sessionId, call.agentId, runs.indexOf(call)].join();
      const isOwn = (row: Sample | undefined): boolean =>
        row === undefined || row.event === "done" || isSubagentRun(row);
      const isWhole = [call.start, end].every(isOwn);
      const launch = rows.find((row) => row.event === "end" && !isSubagentRun(row));
      return isWhole || launch === undefined ? [run] : [run, this.#nameOfEnd.get(launch) ?? launch];
    }
    return [end && (this.#nameOfEnd.get(end) ?? end)];
  }

  /**
   * Gives the ends of one call with an id a name in common. A call keeps its name where its rows are
   * paired otherwise later, as long as it has one of its ends.
   */
  #nameEnds(): void {
    const rows = this.#samples
      .filter(({ event, toolUseId }) => toolUseId !== undefined && isCallEvent(event))
      .map((sample, place): StreamedRow => ({ sample, place, process: 0 }));
    for (const group of Map.groupBy(rows, ({ sample }) => nameOf(sample)).values()) {
      group.sort((a, b) => compareRows(a, b, STREAMED_ROWS) || a.place - b.place);
      const { callOf, starts } = pairAgain(group, STREAMED_ROWS);
      const names: unknown[] = starts.map(() => undefined);
      group.forEach(({ sample }, place) => {
        const name = this.#nameOfEnd.get(sample);
        if (name !== undefined && !names.includes(name)) names[callOf[place]!] ??= name;
      });
      group.forEach(({ sample }, place) => {
        if (sample.event === "end") {
          this.#nameOfEnd.set(sample, names[callOf[place]!] ??= Symbol(nameOf(sample)));
        }
      });
    }
  }

  #placeOf({ start, end }: Call): number {
    return this.#samples.findIndex((row) => isSubagentRun(row) && (row === start || row === end));
  }
}

function overlaps(ended: Call, running: Call): boolean {
  return !ended.isRun && ended.start?.pid !== undefined && ended.start.pid === running.start?.pid &&
    (running.startTime ?? Infinity) < (ended.endTime ?? 0);
}
