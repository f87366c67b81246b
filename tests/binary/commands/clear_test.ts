import { readLog } from "../../../src/log/read/read.ts";
import { resolveLog } from "../../../src/log/resolve.ts";
import { assertEquals, assertStringIncludes, assertThrows } from "../../std/std_assert.ts";
import { HOUR_AGO, logText, RECENT, writeLog } from "../../kit/log_files.ts";
import { expectExit, perfmon } from "../../kit/perfmon.ts";
import { start } from "../../kit/samples.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";

Deno.test("clear: without a terminal and --yes it says what would go, and does nothing", async () => {
  using folder = temporaryFolder();
  const file = writeLog(folder.path, logText(RECENT));
  const before = Deno.readTextFileSync(file);
  const result = expectExit(await perfmon(["clear", "--file", file], { stdin: "y\n" }), 1);
  assertStringIncludes(result.stderr, `"${file}" (8 rows, `);
  assertStringIncludes(result.stderr, "give --yes to remove it");
  assertEquals(Deno.readTextFileSync(file), before);
});

Deno.test("clear: --yes removes all rows, and what was told of sessions", async () => {
  using folder = temporaryFolder();
  const names = { sessionId: "aaaa1111", toolUseId: "b2" };
  const file = writeLog(folder.path, logText([...RECENT, start(HOUR_AGO + 20, names)]));
  const stdin = JSON.stringify({ session_id: "aaaa1111", tool_name: "Bash", tool_use_id: "b2" });
  const alert = ["--alert-duration", "1s", "--file", file];
  const { stdout } = expectExit(await perfmon(["rec", "end", ...alert], { stdin }), 0);
  assertStringIncludes(stdout, "systemMessage");
  const remembered = `${folder.path}/performance.d/alerts.json`;
  assertStringIncludes(Deno.readTextFileSync(remembered), "aaaa1111");
  const result = expectExit(await perfmon(["clear", "--yes", "--file", file]), 0);
  assertStringIncludes(result.stdout, `Removed "${file}" (10 rows, `);
  assertThrows(() => Deno.statSync(remembered), Deno.errors.NotFound);
  const after = await perfmon(["report", "--file", file]);
  assertEquals(after.stdout.includes("Bash"), false);
});

Deno.test("clear: no log is exit 66", async () => {
  using folder = temporaryFolder();
  expectExit(await perfmon(["clear", "--yes", "--file", `${folder.path}/no.csv`]), 66);
});

Deno.test("clear --before removes older rows from log and history, and recording goes on", async () => {
  using folder = temporaryFolder();
  const file = `${folder.path}/performance.csv`;
  const rec = (...args: string[]): ReturnType<typeof perfmon> =>
    perfmon(["rec", "end", "--tool", "T", "--file", file, ...args]);
  for (let row = 0; row < 7; row++) expectExit(await rec("--max-lines", "4", "--keep", "1"), 0);
  const rows = await sampleTimes(file);
  assertEquals(rows.length, 7);
  // A time is given to the second: everything recorded so far is before tomorrow, nothing before 2001.
  expectExit(await perfmon(["clear", "--yes", "--before", "2001-01-01", "--file", file]), 0);
  assertEquals(await sampleTimes(file), rows);
  const old = rows.map((time, row) => row < 5 ? 1e9 + row : time);
  rewriteTimes(file, rows, old);
  expectExit(await perfmon(["clear", "--yes", "--before", "2010-01-01", "--file", file]), 0);
  assertEquals(await sampleTimes(file), old.slice(5));
  expectExit(await rec(), 0);
  assertEquals((await sampleTimes(file)).length, 3);
  assertEquals((await perfmon(["rec", "end", "--tool", "T", "--file", file, "--strict"])).code, 0);
});

Deno.test("clear --before: a time that can't be read changes nothing", async () => {
  using folder = temporaryFolder();
  const file = writeLog(folder.path, logText(RECENT));
  const result = await perfmon(["clear", "--yes", "--before", "soon", "--file", file]);
  assertStringIncludes(expectExit(result, 64).stderr, '"soon"');
  assertEquals(Deno.readTextFileSync(file), logText(RECENT));
});

