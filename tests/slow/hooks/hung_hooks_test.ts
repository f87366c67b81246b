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

/** The line of a hook for a script: the client's shell is the script's own. */
const LINE = writeCommand({ moment: "start", program: binary, isAsync: true, options: {} });

/** What lives of a hook, in one word: `left` or `gone`. */
const TELL = "tell() { kill -0 $2 2>/dev/null && echo $1 left || echo $1 gone; }; ";

/** Starts a hook, `$shell`, and stops its perfmon, `$hook`. */
const STOPPED = "export CLAUDE_PID=$$; mkfifo silent; exec 9<>silent; line=$(cat line.sh); " +
  'stopped() { sh -c "$line" <silent & shell=$!; ' +
  "until hook=$(cat /proc/$shell/task/$shell/children); hook=${hook% }; " +
  `case $(tr '\\0' ' ' </proc/\${hook:-self}/cmdline) in "$PERFMON rec start"*) :;; *) false;; esac; ` +
  "do :; done; kill -STOP $hook; }; ";

testWith(
  [procfs, "sh"],
  "a hook that hangs is killed by a later one, and what only looks like it or is young is not",
  inQuietMoment(async () => {
    using home = temporaryFolder();
    Deno.writeTextFileSync(`${home.path}/hook.json`, HOOK);
    Deno.writeTextFileSync(`${home.path}/line.sh`, LINE);
    const { stdout } = await shell(
      home.path,
      TELL + STOPPED + "stopped; old=$shell; " +
        'sh -c "sleep 60; : \\"\\$PERFMON\\" rec start --async" >/dev/null 2>&1 & alike=$!; ' +
        `${HANGS}; stopped; young=$shell; ` +
        '"$PERFMON" rec end --async <hook.json; wait $old; echo status $?; ' +
        "tell alike $alike; tell young $young; kill $alike; kill -9 $hook $young",
    );
    assertEquals(stdout.trim().split("\n"), ["status 0", "alike left", "young left"]);
    assertEquals(whatStandsIn(home.path).rows.map(({ event }) => event), ["end"]);
  }),
);

testWith(
  [procfs, "sh"],
  "a hook that hangs at a turn's end is killed though there is no later one",
  inQuietMoment(async () => {
    using home = temporaryFolder();
    Deno.writeTextFileSync(`${home.path}/line.sh`, LINE);
    const { stdout } = await shell(
      home.path,
      STOPPED + "stopped; sleep 1.5; " +
        '"$PERFMON" rec drain </dev/null; wait $shell; echo status $?',
    );
    assertEquals(stdout, "status 0\n");
  }),
);
