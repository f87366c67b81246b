import {
  parseBootTime,
  parsePageKibibytes,
  parseResidentPages,
  parseStat,
  parseUptime,
  sampleLinux,
} from "../../../src/sampler/linux.ts";
import { descendants } from "../../../src/sampler/tree.ts";
import { assertAlmostEquals, assertEquals, assertThrows } from "../../std/std_assert.ts";
import { CAPTURED, PROC } from "../../kit/captures.ts";

/** The fields of /proc/PID/stat from the third on, as Linux 6.18 wrote them. */
const FIELDS =
  "S 30222 30210 20419 0 -1 4194304 3012 6531 2 0 17 28 2 3 20 0 3 0 245504 168251392 3486 " +
  "18446744073709551615 93839567904768 93839567905109 140734349686240 0 0 0 0 16781318 0 0 0 0 17 " +
  "0 0 0 0 0 93839567916464 93839567917080 93840068304896 140734349690718 140734349691169 0 0";

Deno.test("a process's stat is read after its name, whatever the name holds", () => {
  const names = ["claude", "2.1.330", "(a b ) ( c d) ", ")", "(", "", ") S 1 2 3", "a\\nb", "日本"];
  for (const command of names) {
    assertEquals(parseStat(`30223 (${command}) ${FIELDS}\n`), {
      command,
      isZombie: false,
      parent: 30222,
      session: 20419,
      childMajorFaults: 0,
      userTicks: 17,
      systemTicks: 28,
      childUserTicks: 2,
      childSystemTicks: 3,
      startTicks: 245504,
      residentPages: 3486,
    });
  }
});

Deno.test("what is no stat of a process is refused, not misread", () => {
  for (
    const text of [
      "",
      "30223",
      "30223 (sh",
      "30223 sh S 1 2 3",
      `30223 (sh) ${FIELDS.slice(0, 40)}`,
    ]
  ) {
    assertThrows(() => parseStat(text), Error, "Malformed");
  }
});

Deno.test("captured: the figures of a process and its tree are what the kernel's files say", () => {
  const { client, shell, pipe, nasty, sleep } = CAPTURED;
  const usage = sampleLinux(client, [shell, pipe, nasty, sleep], PROC);
  const { cpuPercent, processStart, ...exact } = usage;
  assertEquals(exact, {
    pid: client,
    memoryRss: 4 * 3536,
    cpuSeconds: 0.45,
    childCpuSeconds: 0.05,
    treeRss: 4 * (3536 + 432 + 441 + 451 + 434),
    children: 4,
    liveCpuSeconds: 0,
    readBytes: 409_600,
    writeBytes: 8_396_800,
    majorFaults: 0,
  });
  const bootTime = parseBootTime(Deno.readTextFileSync(`${PROC}/stat`)) ?? 0;
  assertAlmostEquals(processStart ?? 0, bootTime + 2455.04, 0.001);
  // ps said 19.8 some milliseconds later.
  assertAlmostEquals(cpuPercent ?? 0, 100 * 0.45 / (2457.27 - 2455.04), 0.001);
});

Deno.test("captured: the name with parentheses is the name of that process", () => {
  const stat = parseStat(Deno.readTextFileSync(`${PROC}/${CAPTURED.nasty}/stat`));
  assertEquals([stat.command, stat.parent], ["(a b ) ( c d) ", CAPTURED.shell]);
});

Deno.test("a descendant that ended meanwhile holds no memory", () => {
  const { client, shell } = CAPTURED;
  const usage = sampleLinux(client, [shell, 999_999_999], PROC);
  assertEquals(usage.treeRss, 4 * (3536 + 432));
});

Deno.test("a process that is gone can't be sampled", () => {
  assertThrows(() => sampleLinux(999_999_999, [], PROC), Deno.errors.NotFound);
});

Deno.test("the page size is the kernel's, also where pages have 16 or 64 KiB", () => {
  const auxv = (pageSize: number): Uint8Array =>
    new Uint8Array(new BigUint64Array([16n, 123n, 6n, BigInt(pageSize), 0n, 0n]).buffer);
  assertEquals([4096, 16384, 65536].map((size) => parsePageKibibytes(auxv(size))), [4, 16, 64]);
  assertEquals(parsePageKibibytes(Deno.readFileSync(`${PROC}/self/auxv`)), 4);
  assertEquals(parsePageKibibytes(new Uint8Array()), 4);
});

Deno.test("pages, uptime and boot time are read from the kernel's texts", () => {
  assertEquals(parseResidentPages("41077 3536 1689 1 0 6231 0\n"), 3536);
  assertEquals(parseUptime("2457.27 4163.89\n"), 2457.27);
  assertEquals(parseBootTime("cpu  1 2\nctxt 5\nbtime 1795349837\nprocesses 9\n"), 1795349837);
  assertEquals(parseBootTime("cpu  1 2\n"), undefined);
});

Deno.test("the sampled tree is what the kernel's lists of children say", () => {
  const { client, shell, pipe, nasty, sleep } = CAPTURED;
  const found = descendants(client, () => false, PROC);
  assertEquals(found.toSorted(), [shell, pipe, nasty, sleep].toSorted());
});
