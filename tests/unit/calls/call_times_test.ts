/** Which calls of a stream are abandoned or shared: the same as of all rows at once. */
import fc from "fast-check";
import { CallStream } from "../../../src/calls/stream/call_stream.ts";
import { CallTimes } from "../../../src/calls/stream/call_times.ts";
import { compareCalls } from "../../../src/calls/stream/streamed_call.ts";
import { toCalls } from "../../../src/calls/to_calls.ts";
import { assertEquals } from "../../std/std_assert.ts";
import { piecesOf, randomCuts, randomLog } from "../../kit/random_logs.ts";

Deno.test("CallTimes: after each piece the same calls are abandoned, and shared, as of all rows so far", () => {
  fc.assert(
    fc.property(randomLog, randomCuts, (rows, cuts) => {
      const stream = new CallStream();
      const times = new CallTimes();
      let read = 0;
      for (const piece of piecesOf(rows, cuts)) {
        times.update(stream.add(piece));
        const found = stream.calls().sort(compareCalls)
          .map((call) => [times.isAbandoned(call), times.isShared(call)]);
        read += piece.length;
        const expected = toCalls(rows.slice(0, read))
          .map(({ status, shared }) => [status === "abandoned", shared]);
        assertEquals(found, expected);
      }
    }),
    { numRuns: 300 },
  );
});
