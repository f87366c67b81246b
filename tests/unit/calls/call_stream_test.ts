/** The calls of rows that come in pieces: those that all rows together make. */
import fc from "fast-check";
import type { Call } from "../../../src/calls/call.ts";
import { CallStream } from "../../../src/calls/stream/call_stream.ts";
import { compareCalls, type StreamedCall } from "../../../src/calls/stream/streamed_call.ts";
import { streamedTable } from "../../../src/calls/stream/streamed_table.ts";
import { markCalls, toCalls } from "../../../src/calls/to_calls.ts";
import { assert, assertEquals } from "../../std/std_assert.ts";
import { piecesOf, randomCuts, randomLog } from "../../kit/random_logs.ts";
import { membersOf } from "../../kit/samples.ts";

Deno.test("CallStream: whatever the pieces, the calls are those of all rows at once", () => {
  fc.assert(
    fc.property(randomLog, randomCuts, (rows, cuts) => {
      const stream = new CallStream();
      for (const piece of piecesOf(rows, cuts)) stream.add(piece);
      assertEquals(callsOf(stream).map(membersOf), toCalls(rows).map(membersOf));
    }),
    { numRuns: 1000 },
  );
});

Deno.test("CallStream: it says which calls began, ended or changed", () => {
  fc.assert(
    fc.property(randomLog, randomCuts, (rows, cuts) => {
      const stream = new CallStream();
      let before = new Map<StreamedCall, string>();
      for (const piece of piecesOf(rows, cuts)) {
        const changed = stream.add(piece);
        const now = new Map(stream.calls().map((call) => [call, membersOfStreamed(call)]));
        for (const [call, members] of now) {
          assert(changed.has(call) || before.get(call) === members);
        }
        for (const call of changed) assert(now.has(call) || !call.isThere);
        before = now;
      }
    }),
    { numRuns: 1000 },
  );
});

/** All calls of a stream, in order of time. */
function callsOf(stream: CallStream): Call[] {
  const table = streamedTable(stream.calls().sort(compareCalls));
  markCalls(table);
  return Array.from({ length: table.size }, (_, index) => table.call(index));
}

function membersOfStreamed({ start, end, approximate, launch, done }: StreamedCall): string {
  const rows = [start, end, launch?.start, launch?.end, done, launch?.done].map((row) =>
    row?.place
  );
  return JSON.stringify([rows, approximate]);
}