Deno.test("clear --before: says how many rows it removes, of log and history, not how many there are", async () => {
  using folder = temporaryFolder();
  const file = writeLog(folder.path, logText(RECENT));
  const history = `${folder.path}/performance.d/history`;
  Deno.mkdirSync(history, { recursive: true });
  Deno.writeTextFileSync(`${history}/00000001.csv`, `${HOUR_AGO - 9e6}.5,1.0,9,Old,start\n`);
  const clear = (...args: string[]): ReturnType<typeof perfmon> =>
    perfmon(["clear", ...args, "--file", file, "--utc"]);
  const none = expectExit(await clear("--before", "2020-01-01"), 0);
  assertEquals(none.stdout, `Removed nothing: "${file}" has no row before 2020-01-01\n`);
  const asked = expectExit(await clear("--before", "7d"), 1);
  assertStringIncludes(asked.stderr, `"${file}" (2 rows) and its history (1 row): stdin is no`);
  const cleared = expectExit(await clear("--before", "7d", "--yes"), 0);
  assertStringIncludes(cleared.stdout, `"${file}" (2 rows) and its history (1 row)\n`);
  assertEquals((await sampleTimes(file)).length, RECENT.length - 2);
});

Deno.test("clear --before: quoted cells are read as readers do, and a row without a time stays", async () => {
  using folder = temporaryFolder();
  const file = writeLog(folder.path, "");
  const recent = logText(RECENT).trimEnd().split("\n");
  const quoted = recent.map((line) => `"${line.replaceAll(",", '","')}"`);
  const [header = "", ...rows] = quoted;
  const damaged = ["torn,", '"","1","2","x","end"'];
  const basic = "timestamp,cpu_percent,memory_rss,tool_name,event";
  const old = "1500000000.5,1.0,2,Basic,end";
  Deno.writeTextFileSync(
    file,
    [basic, damaged[0], old, header, ...damaged, ...rows, ""].join("\n"),
  );
  const { stdout } = expectExit(
    await perfmon(["clear", "--before", "7d", "--yes", "--file", file]),
    0,
  );
  assertStringIncludes(stdout, "(3 rows)");
  const left = Deno.readTextFileSync(file).split("\n");
  assertEquals(left.filter((line) => damaged.includes(line)), [damaged[0], ...damaged]);
  assertEquals((await sampleTimes(file)).length, RECENT.length - 2);
  expectExit(await perfmon(["rec", "end", "--tool", "T", "--file", file, "--strict"]), 0);
  assertEquals((await sampleTimes(file)).length, RECENT.length - 1);
  // Whatever stays, stays as often as it is cleared.
  const again = await perfmon(["clear", "--before", "7d", "--yes", "--file", file]);
  assertStringIncludes(expectExit(again, 0).stdout, "Removed nothing");
});

Deno.test("clear --before: a segment that can't be read stays, and is named", async () => {
  using folder = temporaryFolder();
  const file = writeLog(folder.path, logText(RECENT));
  const history = `${folder.path}/performance.d/history`;
  Deno.mkdirSync(history, { recursive: true });
  Deno.writeTextFileSync(`${history}/00000001.csv.gz`, "rubbish");
  const result = await perfmon(["clear", "--before", "7d", "--yes", "--file", file]);
  assertStringIncludes(expectExit(result, 0).stderr, "00000001.csv.gz");
  assertStringIncludes(result.stdout, "(2 rows)");
  assertEquals(Deno.readTextFileSync(`${history}/00000001.csv.gz`), "rubbish");
});

async function sampleTimes(file: string): Promise<number[]> {
  const { samples } = await readLog(resolveLog(file), { history: true });
  return samples.map(({ timestamp }) => timestamp);
}

/** Gives rows of log and history other times, as if they had been recorded then. */
function rewriteTimes(file: string, from: number[], to: number[]): void {
  const history = file.replace(/\.csv$/, ".d/history");
  const files = [file, ...[...Deno.readDirSync(history)].map(({ name }) => `${history}/${name}`)];
  for (const path of files) {
    const lines = Deno.readTextFileSync(path).split("\n").map((line) => {
      const row = from.findIndex((time) => line.startsWith(time.toFixed(9)));
      return row < 0 ? line : `${to[row]!.toFixed(9)}${line.slice(line.indexOf(","))}`;
    });
    Deno.writeTextFileSync(path, lines.join("\n"));
  }
}
