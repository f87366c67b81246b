import { assert, assertEquals, assertStringIncludes } from "../../std/std_assert.ts";
import { logText, RECENT, writeLog } from "../../kit/log_files.ts";
import { expectExit, perfmon } from "../../kit/perfmon.ts";
import { fetchText, serve } from "../../kit/servers.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { testWith } from "../../kit/tools.ts";

testWith(
  "prometheus-node-exporter",
  "node_exporter shows the files of several people side by side, by their labels",
  async () => {
    using folder = temporaryFolder();
    const collected = `${folder.path}/textfile`;
    Deno.mkdirSync(collected);
    for (const [user, rows] of [["ada", RECENT], ["bob", RECENT.slice(2, 4)]] as const) {
      Deno.mkdirSync(`${folder.path}/${user}`);
      const file = writeLog(`${folder.path}/${user}`, logText(rows));
      const flags = ["-o", `${collected}/${user}.prom`, "--label", `user=${user}`];
      expectExit(await perfmon(["export", "prometheus", "--file", file, ...flags]), 0);
    }
    // What a killed export leaves is no file of node_exporter's.
    Deno.writeTextFileSync(`${collected}/.0123456789abcdef0123456789abcdef.perfmon-tmp`, "half");
    await using node = await serve("prometheus-node-exporter", (port) => [
      "--collector.disable-defaults",
      "--collector.textfile",
      `--collector.textfile.directory=${collected}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ], "/metrics");
    const metrics = await fetchText(`${node.url}/metrics`) ?? "";
    assertStringIncludes(metrics, "node_textfile_scrape_error 0\n");
    const calls = metrics.split("\n").filter((line) => /_calls_total.*"Read".* [1-9]/.test(line));
    assertEquals(calls, [
      'perfmon_tool_calls_total{status="ok",tool="Read",user="ada"} 2',
      'perfmon_tool_calls_total{status="ok",tool="Read",user="bob"} 1',
    ]);
    assert(metrics.includes(`node_textfile_mtime_seconds{file="${collected}/ada.prom"}`));
  },
);
