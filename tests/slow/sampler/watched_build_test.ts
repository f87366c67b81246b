/** A build as a call, beside a second sampler that looks at its processes as often as it can. */
import { assert, assertEquals } from "../../std/std_assert.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { SessionPeaks } from "./session_peaks.ts";
import { testWith } from "../../kit/tools.ts";
import { WatchedCalls } from "./watched_calls.ts";
import { inQuietMoment } from "../../kit/waits.ts";

const FILES = 200;

/** A source file that keeps the compiler busy for a while; the last one for longer, with more memory. */
function source(place: number): string {
  const functions = place === FILES - 1 ? 3000 : 3;
  return Array.from(
    { length: functions },
    (_, each) =>
      `int f${place}_${each}(int a, int b) { for (int i = 0; i < a; i++) b += i * ${each} ^ b >> 3; return b; }\n`,
  ).join("");
}

testWith(
  ["make", "cc"],
  "of a build of 200 files the peak is that of a sampler which looks each millisecond",
  inQuietMoment(async () => {
    using folder = temporaryFolder();
    const { path } = folder;
    const names = Array.from({ length: FILES }, (_, place) => `f${place}`);
    for (const [place, name] of names.entries()) {
      Deno.writeTextFileSync(`${path}/${name}.c`, source(place));
    }
    Deno.writeTextFileSync(
      `${path}/Makefile`,
      `all: ${names.map((name) => `${name}.o`).join(" ")}\n%.o: %.c\n\t@cc -O0 -c $< -o $@\n`,
    );
    const truth = new SessionPeaks(Deno.pid, path);
    const calls = new WatchedCalls(path);
    try {
      await calls.rec("start", "a", "make -j2");
      const shell = calls.shell("make -j2").spawn();
      await shell.output();
      await calls.rec("end", "a", "make -j2");
      const { rss: most = 0 } = (await truth.end()).get(shell.pid) ?? {};
      const { peak_rss, peak_pss, peak_process, peak_processes } = await calls.peak("a");
      assert(Number(peak_pss) <= Number(peak_rss), `${peak_pss} of ${peak_rss}`);
      assert(
        Number(peak_rss) > 0.95 * most && Number(peak_rss) < 1.05 * most,
        `${peak_rss} of ${most}`,
      );
      assertEquals(peak_process, "cc1");
      assert(Number(peak_processes) >= 4, peak_processes);
    } finally {
      await calls.end();
    }
  }),
);
