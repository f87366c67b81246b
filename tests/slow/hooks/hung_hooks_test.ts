/** Hooks that nobody waits for and that hang: the client's later hooks clear them away, and no others. */
import { writeCommand } from "../../../src/agents/claude/hooks/command_line.ts";
import { HOOK, shell, whatStandsIn } from "../../kit/homes.ts";
import { binary } from "../../kit/perfmon.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { procfs, testWith } from "../../kit/tools.ts";
import { assertEquals } from "../../std/std_assert.ts";
import { inQuietMoment } from "../../kit/waits.ts";

/** Longer than what `src/record/hung_hooks.ts` takes for a hang. */
const HANGS = "sleep 21";

/** Lines of hooks for a script: the client's shell is the script's own. */
function line(moment: "start" | "end", via?: "spool"): string {
  const command = { moment, program: binary, isAsync: true, options: {} } as const;
  return writeCommand(via === undefined ? command : { ...command, via });
}

/** What lives of a hook, in one word: `left` or `gone`. */
const TELL = "tell() { kill -0 $2 2>/dev/null && echo $1 left || echo $1 gone; }; ";

testWith(
  [procfs, "sh"],
  "a hook that hangs is killed by a later one, and what only looks like it or is young is not",
  inQuietMoment(async () => {
    using home = temporaryFolder();
    Deno.writeTextFileSync(`${home.path}/hook.json`, HOOK);
    Deno.writeTextFileSync(`${home.path}/binary.sh`, line("start"));
    Deno.writeTextFileSync(`${home.path}/spool.sh`, line("start", "spool"));
    Deno.mkdirSync(`${home.path}/.claude/performance.d/spool`, { recursive: true });
    const { stdout } = await shell(
      home.path,
      TELL +
        "export CLAUDE_PID=$$; mkfifo silent; exec 9<>silent; " +
        'stopped() { sh -c "$(cat binary.sh)" <silent & shell=$!; ' +
        'until hook=$(cat /proc/$shell/task/$shell/children); hook=${hook% }; [ -n "$hook" ] && ' +
        "tr '\\0' ' ' </proc/$hook/cmdline | grep -q 'rec start'; do :; done; kill -STOP $hook; }; " +
        "stopped; old=$shell; " +
        'sh -c "$(cat spool.sh)" <silent & spool=$!; ' +
        'sh -c "sleep 60; : \\"\\$PERFMON\\" rec start --async" & alike=$!; ' +
        `${HANGS}; stopped; young=$shell; ` +
        '"$PERFMON" rec end --async <hook.json; wait $old; echo status $?; ' +
        "wait $spool; echo status $?; " +
        "tell alike $alike; tell young $young; kill $alike; kill -9 $hook $young",
    );
    assertEquals(stdout.trim().split("\n"), [
      "status 0",
      "status 0",
      "alike left",
      "young left",
    ]);
    assertEquals(whatStandsIn(home.path).rows.map(({ event }) => event), ["end"]);
  }),
);

testWith(
  [procfs, "sh"],
  "a hook that hangs at a turn's end is killed though there is no later one",
  inQuietMoment(async () => {
    using home = temporaryFolder();
    Deno.writeTextFileSync(`${home.path}/spool.sh`, line("end", "spool"));
    Deno.mkdirSync(`${home.path}/.claude/performance.d/spool`, { recursive: true });
    const { stdout } = await shell(
      home.path,
      "export CLAUDE_PID=$$; mkfifo silent; exec 9<>silent; " +
        'sh -c "$(cat spool.sh)" <silent & spool=$!; sleep 1.5; ' +
        '"$PERFMON" rec drain </dev/null; wait $spool; echo status $?',
    );
    assertEquals(stdout, "status 0\n");
  }),
);
