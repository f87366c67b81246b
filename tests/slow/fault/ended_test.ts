/** Whoever ends a command half-way, or gives it no room or right, finds nothing left of what it wrote. */
import { assert, assertEquals, assertStringIncludes } from "../../std/std_assert.ts";
import { HOUR_AGO, logText, writeLog } from "../../kit/log_files.ts";
import { mounted, must, succeeds } from "../../kit/mounts.ts";
import { binary, expectExit, perfmon } from "../../kit/perfmon.ts";
import { descendantsByPs } from "../../kit/processes.ts";
import { call } from "../../kit/samples.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { mounting, testWith, type Tool, tracer } from "../../kit/tools.ts";
import { waitFor } from "../../kit/waits.ts";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

function namesIn(folder: string): string[] {
  return Array.from(Deno.readDirSync(folder), ({ name }) => name).sort();
}

/** Starts a program in a HOME, which is its folder for temporary files, too. */
function start(home: string, program: string, args: string[]): Deno.ChildProcess {
  return new Deno.Command(program, {
    args,
    clearEnv: true,
    env: { PATH: Deno.env.get("PATH") ?? "", HOME: home, TMPDIR: home },
    cwd: home,
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
}

Deno.test("a signal ends a long export, and nothing is left of its file", async () => {
  using folder = temporaryFolder();
  const calls = Array.from({ length: 60_000 }, (_, id) => call(`t${id}`, HOUR_AGO, HOUR_AGO + 1));
  const log = writeLog(folder.path, logText(calls.flat()));
  Deno.writeTextFileSync(`${folder.path}/out`, "before");
  for (const signal of SIGNALS) {
    const before = namesIn(folder.path);
    const child = start(folder.path, binary, ["export", "csv", "--file", log, "-o", "out"]);
    await waitFor(() => namesIn(folder.path).some((name) => name.endsWith("-tmp")), "its file");
    child.kill(signal);
    assertEquals((await child.status).signal, signal);
    assertEquals(namesIn(folder.path), before);
    assertEquals(Deno.readTextFileSync(`${folder.path}/out`), "before");
  }
});

for (const [command, prefix] of [["bench", "perfmon-bench-"], ["doctor", "perfmon-doctor-"]]) {
  Deno.test(`a signal ends ${command}, and its folder goes with it`, async () => {
    using folder = temporaryFolder();
    const child = start(folder.path, binary, [command!]);
    await waitFor(
      () => namesIn(folder.path).some((name) => name.startsWith(prefix!)),
      "its folder",
    );
    child.kill("SIGTERM");
    assertEquals((await child.status).signal, "SIGTERM");
    assertEquals(namesIn(folder.path), []);
  });
}

testWith(tracer, "a signal in the midst of an installation breaks off nothing", async () => {
  for (const signal of SIGNALS) {
    using folder = temporaryFolder();
    const settings = `${folder.path}/.claude/settings.json`;
    Deno.mkdirSync(`${folder.path}/.claude`);
    Deno.writeTextFileSync(settings, '{"mine":1}\n');
    const slow = ["-f", "-qq", "-o", "/dev/null", "-e", "inject=fsync:delay_enter=300000"];
    const tracing = start(folder.path, "strace", [...slow, binary, "hooks", "install"]);
    const isAtWork = () => namesIn(`${folder.path}/.claude`).some((name) => name.endsWith("-tmp"));
    await waitFor(isAtWork, "the first file that it writes");
    const [pid] = descendantsByPs(tracing.pid);
    Deno.kill(pid!, signal);
    await tracing.status; // by the signal, unless it came too late to be waited for
    const names = ["performance.d", "settings.json", "settings.json.before-perfmon"];
    assertEquals(namesIn(`${folder.path}/.claude`), names);
    assertStringIncludes(Deno.readTextFileSync(settings), "perfmon rec start");
    expectExit(await perfmon(["hooks", "remove"], { env: { HOME: folder.path } }), 0);
    assertEquals(namesIn(`${folder.path}/.claude`), ["settings.json"]);
    assertEquals(Deno.readTextFileSync(settings), '{"mine":1}\n');
  }
});

testWith(
  tracer,
  "a signal while the dashboard is written leaves the page whole and nothing beside it",
  async () => {
    for (const signal of SIGNALS) {
      using folder = temporaryFolder();
      const log = writeLog(folder.path, logText(call("a", HOUR_AGO, HOUR_AGO + 1)));
      Deno.writeTextFileSync(`${folder.path}/page.html`, "before");
      const slow = ["-f", "-qq", "-o", "/dev/null", "-e", "inject=fsync:delay_enter=500000"];
      const page = ["dashboard", "--all", "--file", log, "-o", "page.html"];
      const tracing = start(folder.path, "strace", [...slow, binary, ...page]);
      const isAtWork = () => namesIn(folder.path).some((name) => name.endsWith("-tmp"));
      await waitFor(isAtWork, "the file that it writes");
      const [pid] = descendantsByPs(tracing.pid);
      Deno.kill(pid!, signal);
      await tracing.status;
      assertEquals(namesIn(folder.path).filter((name) => /tmp|page/.test(name)), ["page.html"]);
      const text = Deno.readTextFileSync(`${folder.path}/page.html`);
      assert(text === "before" || text.trimEnd().endsWith("</html>"), text.slice(-100));
    }
  },
);

/** Commands that write a file, in a folder that has no room left or whose files may not be replaced. */
const WRITERS = [
  ["hooks", "install"],
  ["hooks", "install", "--scope", "project"],
  ["dashboard", "--all", "-o", "page.html"],
  ["export", "csv", "-o", "samples.csv"],
  ["export", "grafana", "-o", "grafana.json"],
  ["profile", "save", "p", "--all"],
];

testWith(mounting, "a full disk keeps no part of what did not fit", async () => {
  using folder = temporaryFolder();
  const home = `${folder.path}/disk`;
  using _ = mounted(home, ["-t", "tmpfs", "-o", "size=128k", "tmpfs"]);
  Deno.mkdirSync(`${home}/.claude/performance.d/profiles`, { recursive: true });
  Deno.mkdirSync(`${home}/.git`);
  writeLog(`${home}/.claude`, logText(call("a", HOUR_AGO, HOUR_AGO + 1)));
  const settings = JSON.stringify({ long: "x".repeat(20_000) });
  Deno.writeTextFileSync(`${home}/.claude/settings.json`, settings);
  assert(!succeeds("dd", ["if=/dev/zero", `of=${home}/filling`, "bs=4k"]));
  const before = must("find", [home]);
  for (const args of WRITERS) {
    const options = { env: { HOME: home, TMPDIR: folder.path }, cwd: home };
    const { stderr } = expectExit(await perfmon(args, options), 74);
    assertStringIncludes(stderr, "No space left");
    assertEquals(must("find", [home]), before, args.join(" "));
  }
  assertEquals(Deno.readTextFileSync(`${home}/.claude/settings.json`), settings);
});

/** The right to make a file that nobody can change. */
const immutableFiles: Tool = {
  name: "chattr +i",
  found: () => {
    using folder = temporaryFolder();
    Deno.writeTextFileSync(`${folder.path}/a`, "");
    return succeeds("chattr", ["+i", `${folder.path}/a`]) &&
      succeeds("chattr", ["-i", `${folder.path}/a`]);
  },
};

testWith(immutableFiles, "a settings file that nobody may change keeps no backup", async () => {
  using folder = temporaryFolder();
  const settings = `${folder.path}/.claude/settings.json`;
  Deno.mkdirSync(`${folder.path}/.claude`);
  Deno.writeTextFileSync(settings, "{}");
  must("chattr", ["+i", settings]);
  try {
    const { stderr } = await perfmon(["hooks", "install"], { env: { HOME: folder.path } });
    assertStringIncludes(stderr, `Cannot write "${settings}"`);
    assertEquals(namesIn(`${folder.path}/.claude`), ["settings.json"]);
  } finally {
    must("chattr", ["-i", settings]);
  }
});
