/** What is made of looks at a call's processes. */
import { type MemberReader, ProcessGroup } from "../../../src/sampler/watch/process_group.ts";
import { ProcessWatch } from "../../../src/sampler/watch/process_watch.ts";
import { assertEquals } from "../../std/std_assert.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";

const ORIGIN = { leader: 10, since: 100, client: 1, command: "npm test" };
const MIB = 1024;

/** What processes say of themselves besides: by pid, MiB. */
function reader(
  marks: Record<number, number> = {},
  pss: Record<number, number> = {},
): MemberReader {
  return {
    highWaterMark: (pid: number) => MIB * (marks[pid] ?? 0),
    proportionalSet: (pid: number) => pss[pid] === undefined ? undefined : MIB * pss[pid],
  };
}

const shell = { pid: 10, command: "bash", rss: 4 * MIB };
const node = (rss: number) => ({ pid: 11, command: "node", rss: rss * MIB });

Deno.test("a group's peak is the highest sum at one moment, with the PSS of that moment", () => {
  const group = new ProcessGroup(ORIGIN);
  group.take(100.1, [shell, node(96)], reader({}, { 10: 2, 11: 80 }));
  group.take(100.3, [shell, node(496)], reader({}, { 10: 2, 11: 400 }));
  group.take(100.6, [shell, node(46)], reader({}, { 10: 2, 11: 40 }));
  assertEquals(group.peak(100.7), {
    ...{ peakRss: 500 * MIB, peakPss: 402 * MIB, peakProcesses: 2, peakProcess: "node" },
    processSeconds: 100.6 - 100,
  });
});

Deno.test("of a process's name its program is kept: npm puts its arguments behind that", () => {
  const group = new ProcessGroup(ORIGIN);
  group.take(100.1, [shell, { pid: 12, command: "npm i hunter2", rss: 90 * MIB }], reader());
  assertEquals(group.peak(100.2)?.peakProcess, "npm");
});

Deno.test("what a process held between two looks counts, and then no PSS is known", () => {
  const group = new ProcessGroup(ORIGIN);
  group.take(100.1, [shell, node(96)], reader({ 11: 700 }, { 10: 2, 11: 80 }));
  const { peakRss, peakPss } = group.peak(100.2) ?? {};
  assertEquals([peakRss, peakPss], [700 * MIB, undefined]);
});

Deno.test("of a process that grew while it was looked at the peak is no less than its shared pages once", () => {
  const group = new ProcessGroup(ORIGIN);
  group.take(100.1, [shell, node(96)], reader({}, { 10: 2, 11: 101 }));
  const { peakRss, peakPss } = group.peak(100.2) ?? {};
  assertEquals([peakRss, peakPss], [103 * MIB, 103 * MIB]);
});

Deno.test("a group that was not looked at for more than a second and a tenth of its life tells nothing", () => {
  const looked = (...times: number[]): ProcessGroup => {
    const group = new ProcessGroup(ORIGIN);
    for (const time of times) group.take(time, [shell], reader());
    return group;
  };
  assertEquals(looked(100.1, 103, 103.1).peak(104), undefined);
  assertEquals(looked(100.1).peak(104), undefined);
  assertEquals(
    looked(...Array.from({ length: 200 }, (_, n) => 100 + n / 5), 142).peak(142)?.peakRss,
    4 * MIB,
  );
  assertEquals(new ProcessGroup(ORIGIN).peak(100.1), undefined);
});

/** A process as /proc has it. */
function writeProcess(
  proc: string,
  pid: number,
  { parent = 1, session = pid, start = 100, pages = 256, line = "sleep\0", command = "sleep" },
): void {
  const fields = [
    "S",
    parent,
    session,
    session,
    0,
    -1,
    0,
    0,
    0,
    0,
    0,
    1,
    1,
    0,
    0,
    20,
    0,
    1,
    0,
    start,
    0,
    pages,
  ];
  Deno.mkdirSync(`${proc}/${pid}`, { recursive: true });
  Deno.writeTextFileSync(`${proc}/${pid}/stat`, `${pid} (${command}) ${fields.join(" ")} 0\n`);
  Deno.writeTextFileSync(`${proc}/${pid}/status`, `Name:\t${command}\nVmHWM:\t${4 * pages} kB\n`);
  Deno.writeTextFileSync(`${proc}/${pid}/cmdline`, line);
}

