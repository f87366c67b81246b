import { wholePercents } from "../../../src/stats/whole_percents.ts";
import { assertEquals } from "../../std/std_assert.ts";

Deno.test("whole per cents come to 100: the largest remainders are rounded up", () => {
  assertEquals(wholePercents([89.6, 5.5, 2.6, 2.3]), [90, 5, 3, 2]);
  assertEquals(wholePercents([1, 1, 1]), [34, 33, 33]);
  assertEquals(wholePercents([5, 0, 0]), [100, 0, 0]);
  assertEquals(wholePercents([0, 0]), [0, 0]);
  assertEquals(wholePercents([]), []);
});
