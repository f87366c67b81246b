import { generator } from "../../../examples/sample_log.ts";
import { quantileIfEnough } from "../../../src/stats/quantiles.ts";
import { quantileOf } from "../../../src/stats/select.ts";
import { assertEquals } from "../../std/std_assert.ts";

Deno.test("quantiles found by selecting are those of sorted values", () => {
  const random = generator(3);
  for (const size of [1, 2, 3, 20, 101, 5000]) {
    const values = Float64Array.from({ length: size }, () => Math.floor(random() * size) / 7);
    const sorted = values.toSorted();
    for (const p of [0.5, 0.95, 0, 1, 0.99]) {
      assertEquals(quantileOf(values, p), quantileIfEnough(sorted, p), `p${p} of ${size}`);
    }
  }
});
