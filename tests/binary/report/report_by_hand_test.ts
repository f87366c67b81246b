/** A log with all that makes figures hard, and every figure of it worked out by hand. */
import type { Sample } from "../../../src/row/sample.ts";
import { sampleLinux } from "../../../src/sampler/linux.ts";
import { HOUR_AGO, logText, writeLog } from "../../kit/log_files.ts";
import { expectExit, perfmon } from "../../kit/perfmon.ts";
import { startProcess } from "../../kit/processes.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { procfs, testWith } from "../../kit/tools.ts";
import { assertEquals, assertStringIncludes } from "../../std/std_assert.ts";

const MIB = 1024;

type Rest = Partial<Sample>;

/** One row: seconds after the beginning, the call's id, child CPU in seconds, resident set in MiB. */
function row(
  client: Rest,
  event: "start" | "end",
  [time, toolUseId, childCpuSeconds, mib]: readonly [number, string, number, number],
  toolName: string,
  rest: Rest = {},
): Sample {
  return {
    ...client,
    event,
    toolName,
    toolUseId,
    timestamp: HOUR_AGO + time,
    childCpuSeconds,
    memoryRss: mib * MIB,
    ...(event === "end" ? { status: "ok" } : {}),
    ...rest,
  };
}

/** Client A lives and has four calls that ended, a denied one and a running one; client B was killed in its third. */
function rows(a: Rest, b: Rest): Sample[] {
  const error: Rest = { durationMs: 2000, status: "error", exitCode: 1 };
  return [
    row(a, "start", [0, "a1", 0, 100], "Bash"),
    row(a, "start", [0.003, "a1", 0, 100], "Bash"), // the hook is registered twice
    row(b, "start", [2, "b1", 0, 50], "Bash"),
    row(a, "start", [5, "a2", 1, 104], "Read"), // beside a1
    row(a, "end", [6, "a2", 1.5, 106], "Read", { durationMs: 900 }),
    row(a, "end", [10, "a1", 4, 110], "Bash", { durationMs: 8000 }),
    row(a, "end", [10.004, "a1", 4, 110], "Bash", { durationMs: 8000 }), // twice
    row(b, "end", [12, "b1", 1, 60], "Bash"), // an older client: no duration_ms
    row(b, "start", [12.5, "b2", 1, 60], "Grep"),
    row(b, "end", [13, "b2", 1, 60], "Grep", { durationMs: 500 }),
    row(a, "start", [20, "a3", 4, 110], "Bash"), // denied: it has no end, and the session went on
    row(a, "start", [25, "a4", 4, 110], "Bash"),
    row(a, "end", [27, "a4", 4.5, 110], "Bash", error),
    row(a, "end", [27, "a4", 4.5, 110], "Bash", error), // the very same row
    row(a, "start", [40, "a5", 4.5, 110], "Read"),
    row(a, "end", [41, "a5", 4.5, 112], "Read", { durationMs: 500 }),
    row(a, "start", [50, "a6", 4.5, 112], "Edit"), // runs
    row(b, "start", [60, "b3", 1, 60], "Bash"), // its client is killed
  ];
}

/** A line of the table by tool, with the names of `report --json`. */
interface Line {
  readonly [name: string]: number | string | boolean;
}

// Durations: a1 8 (the client's figure), a2 0.9, a4 2, a5 0.5; b1 10 (12 - 2), b2 0.5.
// They end with their end rows: a1 2…10, a2 5.1…6, a4 25…27, a5 40.5…41, b1 2…12, b2 12.5…13.
const BY_TOOL: readonly Line[] = [
  {
    name: "Bash", // a1, a4, b1
    calls: 3,
    failed: 1, // a4
    timed: 3,
    mean_seconds: 6.6667, // (8 + 2 + 10) / 3
    p50_seconds: 8,
    max_seconds: 10,
    total_seconds: 20,
    wait_seconds: 2, // a1: 10 - 8; a4: 2 - 2; of b1 it is not known
    cpu_seconds: 5.5, // a1 4 - 0, a4 4.5 - 4, b1 1 - 0
    cpu_shared: true, // a1 with a2; b1 is another client's
    cpu_percent_during: 45.8333, // 5.5 in 2…12 and 25…27, 12 s
    rss_end_kib: 95_573.3333, // (110 + 110 + 60) / 3 MiB
    growth_kib: 20 * MIB, // a1 +10, a4 0, b1 +10
    share_of_time: 1.5385, // 20 of 13 s
  },
  {
    name: "Read", // a2, a5
    calls: 2,
    failed: 0,
    timed: 2,
    mean_seconds: 0.7,
    p50_seconds: 0.7, // half-way between 0.5 and 0.9
    max_seconds: 0.9,
    total_seconds: 1.4,
    wait_seconds: 0.6, // (1 - 0.9) + (1 - 0.5)
    cpu_seconds: 0.5, // a2 1.5 - 1, a5 0
    cpu_shared: true,
    cpu_percent_during: 35.7143, // 0.5 in 1.4 s
    rss_end_kib: 109 * MIB, // (106 + 112) / 2
    growth_kib: 4 * MIB, // a2 +2, a5 +2
    share_of_time: 0.1077, // 1.4 of 13 s
  },
  {
    name: "Grep", // b2
    calls: 1,
    failed: 0,
    timed: 1,
    mean_seconds: 0.5,
    p50_seconds: 0.5,
    max_seconds: 0.5,
    total_seconds: 0.5,
    wait_seconds: 0,
    cpu_seconds: 0,
    cpu_shared: false,
    cpu_percent_during: 0,
    rss_end_kib: 60 * MIB,
    growth_kib: 0,
    share_of_time: 0.0385, // 0.5 of 13 s
  },
];

