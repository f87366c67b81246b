/**
 * What a session of the real Claude Code leaves as rows beside its calls: a background Bash that fails, a
 * call that nobody allows, the ends of turns and of the session.
 * `deno run -A tests/client/events.ts CLAUDE`, the path of a client.
 */
import { recordsOf } from "../kit/log_files.ts";
import { binary, expectExit, perfmon } from "../kit/perfmon.ts";
import { temporaryFolder } from "../kit/temporary_folder.ts";
import { installHooks, runSession, type ToolCall } from "./stand_in.ts";

const CALLS: readonly ToolCall[] = [
  { name: "Bash", input: { command: "sleep 0.5; exit 3", run_in_background: true } },
  { name: "WebFetch", input: { url: "http://127.0.0.1:9/", prompt: "x" } },
  { name: "Bash", input: { command: "sleep 1" } },
];

if (import.meta.main) {
  const [client, ...flags] = Deno.args;
  if (client === undefined) {
    console.error("usage: deno run -A tests/client/events.ts CLAUDE [FLAG of hooks install...]");
    Deno.exit(64);
  }
  using home = temporaryFolder();
  Deno.env.set("PATH", `${client.slice(0, client.lastIndexOf("/"))}:${Deno.env.get("PATH")}`);
  await installHooks(Deno.realPathSync(binary), home.path, "--command", ...flags);
  const settings = JSON.parse(Deno.readTextFileSync(`${home.path}/.claude/settings.json`));
  console.log(Object.keys(settings.hooks).join(" "));
  const { code } = await runSession(client, home.path, CALLS, { allowed: ["Bash"] });
  const log = `${home.path}/.claude/performance.csv`;
  const rows = recordsOf(log);
  const first = Number(rows[0]?.["timestamp"]);
  console.log(`The client ended with ${code}; ${rows.length} rows`);
  for (const row of rows) {
    const { timestamp, event, tool_name, status, exit_code, tool_use_id, prompt_id, command } = row;
    const at = (Number(timestamp) - first).toFixed(3).padStart(8);
    const turn = prompt_id?.slice(0, 4);
    console.log(
      [at, event, tool_name, status, exit_code, tool_use_id, turn, command].map((each) =>
        each || "-"
      )
        .join(" "),
    );
  }
  const env = { HOME: home.path };
  console.log(expectExit(await perfmon(["tail"], { env }), 0).stdout);
  console.log((await perfmon(["status"], { env })).stdout);
}
