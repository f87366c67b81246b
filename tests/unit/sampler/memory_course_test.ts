import { MemoryCourse } from "../../../src/sampler/watch/memory_course.ts";
import { assert, assertEquals } from "../../std/std_assert.ts";

function course(...figures: readonly (readonly [moment: number, value: number])[]): number[] {
  const made = new MemoryCourse();
  for (const [moment, value] of figures) made.take(moment, value);
  return made.values;
}

Deno.test("a course has the highest figure of each quarter of a second since the first look", () => {
  assertEquals(course([100, 3], [100.1, 7], [100.2, 5], [100.3, 4], [100.5, 9]), [7, 4, 9]);
});

Deno.test("a course stands still while nobody looks, and when the clock goes back", () => {
  assertEquals(course([100, 3], [101, 8]), [3, 3, 3, 3, 8]);
  assertEquals(course([100, 3], [100.3, 2], [50, 4]), [3, 4]);
});

Deno.test("a course of days has no more figures than one of seconds, and its highest one still", () => {
  const made = new MemoryCourse();
  for (let second = 0; second < 3 * 86_400; second += 60) {
    made.take(1000 + second, second === 7200 ? 999 : 10);
    assert(made.values.length <= 32);
  }
  assert(made.values.length >= 16, made.values.join());
  assertEquals(made.values.filter((value) => value === 999).length, 1);
});
