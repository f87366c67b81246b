/** The sampler as a process: one for a log, and none for longer than it is needed. */
import { assertEquals, assertMatch } from "../../std/std_assert.ts";
import { readProc, writeProgram } from "../../kit/processes.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { inQuietMoment, waitFor } from "../../kit/waits.ts";
import { testWith } from "../../kit/tools.ts";
import { must } from "../../kit/mounts.ts";
import { perfmon } from "../../kit/perfmon.ts";
import { WatchedCalls } from "./watched_calls.ts";

Deno.test("however many calls begin at once, there is one sampler, in a session of its own, with nothing of theirs", async () => {
  using folder = temporaryFolder();
  const calls = new WatchedCalls(folder.path);
  const ids = ["a", "b", "c", "d", "e"];
  await Promise.all(ids.map((id) => calls.rec("start", id, "sleep 9")));
  await waitFor(() => calls.samplers().length === 1 && calls.holder() !== "", "one sampler");
  const [pid = 0] = calls.samplers();
  assertMatch(readProc(pid, "stat"), new RegExp(`^${pid} .*\\) \\S \\d+ ${pid} ${pid} `));
  assertEquals(readProc(pid, "environ"), "HOME=/\0");
  for (const { name } of Deno.readDirSync(`/proc/${pid}/fd`)) {
    if (Number(name) <= 2) assertEquals(Deno.readLinkSync(`/proc/${pid}/fd/${name}`), "/dev/null");
  }
  await calls.rec("start", "f", "sleep 9");
  assertEquals(calls.samplers(), [pid]);
  await calls.end();
  assertEquals(calls.lockFiles(), []);
});

testWith(
  "python3",
  "while a call runs, running draws its memory as the sampler sees it, and not what a stopped one saw",
  async () => {
    using folder = temporaryFolder();
    const calls = new WatchedCalls(folder.path);
    // A name of its own: calls of other tests, which have the same client, can't be taken for it.
    const command = "./holder";
    const script = `import os, time
while not os.path.exists("seen"): time.sleep(0.05)
b = b"x" * (100 << 20)
time.sleep(3600)`;
    writeProgram(`${folder.path}/holder`, `#!/bin/sh\nexec python3 -c '${script}'\n`);
    await calls.rec("start", "a", command);
    const shell = calls.shell(command).spawn();
    const lockFile = () => `${calls.log.replace(".csv", ".d")}/${calls.lockFiles()[0]}`;
    const running = async () =>
      (await perfmon(["running", "--file", calls.log], { env: { LC_ALL: "C.UTF-8" } })).stdout;
    try {
      await waitFor(async () => (await running()).includes("RSS TREND"), "its little memory");
      Deno.writeTextFileSync(`${folder.path}/seen`, "");
      await waitFor(
        async () => /RSS TREND.*\n.* [▁▂]+[▃-▇]*█+ 1\d\d M /.test(await running()),
        "the memory",
      );
      const [pid = 0] = calls.samplers();
      Deno.kill(pid, "SIGSTOP");
      await waitFor(() => readProc(pid, "stat").includes(") T "), "it to stand still");
      const before = Deno.readTextFileSync(lockFile());
      await waitFor(async () => !(await running()).includes("RSS TREND"), "it to be old");
      assertEquals(Deno.readTextFileSync(lockFile()), before);
      const { stdout } = await perfmon(["status", "--file", calls.log], {
        env: { COLUMNS: "200" },
      });
      assertMatch(stdout, new RegExp(`Sampler +was stopped .*: kill -CONT ${pid}\n`));
      Deno.kill(pid, "SIGCONT");
    } finally {
      Deno.kill(-shell.pid, "SIGKILL");
      await shell.output();
      await calls.end();
    }
  },
);

