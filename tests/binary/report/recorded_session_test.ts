/**
 * A session of the real client (Claude Code 2.1.330, `tests/client/record_log.ts`) with all that makes figures hard,
 * and every figure of its report worked out by hand from its log. Its rows, seconds after 1796058627:
 *
 *      0.457195  prompt                                                     child CPU 0.00
 *      1.144000  Bash toolu_0      start                  RSS 199804, 51.5 %,         0.05
 *      1.321325                    end, background, 32 ms      199444, 49.8 %,         0.10
 *      1.749000  Agent toolu_1     start                       207588, 43.6 %
 *      1.790000  Agent a6887…      start (SubagentStart)       208088, 43.1 %
 *      1.903522  Agent toolu_1     end, background, 16 ms
 *      2.031890  done toolu_0      error, exit code 3
 *      2.754000  Bash in a6887…    start                       212924, 37.5 %,         0.30
 *      2.782000  Bash toolu_2      start; a rule denies it
 *      4.064000  Write toolu_3     start                       212192, 32.4 %,         0.39
 *      4.541249  Bash in a6887…    end, ok, 1605 ms, 0 B       213088, 32.3 %,         0.43
 *      4.556555  permission Write  (a hook grants it after 1.5 s)
 *      5.508266  Agent a6887…      end (SubagentStop)          234236, 29.0 %
 *      6.313501  Write toolu_3     end, ok, 58 ms              225084, 28.5 %,         0.55
 *      6.322814  done toolu_1      ok, 3799 ms
 *      6.894000  Bash toolu_4      start; times out after 1 s  223964, 26.9 %,         0.65
 *      8.135081                    end, error 143, 1131 ms, 40 B 249720, 24.8 %,       0.69
 *      8.700000  Bash toolu_5      start                       232776, 23.8 %,         0.74
 *      9.910293                    end, ok, 1038 ms, 0 B       231844, 22.2 %,         0.80
 *     10.463508  stop, ok                                                              0.84
 *     10.676468  stop (the session's end)
 */
import { expectExit, perfmon } from "../../kit/perfmon.ts";
import { expectText } from "../../kit/snapshot.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { assertAlmostEquals, assertEquals } from "../../std/std_assert.ts";

const LOG = `${import.meta.dirname}/../../testdata/recorded_session/performance.csv`;
const BEGAN = 1_796_058_627;

/** What perfmon prints of a copy of the log: readers may tidy what lies beside it. */
async function printed(...args: string[]): Promise<string> {
  using folder = temporaryFolder();
  const log = `${folder.path}/performance.csv`;
  Deno.copyFileSync(LOG, log);
  const { stdout } = expectExit(await perfmon([...args, "--file", log, "--utc"]), 0);
  return stdout.replaceAll(folder.path, "FOLDER");
}

/** Each figure is within a microsecond of what is known, all else is it. */
function assertFigures(actual: Record<string, unknown>, known: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(known)) {
    if (typeof value === "number") assertAlmostEquals(Number(actual[name]), value, 1.5e-6, name);
    else assertEquals(actual[name], value, name);
  }
}

/** What the group of a tool has without percentiles of a few calls. */
const FEW = { p95_seconds: null, p99_seconds: null, interrupted: 0, imported: 0 };

