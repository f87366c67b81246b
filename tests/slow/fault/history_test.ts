/** The history as commands show it: damaged segments, two logs side by side, clear. */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "../../std/std_assert.ts";
import { gzip, toolsOf } from "../../kit/log_files.ts";
import { appendRows, byNumber, logIn, names, rotating, seedRow } from "../../kit/numbered_rows.ts";
import { expectExit, exportedTools, perfmon, toolsOfCsv } from "../../kit/perfmon.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { testWith } from "../../kit/tools.ts";
import type { LogLocation } from "../../../src/log/location.ts";

/** A log of 25 rows, 18 of which are in three segments, two of these compressed. */
async function logWithHistory(folder: string, name?: string): Promise<LogLocation> {
  const location = logIn(folder, name);
  await appendRows(location, 1, 25, rotating(9, 4));
  expectExit(await perfmon(["report", "--file", location.path]), 0);
  return location;
}

async function exported(path: string): Promise<string[]> {
  return (await exportedTools(path)).toSorted(byNumber);
}

const READERS = [
  ["report", "--since", "2020-01-01"],
  ["tail"],
  ["top", "--since", "2020-01-01"],
  ["status"],
  ["running"],
];

Deno.test("a damaged segment is named by each reader, and costs only its own rows", async () => {
  using folder = temporaryFolder();
  const { path } = await logWithHistory(folder.path);
  const first = path.replace(/csv$/, "d/history/00000001.csv.gz");
  const whole = Deno.readFileSync(first);
  for (const bytes of [whole.subarray(0, whole.length - 9), new Uint8Array(40).fill(7)]) {
    Deno.writeFileSync(first, bytes);
    for (const reader of READERS) {
      const result = expectExit(await perfmon([...reader, "--file", path]), 0);
      const said = reader[0] === "status" ? "" : first;
      assertStringIncludes(result.stderr, said, reader.join(" "));
    }
    const { stdout, stderr } = expectExit(await perfmon(["export", "csv", "--file", path]), 0);
    assertStringIncludes(stderr, first);
    const left = toolsOfCsv(stdout);
    assertEquals(names(25, 7).filter((tool) => !left.includes(tool)), []);
  }
  assertEquals(Deno.readFileSync(first).length, 40, "nobody has touched it");
});

Deno.test("of a segment that is damaged in its middle the rows before that are read, and counted", async () => {
  using folder = temporaryFolder();
  const location = logIn(folder.path);
  const rows = Array.from({ length: 40_000 }, (_, index) => seedRow(index + 1)).join("");
  const history = `${location.folder}/history`;
  Deno.mkdirSync(history, { recursive: true });
  Deno.writeTextFileSync(location.path, seedRow(40_001));
  const whole = await gzip(rows);
  const cut = whole.subarray(0, whole.length >> 1);
  const overwritten = new Uint8Array([...cut, ...new Uint8Array(cut.length).fill(7)]);
  const path = `${history}/00000001.csv.gz`;
  for (const damaged of [cut, overwritten]) {
    Deno.writeFileSync(path, damaged);
    const { stdout, stderr } = expectExit(
      await perfmon(["export", "csv", "--file", location.path]),
      0,
    );
    const [, said] =
      /to its end: it is damaged; the (\d+) rows before that are read/.exec(stderr) ?? [];
    assert(Number(said) > 10_000, stderr);
    assertStringIncludes(stderr, path);
    const tools = toolsOfCsv(stdout);
    // What was overwritten may be taken for a few rows more before it is found out.
    const certain = damaged === cut ? Number(said) : 10_000;
    assertEquals(tools.slice(0, certain), names(certain));
    assertEquals(tools.at(-1), "t40001");
    const report = expectExit(await perfmon(["report", "--all", "--file", location.path]), 0);
    assertMatch(report.stderr, /to its end: it is damaged; the \d{5} rows before that are read/);
    if (damaged !== cut) continue;
    assertEquals(tools.length, Number(said) + 1);
    assertStringIncludes(report.stderr, `the ${said} rows before`);
  }
});

Deno.test("two logs in one folder never mix, whatever their names", async () => {
  using folder = temporaryFolder();
  const logs = ["a.csv", "a", "a.csv.csv", "a.b.csv", "performance.csv"];
  for (const name of logs) await logWithHistory(folder.path, name);
  await appendRows(logIn(folder.path, "a.csv"), 26, 40, rotating(9, 4));
  expectExit(await perfmon(["clear", "--yes", "--file", `${folder.path}/a.b.csv`]), 0);
  assertEquals(await exported(`${folder.path}/a.csv`), names(40));
  for (const name of ["a", "a.csv.csv", "performance.csv"]) {
    assertEquals(await exported(`${folder.path}/${name}`), names(25), name);
  }
});

