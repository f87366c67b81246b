import { assertEquals } from "../../std/std_assert.ts";
import { logText, RECENT, writeLog } from "../../kit/log_files.ts";
import { expectExit, perfmon } from "../../kit/perfmon.ts";
import { fetchText, query, serve, valueOf } from "../../kit/servers.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { testWith } from "../../kit/tools.ts";
import { waitFor } from "../../kit/waits.ts";

testWith(
  "victoria-metrics",
  "VictoriaMetrics takes the export, and answers with what was recorded",
  async () => {
    using folder = temporaryFolder();
    const file = writeLog(folder.path, logText(RECENT));
    const { stdout } = expectExit(
      await perfmon(["export", "prometheus", "--file", file, "--label", "user=ada"]),
      0,
    );
    await using victoria = await serve("victoria-metrics", (port) => [
      `-httpListenAddr=127.0.0.1:${port}`,
      `-storageDataPath=${folder.path}/data`,
      "-search.latencyOffset=0s",
    ], "/health");
    const sent = await fetchText(`${victoria.url}/api/v1/import/prometheus`, {
      method: "POST",
      body: stdout,
    });
    assertEquals(sent, "");
    await fetchText(`${victoria.url}/internal/force_flush`);
    const calls = "sum(perfmon_tool_calls_total{user='ada'}) by (tool) > 0";
    await waitFor(
      async () => (await query(victoria, calls)).length === 3,
      "the import can be queried",
    );
    const answer = (await query(victoria, calls)).map(({ metric, values }) => [
      metric["tool"],
      values[0]?.[1],
    ]);
    assertEquals(answer.sort(), [["Bash", 1], ["Grep", 1], ["Read", 2]]);
    assertEquals(await valueOf(victoria, 'perfmon_tool_duration_seconds_sum{tool="Read"}'), 3);
    const median = 'histogram_quantile(0.5, perfmon_tool_duration_seconds_bucket{tool="Read"})';
    assertEquals(await valueOf(victoria, median), 1);
  },
);
