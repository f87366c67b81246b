import { liveProcesses } from "../../../src/sampler/live.ts";
import { sampleLinux } from "../../../src/sampler/linux.ts";
import { assert, assertAlmostEquals, assertEquals } from "../../std/std_assert.ts";
import { readProc, startProcess } from "../../kit/processes.ts";
import { procfs, testWith } from "../../kit/tools.ts";
import { waitFor } from "../../kit/waits.ts";

function childPids(pid: number): number[] {
  return readProc(pid, `task/${pid}/children`).trim().split(" ").filter(Boolean).map(Number);
}

testWith(
  [procfs, "ps", "sh", "sleep"],
  "liveProcesses: what lives below a client, with name, start and parent",
  async () => {
    await using client = startProcess("sh", "-c", "sleep 60 & wait");
    await waitFor(() => childPids(client.pid).length === 1, "the child");
    const [pid = 0] = childPids(client.pid);
    await waitFor(() => readProc(pid, "comm").trim() === "sleep", "sleep to start");
    const found = await liveProcesses({
      clients: [{ pid: client.pid }],
      orphansSince: undefined,
    });
    assertEquals(found.map((each) => [each.pid, each.parent, each.command, each.client?.pid]), [
      [pid, client.pid, "sleep", client.pid],
    ]);
    // The boot time of /proc/stat has whole seconds.
    assertAlmostEquals(found[0]?.processStart ?? 0, sampleLinux(pid, []).processStart ?? 0, 1.1);
    assert(Math.abs(Date.now() / 1000 - (found[0]?.processStart ?? 0)) < 20);
    assert((found[0]?.rss ?? 0) > 0);
  },
);

testWith(
  [procfs, "ps", "env", "sleep"],
  "liveProcesses: orphans by the session that their environment names",
  async () => {
    const name = "CLAUDE_CODE_SESSION_ID=7d1f-test";
    await using orphan = startProcess("env", name, "CLAUDE_PID=77", "sleep", "60");
    await waitFor(() => readProc(orphan.pid, "comm").trim() === "sleep", "sleep to start");
    const begun = Date.now() / 1000;
    const named = async (orphansSince: number): Promise<unknown[]> =>
      (await liveProcesses({ clients: [], orphansSince }))
        .filter(({ namedSession }) => namedSession === "7d1f-test")
        .map(({ pid, client, namedClient }) => [pid, client, namedClient]);
    assertEquals(await named(begun - 20), [[orphan.pid, undefined, 77]]);
    assertEquals(await named(begun + 20), []);
  },
);

Deno.test("liveProcesses: a client that is gone has none", async () => {
  assertEquals(
    await liveProcesses({ clients: [{ pid: 2 ** 22 + 1 }], orphansSince: undefined }),
    [],
  );
});
