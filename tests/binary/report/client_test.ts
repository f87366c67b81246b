/** Calls of other clients that run the same hooks: recorded, and out of the figures unless they are asked for. */
import { expectExit, perfmon } from "../../kit/perfmon.ts";
import { bashEvent, logOf, record } from "../../kit/homes.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { assertEquals, assertStringIncludes } from "../../std/std_assert.ts";

/** Records one call of each client in a HOME; Copilot's are told by its environment and by its JSON. */
async function recordAll(home: string): Promise<void> {
  const copilot = { COPILOT_CLI: "1", AI_AGENT: "claude-code_2-1-330_outer" };
  const calls = [
    { id: "t1", env: {}, more: { duration_ms: 1000 } },
    {
      id: "t2",
      env: copilot,
      more: { session_id: "c", tool_response: undefined, tool_result: {} },
    },
    { id: "t3", env: {}, more: { session_id: "k", cursor_version: "2.4", conversation_id: "k" } },
  ];
  for (const { id, env, more } of calls) {
    for (const moment of ["start", "end"] as const) {
      const stdin = JSON.stringify(bashEvent(moment, id, more)) + "\n";
      await record(home, [moment], { stdin, env: { AI_AGENT: "claude-code_2-1-330_x", ...env } });
    }
  }
}

Deno.test("calls of other clients are in the figures of none but their own", async () => {
  using home = temporaryFolder();
  await recordAll(home.path);
  const log = logOf(home.path);
  const say = async (code: number, ...args: string[]): Promise<string> => {
    const { stdout, stderr } = expectExit(await perfmon([...args, "--file", log]), code);
    return code === 0 ? stdout : stderr;
  };
  const ids = async (...flags: string[]): Promise<string[]> => {
    const csv = await say(0, "export", "csv", "--calls", ...flags);
    return csv.match(/\bt[123]\b/g) ?? [];
  };
  assertEquals(await ids(), ["t1"]);
  assertEquals(await ids("--client", "copilot"), ["t2"]);
  assertEquals(await ids("--client", "cursor"), ["t3"]);
  assertEquals(await ids("--client", "all"), ["t1", "t2", "t3"]);

  const report = await say(0, "report");
  assertStringIncludes(report, "1 call, 1 session");
  assertStringIncludes(report, "2 calls of copilot, cursor left out (--client all)");
  const misspelt = await say(1, "report", "--client", "copilott");
  assertStringIncludes(
    misspelt,
    'Cannot find the client "copilott" in the log: did you mean "copilot"?',
  );

  const metrics = await say(0, "export", "prometheus");
  assertStringIncludes(metrics, 'perfmon_tool_calls_total{tool="Bash",status="ok"} 1\n');
  assertEquals(JSON.parse(await say(0, "running", "--json")).running, []);

  // Rows are what stands in the log, of whichever client.
  const rows = (await say(0, "export", "csv")).trimEnd().split("\n");
  assertEquals(rows.length, 1 + 6);
  assertEquals(rows.filter((row) => row.includes(",copilot,")).length, 2);
  assertEquals(rows.filter((row) => row.includes("2.1.330")).length, 2);
});
