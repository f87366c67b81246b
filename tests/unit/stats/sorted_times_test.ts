import { SortedTimes } from "../../../src/stats/sorted_times.ts";
import { assertEquals } from "../../std/std_assert.ts";

Deno.test("SortedTimes: the neighbours of a time, as a look through all of them finds them", () => {
  let seed = 7;
  const random = (below: number): number => (seed = seed * 48271 % 2147483647) % below;
  for (let round = 0; round < 300; round++) {
    const times = Array.from({ length: random(12) }, () => random(9) === 0 ? NaN : random(8));
    const sorted = new SortedTimes(times);
    for (let time = -1; time < 9; time++) {
      assertEquals(sorted.after(time), Math.min(...times.filter((each) => each > time)));
      assertEquals(sorted.before(time), Math.max(...times.filter((each) => each < time)));
      const own = times.findIndex((each) => each > time);
      const others = times.filter((each, place) => place !== own && each > time);
      assertEquals(sorted.after(time, times[own]), Math.min(...others), `${times} ${time}`);
    }
  }
});