/** Three durations (1.605, 1.131, 1.038), and 0.032 that the person waited for what went on in the background. */
const BASH = {
  ...{ ...FEW, calls: 4, failed: 1, background: 1, timed: 3 },
  mean_seconds: 1.258, // 3.774 / 3
  p50_seconds: 1.131,
  max_seconds: 1.605,
  total_seconds: 3.806, // 3.774 + 0.032
  // 0.177325 − 0.032, 1.787249 − 1.605, 1.241081 − 1.131, 1.210293 − 1.038
  wait_seconds: 0.145325 + 0.182249 + 0.110081 + 0.172293,
  prompt_seconds: null,
  cpu_seconds: 0.28, // 0.05 + 0.13 + 0.04 + 0.06
  cpu_shared: true, // the agent's with Write
  rss_mean_kib: 220_445.5, // of its eight rows
  rss_max_kib: 249_720,
  rss_end_kib: 223_524, // (199444 + 213088 + 249720 + 231844) / 4
  growth_kib: 24_628, // −360 + 164 + 25756 − 932
  cpu_percent_mean: 33.6, // (51.5 + 49.8 + 37.5 + 32.3 + 26.9 + 24.8 + 23.8 + 22.2) / 8
  cpu_percent_max: 51.5,
  cpu_percent_during: 28 / 3.806,
  share_of_time: 3.806 / 5.977266,
};

/** From SubagentStart to SubagentStop; it waited what its launch did: 0.154522 − 0.016. */
const AGENT = {
  ...{ ...FEW, calls: 1, failed: 0, background: 0, timed: 1 },
  ...{ mean_seconds: 3.718266, p50_seconds: 3.718266, max_seconds: 3.718266 },
  total_seconds: 3.718266,
  wait_seconds: 0.138522,
  prompt_seconds: null,
  cpu_seconds: null, // that of its calls
  growth_kib: 26_148, // 234236 − 208088
};

/** Ran from 6.255501; the person was asked at 4.556555, so 0.492555 of the wait of 2.191501 are the gate. */
const WRITE = {
  ...{ ...FEW, calls: 1, failed: 0, background: 0, timed: 1 },
  ...{ mean_seconds: 0.058, p50_seconds: 0.058, max_seconds: 0.058, total_seconds: 0.058 },
  wait_seconds: 2.191501,
  prompt_seconds: 1.698946,
  cpu_seconds: 0.16,
  cpu_shared: true,
  growth_kib: 12_892, // 225084 − 212192
};

const ALL = {
  ...{ calls: 6, failed: 1, interrupted: 0, background: 1, timed: 5, imported: 0 },
  mean_seconds: 7.550266 / 5, // 3.774 + 3.718266 + 0.058
  p50_seconds: 1.131,
  max_seconds: 3.718266,
  // The agent's Bash is in its run: 0.032 + 3.718266 + 0.058 + 1.131 + 1.038
  total_seconds: 5.977266,
  wait_seconds: 0.609948 + 0.138522 + 2.191501,
  prompt_seconds: 1.698946,
  // The agent's Bash, 0.30 to 0.43, and Write, 0.39 to 0.55, overlap: 0.25; and 0.05 + 0.04 + 0.06.
  cpu_seconds: 0.4,
  // The agent's run and Write are taken as one: −360 + 26148 + (225084 − 234236) + 25756 − 932
  growth_kib: 41_460,
};

Deno.test("the recorded session: each figure of the report is the one worked out by hand", async () => {
  const report = JSON.parse(await printed("report", "--all", "--json"));
  const groups = Object.fromEntries(
    report.groups.map((group: Record<string, unknown>) => [group["name"], group]),
  );
  assertEquals(Object.keys(groups), ["Bash", "Agent", "Write"]);
  assertFigures(groups["Bash"], BASH);
  assertFigures(groups["Agent"], AGENT);
  assertFigures(groups["Write"], WRITE);
  assertFigures(report.all, ALL);
  const [sleep, ...others] = report.commands;
  assertEquals(others, []); // "rm" was denied, and is no call that ended
  assertFigures(sleep, { ...BASH, name: "sleep", share_of_time: 1 });
  assertFigures(report, {
    ...{ bad_rows: 0, sessions: 1, projects: 1, approximate: 0, reversed: 0, without_start: 0 },
    abandoned: 1, // the denied one
    span_seconds: 8.766293, // from 1.144 to 9.910293
    running: [],
  });
});