Deno.test("a call's processes are those of its shell's session, and a pid that came again is another's", () => {
  using folder = temporaryFolder();
  const proc = folder.path;
  Deno.mkdirSync(`${proc}/self`);
  Deno.writeFileSync(`${proc}/self/auxv`, new Uint8Array(0));
  Deno.writeTextFileSync(`${proc}/uptime`, "3.00 9.00\n");
  writeProcess(proc, 5, { command: "claude", start: 10 });
  writeProcess(proc, 20, { parent: 5, line: "call\0", command: "bash" });
  writeProcess(proc, 21, { parent: 20, session: 20, start: 110 });
  writeProcess(proc, 22, { parent: 1, session: 20, start: 111 }); // orphaned
  writeProcess(proc, 23, { parent: 21, session: 23, start: 112 }); // a session of its own
  writeProcess(proc, 30, { parent: 5, line: "hook\0", command: "sh" });
  writeProcess(proc, 31, { parent: 30, session: 30 });
  const watch = new ProcessWatch(
    ({ commandLine }) => commandLine === "call\0" ? { command: "npm test" } : undefined,
    proc,
  );
  const look = (): number[] => {
    watch.look(new Set([5]));
    return [...watch.groups].flatMap(({ living }) => living.map(({ pid }) => pid)).sort();
  };
  assertEquals(look(), [20, 21, 22, 23]);
  Deno.removeSync(`${proc}/21`, { recursive: true });
  writeProcess(proc, 22, { parent: 9, session: 9, start: 250, command: "other" });
  Deno.writeTextFileSync(`${proc}/uptime`, "9.00 9.00\n");
  assertEquals(look(), [20, 23]);
  Deno.removeSync(`${proc}/20`, { recursive: true });
  look();
  assertEquals([...watch.groups].map(({ isLed }) => isLed), [false]);
});

Deno.test("of 5,000 processes beside 100 calls only those of calls are read a second time", () => {
  using folder = temporaryFolder();
  const proc = folder.path;
  Deno.mkdirSync(`${proc}/self`);
  Deno.writeFileSync(`${proc}/self/auxv`, new Uint8Array(0));
  Deno.writeTextFileSync(`${proc}/uptime`, "9.00 9.00\n");
  writeProcess(proc, 5, { command: "claude", start: 10 });
  const calls = Array.from({ length: 100 }, (_, place) => 1000 + 2 * place);
  for (const pid of calls) {
    writeProcess(proc, pid, { parent: 5, line: "call\0", command: "bash" });
    writeProcess(proc, pid + 1, { parent: pid, session: pid, start: 110 });
  }
  const strangers = Array.from({ length: 4800 }, (_, place) => 10_000 + place);
  for (const pid of strangers) {
    Deno.mkdirSync(`${proc}/${pid}`);
    Deno.writeTextFileSync(
      `${proc}/${pid}/stat`,
      `${pid} (x) S 1 1 1 0 -1 0 0 0 0 0 1 1 0 0 20 0 1 0 90 0 9 0\n`,
    );
  }
  const watch = new ProcessWatch(
    ({ commandLine }) => commandLine === "call\0" ? { command: "make" } : undefined,
    proc,
  );
  const living = (): number => {
    watch.look(new Set([5]));
    return [...watch.groups].reduce((sum, group) => sum + group.living.length, 0);
  };
  assertEquals([living(), watch.groups.size], [200, 100]);
  // Were they read again they would be of the first call by now.
  for (const pid of strangers) writeProcess(proc, pid, { parent: 1000, session: 1000, start: 90 });
  assertEquals([living(), watch.groups.size], [200, 100]);
});
