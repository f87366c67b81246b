/** What keeps a sampler from starting keeps no hook from its row. */
import { assertEquals } from "../../std/std_assert.ts";
import { recordsOf } from "../../kit/log_files.ts";
import { must } from "../../kit/mounts.ts";
import { expectExit, perfmon } from "../../kit/perfmon.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { procfs, testWith, tracer } from "../../kit/tools.ts";
import { samplerLockPath } from "../../../src/sampler/watch/sampler_lock.ts";
import { WatchedCalls } from "./watched_calls.ts";

/** Lies where a sampler has its lock, and is none. */
const PLANTED: Readonly<Record<string, (lock: string, folder: string) => void>> = {
  "a folder": (lock) => Deno.mkdirSync(lock),
  "a FIFO": (lock) => must("mkfifo", [lock]),
  "a link to nothing": (lock, folder) => Deno.symlinkSync(`${folder}/target`, lock),
  "a link to a file": (lock, folder) => {
    Deno.writeTextFileSync(`${folder}/other`, "other\n");
    Deno.symlinkSync(`${folder}/other`, lock);
  },
};

for (const [what, plant] of Object.entries(PLANTED)) {
  testWith(
    [procfs, "mkfifo"],
    `${what} in place of the sampler's lock: the row is written, no sampler runs, and it stays what it is`,
    async () => {
      using folder = temporaryFolder();
      const calls = new WatchedCalls(folder.path);
      const ground = calls.log.replace(".csv", ".d");
      Deno.mkdirSync(ground, { mode: 0o700 });
      const lock = samplerLockPath(ground)!;
      plant(lock, folder.path);
      const { isFile, isSymlink, size } = Deno.lstatSync(lock);
      await calls.rec("start", "a", "sleep 9");
      assertEquals(recordsOf(calls.log).map(({ event }) => event), ["start"]);
      assertEquals(calls.samplers(), []);
      const now = Deno.lstatSync(lock);
      assertEquals([now.isFile, now.isSymlink, now.size], [isFile, isSymlink, size]);
      const others = [...Deno.readDirSync(folder.path)].map(({ name }) => name).sort();
      const made = what === "a link to a file" ? ["other"] : [];
      assertEquals(others, [...made, "performance.csv", "performance.d"]);
      for (const name of made) {
        assertEquals(Deno.readTextFileSync(`${folder.path}/${name}`), "other\n");
      }
    },
  );
}

testWith(
  tracer,
  "where locks don't work no sampler is started, and the row is written",
  async () => {
    using folder = temporaryFolder();
    const calls = new WatchedCalls(folder.path);
    const trace = `${folder.path}/trace.txt`;
    const inject = ["-e", "trace=flock,execve", "-e", "inject=flock:error=ENOLCK"];
    const hook = {
      session_id: "s",
      hook_event_name: "PreToolUse",
      tool_name: "Bash",
      tool_input: { command: "sleep 9" },
      tool_use_id: "a",
    };
    const result = await perfmon(["rec", "start", "--watch", "--file", calls.log], {
      through: ["strace", "-f", "-qq", "-o", trace, ...inject],
      stdin: JSON.stringify(hook) + "\n",
      env: { CLAUDE_PID: String(Deno.pid) },
    });
    expectExit(result, 0);
    assertEquals(result.stdout, "");
    assertEquals(recordsOf(calls.log).map(({ event }) => event), ["start"]);
    const started = Deno.readTextFileSync(trace).split("\n").filter((line) =>
      /execve\(/.test(line)
    );
    assertEquals(started.length, 1);
  },
);
