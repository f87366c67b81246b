import { makePlan } from "../../../tools/tiers.ts";
import { assertEquals } from "../../std/std_assert.ts";

/** The plan of a command line: paths by tier, options, and whether it is for all tests. */
function plan(line: string): [Record<string, readonly string[]>, readonly string[], boolean] {
  const { runs, options, isAll } = makePlan(line.split(" ").filter(Boolean));
  return [Object.fromEntries(runs.map(({ tier, paths }) => [tier.name, paths])), options, isAll];
}

Deno.test("makePlan: all tiers unless told, and options for deno test", () => {
  const all = { unit: ["tests/unit/"], binary: ["tests/binary/"], slow: ["tests/slow/"] };
  assertEquals(plan(""), [all, [], true]);
  assertEquals(plan("-u --filter unit"), [all, ["-u", "--filter", "unit"], true]);
  assertEquals(plan("unit -- binary"), [{ unit: ["tests/unit/"] }, ["--", "binary"], false]);
  assertEquals(plan("slow unit")[0], { unit: ["tests/unit/"], slow: ["tests/slow/"] });
});

Deno.test("makePlan: a path runs as its tier does, any other with the last one", () => {
  assertEquals(plan("tests/unit/row ./tests/binary tests/unit/calls/call_test.ts"), [
    { unit: ["tests/unit/row", "tests/unit/calls/call_test.ts"], binary: ["./tests/binary"] },
    [],
    false,
  ]);
  assertEquals(plan("tests/unitary/x_test.ts /tmp/y_test.ts")[0], {
    slow: ["tests/unitary/x_test.ts", "/tmp/y_test.ts"],
  });
});
