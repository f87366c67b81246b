/** A build as a call, beside a second sampler that looks at its processes as often as it can. */
import { assert, assertEquals } from "../../std/std_assert.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { testWith } from "../../kit/tools.ts";
import { WatchedCalls } from "./watched_calls.ts";
import { inQuietMoment } from "../../kit/waits.ts";

const FILES = 200;

/**
 * Sums, each millisecond, the resident sets of all processes of a session until its leader ends; prints the highest
 * sum, KiB.
 */
const TRUTH = `
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>
static double now(void) { struct timespec t; clock_gettime(CLOCK_MONOTONIC, &t); return t.tv_sec + t.tv_nsec / 1e9; }
int main(int argc, char **argv) {
  int leader = atoi(argv[1]); long page = sysconf(_SC_PAGESIZE) / 1024, most = 0;
  for (int found = 1; found; usleep(1000)) {
    long sum = 0; found = 0;
    DIR *proc = opendir("/proc");
    for (struct dirent *each; (each = readdir(proc));) {
      int pid = atoi(each->d_name), session = 0; char name[64], state; long rss = 0;
      if (pid == 0) continue;
      snprintf(name, sizeof name, "/proc/%d/stat", pid);
      FILE *stat = fopen(name, "r");
      if (!stat) continue;
      if (fscanf(stat, "%*d (%*[^)]) %c %*d %*d %d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d %*d %*d %*u %*u %ld",
          &state, &session, &rss) == 3 && session == leader && state != 'Z') { sum += rss * page; found |= pid == leader; }
      fclose(stat);
    }
    closedir(proc);
    if (sum > most) most = sum;
  }
  printf("%ld\\n", most);
}
`;

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
    Deno.writeTextFileSync(`${path}/truth.c`, TRUTH);
    Deno.writeTextFileSync(
      `${path}/Makefile`,
      `all: ${names.map((name) => `${name}.o`).join(" ")}\n%.o: %.c\n\t@cc -O0 -c $< -o $@\n`,
    );
    await new Deno.Command("cc", { args: ["-o", `${path}/truth`, `${path}/truth.c`] }).output();
    const calls = new WatchedCalls(path);
    try {
      await calls.rec("start", "a", "make -j2");
      const shell = calls.shell("make -j2").spawn();
      const truth = new Deno.Command(`${path}/truth`, { args: [String(shell.pid)] }).output();
      await shell.output();
      await calls.rec("end", "a", "make -j2");
      const most = Number(new TextDecoder().decode((await truth).stdout));
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
