/** Which processes are whose, of calls side by side; and when they are looked at next. */
import { nextLook } from "../../../src/record/sample/next_look.ts";
import { ownGroups } from "../../../src/record/sample/own_groups.ts";
import { CallStream } from "../../../src/calls/stream/call_stream.ts";
import type { StreamedCall } from "../../../src/calls/stream/streamed_call.ts";
import { ProcessGroup } from "../../../src/sampler/watch/process_group.ts";
import type { Sample } from "../../../src/row/sample.ts";
import { assertEquals } from "../../std/std_assert.ts";
import { end, start } from "../../kit/samples.ts";

const NONE = { highWaterMark: () => 0, proportionalSet: () => undefined };
const MOMENT = { boot: 1000, hasCommands: true };

/** A group that began at a time of the epoch, whose shell was last seen alive, and then gone. */
function group(leader: number, since: number, command: string, ended?: number): ProcessGroup {
  const made = new ProcessGroup({ leader, since: since - 1000, client: 100, command });
  made.take((ended ?? since + 50) - 1000 - 0.05, [{ pid: leader, command: "bash", rss: 1 }], NONE);
  if (ended !== undefined) made.take(ended - 1000 + 0.02, [], NONE);
  return made;
}

function callOf(rows: readonly Sample[]): StreamedCall {
  const stream = new CallStream();
  stream.add(rows);
  return stream.calls()[0]!;
}

const call = (from: number, to: number, rest: Partial<Sample> = {}): StreamedCall =>
  callOf([
    start(from, { toolUseId: "a", command: "make", ...rest }),
    end(to, { toolUseId: "a", command: "make", ...rest }),
  ]);

const leaders = (groups: ProcessGroup[]): number[] => groups.map(({ origin }) => origin.leader);

Deno.test("of calls side by side a group is that of the same client and command, in the call's time", () => {
  const groups = [
    ...[group(1, 2000, "make", 2003), group(2, 2000, "npm test", 2003)],
    ...[group(3, 1990, "make", 2003), group(4, 2004, "make", 2006)],
  ];
  assertEquals(leaders(ownGroups(call(2000.02, 2003.01), groups, MOMENT)), [1]);
  assertEquals(ownGroups(call(2000.02, 2003.01, { pid: 7 }), groups, MOMENT), []);
  assertEquals(
    leaders(ownGroups(call(2000.02, 2003.01), groups, { ...MOMENT, hasCommands: false })),
    [1, 2],
  );
});

Deno.test("equal commands are told apart by when their shells ended, and where that is the same by nothing", () => {
  const apart = [
    group(1, 2000, "make", 2001),
    group(2, 2000, "make", 2003),
    group(3, 2000, "make"),
  ];
  assertEquals(leaders(ownGroups(call(2000, 2003.01), apart, MOMENT)), [2]);
  const together = [group(1, 2000, "make", 2003), group(2, 2000, "make", 2003)];
  assertEquals(leaders(ownGroups(call(2000, 2003.01), together, MOMENT)), [1, 2]);
});

Deno.test("the shell of a call that went to the background may live", () => {
  const groups = [group(1, 2000, "make")];
  assertEquals(leaders(ownGroups(call(2000, 2000.1, { status: "background" }), groups, MOMENT)), [
    1,
  ]);
  assertEquals(ownGroups(call(2000, 2000.1), groups, MOMENT), []);
});

Deno.test("when the clock jumps while a call runs its processes are found, or none are; never another's", () => {
  const own = [group(1, 2000, "make", 2003), group(2, 1000, "make", 1003)];
  const hour = 3600;
  // What is to be taken from the new time to get the time since boot grows with it.
  const forward = ownGroups(call(2000, 2003 + hour), own, { ...MOMENT, boot: 1000 + hour });
  assertEquals(leaders(forward), [1]);
  const back = ownGroups(call(2000, 2003 - hour), own, { ...MOMENT, boot: 1000 - hour });
  assertEquals(back, []);
});

Deno.test("of 100 calls at once each has its own group", () => {
  const places = Array.from({ length: 100 }, (_, place) => place);
  const groups = places.map((place) => group(place + 1, 2000, `make ${place}`, 2003));
  const found = places.map((place) => {
    const own = call(2000.02, 2003.01, { command: `make ${place}` });
    return leaders(ownGroups(own, groups, MOMENT));
  });
  assertEquals(found, places.map((place) => [place + 1]));
});

Deno.test("looks are 50, 100 and 250 ms apart, and never take more than their share", () => {
  assertEquals([0.2, 2, 60, Infinity].map((age) => nextLook(1, age)), [50, 100, 250, 1000]);
  assertEquals([0.2, 2, 60].map((age) => nextLook(15, age)), [300, 300, 750]);
});
