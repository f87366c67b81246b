/** Short forms for samples, and a table of cases for the calls that they make. */
import { type Call } from "../../../src/calls/call.ts";
import type { Sample } from "../../../src/row/sample.ts";
import { assert, assertAlmostEquals, assertEquals } from "../../std/std_assert.ts";
import { type CallOptions, toCalls } from "../../../src/calls/to_calls.ts";

/** A start row of Bash in session `s` of process 100, `time` seconds after the epoch. */
export function start(time: number, rest: Partial<Sample> = {}): Sample {
  return {
    timestamp: time,
    event: "start",
    toolName: "Bash",
    sessionId: "s",
    pid: 100,
    processStart: 1,
    ...rest,
  };
}

/** As `start`, an end row with status `ok`. */
export function end(time: number, rest: Partial<Sample> = {}): Sample {
  return { ...start(time, { status: "ok", ...rest }), event: "end" };
}

/** The start and the end of one call with an id. */
export function call(id: string, from: number, to: number, rest: Partial<Sample> = {}): Sample[] {
  return [start(from, { ...rest, toolUseId: id }), end(to, { ...rest, toolUseId: id })];
}

/** What a row of the seed's shell hooks knows. */
export function seedRow(time: number, event: "start" | "end", toolName = "unknown"): Sample {
  return { timestamp: time, event, toolName, cpuPercent: 12.5, memoryRss: 256_780 };
}

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
