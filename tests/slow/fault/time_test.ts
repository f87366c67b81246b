/** The clock is set while calls go on: no duration is negative or absurd without a mark. */
import { run } from "../../kit/homes.ts";
import { linesOf } from "../../kit/log_files.ts";
import { binary, expectExit, perfmon } from "../../kit/perfmon.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { testWith } from "../../kit/tools.ts";
import { assert, assertEquals, assertStringIncludes } from "../../std/std_assert.ts";

const HOOK = { session_id: "s", tool_name: "Bash", cwd: "/p" };
const MARK = "whose start and end don't fit together";

/** Runs `rec` with its clock at another time: `+1h`, `@2040-01-01 00:00:00`. */
async function recordAt(
  folder: string,
  clock: string,
  hook: Record<string, unknown>,
): Promise<void> {
  Deno.writeTextFileSync(`${folder}/hook.json`, JSON.stringify({ ...HOOK, ...hook }) + "\n");
  const script = `faketime -f "$1" "$PERFMON" rec --file "$2" --max-lines 6 < "$3"`;
  const args = ["-c", script, "sh", clock, `${folder}/performance.csv`, `${folder}/hook.json`];
  const result = expectExit(await run(folder, "sh", args, { PERFMON: binary }), 0);
  assertEquals([result.stdout, result.stderr], ["", ""]);
}

async function call(
  folder: string,
  id: string,
  start: string,
  end: string,
  duration?: number,
): Promise<void> {
  await recordAt(folder, start, { hook_event_name: "PreToolUse", tool_use_id: id });
  const figure = duration === undefined ? {} : { duration_ms: duration };
  await recordAt(folder, end, { hook_event_name: "PostToolUse", tool_use_id: id, ...figure });
}

/** The calls as `export` gives them, by id. */
async function calls(folder: string): Promise<Map<string, Record<string, unknown>>> {
  const args = ["export", "json", "--calls", "--file", `${folder}/performance.csv`];
  const { stdout } = expectExit(await perfmon(args), 0);
  const { calls: all } = JSON.parse(stdout) as { calls: Record<string, unknown>[] };
  return new Map(all.map((each) => [String(each["tool_use_id"]), each]));
}

testWith(
  ["sh", "faketime"],
  "a clock set back, set forward, at 0 or beyond 2038 gives no absurd duration",
  async () => {
    using folder = temporaryFolder();
    const { path } = folder;
    await call(path, "back", "+0", "-1h");
    await call(path, "back_known", "+0", "-1h", 700);
    await call(path, "forward_known", "+0", "+1h", 700);
    await call(path, "late", "@2040-01-01 00:00:00", "@2040-01-01 00:00:05", 2000);
    await call(path, "zero", "@1970-01-01 00:00:00", "+0");
    const found = await calls(path);
    assertEquals(found.size, 5);
    for (const [id, { duration_seconds: seconds, reversed }] of found) {
      const isSane = seconds === null || Number(seconds) >= 0 && Number(seconds) < 3600;
      assert(isSane || reversed === true, `${id}: ${seconds}`);
    }
    assertEquals(found.get("back")?.["duration_seconds"] ?? null, null);
    assertEquals(found.get("back")?.["reversed"], true);
    assertEquals(found.get("back_known")?.["duration_seconds"], 0.7);
    assertEquals(found.get("forward_known")?.["duration_seconds"], 0.7);
    assertEquals(found.get("late")?.["duration_seconds"], 2);
    assertEquals(
      [found.get("zero")?.["duration_seconds"] ?? null, found.get("zero")?.["reversed"]],
      [null, true],
    );
    const report = ["report", "--since", "1970-01-01", "--file", `${path}/performance.csv`];
    assertStringIncludes(expectExit(await perfmon(report), 0).stdout.replaceAll(/\s+/g, " "), MARK);
    for (
      const command of [["tail"], ["top", "--since", "1970-01-01"], ["status"], ["report", "last"]]
    ) {
      const { stdout } = expectExit(
        await perfmon([...command, "--file", `${path}/performance.csv`]),
        0,
      );
      assert(!/(^|\s)-\d/.test(stdout), `no negative figure: ${stdout}`);
    }
  },
);

Deno.test("a kernel whose clock was set forward by an hour tells so, and the hour is taken off", async () => {
  using folder = temporaryFolder();
  const log = `${folder.path}/performance.csv`;
  await perfmon(["rec", "start", "--file", log], {
    stdin: JSON.stringify({ ...HOOK, hook_event_name: "PreToolUse", tool_use_id: "t" }) + "\n",
  });
  // /proc/stat has the time of boot by the clock as it is set: setting it needs a machine of one's own.
  const [header = "", start = ""] = linesOf(log);
  const columns = header.split(",");
  const cells = start.split(",");
  const put = (column: string, value: string): void =>
    void (cells[columns.indexOf(column)] = value);
  const get = (column: string): number => Number(cells[columns.indexOf(column)]);
  put("timestamp", (get("timestamp") + 3600 + 5).toFixed(9));
  put("process_start", (get("process_start") + 3600).toFixed(2));
  put("event", "end");
  Deno.writeTextFileSync(log, cells.join(",") + "\n", { append: true });
  const found = (await calls(folder.path)).get("t");
  assertEquals(found?.["reversed"], true);
  assert(
    Math.abs(Number(found?.["duration_seconds"]) - 5) < 0.01,
    `${found?.["duration_seconds"]}`,
  );
});
