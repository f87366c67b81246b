import { Processes } from "../../../src/calls/processes.ts";
import { assertEquals } from "../../std/std_assert.ts";

Deno.test("a process is its pid and its start, which may move by a little, and so by more in time", () => {
  const processes = new Processes();
  const numbers = [[7, 100], [7, 101.5], [7, 103], [7, 104.9], [7, 100], [8, 104.9], [7, 104.9]]
    .map(([pid = 0, start = 0]) => processes.of(pid, start));
  assertEquals(numbers, [1, 1, 1, 1, 2, 3, 1]);
});

Deno.test("without a start a pid is one process, and without a pid there is none", () => {
  const processes = new Processes();
  assertEquals(
    [[NaN, 5], [7, NaN], [7, 5], [7, NaN]].map(([pid = 0, start = 0]) => processes.of(pid, start)),
    [0, 1, 2, 1],
  );
});

Deno.test("of several processes of a pid that began at about that time it is the first", () => {
  const processes = new Processes();
  assertEquals([100, 103, 101.5].map((start) => processes.of(7, start)), [1, 2, 1]);
});
