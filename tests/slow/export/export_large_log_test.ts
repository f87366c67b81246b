import { assert, assertEquals } from "../../std/std_assert.ts";
import { HOUR_AGO } from "../../kit/log_files.ts";
import { binary } from "../../kit/perfmon.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { testWith } from "../../kit/tools.ts";

const PROC = { name: "/proc", found: (): boolean => Deno.build.os === "linux" };

testWith(PROC, "export: a log of 400 MB needs a fraction of that in memory", async () => {
  using folder = temporaryFolder();
  const file = `${folder.path}/performance.csv`;
  writeLargeLog(file);
  const child = new Deno.Command(binary, {
    args: ["export", "csv", "--layout", "basic", "--file", file],
    stdout: "piped",
  }).spawn();
  let lines = 0;
  let peak = 0;
  for await (const chunk of child.stdout) {
    for (const byte of chunk) if (byte === 10) lines++;
    // The process waits for us to read, and is there, until the last chunk is taken.
    peak = Math.max(peak, peakKib(child.pid));
  }
  assertEquals([(await child.status).code, lines], [0, 400_000]);
  assert(peak > 0 && peak < 250_000, `${peak} KiB`);
});

function writeLargeLog(file: string): void {
  using log = Deno.openSync(file, { write: true, create: true });
  const padding = "x".repeat(1000);
  for (let part = 0; part < 400; part++) {
    const lines = Array.from(
      { length: 1000 },
      (_, line) => `${HOUR_AGO}.${part * 1000 + line},1,2,${padding},start\n`,
    );
    log.writeSync(new TextEncoder().encode(lines.join("")));
  }
}

function peakKib(pid: number): number {
  try {
    const status = Deno.readTextFileSync(`/proc/${pid}/status`);
    return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0);
  } catch {
    return 0; // has ended
  }
}
