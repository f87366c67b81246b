/** `tail -f` on the compiled binary, while the compiled binary records. */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "../../std/std_assert.ts";
import { HOUR_AGO, logText, RECENT, writeLog } from "../../kit/log_files.ts";
import { binary, expectExit, perfmon } from "../../kit/perfmon.ts";
import { call, end, start } from "../../kit/samples.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { testWith } from "../../kit/tools.ts";
import { waitFor } from "../../kit/waits.ts";

/** A running `tail -f` and what it has printed so far. */
class Tail {
  text = "";
  readonly #child: Deno.ChildProcess;
  readonly #reading: Promise<void>;

  constructor(...flags: string[]) {
    this.#child = new Deno.Command(binary, {
      args: ["tail", "-f", ...flags],
      clearEnv: true,
      env: { PATH: Deno.env.get("PATH") ?? "", HOME: "/nowhere", TZ: "UTC" },
      stdout: "piped",
    }).spawn();
    this.#reading = this.#read();
  }

  async #read(): Promise<void> {
    const decoder = new TextDecoder();
    for await (const chunk of this.#child.stdout) this.text += decoder.decode(chunk);
  }

  /** Waits until it has printed so many lines. */
  async lines(count: number): Promise<string[]> {
    const lines = () => this.text.split("\n").length - 1;
    await waitFor(() => lines() >= count, () => `${count} lines, not ${lines()}`);
    return this.text.trimEnd().split("\n");
  }

  async interrupt(signal: Deno.Signal = "SIGINT"): Promise<number> {
    this.#child.kill(signal);
    await this.#reading;
    return (await this.#child.status).code;
  }
}

const append = (file: string, samples: Parameters<typeof logText>[0]): void =>
  Deno.writeTextFileSync(file, logText(samples).split("\n").slice(1).join("\n"), { append: true });

Deno.test("tail -f: the newest calls, then one line a call when it ends, until Ctrl-C", async () => {
  using folder = temporaryFolder();
  const file = writeLog(folder.path, logText(RECENT));
  const tail = new Tail("-n", "2", "--file", file);
  assertEquals((await tail.lines(3)).length, 3);
  append(file, [start(HOUR_AGO + 20, { toolUseId: "n1", childCpuSeconds: 1 })]);
  append(file, [
    end(HOUR_AGO + 21.5, { toolUseId: "n1", childCpuSeconds: 1.25, status: "error", exitCode: 3 }),
  ]);
  const lines = await tail.lines(4);
  assertMatch(lines[0] ?? "", /^ID +TIME +DURATION +CPU +STATUS +SESSION +TOOL$/);
  assertMatch(lines[2] ?? "", / 2\.0s +- +ok +bbbb2222 +Read$/);
  assertMatch(lines[3] ?? "", /^\w{5} +\d\d:\d\d:\d\d +1\.5s +250ms +error 3 +s +Bash$/);
  assertEquals([lines.length, await tail.interrupt()], [4, 0]);
});

Deno.test("tail -f: ends well on a signal as soon as it has printed a line", async () => {
  using folder = temporaryFolder();
  const file = writeLog(folder.path, logText(RECENT));
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    for (const flags of [[], ["--raw"], ["--json"]]) {
      const tail = new Tail(...flags, "--file", file);
      await tail.lines(1);
      assertEquals(await tail.interrupt(signal), 0, `${signal} ${flags}`);
    }
  }
});

Deno.test("tail -f --json: an object a line; --csv: a header, then lines", async () => {
  using folder = temporaryFolder();
  const file = writeLog(folder.path, logText(RECENT));
  const json = new Tail("-n", "1", "--json", "--file", file);
  const csv = new Tail("-n", "1", "--csv", "--file", file);
  await Promise.all([json.lines(1), csv.lines(2)]);
  append(file, call("n1", HOUR_AGO + 20, HOUR_AGO + 21));
  const objects = (await json.lines(2)).map((line) => JSON.parse(line));
  assertEquals(objects.map(({ tool, duration_seconds }) => [tool, duration_seconds]), [
    ["Read", 2],
    ["Bash", 1],
  ]);
  assertEquals((await csv.lines(3)).map((line) => line.split(",")[0]), ["tool", "Read", "Bash"]);
  assertEquals([await json.interrupt(), await csv.interrupt()], [0, 0]);
});