Deno.test("clear empties log and history, whatever state a rotation left them in", async () => {
  using folder = temporaryFolder();
  const { path } = await logWithHistory(folder.path);
  expectExit(await perfmon(["clear", "--yes", "--file", path]), 0);
  assertEquals([...Deno.readDirSync(path.replace(/csv$/, "d/history"))], []);
  // A program that still has the old log open, and a new one that others begin.
  Deno.writeTextFileSync(path, seedRow(1) + seedRow(2));
  await appendRows(logIn(folder.path), 3, 12, rotating(9, 4));
  assertEquals(await exported(path), names(12));
  assertEquals(toolsOf(path).slice(0, 4).length, 4);
});

Deno.test("clear --before right after a rotation loses none of the rows that stay", async () => {
  using folder = temporaryFolder();
  const location = logIn(folder.path);
  await appendRows(location, 1, 20, rotating(9, 4));
  const late = Deno.openSync(location.path, { append: true });
  await appendRows(location, 21, 25, rotating(9, 4));
  late.writeSync(new TextEncoder().encode(seedRow(26)));
  late.close();
  const time = new Date((1_729_876_543 + 12) * 1000).toISOString();
  expectExit(await perfmon(["clear", "--yes", "--before", time, "--file", location.path]), 0);
  assertEquals(await exported(location.path), names(26, 12));
  await appendRows(location, 27, 40, rotating(9, 4));
  assertEquals(await exported(location.path), names(40, 12));
});

/** Adds plain segments of this log, 300 rows each, as rotations leave them; returns how many rows they have. */
function addSegments({ folder }: LogLocation, count: number): number {
  Deno.mkdirSync(`${folder}/history`, { recursive: true });
  const now = Math.floor(Date.now() / 1000);
  for (let segment = 1; segment <= count; segment++) {
    const rows = Array.from(
      { length: 300 },
      (_, row) => `${now - 60 * (count - segment) - row}.5,1.0,${1000 + row},t${segment},end\n`,
    );
    Deno.writeTextFileSync(
      `${folder}/history/${String(segment).padStart(8, "0")}.csv`,
      rows.join(""),
    );
  }
  return 300 * count;
}

/** What `report --all` counts, by the binary. */
async function reportedCalls(path: string, env: Record<string, string> = {}): Promise<number> {
  const args = ["report", "--all", "--json", "--file", path];
  const { stdout } = expectExit(await perfmon(args, { env }), 0);
  return JSON.parse(stdout).all.calls;
}

Deno.test("a history that fits its limit once it is compressed loses nothing, however often it is read", async () => {
  using folder = temporaryFolder();
  const location = logIn(folder.path);
  await appendRows(location, 1, 3);
  const rows = addSegments(location, 60);
  const rec = ["rec", "end", "--tool", "x", "--history", "90d,256KiB", "--file", location.path];
  expectExit(await perfmon(rec), 0);
  const plain = [...Deno.readDirSync(`${location.folder}/history`)]
    .reduce((sum, { name }) => sum + Deno.statSync(`${location.folder}/history/${name}`).size, 0);
  assert(plain > 256 * 1024, `${plain} bytes`);
  for (let read = 0; read < 5; read++) assertEquals(await reportedCalls(location.path), rows + 4);
  const names = [...Deno.readDirSync(`${location.folder}/history`)].map(({ name }) => name);
  assertEquals(names.filter((name) => !name.endsWith(".gz")), ["00000060.csv"]);
});

Deno.test("what is beyond the limit of the history goes with a word, the newest segment never", async () => {
  using folder = temporaryFolder();
  const location = logIn(folder.path);
  await appendRows(location, 1, 3);
  addSegments(location, 9);
  const rec = ["rec", "end", "--tool", "x", "--history", "90d,0KiB", "--file", location.path];
  expectExit(await perfmon(rec), 0);
  const first = expectExit(await perfmon(["report", "--all", "--file", location.path]), 0);
  assertStringIncludes(first.stderr, "Removed the oldest 8 segments of the history");
  const second = expectExit(await perfmon(["status", "--file", location.path]), 0);
  assertEquals(second.stderr, "", "it is said once");
  assertMatch(
    second.stdout,
    /^History .*300 rows,\s.*\(kept\s+90d,0KiB;\s+8\s+older\s+segments\s+removed\)/ms,
  );
  assertEquals(await reportedCalls(location.path), 300 + 4);
});

testWith(
  "faketime",
  "one look under a clock that is a year ahead leaves the history as it is",
  async () => {
    using folder = temporaryFolder();
    const location = logIn(folder.path);
    await appendRows(location, 1, 3);
    const rows = addSegments(location, 5);
    const later = new Date(Date.now() + 300 * 86_400_000);
    Deno.utimeSync(location.path, later, later);
    const faked = { FAKETIME: "+300d", LD_PRELOAD: fakeTimeLibrary(), NO_FAKE_STAT: "1" };
    assertEquals(await reportedCalls(location.path, faked), rows + 3);
    assertEquals(await reportedCalls(location.path), rows + 3);
  },
);

/** The library that `faketime` loads, as that tells it. */
function fakeTimeLibrary(): string {
  const { stdout } = new Deno.Command("faketime", {
    args: ["-f", "+1d", "sh", "-c", "echo $LD_PRELOAD"],
  })
    .outputSync();
  return new TextDecoder().decode(stdout).trim();
}
