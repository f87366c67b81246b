/** A real Prometheus scrapes a real node_exporter while calls are recorded and the log rotates. */
import { DURATION_BOUNDS } from "../../../src/calls/counters/counters.ts";
import { dashboard } from "../../../src/commands/export/grafana.ts";
import { assert, assertEquals } from "../../std/std_assert.ts";
import { binary, expectExit, perfmon } from "../../kit/perfmon.ts";
import { query, type Series, serve, type Server, valueOf } from "../../kit/servers.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { testWith } from "../../kit/tools.ts";
import { inQuietMoment, waitFor } from "../../kit/waits.ts";

/** How long calls are recorded at least: `increase` adds up to a scrape's half second at either end. */
const RECORD_SECONDS = 15;
/** Of the last scrapes that a busy machine had time for. */
const BASH_CALLS = 'sum(last_over_time(perfmon_tool_calls_total{tool="Bash"}[20s]))';

/** A log in a folder, calls that this test's process makes, and their export. */
class Recorder {
  readonly log: string;
  calls = 0;

  constructor(private readonly folder: string) {
    this.log = `${folder}/performance.csv`;
  }

  /** Records a call of Bash by hooks that rotate beyond 20 rows; every tenth fails. */
  async call(history = "90d"): Promise<void> {
    const number = ++this.calls;
    const base = { session_id: "s1", tool_name: "Bash", tool_use_id: `toolu_${number}` };
    await this.#hook("start", { ...base, hook_event_name: "PreToolUse" });
    await this.#hook("end", {
      ...base,
      hook_event_name: number % 10 === 0 ? "PostToolUseFailure" : "PostToolUse",
      error: "Exit code 1",
      // 1 ms to some 20 s, most of them short.
      duration_ms: Math.round(1.17 ** (number * 7 % 63)),
    }, history);
  }

  /** Begins a call that does not end. */
  async begin(): Promise<void> {
    await this.#hook("start", {
      ...{ session_id: "s2", tool_name: "WebFetch", tool_use_id: "open" },
      hook_event_name: "PreToolUse",
    });
  }

  async #hook(event: string, json: unknown, history = "90d"): Promise<void> {
    const flags = ["--pid", `${Deno.pid}`, "--max-lines", "20", "--keep", "8"];
    const args = ["rec", event, ...flags, "--file", this.log, "--history", history];
    const { stderr } = expectExit(await perfmon(args, { stdin: JSON.stringify(json) + "\n" }), 0);
    assertEquals(stderr, "");
  }

  /** How many segments the history has. */
  segments(): number {
    return [...Deno.readDirSync(`${this.folder}/performance.d/history`)].length;
  }

  async export(): Promise<void> {
    const output = `${this.folder}/perfmon.prom`;
    const args = ["export", "prometheus", "--file", this.log, "--output", output];
    assertEquals((await new Deno.Command(binary, { args }).output()).code, 0);
  }

  /** What `perfmon report` says of Bash. */
  async report(): Promise<Record<string, number>> {
    const args = ["report", "--file", this.log, "--tool", "Bash", "--json"];
    const { stdout } = expectExit(await perfmon(args), 0);
    return JSON.parse(stdout).groups[0];
  }
}

async function scraping(folder: string, node: Server): Promise<Server> {
  const config = `${folder}/prometheus.yml`;
  Deno.writeTextFileSync(
    config,
    `global: { scrape_interval: 500ms, scrape_timeout: 500ms }
scrape_configs:
  - job_name: node
    static_configs: [{ targets: ["${new URL(node.url).host}"] }]
`,
  );
  return await serve("prometheus", (port) => [
    `--config.file=${config}`,
    `--storage.tsdb.path=${folder}/data`,
    `--web.listen-address=127.0.0.1:${port}`,
  ], "/-/ready");
}