Deno.test("tail -f --tool: also a tool that was not there before, and no other", async () => {
  using folder = temporaryFolder();
  const file = writeLog(folder.path, logText(RECENT));
  const tail = new Tail("--tool", "new*", "--file", file);
  await tail.lines(1);
  append(file, call("n1", HOUR_AGO + 20, HOUR_AGO + 21));
  append(file, call("n2", HOUR_AGO + 22, HOUR_AGO + 23, { toolName: "Newer" }));
  const lines = await tail.lines(2);
  assertEquals(lines.length, 2);
  assertStringIncludes(lines[1] ?? "", "Newer");
  assertEquals(await tail.interrupt(), 0);
});

Deno.test("tail -f: 120 calls through many rotations: none lost, none twice", async () => {
  using folder = temporaryFolder();
  const file = `${folder.path}/performance.csv`;
  const rec = async (event: "start" | "end", id: number): Promise<void> => {
    const stdin = JSON.stringify({
      hook_event_name: event === "start" ? "PreToolUse" : "PostToolUse",
      tool_name: "Bash",
      session_id: "s",
      tool_use_id: `id${id}`,
    });
    const flags = event === "end" ? ["--max-lines", "20", "--keep", "5"] : [];
    const args = ["rec", event, "--pid", String(Deno.pid), "--file", file, ...flags];
    expectExit(await perfmon(args, { stdin }), 0);
  };
  await rec("start", 0);
  await rec("end", 0);
  const tail = new Tail("--json", "--file", file);
  const raw = new Tail("--raw", "--file", file);
  await Promise.all([tail.lines(1), raw.lines(2)]);
  await Promise.all([1, 2, 3, 4].map(async (worker) => {
    for (let id = worker; id < 120; id += 4) {
      await rec("start", id);
      await rec("end", id);
    }
  }));
  const ids = (await tail.lines(120)).map((line) => Number(JSON.parse(line).tool_use_id.slice(2)));
  assertEquals(ids.toSorted((a, b) => a - b), Array.from({ length: 120 }, (_, id) => id));
  const rows = (await raw.lines(240)).filter((line) => !line.startsWith("timestamp,"));
  assertEquals([rows.length, new Set(rows).size], [240, 240]);
  const segments = [...Deno.readDirSync(`${folder.path}/performance.d/history`)].length;
  assert(segments >= 10, `${segments} rotations`);
  assertEquals([await tail.interrupt(), await raw.interrupt()], [0, 0]);
});

testWith("sh", "tail -f: ends without a word when its reader is gone", async () => {
  using folder = temporaryFolder();
  const file = writeLog(folder.path, logText(RECENT));
  // Nothing is recorded meanwhile: it does not take another line to notice.
  const script = `{ "$0" tail -f --raw -n 1 --file "$1"; echo "code $?" >&2; } | head -n 1`;
  const { stderr } = await new Deno.Command("sh", { args: ["-c", script, binary, file] }).output();
  assertEquals(new TextDecoder().decode(stderr), "code 0\n");
});

Deno.test("tail -f: --until, or no log, is refused", async () => {
  using folder = temporaryFolder();
  const file = writeLog(folder.path, logText(RECENT));
  const until = expectExit(await perfmon(["tail", "-f", "--until", "1h", "--file", file]), 64);
  assertStringIncludes(until.stderr, "Cannot use --until with --follow");
  expectExit(await perfmon(["tail", "-f", "--file", `${folder.path}/no.csv`]), 66);
});
