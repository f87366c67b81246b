import { splitRecord } from "../../../src/row/spool_record.ts";
import { sampleLinux } from "../../../src/sampler/linux.ts";
import { readUsage, thisMachine, withHookCpu } from "../../../src/sampler/spooled.ts";
import { assert, assertEquals } from "../../std/std_assert.ts";
import { testWith } from "../../kit/tools.ts";

const BOOT = 1_700_000_000;
const MACHINE = { bootTime: BOOT, pageKibibytes: 4 };
const STAT = "42 (a (b) 1) S 1 42 42 0 -1 4194304 100 0 0 0 100 50 200 50 20 0 7 0 5000 1 2 3\n";
const FIGURES = `1050.00 2000.00\n${STAT}1000 250 100 1 0 80 0\n77 99 101 `;

const usageOf = (figures: string, timestamp: number, machine = MACHINE) =>
  readUsage(splitRecord(`perfmon 1 77;;\n${figures}{}\n`)!, timestamp, machine);

Deno.test("readUsage: the figures of rec, without the hook's own shell among the children", () => {
  assertEquals(usageOf(FIGURES, BOOT + 1050.2), {
    pid: 42,
    processStart: BOOT + 50,
    cpuPercent: 0.15,
    memoryRss: 1000,
    cpuSeconds: 1.5,
    childCpuSeconds: 2.5,
    children: 2,
    majorFaults: 0,
  });
});

Deno.test("withHookCpu: a start has the CPU of its own hook, three times what the shell had used", () => {
  const cpu = (figures: string): number | undefined => {
    const record = splitRecord(`perfmon 2 77;;;;\n${figures}{}\n`)!;
    return withHookCpu(readUsage(record, BOOT + 1050.2, MACHINE), record)?.childCpuSeconds;
  };
  assertEquals(cpu(FIGURES), 2.5);
  assertEquals(cpu(FIGURES.replace("77 99", "20000000 12 3\n77 99")), 2.56);
  assertEquals(cpu("1050.00 2000.00\n20000000 12 3\n"), undefined);
});

Deno.test("readUsage: after a reboot the start counts from the boot that the record knows", () => {
  assertEquals(usageOf(FIGURES, BOOT + 1050.2 - 86_400)?.processStart, BOOT + 50 - 86_400);
  const unknown = { bootTime: undefined, pageKibibytes: 4 };
  assertEquals(
    readUsage(splitRecord(`perfmon 1 77;;\n${FIGURES}{}\n`)!, BOOT + 1050.2, unknown)?.processStart,
    BOOT + 50,
  );
});

Deno.test("readUsage: a process that had ended has no figures; without lists children are unknown", () => {
  assertEquals(usageOf("1050.00 2000.00\n", BOOT + 1050), undefined);
  assertEquals(usageOf("", BOOT + 1050), undefined);
  const withoutLists = usageOf(FIGURES.replace("77 99 101 ", ""), BOOT + 1050);
  assertEquals([withoutLists?.memoryRss, withoutLists?.children], [1000, undefined]);
});

Deno.test("readUsage: a line of ps", () => {
  const line = " 42  1 3456  0.5 00:00:03 Wed Nov 25 20:00:00 2026 /usr/bin/claude\n";
  const usage = usageOf(line, BOOT);
  assertEquals(
    [usage?.pid, usage?.memoryRss, usage?.cpuPercent, usage?.cpuSeconds, usage?.treeRss],
    [42, 3456, 0.5, 3, undefined],
  );
});

testWith("ps", "readUsage: of a live process the same as rec", () => {
  if (Deno.build.os !== "linux") return;
  const read = (name: string): string => Deno.readTextFileSync(`/proc/${name}`);
  const pid = Deno.ppid;
  const text = read("uptime") + read(`${pid}/stat`) + read(`${pid}/statm`);
  const stored = usageOf(text, Date.now() / 1000, thisMachine() as typeof MACHINE)!;
  const live = sampleLinux(pid, []);
  assertEquals(stored.processStart, live.processStart);
  assert(Math.abs(stored.cpuSeconds! - live.cpuSeconds!) <= 0.02);
  assert(Math.abs(stored.memoryRss! - live.memoryRss!) <= 0.02 * live.memoryRss!);
});
