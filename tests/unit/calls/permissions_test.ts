import fc from "fast-check";
import { callsAskedFor } from "../../../src/calls/prompts/permissions.ts";
import type { TimedCall } from "../../../src/calls/prompts/timed_call.ts";
import type { Sample } from "../../../src/row/sample.ts";
import { start } from "../../kit/samples.ts";
import { assert, assertEquals } from "../../std/std_assert.ts";

function timedCall(index: number, rest: Partial<TimedCall>): TimedCall {
  const begin = rest.start ?? 0;
  return {
    ...{ index, toolName: "Bash", agentId: undefined, command: undefined, start: begin },
    ...{ run: begin, end: NaN, kind: "tool", isImported: false, outputBytes: NaN },
    ...{ startPid: NaN, startCpu: NaN, endPid: NaN, endCpu: NaN },
    ...rest,
  };
}

const quarters = (most: number): fc.Arbitrary<number> => fc.nat(most * 4).map((each) => each / 4);
const agent = fc.constantFrom(undefined, undefined, "sub");
const tool = fc.constantFrom("Bash", "Bash", "Write");

/** Calls side by side, some of which never end, and wait for longer than the person is taken to. */
const calls = fc.array(
  fc.record({
    start: quarters(400),
    gate: fc.oneof(quarters(5), quarters(400)),
    seconds: fc.oneof(quarters(20), fc.constant(NaN)),
    toolName: tool,
    agentId: agent,
  }),
  { maxLength: 30, size: "max" },
).map((all) =>
  all.sort((a, b) => a.start - b.start).map(({ gate, seconds, ...call }, index) => {
    const isOpen = Number.isNaN(seconds);
    const run = isOpen ? call.start : call.start + gate;
    return timedCall(index, { ...call, run, end: isOpen ? NaN : run + seconds });
  })
);

const requests = fc.array(
  fc.record({ timestamp: quarters(500), toolName: tool, agentId: agent }),
  { maxLength: 30, size: "max" },
).map((all) =>
  all.map((row) => start(row.timestamp, row)).sort((a, b) => a.timestamp - b.timestamp)
);

/** What the description says, word by word, for each request looking through all calls. */
function askedByTheWord(requests: readonly Sample[], calls: readonly TimedCall[]): unknown[] {
  const taken = new Set<TimedCall>();
  return requests.map(({ timestamp: time, toolName, agentId }) => {
    const near = calls.filter((call) =>
      call.toolName === toolName && call.agentId === agentId && !taken.has(call) &&
      call.start >= time - 300 && call.start <= time + 2
    );
    const call = near.find(({ run, end }) => run >= time - 0.05 && end >= time) ??
      near.findLast(({ end }) => Number.isNaN(end));
    if (call !== undefined) taken.add(call);
    return call?.index;
  });
}

Deno.test("a request is of the first call of its agent and tool that was requested and did not run yet", () => {
  let found = 0;
  fc.assert(
    fc.property(requests, calls, (requests, calls) => {
      const asked = callsAskedFor(requests, calls).map((call) => call?.index);
      assertEquals(asked, askedByTheWord(requests, calls));
      found += asked.filter((call) => call !== undefined).length;
    }),
    { numRuns: 500 },
  );
  assert(found > 500, `${found} calls`);
});
