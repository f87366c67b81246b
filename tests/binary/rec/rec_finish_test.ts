/** `rec finish`, the hook at a session's end: it waits for the session's hooks that nobody waits for. */
import { expectExit, perfmon } from "../../kit/perfmon.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { procfs, testWith } from "../../kit/tools.ts";
import { assert, assertEquals } from "../../std/std_assert.ts";
import { inQuietMoment } from "../../kit/waits.ts";

/** A client with a child that has this command line (`$0` and its words) for a while. */
function clientWith(child: string, seconds: number): Deno.ChildProcess {
  const script = `sh -c 'sleep ${seconds}; :' '${child}' & wait; sleep 60`;
  return new Deno.Command("setsid", { args: ["sh", "-c", script], stdin: "null" }).spawn();
}

/** Milliseconds that `rec finish` takes beside such a client. */
async function finish(child: string, seconds: number): Promise<number> {
  using home = temporaryFolder();
  const client = clientWith(child, seconds);
  try {
    await new Promise((resolve) => setTimeout(resolve, 100));
    const env = { HOME: home.path, CLAUDE_PID: String(client.pid) };
    const begin = performance.now();
    const { stdout, stderr } = expectExit(
      await perfmon(["rec", "finish"], { env, stdin: '{"hook_event_name":"SessionEnd"}\n' }),
      0,
    );
    assertEquals([stdout, stderr], ["", ""]);
    return performance.now() - begin;
  } finally {
    Deno.kill(-client.pid, "SIGKILL");
    await client.status;
  }
}

const HOOKS = ["/opt/perfmon rec end --async --params", 'echo "perfmon 1 $$;--async;$AI_AGENT"'];

testWith(
  [procfs],
  "a session's end waits for the session's hooks, and a second at most",
  inQuietMoment(async () => {
    for (const hook of HOOKS) {
      const took = await finish(hook, 0.8);
      assert(took > 500 && took < 1800, `${took} ms for a hook of 0.8 s`);
    }
    const took = await finish(HOOKS[0]!, 30);
    assert(took > 1000 && took < 3000, `${took} ms for a hook that does not end`);
  }),
);

testWith(
  [procfs],
  "a session's end does not wait for what is no hook of perfmon's",
  inQuietMoment(async () => {
    for (const other of ["perfmon rec end", "npm run dev --async", "perfmon tail -f"]) {
      const took = await finish(other, 30);
      assert(took < 900, `${took} ms beside "${other}"`);
    }
  }),
);
