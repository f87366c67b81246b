/**
 * Records the log that `tests/binary/report/recorded_session_test.ts` checks by hand: a session of the real Claude Code with a background
 * Bash (0.5 s, exit status 3), a background agent, a call that a rule denies, a permission request that a hook grants
 * after 1.5 s, and a Bash that times out after 1 s.
 * `deno run -A tests/client/record_log.ts CLAUDE LOG`, the path of a client and of the log to write. No
 * path is in it, and no id of the recording but the agent's.
 */
import { recordsOf } from "../kit/log_files.ts";
import { binary, expectExit, perfmon } from "../kit/perfmon.ts";
import { temporaryFolder } from "../kit/temporary_folder.ts";
import { allowAfter, installHooks, runSession, type Steps } from "./stand_in.ts";

const THINK_MS = 500;
const ASK_SECONDS = 1.5;

/** What the agent is told; the stand-in knows its requests by it. */
export const AGENT_TASK = "Sleep for a moment";

const STEPS: Steps = [
  { name: "Bash", input: { command: "sleep 0.5; exit 3", run_in_background: true } },
  {
    name: "Agent",
    input: {
      description: "sleeps",
      prompt: AGENT_TASK,
      subagent_type: "general-purpose",
      run_in_background: true,
    },
  },
  { name: "Bash", input: { command: "rm -f nothing" } },
  { name: "Write", input: { file_path: "asked.txt", content: "x" } },
  { name: "Bash", input: { command: "sleep 9", timeout: 1000 } },
  { name: "Bash", input: { command: "sleep 1" } },
];
const AGENT_STEPS: Steps = [{ name: "Bash", input: { command: "sleep 0.7" } }];

if (import.meta.main) {
  const [client, path] = Deno.args;
  if (client === undefined || path === undefined) {
    console.error("usage: deno run -A tests/client/record_log.ts CLAUDE LOG");
    Deno.exit(64);
  }
  using home = temporaryFolder();
  Deno.env.set("PATH", `${client.slice(0, client.lastIndexOf("/"))}:${Deno.env.get("PATH")}`);
  await installHooks(Deno.realPathSync(binary), home.path, "--command");
  const settings = `${home.path}/.claude/settings.json`;
  allowAfter(home.path, ASK_SECONDS);
  const { hooks } = JSON.parse(Deno.readTextFileSync(settings));
  const denied = { permissions: { deny: ["Bash(rm:*)"] }, hooks };
  Deno.writeTextFileSync(settings, JSON.stringify(denied));
  const { code } = await runSession(client, home.path, STEPS, {
    allowed: ["Bash", "Agent"],
    thinkMs: THINK_MS,
    agents: { [AGENT_TASK]: AGENT_STEPS },
  });
  const log = `${home.path}/.claude/performance.csv`;
  console.log(`The client ended with ${code}; ${recordsOf(log).length} rows`);
  const env = { HOME: home.path };
  for (const args of [["tail"], ["report"], ["report", "--by", "turn"], ["running"]]) {
    console.log(expectExit(await perfmon(args, { env }), 0).stdout);
  }
  Deno.writeTextFileSync(path, withoutNames(log, home.path));
}

/** The text of a log with other ids and another project than those of the recording. */
function withoutNames(log: string, home: string): string {
  let text = Deno.readTextFileSync(log).replaceAll(
    home.slice(home.lastIndexOf("/") + 1),
    "project",
  );
  for (const [place, column] of ["session_id", "prompt_id"].entries()) {
    const ids = new Set(recordsOf(log).map((row) => row[column] ?? "").filter((id) => id !== ""));
    for (const [number, id] of [...ids].entries()) {
      text = text.replaceAll(id, `${place + 1}0000000-0000-4000-8000-00000000000${number + 1}`);
    }
  }
  return text;
}