testWith(
  ["prometheus", "prometheus-node-exporter"],
  "Prometheus sees every call once, through rotations and pruning, and every panel shows something",
  inQuietMoment(async () => {
    using folder = temporaryFolder();
    const recorder = new Recorder(folder.path);
    for (let call = 0; call < 3; call++) await recorder.call();
    await recorder.begin();
    await recorder.export();
    await using node = await serve("prometheus-node-exporter", (port) => [
      "--collector.disable-defaults",
      "--collector.textfile",
      `--collector.textfile.directory=${folder.path}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ], "/metrics");
    await using prometheus = await scraping(folder.path, node);
    await waitFor(async () => (await query(prometheus, BASH_CALLS)).length > 0, "a first scrape");
    assertEquals(await valueOf(prometheus, BASH_CALLS), 3);
    assertEquals(await valueOf(prometheus, "last_over_time(node_textfile_scrape_error[20s])"), 0);

    const began = performance.now();
    const before = recorder.calls;
    while (performance.now() - began < 1000 * RECORD_SECONDS || recorder.calls < 40) {
      await recorder.call();
      await recorder.export();
    }
    const made = recorder.calls - before;
    await waitFor(
      async () => await valueOf(prometheus, BASH_CALLS) === recorder.calls,
      "the last scrape",
    );
    assert(await valueOf(prometheus, "last_over_time(perfmon_log_rows[20s])") <= 20);

    const seconds = Math.ceil((performance.now() - began) / 1000) + 5;
    await checkCounts(prometheus, made, seconds);
    await checkQuantile(prometheus, recorder, seconds);
    await checkPanels(prometheus, seconds);
  }),
);

async function checkCounts(prometheus: Server, made: number, seconds: number): Promise<void> {
  const raw = await query(prometheus, `perfmon_tool_calls_total{tool="Bash"}[${seconds}s]`);
  let difference = 0;
  for (const { values } of raw) {
    values.forEach(([, value], index) => assert(value >= (values[index - 1]?.[1] ?? 0)));
    difference += values.at(-1)![1] - values[0]![1];
  }
  assertEquals(difference, made);
  const increase = await valueOf(
    prometheus,
    `sum(increase(perfmon_tool_calls_total{tool="Bash"}[${seconds}s]))`,
  );
  assert(Math.abs(increase / made - 1) <= 0.1, `increase() ${increase} of ${made}`);
}

/** The 95th percentile of the histogram lies in the bucket in which that of the report lies. */
async function checkQuantile(
  prometheus: Server,
  recorder: Recorder,
  seconds: number,
): Promise<void> {
  const { calls, failed, p95_seconds: p95 } = await recorder.report();
  const errors = await valueOf(
    prometheus,
    'last_over_time(perfmon_tool_calls_total{tool="Bash",status="error"}[20s])',
  );
  assertEquals(failed, errors, `${calls} calls`);
  const bucket = DURATION_BOUNDS.findIndex((bound) => p95! <= bound);
  const [from, to] = [DURATION_BOUNDS[bucket - 1] ?? 0, DURATION_BOUNDS[bucket]!];
  for (
    const buckets of [
      'last_over_time(perfmon_tool_duration_seconds_bucket{tool="Bash"}[20s])',
      `rate(perfmon_tool_duration_seconds_bucket{tool="Bash"}[${seconds}s])`,
    ]
  ) {
    const value = await valueOf(prometheus, `histogram_quantile(0.95, ${buckets})`);
    assert(from <= value && value <= to, `${value} for ${p95}: not from ${from} to ${to}`);
  }
}

async function checkPanels(prometheus: Server, seconds: number): Promise<void> {
  for (const { title, targets } of dashboard().panels) {
    for (const { expr } of targets) {
      const asked = expr.replaceAll(/\$(job|instance|tool)\b/g, ".+")
        .replaceAll(/\$__(rate_interval|range)/g, `${seconds}s`);
      let series: Series[] = [];
      await waitFor(
        async () => (series = await query(prometheus, asked)).length > 0,
        `${title} shows something: ${asked}`,
      );
      for (const { values } of series) assert(Number.isFinite(values.at(-1)![1]), title);
    }
  }
}
