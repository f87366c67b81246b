/** What a hook's environment says of its client stands in its record: the drain has another one. */
import { bashEvent, spoolHome } from "../../kit/homes.ts";
import { recordsOf } from "../../kit/log_files.ts";
import { expectExit } from "../../kit/perfmon.ts";
import { assertEquals } from "../../std/std_assert.ts";

Deno.test("project and client of the spool's rows are those of the binary's", async () => {
  using home = spoolHome();
  const json = { ...bashEvent("end", "t1"), session_id: "x", cwd: "/work/shop/src" };
  const environments: [env: Record<string, string>, project: string, client: string][] = [
    [{}, "src", "claude"],
    [{ CLAUDE_PROJECT_DIR: "/work/my shop; {1}/" }, "my shop; {1}", "claude"],
    [{ CLAUDE_PROJECT_DIR: "/work/a\nb" }, "a", "claude"],
    [{ COPILOT_CLI: "1" }, "src", "copilot"],
    // A Claude Code that Copilot's shell has started.
    [{ COPILOT_CLI: "1", CLAUDE_CODE_SESSION_ID: "x" }, "src", "claude"],
  ];
  for (const [number, [env]] of environments.entries()) {
    await home.hook("end", { ...json, tool_use_id: `t${number}` }, { env });
  }
  expectExit(await home.perfmon("rec", "drain", "--strict"), 0);
  const rows = new Map(recordsOf(home.log).map((row) => [row["tool_use_id"], row]));
  assertEquals(
    environments.map((
      _,
      number,
    ) => [rows.get(`t${number}`)?.["project"], rows.get(`t${number}`)?.["client"]]),
    environments.map(([, project, client]) => [project, client]),
  );
});
