/** What keeps the sampler busy, with the test as the client and real processes as the shells of its calls. */
import { assert, assertEquals } from "../../std/std_assert.ts";
import { waitFor } from "../../kit/waits.ts";
import { Sampling } from "../../../src/record/sample/sampling.ts";
import { processOf } from "../../../src/sampler/clients.ts";
import { ProcessWatch } from "../../../src/sampler/watch/process_watch.ts";
import type { Sample } from "../../../src/row/sample.ts";

const ignore = Deno.build.os !== "linux";

/** A sampler of calls whose shell is `sleep`. */
function sampling({ hasCommands = false } = {}): Sampling {
  const watch = new ProcessWatch(({ commandLine }) =>
    commandLine.includes("/sleep\0") ? { command: undefined } : undefined
  );
  return new Sampling(watch, hasCommands);
}

function row(event: Sample["event"], more: Partial<Sample> = {}): Sample {
  const timestamp = Date.now() / 1000;
  return { timestamp, event, toolName: "Bash", sessionId: "s", ...processOf(Deno.pid), ...more };
}

/** A shell in a session of its own, which lives until it is disposed of. */
function shell(): AsyncDisposable {
  const child = new Deno.Command("sleep", { args: ["99"], detached: true }).spawn();
  return {
    async [Symbol.asyncDispose](): Promise<void> {
      child.kill("SIGKILL");
      await child.status;
    },
  };
}

/** Takes a start's row of a call, and looks until its shell is seen. */
async function watchStart(watched: Sampling, more: Partial<Sample> = {}): Promise<void> {
  watched.look([row("start", { toolUseId: "a", ...more })]);
  await waitFor(() => {
    watched.look([]);
    return watched.isBusy;
  }, "the shell to be seen");
}

Deno.test({
  name:
    "a call whose shell does not come keeps the sampler busy no longer than its start, and looking often for half a minute",
  ignore,
  fn: () => {
    const watched = sampling();
    watched.look([row("start", { toolUseId: "a" })]);
    assertEquals([watched.isBusy, watched.youngest], [true, 0]);
    watched.look([]);
    assertEquals([watched.isBusy, watched.youngest], [false, 0]);
    const older = sampling();
    older.look([row("start", { toolUseId: "a", timestamp: Date.now() / 1000 - 31 })]);
    assertEquals([older.isBusy, older.youngest], [true, Infinity]);
  },
});

Deno.test({
  name: "a call keeps the sampler busy as long as its shell lives, and no longer",
  ignore,
  fn: async () => {
    const watched = sampling();
    {
      await using _shell = shell();
      await watchStart(watched);
      watched.look([]);
      assertEquals(watched.isBusy, true);
    }
    watched.look([]);
    assertEquals([watched.isBusy, watched.youngest], [false, Infinity]);
  },
});

Deno.test({
  name: "a row has the name of the largest process only where rows say which command a call was",
  ignore,
  fn: async () => {
    for (const hasCommands of [true, false]) {
      await using _shell = shell();
      const watched = sampling({ hasCommands });
      await watchStart(watched);
      await waitFor(() => { // just after an exec the kernel still says 0
        watched.look([]);
        return (watched.courses()[0]?.rss.at(-1) ?? 0) > 0;
      }, "the shell's memory to be seen");
      const [peak] = watched.look([row("end", { toolUseId: "a", status: "background" })]);
      assert((peak?.peakRss ?? 0) > 0);
      assertEquals(peak?.peakProcess, hasCommands ? "sleep" : undefined);
    }
  },
});

Deno.test({
  name:
    "a clock that jumps while a call runs makes its peak its own or none, and none of another call",
  ignore,
  fn: async () => {
    for (const jump of [-3600, 3600]) {
      const watched = sampling();
      const client = processOf(Deno.pid);
      const at = (event: "start" | "end", toolUseId: string, timestamp: number): Sample[] =>
        watched.look([row(event, { ...client, toolUseId, timestamp })]);
      const now = Date.now() / 1000;
      {
        await using _shell = shell();
        at("start", "before", now - jump); // as the clock stood then
      }
      const rows = at("end", "before", Date.now() / 1000);
      assertEquals(rows.filter(({ toolUseId }) => toolUseId !== "before"), []);
      assertEquals(rows.filter(({ processSeconds = 0 }) => processSeconds > 60), []);
    }
  },
});

Deno.test({
  name:
    "the next prompt, the end of the turn and that of the session close their calls, and no others",
  ignore,
  fn: async () => {
    await using _shell = shell();
    const ends = {
      prompt: row("prompt"),
      turn: row("stop", { status: "ok" }),
      session: row("stop"),
    };
    for (const end of Object.values(ends)) {
      const watched = sampling();
      await watchStart(watched);
      const timestamp = Date.now() / 1000;
      watched.look([{ ...end, timestamp, sessionId: "another" }]);
      assertEquals(watched.isBusy, true, "another session's");
      watched.look([{ ...end, timestamp: timestamp - 60 }]);
      assertEquals(watched.isBusy, true, "a row from before the call");
      watched.look([{ ...end, timestamp }]);
      assertEquals(watched.isBusy, false);
    }
    for (const [name, end] of Object.entries(ends)) {
      const watched = sampling();
      await watchStart(watched, { agentId: "subagent" });
      watched.look([{ ...end, timestamp: Date.now() / 1000 }]);
      assertEquals(
        watched.isBusy,
        name !== "session",
        `a subagent's call, at the end of the ${name}`,
      );
    }
  },
});
