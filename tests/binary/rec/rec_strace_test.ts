/** What the kernel is asked for when `rec` runs. */
import { HOOK, logOf, record, run, whatStandsIn } from "../../kit/homes.ts";
import { recordsOf } from "../../kit/log_files.ts";
import { binary, expectExit } from "../../kit/perfmon.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { testWith, type Tool } from "../../kit/tools.ts";
import { assert, assertEquals, assertGreater } from "../../std/std_assert.ts";

/** strace, where it is there and may trace: some containers forbid it. */
const tracer: Tool = {
  name: "strace",
  found: () => {
    try {
      return new Deno.Command("strace", { args: ["-o", "/dev/null", "true"] }).outputSync().success;
    } catch {
      return false;
    }
  },
};

/** The system calls of `perfmon ARGS`, one a line, of all its threads; TZ is unset, as mostly it is. */
async function systemCalls(
  home: string,
  args: string[],
  env: Record<string, string> = {},
): Promise<string[]> {
  const trace = `${home}/trace.txt`;
  const command = ["-f", "-qq", "-s", "4096", "-E", "TZ", "-o", trace, binary, ...args];
  const { stdout } = expectExit(await run(home, "strace", command, env), 0);
  assertEquals(stdout, "");
  return Deno.readTextFileSync(trace).split("\n").map((line) => line.replace(/^\d+ +/, ""));
}

function callsOf(calls: string[], pattern: RegExp): string[] {
  return calls.filter((call) => pattern.test(call));
}

for (const event of ["start", "end"]) {
  testWith(
    tracer,
    `rec ${event} opens no socket, and for writing only the log and its folder`,
    async () => {
      using home = temporaryFolder();
      // The end row rotates: all that rec ever does.
      for (let rows = 0; rows < 3; rows++) await record(home.path, ["end", "--tool", "x"]);
      const args = ["rec", event, "--tool", "x", "--bogus", "--max-lines", "2", "--keep", "1"];
      const calls = await systemCalls(home.path, args);
      assert(
        callsOf(calls, /^execve\(/).length === 1,
        "the trace is whole, and nothing else is run",
      );
      // Not socketpair(): the runtime's own, by which signals reach it; nobody else can reach that.
      assertEquals(callsOf(calls, /^(socket|connect|bind|listen|accept4?|sendto)\(/), []);
      const written = callsOf(calls, /^(open(at2?)?|creat)\(.*O_(WRONLY|RDWR|CREAT|TRUNC|APPEND)/)
        .map((call) => /"([^"]*)"/.exec(call)?.[1] ?? call);
      const log = logOf(home.path);
      const allowed = (path: string): boolean =>
        path === log || /^\.d(\/|$)/.test(path.replace(log.slice(0, -4), ""));
      assertEquals(written.filter((path) => !allowed(path)), []);
      assert(written.includes(log), "the log itself is in the trace");
      const changed = callsOf(calls, /^(rename|link|unlink|mkdir|chmod|symlink|truncate)(at)?2?\(/)
        .flatMap((call) => [...call.matchAll(/"([^"]*)"/g)].map(([, path = ""]) => path));
      assertEquals(changed.filter((path) => !allowed(path)), []);
      assertEquals(callsOf(calls, /^rename/).length > 0, event === "end", "only end rows rotate");
      assertEquals(recordsOf(log).length, event === "end" ? 1 : 4);
    },
  );
}

testWith(tracer, "a hook on a log that is there never asks for the time zone", async () => {
  using home = temporaryFolder();
  await record(home.path, ["end"], { stdin: HOOK });
  const zone = async (args: string[]): Promise<string[]> => {
    const calls = await systemCalls(home.path, ["rec", ...args], { CLAUDE_TOOL_NAME: "x" });
    return callsOf(calls, /"\/etc\/localtime"/);
  };
  assertEquals(await zone(["start"]), []);
  assertEquals(await zone(["end"]), []);
  assertEquals(whatStandsIn(home.path).rows.length, 3);
  // A line in the error log has a time, so that this one does: the trace would show it.
  assertGreater((await zone(["start", "--bogus"])).length, 0);
});

testWith(
  tracer,
  "only a hook with an alert looks back in the log, and remembers only what it told",
  async () => {
    using home = temporaryFolder();
    await record(home.path, ["end"], { stdin: HOOK });
    const opened = async (flags: string[]): Promise<[log: number, alerts: number]> => {
      const calls = await systemCalls(home.path, ["rec", "end", "--tool", "x", ...flags]);
      const opens = callsOf(calls, /^open(at)?\(/);
      return [
        opens.filter((call) => call.includes(`"${logOf(home.path)}"`)).length,
        opens.filter((call) => call.includes("alerts.json")).length,
      ];
    };
    assertEquals(await opened([]), [1, 0]);
    assertEquals(await opened(["--max-lines", "900"]), [1, 0]);
    assertEquals(await opened(["--alert-rss", "1KiB"]), [2, 0]);
  },
);
