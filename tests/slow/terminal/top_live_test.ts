/** `top --live` on the compiled binary in a real terminal, while the compiled binary records. */
import { sampleLinux } from "../../../src/sampler/linux.ts";
import { formatDuration } from "../../../src/text/units.ts";
import { bashEvent, spoolHome } from "../../kit/homes.ts";
import { logText, RECENT, writeLog } from "../../kit/log_files.ts";
import { expectExit, perfmon } from "../../kit/perfmon.ts";
import { startProcess } from "../../kit/processes.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { procfs, testWith } from "../../kit/tools.ts";
import { assert, assertEquals, assertMatch, assertStringIncludes } from "../../std/std_assert.ts";
import { Terminal } from "../../kit/terminal.ts";

const TOOLS = [procfs, "bash", "env", "ps", "sh", "sleep", "tmux"];

/** Records through the hooks: calls of a client in one session. */
class Recorder {
  #id = 0;

  constructor(private readonly file: string, private readonly pid: number) {}

  /** Records the start of a call, and returns its id. */
  async start(tool: string): Promise<string> {
    const id = `id${this.#id++}`;
    await this.#rec("start", { tool_name: tool, tool_use_id: id });
    return id;
  }

  /** Records a whole call; the log is rotated often. */
  async call(tool: string, duration_ms: number, rest: object = {}): Promise<void> {
    const tool_use_id = await this.start(tool);
    await this.#rec("end", { tool_name: tool, tool_use_id, duration_ms, ...rest });
  }

  async #rec(event: "start" | "end", rest: object): Promise<void> {
    const args = ["rec", event, "--pid", String(this.pid), "--file", this.file];
    const flags = event === "end" ? ["--max-lines", "9", "--keep", "3"] : [];
    const stdin = JSON.stringify({
      hook_event_name: event === "start" ? "PreToolUse" : "PostToolUse",
      session_id: "7d1f20c4",
      cwd: "/home/ada/api",
      ...rest,
    });
    expectExit(await perfmon([...args, ...flags], { stdin }), 0);
  }
}

/** What the table by tool has of a group, out of `report --json`. */
function toolLine(group: Record<string, number | string | boolean | null>): string {
  const seconds = (name: string): string => formatDuration(Number(group[`${name}_seconds`]));
  const known = (name: string): string => group[`${name}_seconds`] === null ? "–" : seconds(name);
  const isAll = group["kind"] === "all";
  const isMarked = group["cpu_shared"] === true && Number(group["cpu_seconds"]) > 0;
  return [
    group["kind"] === "mcp" ? "github ‡" : group["name"],
    group["calls"],
    group["failed"],
    ...(isAll ? [] : [known("p50"), known("p95"), known("max")]),
    known("total"),
    known("wait"),
    (isMarked ? "~" : "") + known("cpu"),
  ].join(" ");
}

/** The lines of the table by tool, blanks squeezed, the sign of overlaps left out. */
function toolTable(lines: readonly string[]): string[] {
  const from = lines.findIndex((line) => /^TOOL +CALLS/.test(line)) + 1;
  const to = lines.findIndex((line, index) => index >= from && line === "");
  return lines.slice(from, to).map((line) => line.replace(" §", "").replace(/ +/g, " "));
}

