import { type Figure, figuresText, isOff } from "../../../src/commands/doctor/figures_text.ts";
import { assertEquals } from "../../std/std_assert.ts";

const MIB = 1 << 20;
const figure = (rest: Partial<Figure>): Figure => ({
  ...{ name: "CPU", unit: "seconds", measured: 1.1, truth: 1 },
  ...rest,
});

Deno.test("a figure is off where a tenth and more than what is around it lies between it and the truth", () => {
  assertEquals(isOff(figure({ measured: 1.09 })), false);
  assertEquals(isOff(figure({ measured: 1.2 })), true);
  assertEquals(isOff(figure({ measured: 0.8 })), true);
  assertEquals(isOff(figure({ measured: 0.1, truth: 0.05 })), false);
  assertEquals(isOff(figure({ unit: "bytes", measured: 20 * MIB, truth: 10 * MIB })), false);
  assertEquals(isOff(figure({ unit: "bytes", measured: 200 * MIB, truth: 100 * MIB })), true);
  assertEquals(isOff(figure({ measured: undefined })), false);
  assertEquals(isOff(figure({ truth: undefined })), false);
});

Deno.test("figures stand beside the truth with their error, and what is not known says so", () => {
  const read = { name: "Read", unit: "bytes", measured: undefined, truth: 64 * MIB };
  assertEquals(figuresText([figure({}), read], false).split("\n"), [
    "FIGURE  PERFMON   TRUTH   ERROR",
    "CPU        1.1s    1.0s  +10.0%",
    "Read          –  64 MiB       –",
    "",
    "– not to be had here",
    "",
  ]);
});
