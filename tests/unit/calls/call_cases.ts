/** A table of cases for the calls that samples make. */
import { type Call } from "../../../src/calls/call.ts";
import type { Sample } from "../../../src/row/sample.ts";
import { assert, assertAlmostEquals, assertEquals } from "../../std/std_assert.ts";
import { type CallOptions, toCalls } from "../../../src/calls/to_calls.ts";

export interface Case {
  /** The behaviour that the case protects. */
  readonly name: string;
  readonly samples: readonly Sample[];
  readonly options?: CallOptions;
  /** One a call, in order of time: what must be so of it; numbers to the microsecond. */
  readonly calls: readonly Partial<Call>[];
}

/** Registers one test a case. */
export function testCases(cases: readonly Case[]): void {
  for (const each of cases) {
    Deno.test(`toCalls: ${each.name}`, () => {
      const calls = toCalls(each.samples, each.options);
      assertEquals(calls.length, each.calls.length, describe(calls));
      each.calls.forEach((expected, index) => expectCall(calls[index], expected));
    });
  }
}

function expectCall(actual: Call | undefined, expected: Partial<Call>): void {
  assert(actual !== undefined);
  for (const [key, value] of Object.entries(expected)) {
    const found: unknown = actual[key as keyof Call];
    if (typeof value !== "number") assertEquals(found, value, `${key} of ${describe([actual])}`);
    else assertAlmostEquals(Number(found), value, 1e-6, `${key} of ${describe([actual])}`);
  }
}

function describe(calls: readonly Call[]): string {
  return JSON.stringify(calls);
}