testWith(
  TOOLS,
  "top --live: at 80×24 and 200×50 it shows what report --json says, through rotations",
  async () => {
    using folder = temporaryFolder();
    const file = writeLog(folder.path, "");
    await using client = startProcess("sh", "-c", "sleep 3600 & wait");
    const recorder = new Recorder(file, client.pid);
    await recorder.call("Old", 5000);
    const since = new Date().toISOString();
    const env = { PERFMON_FILE: file };
    await using terminal = await Terminal.open({ width: 80, height: 24, env });
    await terminal.run(`perfmon top --live --since ${since}`);
    await terminal.until((lines) => lines[0]?.includes(" 0 calls since ") === true, "its start");
    for (const [width, height] of [[80, 24], [200, 50]] as const) {
      await terminal.resize(width, height);
      for (let round = 0; round < 4; round++) {
        await recorder.call("Bash", 1234 + round);
        await recorder.call("Read", 7, { hook_event_name: "PostToolUseFailure", error: "no" });
        await recorder.call("mcp__github__get", 640);
      }
      const running = await recorder.start("Edit");
      const report = JSON.parse(
        expectExit(await perfmon(["report", "--json", "--since", since, "--file", file]), 0).stdout,
      );
      const expected = [...report.groups, report.all].map(toolLine);
      const ids = report.running.map((call: { tool_use_id: string }) => call.tool_use_id);
      assertEquals(ids.at(-1), running);
      const session = new RegExp(
        `^7d1f +api +${client.pid} +\\d+% +[▁-█]+ +[\\d.]+ [KM] .* ${report.all.calls} +`,
      );
      const lines = await terminal.until(
        (shown) =>
          toolTable(shown).join("\n") === expected.join("\n") &&
          shown[0]?.includes(` ${ids.length} running`) === true &&
          shown.some((line) => session.test(line)) &&
          shown.filter((line) => line.includes("idle, no child: at the gate?")).length ===
            ids.length,
        `${ids.length} running at the gate, ${session} and\n${expected.join("\n")}`,
      );
      assertEquals(report.all.calls, width === 80 ? 12 : 24);
      // One line more would scroll, one character more would be cut.
      assertEquals([lines.length, lines.at(-1)?.startsWith("q: quit")], [height, true]);
      assertMatch(lines[0] ?? "", / \d\d:\d\d:\d\d$/);
      assert(lines.every((line) => line.length <= width), lines.join("\n"));
    }
    await terminal.key("q");
    await terminal.until((lines) => lines.at(-1) === "$", "the prompt");
    const segments = [...Deno.readDirSync(`${folder.path}/performance.d/history`)].length;
    assert(segments >= 5, `${segments} rotations`);
  },
);

testWith(TOOLS, "top --live: the terminal is as it was, however it ends", async () => {
  using folder = temporaryFolder();
  const file = writeLog(folder.path, logText(RECENT));
  const env = { PERFMON_FILE: file };
  await using terminal = await Terminal.open({ width: 80, height: 24, env });
  const settings = async (): Promise<string> => (await terminal.output("stty -a")).lines.join("\n");
  const before = await settings();
  const start = async (): Promise<void> => {
    await terminal.run("clear; echo kept; perfmon top --live; echo code $?");
    await terminal.until((lines) => lines[0]?.includes(" calls since ") === true, "its screen");
    await terminal.untilModes({ alternate: true, cursor: false, wrap: false });
  };
  const expectRestored = async (last: RegExp): Promise<void> => {
    const lines = await terminal.until(
      (shown) => shown[0] === "kept" && last.test(shown.join("\n")),
      `the screen of before, and ${last}`,
    );
    assertEquals(lines.some((line) => line.includes("q: quit")), false);
    await terminal.untilModes({ alternate: false, cursor: true, wrap: true });
    assertEquals(await settings(), before);
  };
  const kill = (signal: string): Promise<unknown> =>
    new Deno.Command("sh", { args: ["-c", `kill -${signal} ${pidsOf(file).join(" ")}`] }).output();

  await start();
  await terminal.key("q");
  await expectRestored(/\ncode 0\n/);
  await start();
  await terminal.key("C-c");
  await terminal.until((lines) => lines[0] === "kept", "the screen of before");
  await terminal.untilModes({ alternate: false, cursor: true, wrap: true });
  assertEquals(await settings(), before);
  for (const signal of ["TERM", "HUP"]) {
    await start();
    await kill(signal);
    await expectRestored(/\ncode 0\n/);
  }
  // Stopped and continued by the shell, which has its screen meanwhile.
  await start();
  await terminal.key("C-z");
  await terminal.until((lines) => lines[0] === "kept" && /Stopped/.test(lines.join()), "Stopped");
  await terminal.untilModes({ alternate: false, cursor: true, wrap: true });
  await terminal.run("fg");
  await terminal.until((lines) => lines[0]?.includes(" calls since ") === true, "its screen again");
  await terminal.key("q");
  await expectRestored(/Stopped/);
  // An error that comes while it runs.
  await start();
  Deno.removeSync(file);
  Deno.mkdirSync(file);
  await expectRestored(/\nperfmon: Cannot read[^]*no regular file\ncode 74\n/);
});