const ALL: Line = {
  calls: 6,
  failed: 1,
  timed: 6,
  mean_seconds: 3.65, // (8 + 0.9 + 2 + 0.5 + 10 + 0.5) / 6
  p50_seconds: 1.45, // half-way between 0.9 and 2
  max_seconds: 10,
  total_seconds: 13, // overlaps once: 2…12, 12.5…13, 25…27, 40.5…41
  wait_seconds: 2.6,
  cpu_seconds: 5.5, // a1 and a2 as one from 0 to 4, a4 0.5, a5 0, b1 1, b2 0
  cpu_shared: true,
  cpu_percent_during: 42.3077, // 5.5 in 13 s
  rss_end_kib: 95_232, // (110 + 106 + 110 + 112 + 60 + 60) / 6 MiB = 93 MiB
  growth_kib: 22 * MIB, // a1 and a2 as one +10, a5 +2, b1 +10
  share_of_time: 1,
};

const SESSIONS: Readonly<Record<string, Line>> = {
  aaaa1111: {
    calls: 4, // a1, a2, a4, a5
    failed: 1,
    abandoned: 1, // a3
    running: 1, // a6
    tools_seconds: 10.5, // 2…10, 25…27, 40.5…41
    cpu_seconds: 4.5,
    longest_wait_seconds: 2, // a1
  },
  bbbb2222: {
    calls: 2, // b1, b2
    failed: 0,
    abandoned: 1, // b3
    running: 0,
    tools_seconds: 10.5, // 2…12, 12.5…13
    cpu_seconds: 1,
    longest_wait_seconds: 0, // b2; of b1 it is not known
  },
};

const TABLE = `
TOOL  CALLS  FAIL    P50  P95    MAX    TOTAL   GATE    CPU
Bash      3     1   8.0s    –  10.0s    20.0s   2.0s  ~5.5s
Read      2     0  700ms    –  900ms     1.4s  600ms ~500ms
Grep      1     0  500ms    –  500ms    500ms    0ms    0ms
All       6     1                     13.0s §   2.6s  ~5.5s
§ calls at the same time count once   – not known or under 20 calls   ~ with CPU
  of calls at the same time
2 starts abandoned: denied, cancelled or killed
`;

/** Only the members that are named, to four decimals: a time of today has no more than a quarter of a microsecond. */
function pick(record: Record<string, unknown>, names: Line): Record<string, unknown> {
  const rounded = (value: unknown): unknown =>
    typeof value === "number" ? Math.round(value * 1e4) / 1e4 : value;
  return Object.fromEntries(Object.keys(names).map((name) => [name, rounded(record[name])]));
}

testWith(
  [procfs, "ps", "sleep"],
  "report: two clients at once, a hook registered twice, a denied call, a killed client: figures by hand",
  async () => {
    using folder = temporaryFolder();
    const killed = startProcess("sleep", "60");
    const usage = (pid: number): Rest => {
      const { processStart } = sampleLinux(pid, []);
      return { pid, processStart };
    };
    const a = { ...usage(Deno.pid), sessionId: "aaaa1111", project: "api" };
    const b = { ...usage(killed.pid), sessionId: "bbbb2222", project: "web" };
    await killed[Symbol.asyncDispose]();
    const file = writeLog(folder.path, logText(rows(a, b)));
    const json = async (...args: string[]) =>
      JSON.parse(expectExit(await perfmon([...args, "--json", "--file", file]), 0).stdout);

    const report = await json("report");
    assertEquals(
      report.groups.map((group: Record<string, unknown>, index: number) =>
        pick(group, BY_TOOL[index] ?? {})
      ),
      BY_TOOL,
    );
    assertEquals(pick(report.all, ALL), ALL);
    const counts = {
      bad_rows: 0,
      sessions: 2,
      projects: 2,
      abandoned: 2, // a3, b3
      approximate: 0,
      reversed: 0,
      without_start: 0,
      span_seconds: 60, // from a1's start to b3's
    };
    assertEquals(pick(report, counts), counts);
    for (const [session, figures] of Object.entries(SESSIONS)) {
      assertEquals(pick((await json("report", session)).session, figures), figures, session);
    }
    const running = await json("running");
    assertEquals(
      running.running.map(({ tool_use_id }: { tool_use_id: string }) => tool_use_id),
      ["a6"],
    );
    assertEquals(running.abandoned, 2);
    const { calls } = await json("top", "-n", "3");
    assertEquals(calls.map((call: Record<string, unknown>) => call["tool_use_id"]), [
      "b1", // 10 s
      "a1", // 8 s
      "a4", // 2 s
    ]);
    const text = await perfmon(["report", "--file", file], { env: { LANG: "C.UTF-8" } });
    const squeezed = (lines: string): string => lines.replaceAll(/ +/g, " ");
    assertStringIncludes(squeezed(expectExit(text, 0).stdout), squeezed(TABLE));
  },
);
