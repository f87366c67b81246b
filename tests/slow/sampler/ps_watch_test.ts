/** What a sampler tells of calls where there is no /proc: by one `ps` a second, here that of Linux. */
import { assert, assertAlmostEquals, assertEquals, assertMatch } from "../../std/std_assert.ts";
import { expectExit, perfmon } from "../../kit/perfmon.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { testWith } from "../../kit/tools.ts";
import { inQuietMoment, waitFor } from "../../kit/waits.ts";
import { WatchedCalls } from "./watched_calls.ts";

/** Holds so many MiB until a file is there. */
const HOLD = `
import os, sys, time
buffer = bytearray(int(sys.argv[1]) << 20)
buffer[::4096] = b"x" * len(buffer[::4096])
while not os.path.exists(sys.argv[2]):
    time.sleep(0.05)
`;

/** Calls of a log that is watched by `ps`, maybe by another one on PATH; ends the sampler when all is done. */
async function withCalls(
  use: (calls: WatchedCalls, folder: string) => Promise<void>,
): Promise<void> {
  using folder = temporaryFolder();
  Deno.writeTextFileSync(`${folder.path}/hold.py`, HOLD);
  const calls = new WatchedCalls(folder.path);
  const sampler = await startByPs(calls, { HOME: "/" });
  await waitFor(() => calls.holder() !== "", "the sampler to begin");
  try {
    await use(calls, folder.path);
  } finally {
    sampler.kill("SIGTERM");
    assertEquals((await sampler.status).code, 0);
  }
}

/** Starts a sampler that knows no /proc. */
async function startByPs(
  calls: WatchedCalls,
  env: Record<string, string>,
): Promise<Deno.ChildProcess> {
  // A row tells of the client: without one it would end at once.
  const client = { CLAUDE_PID: String(Deno.pid), CLAUDE_TOOL_NAME: "Read" };
  expectExit(await perfmon(["rec", "start", "--file", calls.log], { env: client }), 0);
  const script = `${import.meta.dirname}/ps_sampler.ts`;
  const args = ["run", "-A", script, "--file", calls.log, "--command"];
  return new Deno.Command(Deno.execPath(), { args, env }).spawn();
}

testWith(
  ["python3", "ps"],
  "by ps a call has the sum of its processes' resident sets, how many they were and which held most",
  inQuietMoment(async () => {
    await withCalls(async (calls, folder) => {
      const command = "python3 hold.py 100 go & python3 hold.py 50 go; wait";
      await calls.rec("start", "a", command);
      const shell = calls.shell(command).spawn();
      const held = (): string => calls.holder().split("\n")[1] ?? "";
      await waitFor(() => /\[[\d,]*1[5-9]\d{4}/.test(held()), held);
      Deno.writeTextFileSync(`${folder}/go`, "");
      await shell.output();
      await calls.rec("end", "a", command);
      const row = await calls.peak("a");
      assertAlmostEquals(Number(row["peak_rss"]) / 1024, 150 + 2 * 10, 20);
      assertEquals([row["peak_processes"], row["peak_process"]], ["3", "python3"]);
      assertEquals([row["peak_pss"], row["command"]], ["", "python3"]);
      assert(Number(row["process_seconds"]) > 0, row["process_seconds"]);
    });
  }),
);

testWith(
  ["python3", "ps"],
  "by ps calls side by side have each their own peak where they run other commands, and none where nothing tells them apart",
  inQuietMoment(async () => {
    await withCalls(async (calls, folder) => {
      Deno.writeTextFileSync(`${folder}/wait.sh`, "until [ -e go ]; do sleep 0.1; done\n");
      const commands = {
        a: "python3 hold.py 150 go",
        b: "sh wait.sh",
        c: "sh wait.sh",
      };
      const shells = [];
      for (const [id, command] of Object.entries(commands)) {
        await calls.rec("start", id, command);
        shells.push(calls.shell(command).spawn());
      }
      const seen = (): string => calls.holder().split("\n")[1] ?? "";
      await waitFor(() => /\[[\d,]*1[5-9]\d{4}/.test(seen()), seen);
      Deno.writeTextFileSync(`${folder}/go`, "");
      for (const shell of shells) await shell.output();
      for (const [id, command] of Object.entries(commands)) await calls.rec("end", id, command);
      assertAlmostEquals(Number((await calls.peak("a"))["peak_rss"]) / 1024, 150 + 10, 15);
      assertEquals([calls.peaks("b"), calls.peaks("c")], [[], []]);
    });
  }),
);

const BAD: Readonly<Record<string, readonly [script: string, trouble: RegExp]>> = {
  "that hangs": ["#!/bin/sh\nexec /bin/sleep 600\n", /ps took longer than 5 s/],
  "that says nothing": ["#!/bin/sh\n", /ps printed nothing/],
  "that is not there": ["", /There is no ps on PATH/],
};

for (const [what, [script, trouble]] of Object.entries(BAD)) {
  Deno.test(`by a ps ${what} a sampler ends, says so in the error log, and leaves no lock`, async () => {
    using folder = temporaryFolder();
    const bin = `${folder.path}/bin`;
    Deno.mkdirSync(bin);
    if (script !== "") Deno.writeTextFileSync(`${bin}/ps`, script, { mode: 0o755 });
    const calls = new WatchedCalls(folder.path);
    const sampler = await startByPs(calls, { HOME: "/", PATH: `${bin}:${folder.path}` });
    assertEquals((await sampler.status).code, 0);
    assertMatch(Deno.readTextFileSync(calls.log.replace(".csv", ".d/errors.log")), trouble);
    assertEquals(calls.lockFiles(), []);
  });
}