/** The processes that have this log in their environment, shells left out. */
function pidsOf(file: string): number[] {
  return [...Deno.readDirSync("/proc")].map(({ name }) => Number(name)).filter((pid) => {
    try {
      return pid > 0 && Deno.readTextFileSync(`/proc/${pid}/environ`).includes(file) &&
        Deno.readTextFileSync(`/proc/${pid}/cmdline`).includes("--live");
    } catch {
      return false; // ended, or another person's
    }
  });
}

testWith(
  [...TOOLS, "cat"],
  "top --live: shows what hooks leave in the spool meanwhile",
  async () => {
    using home = spoolHome();
    writeLog(`${home.path}/.claude`, "");
    await using terminal = await Terminal.open({ width: 80, height: 24, env: { HOME: home.path } });
    await terminal.run("perfmon top --live");
    await terminal.until((lines) => lines[0]?.includes(" 0 calls since ") === true, "its start");
    await home.hook("start", bashEvent("start", "t1"));
    await home.hook("end", bashEvent("end", "t1"));
    const lines = await terminal.until((each) => toolTable(each).length === 2, "the call");
    assertMatch(toolTable(lines)[0] ?? "", /^Bash 1 0 24ms – 24ms 24ms /);
    await terminal.key("q");
    await terminal.until((each) => each.at(-1) === "$", "the prompt");
  },
);

testWith(TOOLS, "top --live: keys mark, open, filter, sort and pause, at 50x15 too", async () => {
  using folder = temporaryFolder();
  const client = sampleLinux(Deno.pid, []);
  const rows = RECENT.map((row) => ({ ...row, ...client, timestamp: row.timestamp }));
  const env = { PERFMON_FILE: writeLog(folder.path, logText(rows)) };
  await using terminal = await Terminal.open({ width: 50, height: 15, env });
  const until = (what: RegExp): Promise<string[]> =>
    terminal.until((lines) => what.test(lines.join("\n")), String(what));
  await terminal.run("perfmon top --live --all");
  // The session stays on a low screen.
  const small = await until(/q: quit {2}j\/k: move {2}s: sort {2}\/: filter {2}p: pause/);
  assertEquals(small.length, 15);
  assert(small.some((line) => /^(aaaa|bbbb) /.test(line)), small.join("\n"));
  await terminal.resize(120, 30);
  await until(/j\/k: move {2}s: sort/);
  await terminal.key("s");
  await until(/s: sort \(calls\)/);
  await terminal.key("j");
  const marked = await until(/j\/k: move \(\w{5}, enter: open\)/);
  const id = /move \((\w{5}),/.exec(marked.join("\n"))?.[1];
  await terminal.key("Enter");
  await until(new RegExp(`More +perfmon show ${id}`));
  await terminal.key("Escape");
  await until(/SESSION/);
  await terminal.type("/read");
  await terminal.key("Enter");
  const narrowed = await until(/\/: filter \(read, esc: all\)/);
  assertEquals(narrowed.some((line) => /^Bash /.test(line)), false, narrowed.join("\n"));
  await terminal.key("p");
  await until(/p: PAUSED/);
  await terminal.key("q");
  await terminal.until((each) => each.at(-1) === "$", "the prompt");
});

const REFUSED: readonly (readonly [args: string[], message: string])[] = [
  [[], "Cannot show a live view: the output is no terminal; see perfmon tail -f"],
  [["--json"], "Cannot use --json with --live: it is a screen of all figures; see perfmon tail -f"],
  [["--by", "cpu"], "Cannot use --by with --live"],
  [["-n", "3"], "Cannot use --lines with --live"],
  [["--until", "1h"], "Cannot use --until with --live"],
];

for (const [args, message] of REFUSED) {
  Deno.test(`top --live ${args.join(" ")}: refused where there is no terminal`, async () => {
    using folder = temporaryFolder();
    const file = writeLog(folder.path, logText(RECENT));
    const result = expectExit(await perfmon(["top", "--live", ...args, "--file", file]), 64);
    assertEquals(result.stdout, "");
    assertStringIncludes(result.stderr, message);
  });
}
