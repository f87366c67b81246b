/** The sampler as a process: one for a log, and none for longer than it is needed. */
import { assertEquals, assertMatch } from "../../std/std_assert.ts";
import { readProc } from "../../kit/processes.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { waitFor } from "../../kit/waits.ts";
import { WatchedCalls } from "./watched_calls.ts";

Deno.test("however many calls begin at once, there is one sampler, in a session of its own, with nothing of theirs", async () => {
  using folder = temporaryFolder();
  const calls = new WatchedCalls(folder.path);
  const ids = ["a", "b", "c", "d", "e"];
  await Promise.all(ids.map((id) => calls.rec("start", id, "sleep 9")));
  await waitFor(
    () => calls.samplers().length === 1 && calls.lockFiles().length === 1,
    "one sampler",
  );
  const [pid = 0] = calls.samplers();
  assertMatch(readProc(pid, "stat"), new RegExp(`^${pid} .*\\) \\S \\d+ ${pid} ${pid} `));
  assertEquals(readProc(pid, "environ"), "");
  for (const { name } of Deno.readDirSync(`/proc/${pid}/fd`)) {
    if (Number(name) <= 2) assertEquals(Deno.readLinkSync(`/proc/${pid}/fd/${name}`), "/dev/null");
  }
  await calls.rec("start", "f", "sleep 9");
  assertEquals(calls.samplers(), [pid]);
  await calls.end();
  assertEquals(calls.lockFiles(), []);
});

Deno.test("a sampler ends when its log's folder goes", async () => {
  const calls = await (async () => {
    using folder = temporaryFolder();
    const calls = new WatchedCalls(folder.path);
    await calls.rec("start", "a", "sleep 9");
    await waitFor(() => calls.samplers().length === 1, "the sampler");
    return calls;
  })();
  await waitFor(() => calls.samplers().length === 0, "the sampler to end");
});

Deno.test("a second sampler of a log ends at once", async () => {
  using folder = temporaryFolder();
  const calls = new WatchedCalls(folder.path);
  await calls.rec("start", "a", "sleep 9");
  await waitFor(() => calls.lockFiles().length === 1, "the sampler");
  const [pid = 0] = calls.samplers();
  const second = await calls.watch();
  assertEquals((await second.status).code, 0);
  assertEquals(calls.samplers(), [pid]);
  await calls.end();
});