Deno.test("a sampler keeps nothing open that whoever called the hook had open", async () => {
  using folder = temporaryFolder();
  const calls = new WatchedCalls(folder.path);
  const held = `${folder.path}/held`;
  await calls.rec("start", "a", "sleep 9", {}, ["sh", "-c", 'exec 7>"$0"; exec "$@"', held]);
  await waitFor(() => calls.holder() !== "", "the sampler");
  const [pid = 0] = calls.samplers();
  const files = [...Deno.readDirSync(`/proc/${pid}/fd`)].map(({ name }) =>
    Deno.readLinkSync(`/proc/${pid}/fd/${name}`)
  );
  assertEquals(files.filter((file) => file === held), []);
  assertEquals(files.some((file) => file.endsWith(".lock")), true);
  await calls.end();
});

Deno.test("a sampler ends when its log's folder goes", async () => {
  const calls = await (async () => {
    using folder = temporaryFolder();
    const calls = new WatchedCalls(folder.path);
    await calls.rec("start", "a", "sleep 9");
    await waitFor(() => calls.holder() !== "", "the sampler");
    return calls;
  })();
  await waitFor(() => calls.samplers().length === 0, "the sampler to end");
});

testWith(
  "mkfifo",
  "a sampler ends where something that is no regular file takes the log's place, and says so in the error log",
  async () => {
    const fifo = (path: string) => must("mkfifo", [path]);
    for (const put of [fifo, (path: string) => Deno.symlinkSync("/dev/zero", path)]) {
      using folder = temporaryFolder();
      const calls = new WatchedCalls(folder.path);
      await calls.rec("start", "a", "sleep 9");
      await waitFor(() => calls.holder() !== "", "the sampler");
      put(`${folder.path}/planted`);
      Deno.renameSync(`${folder.path}/planted`, calls.log);
      await waitFor(() => calls.samplers().length === 0, "the sampler to end");
      assertMatch(
        Deno.readTextFileSync(calls.log.replace(".csv", ".d/errors.log")),
        /rec sample.*it is no regular file/,
      );
    }
  },
);

Deno.test("a second sampler of a log ends at once", async () => {
  using folder = temporaryFolder();
  const calls = new WatchedCalls(folder.path);
  await calls.rec("start", "a", "sleep 9");
  await waitFor(() => calls.holder() !== "", "the sampler");
  const [pid = 0] = calls.samplers();
  const second = await calls.watch();
  assertEquals((await second.status).code, 0);
  assertEquals(calls.samplers(), [pid]);
  await calls.end();
});

testWith(
  "strace",
  "a sampler opens no socket, and writes to nothing but the log and the locks beside it",
  inQuietMoment(async () => {
    using folder = temporaryFolder();
    const calls = new WatchedCalls(folder.path);
    // A row of the client, without which a sampler has nobody to wait for.
    await perfmon(["rec", "start", "--tool", "Read", "--file", calls.log], {
      env: { CLAUDE_PID: String(Deno.pid) },
    });
    const trace = `${folder.path}/trace.txt`;
    const sampler = await calls.watch("/usr/bin/strace", "-f", "-qq", "-s", "999", "-o", trace);
    await calls.run("a", "sleep 0.5");
    await calls.peak("a");
    await calls.end();
    await sampler.status;
    const lines = Deno.readTextFileSync(trace).split("\n").map((line) =>
      line.replace(/^\d+ +/, "")
    );
    const find = (pattern: RegExp): string[] => lines.filter((line) => pattern.test(line));
    assertEquals(find(/^execve\(/).length, 1);
    // Not what has no address: by that the runtime tells itself of a signal.
    const sockets = find(/^(socket|connect|bind|listen|accept4?|sendto)\(/);
    assertEquals(sockets.filter((line) => !/^sendto\(.*, NULL, 0\)/.test(line)), []);
    const written = find(/^(open(at2?)?|creat)\(.*O_(WRONLY|RDWR|CREAT|TRUNC|APPEND)/)
      .map((line) => /"([^"]*)"/.exec(line)?.[1] ?? line);
    const folderOf = calls.log.replace(".csv", ".d");
    const isOwn = (path: string): boolean =>
      path === calls.log || path === `${folderOf}/lock` || path.startsWith(`${folderOf}/sampler-`);
    assertEquals(written.filter((path) => !isOwn(path)), []);
    assertEquals(written.includes(calls.log), true, "the log itself is in the trace");
  }),
);
