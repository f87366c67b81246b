import fc from "fast-check";
import { toCalls } from "../../../src/calls/to_calls.ts";
import { LiveCalls } from "../../../src/live/live_calls.ts";
import { Trails } from "../../../src/commands/top/trail.ts";
import { assert, assertEquals } from "../../std/std_assert.ts";
import { call, end, membersOf, start } from "../../kit/samples.ts";
import { piecesOf, randomCuts, randomLog } from "../../kit/random_logs.ts";

const ids = (live: LiveCalls): (string | undefined)[] =>
  live.list().calls.map(({ start }) => start?.toolUseId);

Deno.test("LiveCalls: the list is the same until something changes", () => {
  let isAlive = true;
  const live = new LiveCalls(0, () => isAlive);
  live.add([start(1, { toolUseId: "a" })]);
  const list = live.list();
  assertEquals(list.calls.map(({ status }) => status), ["running"]);
  live.add([]);
  assert(live.list() === list);
  isAlive = false; // no row tells of that
  assertEquals(live.list().calls.map(({ status }) => status), ["abandoned"]);
  live.add([end(2, { toolUseId: "a" })]);
  assertEquals(live.list().calls.map(({ status }) => status), ["ok"]);
});

Deno.test("LiveCalls: of a long log it keeps what began or ended since, runs, or launches a subagent", () => {
  const live = new LiveCalls(100_000, () => true);
  live.add([
    start(1, { toolUseId: "runs", sessionId: "other", pid: 7 }),
    ...call("ends late", 2, 100_001, { sessionId: "third" }),
    ...call("launch", 3, 4, { toolName: "Agent" }),
  ]);
  for (let time = 10; time < 30_010; time++) live.add(call(`old${time}`, time, time + 0.5));
  live.add(call("new", 100_002, 100_003));
  const kept = ids(live);
  for (const id of ["runs", "ends late", "launch", "new"]) assert(kept.includes(id), id);
  assert(kept.length < 15_000, `${kept.length} calls`);
  assertEquals(live.clients().map(({ pid, toolUseId }) => [pid, toolUseId]), [[7, "runs"], [
    100,
    "new",
  ]]);
});

Deno.test("LiveCalls: without a beginning it keeps all calls", () => {
  const live = new LiveCalls(undefined, () => true);
  for (let time = 0; time < 12_000; time++) live.add(call(`id${time}`, time, time + 0.5));
  assertEquals(live.list().size, 12_000);
});

Deno.test("LiveCalls: whatever the pieces, and whenever asked, the calls are those of all rows at once", () => {
  const isAlive = (pid: number): boolean => pid !== 200;
  fc.assert(
    fc.property(randomLog, randomCuts, (rows, cuts) => {
      const live = new LiveCalls(undefined, isAlive);
      for (const [index, piece] of piecesOf(rows, cuts).entries()) {
        live.add(piece);
        if (index % 3 === 0) live.list();
      }
      assertEquals(live.list().calls.map(membersOf), toCalls(rows, { isAlive }).map(membersOf));
    }),
    { numRuns: 300 },
  );
});

Deno.test("LiveCalls: a client is forgotten when it has ended", () => {
  const alive = new Set([100, 200]);
  const live = new LiveCalls(0, (pid) => alive.has(pid));
  live.add([start(1, {}), start(2, { pid: 200 }), start(3, { pid: undefined })]);
  assertEquals(live.clients().map(({ pid }) => pid), [100, 200]);
  alive.delete(100);
  assertEquals(live.clients().map(({ pid }) => pid), [200]);
});

Deno.test("Trails: the newest figures of each, and none of what is gone", () => {
  const trails = new Trails(3);
  for (let figure = 1; figure <= 5; figure++) trails.push(new Map([["a", figure], ["b", 0]]));
  assertEquals([trails.get("a"), trails.get("b"), trails.get("c")], [[3, 4, 5], [0, 0, 0], []]);
  trails.push(new Map([["b", 1]]));
  trails.push(new Map([["a", 9], ["b", 1]]));
  assertEquals([trails.get("a"), trails.get("b")], [[9], [0, 1, 1]]);
});