Deno.test("the recorded session: each part of its turn is the one worked out by hand", async () => {
  const { turns: [turn, ...others] } = JSON.parse(
    await printed("report", "--all", "--by", "turn", "--json"),
  );
  assertEquals(others, []);
  const parts = {
    // 0.032 + 1.605 + 0.058 + 1.131 + 1.038: of the agent its own call, of the background the wait.
    tools_seconds: 3.864,
    prompts_seconds: 1.698946, // 4.556555 to 6.255501
    // Of Write's, 4.064 to 4.556555, only what the agent's Bash does not cover: from 4.541249 on.
    gates_seconds: 0.145325 + 0.182249 + 0.015306 + 0.110081 + 0.172293,
  };
  assertFigures(turn, {
    ...parts,
    seconds: 10.006313, // 0.457195 to 10.463508
    // What is left. The model took 0.5 s for each of seven answers: 3.5, and the client 0.3.
    model_seconds: 10.006313 - 3.864 - 1.698946 - 0.625254,
    away_seconds: 0,
    calls: 7, // the denied one, too
    // toolu_0, the agent's Bash with Write beside it, toolu_4, toolu_5; what hooks used between them is no tool's.
    cpu_seconds: 0.05 + (0.55 - 0.30) + 0.04 + 0.06,
    output_bytes: 40, // "Exit code 143" and "Command timed out after 1s"
    began_by: "prompt",
    status: "ok",
  });
});

Deno.test("the recorded session: what was asked for, and how long", async () => {
  const { permissions } = JSON.parse(
    await printed("report", "--all", "--by", "permission", "--json"),
  );
  assertEquals(permissions.length, 1);
  // The person took 1.5 s in truth; the rest are the starts of the two hooks.
  assertFigures(permissions[0], { tool: "Write", seconds: 1.698946, ran: true });
});

Deno.test("the recorded session: each of its calls", async () => {
  const { calls } = JSON.parse(await printed("tail", "--all", "--json"));
  const known = [
    // 2.031890, when the model was told, − 1.144 − 0.145325; it slept for 0.5 s.
    ["toolu_0", "background", 3, 1.144, 2.03189, 0.742565, 0.145325, 0.05],
    ["toolu_2", "abandoned", null, 2.782, null, null, null, null],
    ["toolu_agent_0", "ok", null, 2.754, 4.541249, 1.605, 0.182249, 0.13],
    [null, "ok", null, 1.79, 5.508266, 3.718266, 0.138522, null],
    ["toolu_3", "ok", null, 4.064, 6.313501, 0.058, 2.191501, 0.16],
    ["toolu_4", "error", 143, 6.894, 8.135081, 1.131, 0.110081, 0.04],
    ["toolu_5", "ok", null, 8.7, 9.910293, 1.038, 0.172293, 0.06],
  ] as const;
  assertEquals(calls.length, known.length);
  for (const [index, each] of known.entries()) {
    const [tool_use_id, status, exit_code, start, end, duration, wait, cpu] = each;
    assertFigures(calls[index], {
      ...{ tool_use_id, status, exit_code, duration_seconds: duration, wait_seconds: wait },
      ...{ start_timestamp: BEGAN + start, end_timestamp: end && BEGAN + end, cpu_seconds: cpu },
    });
  }
});

Deno.test("the recorded session: nothing of it runs, and one start is abandoned", async () => {
  const { running, left_behind, abandoned } = JSON.parse(
    await printed("running", "--since", "2026-01-01", "--json"),
  );
  assertEquals({ running, left_behind, abandoned }, { running: [], left_behind: [], abandoned: 1 });
});

Deno.test("the recorded session as people see it: report, story, calls", async (context) => {
  const texts = [["report", "--all"], ["report", "10000000"], ["tail", "--all"]]
    .map(async (args) => `$ perfmon ${args.join(" ")}\n${await printed(...args)}`);
  await expectText(context, (await Promise.all(texts)).join("\n"));
});
