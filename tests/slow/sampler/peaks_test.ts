/** What the sampler says of calls, beside what each program knows of itself: its own VmHWM at its end. */
import { assert, assertAlmostEquals, assertEquals } from "../../std/std_assert.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { testWith } from "../../kit/tools.ts";
import { WatchedCalls } from "./watched_calls.ts";

/** Holds so many MiB for so many seconds, and prints the most that it held, KiB. */
const HOLD = `
import resource, sys, time
buffer = bytearray(int(sys.argv[1]) << 20)
buffer[::4096] = b"x" * len(buffer[::4096])
for name in sys.argv[3:]:
    open(name, "w").close()
time.sleep(float(sys.argv[2]))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
`;

/** Has six forks share one buffer of so many MiB. */
const SHARE = `
import os, sys, time
buffer = bytearray(int(sys.argv[1]) << 20)
buffer[::4096] = b"x" * len(buffer[::4096])
for _ in range(6):
    if os.fork() == 0:
        sum(buffer[::4096])
        time.sleep(1)
        os._exit(0)
time.sleep(1)
`;
import { inQuietMoment } from "../../kit/waits.ts";

/** Calls of a log with these programs beside it; ends the sampler when all is done. */
async function withCalls(use: (calls: WatchedCalls) => Promise<void>): Promise<void> {
  using folder = temporaryFolder();
  Deno.writeTextFileSync(`${folder.path}/hold.py`, HOLD);
  Deno.writeTextFileSync(`${folder.path}/share.py`, SHARE);
  const calls = new WatchedCalls(folder.path);
  try {
    await use(calls);
  } finally {
    await calls.end();
  }
}

function assertWithin(actual: string | undefined, expected: number, part: number): void {
  assertAlmostEquals(Number(actual), expected, part * expected);
}

testWith(
  "python3",
  "a program's memory at its peak is what it knows of itself",
  inQuietMoment(async () => {
    await withCalls(async (calls) => {
      const held = Number(await calls.run("a", "python3 hold.py 200 0.6"));
      const { peak_rss, peak_pss, peak_process, process_seconds, command } = await calls.peak("a");
      assertWithin(peak_rss, held, 0.05);
      assertWithin(peak_pss, held, 0.05);
      assertEquals([peak_process, command], ["python3", "python3"]);
      assert(Number(process_seconds) > 0.4, process_seconds);
    });
  }),
);

testWith(
  "python3",
  "of programs side by side in one call the memory is summed, of shared pages once in PSS",
  inQuietMoment(async () => {
    await withCalls(async (calls) => {
      const held = (await calls.run("a", "for i in 1 2 3 4; do python3 hold.py 50 1 & done; wait"))
        .trim().split("\n").map(Number);
      const sum = held.reduce((all, each) => all + each, 0);
      const side = await calls.peak("a");
      // Each interpreter's own shared pages are in each RSS.
      assertWithin(side["peak_rss"], sum, 0.06);
      assert(Number(side["peak_processes"]) >= 5, side["peak_processes"]);
      await calls.run("b", "python3 share.py 100");
      const { peak_rss, peak_pss } = await calls.peak("b");
      assert(Number(peak_rss) > 6 * 100 * 1024, peak_rss);
      assertWithin(peak_pss, 100 * 1024, 0.3);
    });
  }),
);

testWith(
  "python3",
  "a process that was orphaned is its call's still",
  inQuietMoment(async () => {
    await withCalls(async (calls) => {
      const wait = "while ! [ -e held ]; do sleep 0.1; done; sleep 1";
      await calls.run("a", `(python3 hold.py 100 3 held >/dev/null &); ${wait}`);
      assertWithin((await calls.peak("a"))["peak_rss"], 110 * 1024, 0.1);
    });
  }),
);

testWith(
  "python3",
  "calls side by side have each their own peak where they end apart, or run other commands",
  inQuietMoment(async () => {
    await withCalls(async (calls) => {
      const sizes = [100, 200, 300, 400];
      const held = await Promise.all(
        sizes.map((size, place) =>
          calls.run(`${size}`, `python3 hold.py ${size} ${0.5 + place / 2}`)
        ),
      );
      for (const [place, size] of sizes.entries()) {
        assertWithin((await calls.peak(`${size}`))["peak_rss"], Number(held[place]), 0.05);
      }
    });
  }),
);

testWith(
  "python3",
  "work in the background has a second peak, of all of it",
  inQuietMoment(async () => {
    await withCalls(async (calls) => {
      const command = "python3 hold.py 20 0.5; python3 hold.py 120 0.6";
      await calls.rec("start", "a", command);
      const shell = calls.shell(command).spawn();
      await calls.rec("end", "a", command, { tool_response: { backgroundTaskId: "b1" } });
      const first = await calls.peak("a");
      assertEquals(first["status"], "background");
      await shell.output();
      const { status, peak_rss } = await calls.peak("a", 2);
      assertEquals(status, "");
      assertWithin(peak_rss, 130 * 1024, 0.1);
    });
  }),
);
