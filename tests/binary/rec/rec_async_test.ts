/** What a hook that nobody waits for says of the start: the tool may run already, and what it is late by is known. */
import { HOOK, run, whatStandsIn } from "../../kit/homes.ts";
import { expectExit } from "../../kit/perfmon.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { procfs, testWith } from "../../kit/tools.ts";
import { assertEquals, assertGreater, assertLess } from "../../std/std_assert.ts";
import { inQuietMoment } from "../../kit/waits.ts";

const NEW = "claude-code_2-1-330_agent";
const OLD = "claude-code_2-1-22_agent";

/** Runs a script with the environment of a client; returns the rows, and when it began. */
async function rowsOf(
  script: string,
  agent = NEW,
): Promise<{ rows: Record<string, string>[]; began: number }> {
  using home = temporaryFolder();
  Deno.writeTextFileSync(`${home.path}/hook.json`, HOOK);
  const began = Date.now() / 1000;
  const env = { AI_AGENT: agent };
  expectExit(await run(home.path, "sh", ["-c", script], env), 0);
  const { rows, errors } = whatStandsIn(home.path);
  assertEquals(errors, []);
  return { rows, began };
}

/** A hook whose JSON comes half a second late, as where the machine is busy. */
const SLOW = '(sleep 0.5; cat hook.json) | "$PERFMON" rec';

testWith(
  [procfs, "sh"],
  "rec start --async: the time is that of the process's own start",
  inQuietMoment(async () => {
    const { rows, began } = await rowsOf(`${SLOW} start --async`);
    assertLess(Number(rows[0]?.["timestamp"]) - began, 0.4);
    assertGreater(Number(rows[0]?.["timestamp"]) - began, -0.02);
  }),
);

testWith(
  [procfs, "sh"],
  "rec start: as late as it can be where the client waits, by the flag and by its version",
  async () => {
    const lines: [string, string][] = [["start", NEW], ["start --async", OLD], [
      "start --async",
      "",
    ]];
    for (const [words, agent] of lines) {
      const { rows, began } = await rowsOf(`${SLOW} ${words}`, agent);
      assertGreater(Number(rows[0]?.["timestamp"]) - began, 0.49, `${words} ${agent}`);
    }
  },
);

testWith(
  [procfs, "sh"],
  "rec end --async: the time is as early as ever",
  inQuietMoment(async () => {
    const { rows, began } = await rowsOf(`${SLOW} end --async`);
    assertLess(Number(rows[0]?.["timestamp"]) - began, 0.4);
  }),
);

testWith(
  [procfs, "sh"],
  "rec --async: both ends of a call, and a prompt, have the time at which their hooks' shells began",
  inQuietMoment(async () => {
    for (const words of ["start --async", "end --async", "event --async"]) {
      // The shell of the hook is late with perfmon, as where the machine is busy.
      const { rows, began } = await rowsOf(`sleep 0.4; ${hookOf(words)} | "$PERFMON" rec ${words}`);
      assertLess(Number(rows[0]?.["timestamp"]) - began, 0.3, words);
      assertGreater(Number(rows[0]?.["timestamp"]) - began, -0.02, words);
    }
  }),
);

/** A command that prints what a hook with these words gets. */
function hookOf(words: string): string {
  return words.startsWith("event")
    ? `echo '{"hook_event_name":"UserPromptSubmit","session_id":"s","prompt":"x"}'`
    : "cat hook.json";
}

/** A client with a server; its hook is held up for a moment, and the tool begins meanwhile. */
function besideTool(words: string): string {
  return "sleep 60 & server=$!; sleep 0.2; " +
    `sh -c "sleep 0.4; \\"\\$PERFMON\\" rec ${words} --tool x --pid $$; :" & hook=$!; sleep 0.1; ` +
    "sleep 60 & tool=$!; wait $hook; kill $server $tool";
}

testWith(
  [procfs, "sh"],
  "rec start --async: what began with the hook or since was not there before the call",
  inQuietMoment(async () => {
    for (
      const [words, agent, children] of [
        ["start --async", NEW, "1"],
        ["start --async", OLD, "2"],
        ["start", NEW, "2"],
        ["end --async", NEW, "1"], // of the next call
        ["end --async", OLD, "2"],
      ] as const
    ) {
      const { rows } = await rowsOf(besideTool(words), agent);
      assertEquals(rows[0]?.["children"], children, `${words} ${agent}`);
      // A sleep has some MiB at most.
      const tree = Number(rows[0]?.["tree_rss"]) - Number(rows[0]?.["memory_rss"]);
      assertGreater(tree, 0);
    }
  }),
);

testWith(
  [procfs, "sh"],
  "rec: hooks that run beside it, their shells and what these started are no children of the client",
  inQuietMoment(async () => {
    // The other hook waits for its JSON, and its shell has a watcher beside it.
    const other = 'sh -c "sleep 60 & w=\\$!; ' +
      '(sleep 0.7; cat hook.json) | \\"\\$PERFMON\\" rec start --pid $$; kill \\$w" & o=$!';
    const { rows } = await rowsOf(
      `sleep 60 & server=$!; ${other}; sleep 0.4; "$PERFMON" rec end --tool x --pid $$; ` +
        "wait $o; kill $server",
    );
    assertEquals(rows.find(({ event }) => event === "end")?.["children"], "1");
  }),
);
