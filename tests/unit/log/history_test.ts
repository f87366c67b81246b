import { listSegments, readSegment } from "../../../src/log/history/segments.ts";
import { maintainHistory, parseHistoryLimit } from "../../../src/log/history/tidy_history.ts";
import type { LogLocation } from "../../../src/log/location.ts";
import { readLog } from "../../../src/log/read/read.ts";
import { assert, assertAlmostEquals, assertEquals, assertRejects } from "../../std/std_assert.ts";
import { replaceIo } from "../../kit/file_calls.ts";
import { gzip } from "../../kit/log_files.ts";
import {
  allTools,
  appendRows,
  logIn,
  names,
  rotating,
  seedRow,
  segmentsOf,
  sequencesOf,
  stateOf,
} from "../../kit/numbered_rows.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";

const DAY = 86_400_000;

/** A log of 25 rows: three segments of six or more rows, the rest in the log. */
async function logWithHistory(folder: string, history = "90d"): Promise<LogLocation> {
  const location = logIn(folder);
  await appendRows(location, 1, 25, rotating(9, 4, { history }));
  assertEquals(segmentsOf(location), ["00000001.csv", "00000002.csv", "00000003.csv"]);
  return location;
}

/** Moves the rows of a segment back by so many milliseconds, and its file's time to so long ago. */
async function age(location: LogLocation, sequence: number, milliseconds: number): Promise<void> {
  const segment = listSegments(location).find((each) => each.sequence === sequence);
  assert(segment !== undefined);
  const text = new TextDecoder().decode(await readSegment(segment))
    .replace(/^\d+/gm, (seconds) => String(Number(seconds) - milliseconds / 1000));
  if (segment.compressed) Deno.writeFileSync(segment.path, await gzip(text));
  else Deno.writeTextFileSync(segment.path, text);
  touch(segment.path, milliseconds);
}

/** Gives a file a time so many milliseconds ago, its rows as they are. */
function touch(path: string, milliseconds: number): void {
  const time = new Date(Date.now() - milliseconds);
  Deno.utimeSync(path, time, time);
}

Deno.test("maintenance compresses all segments but the newest, and readers see the same rows", async () => {
  using folder = temporaryFolder();
  const location = await logWithHistory(folder.path);
  const before = await readLog(location, { history: true });
  await maintainHistory(location);
  assertEquals(segmentsOf(location), ["00000001.csv.gz", "00000002.csv.gz", "00000003.csv"]);
  assertEquals(await readLog(location, { history: true }), before);
  assertEquals(await allTools(location), names(25));
  await maintainHistory(location);
  assertEquals(await allTools(location), names(25));
  await appendRows(location, 26, 40, rotating(9, 4));
  assertEquals(await allTools(location), names(40));
});

Deno.test("without the history only the log is read", async () => {
  using folder = temporaryFolder();
  const location = await logWithHistory(folder.path);
  const { samples } = await readLog(location, { history: false });
  assertEquals(samples.map((sample) => sample.toolName), names(25, 19));
});

Deno.test("compressed segments keep their age, and the old ones go first, by sequence", async () => {
  using folder = temporaryFolder();
  const location = await logWithHistory(folder.path, "2d");
  await age(location, 1, 5 * DAY);
  await age(location, 2, 1 * DAY);
  await maintainHistory(location);
  assertEquals(sequencesOf(location), ["00000002-00000002.csv.gz", "00000003.csv"]);
  const [second] = listSegments(location);
  assertAlmostEquals(second!.modified, Date.now() - 1 * DAY, 60_000);
  await age(location, 2, 3 * DAY);
  await maintainHistory(location);
  assertEquals(segmentsOf(location), ["00000003.csv"]);
});

Deno.test("a young segment behind an old one does not save it, an old one behind a young one stays", async () => {
  using folder = temporaryFolder();
  const location = await logWithHistory(folder.path, "2d");
  await age(location, 2, 5 * DAY);
  await maintainHistory(location);
  assertEquals(segmentsOf(location), ["00000001.csv.gz", "00000002.csv.gz", "00000003.csv"]);
});

Deno.test("a clock that ran ahead, now or when a row was written, does not empty the history", async () => {
  using folder = temporaryFolder();
  const location = await logWithHistory(folder.path, "2d");
  const paths = listSegments(location).map(({ path }) => path);
  // A row of the newest segment was written in the future, and so its file and the log were.
  const newest = paths.at(-1) ?? "";
  const rows = Deno.readTextFileSync(newest).replace(/^17298/m, "18298");
  Deno.writeTextFileSync(newest, rows);
  for (const path of [newest, location.path]) touch(path, -400 * DAY);
  await maintainHistory(location);
  assertEquals(await allTools(location), names(25));
  // As it looks to a clock that is 400 days ahead of all that was written.
  for (const { path } of listSegments(location)) touch(path, 400 * DAY);
  touch(location.path, 400 * DAY);
  assertEquals(await maintainHistory(location), []);
  assertEquals(await allTools(location), names(25));
});

Deno.test("the history is pruned from the oldest on until it fits its size, as it lies compressed", async () => {
  using folder = temporaryFolder();
  const location = await logWithHistory(folder.path, "1KiB");
  const plain = listSegments(location).reduce((sum, { bytes }) => sum + bytes, 0);
  assert(plain > 1024, "beyond the limit as long as it is not compressed");
  assertEquals(await maintainHistory(location), []);
  assertEquals(await allTools(location), names(25));
});

Deno.test("the newest segment is never pruned, however small the limit", async () => {
  using folder = temporaryFolder();
  const location = await logWithHistory(folder.path, "0KiB");
  const removed = await maintainHistory(location);
  assertEquals(removed.map(({ sequence }) => sequence), [1, 2]);
  assertEquals(segmentsOf(location), ["00000003.csv"]);
  assertEquals((await allTools(location)).at(-1), "t25");
});

Deno.test("maintenance removes what killed processes left half done, and nothing of others", async () => {
  using folder = temporaryFolder();
  const location = await logWithHistory(folder.path);
  const temporary = (digit: string): string => `.${digit.repeat(32)}.perfmon-tmp`;
  const ours = [`history/${temporary("1")}`, temporary("2"), "rotation.tmp"];
  const others = ["history/notes.tmp", `history/${temporary("x")}`, "rotation.tmp.txt"];
  for (const name of [...ours, ...others]) {
    Deno.writeTextFileSync(`${location.folder}/${name}`, "left");
  }
  await maintainHistory(location);
  const found = (name: string): boolean => {
    try {
      return Deno.statSync(`${location.folder}/${name}`).isFile;
    } catch {
      return false;
    }
  };
  assertEquals([ours.filter(found), others.filter(found)], [[], others]);
  assertEquals(await allTools(location), names(25));
});

Deno.test("a segment that is written to while it is compressed stays as it is", async () => {
  using folder = temporaryFolder();
  const location = await logWithHistory(folder.path);
  {
    using _ = replaceIo({
      rename: (from, to) => {
        Deno.renameSync(from, to);
        const path = String(to).replace(/\.gz$/, "");
        if (path.endsWith("1.csv")) Deno.writeTextFileSync(path, seedRow(99), { append: true });
      },
    });
    await maintainHistory(location);
  }
  assertEquals(segmentsOf(location), ["00000001.csv", "00000002.csv.gz", "00000003.csv"]);
  assertEquals((await allTools(location)).includes("t99"), true);
});

Deno.test("maintenance leaves a history alone that a writer is at", async () => {
  using folder = temporaryFolder();
  const location = await logWithHistory(folder.path);
  using lock = Deno.openSync(`${location.folder}/lock`, { write: true });
  lock.lockSync(true);
  await maintainHistory(location);
  assertEquals(segmentsOf(location), ["00000001.csv", "00000002.csv", "00000003.csv"]);
});

Deno.test("a limit is an age, a size, or both; what is not said is 90 days and 32 MiB", () => {
  const [days, mebibytes] = [86_400, 1024 * 1024];
  assertEquals(parseHistoryLimit("90d"), { seconds: 90 * days, bytes: 32 * mebibytes });
  assertEquals(parseHistoryLimit("2h"), { seconds: 7200, bytes: 32 * mebibytes });
  assertEquals(parseHistoryLimit("1MiB"), { seconds: 90 * days, bytes: mebibytes });
  assertEquals(parseHistoryLimit("7d,2KiB"), { seconds: 7 * days, bytes: 2048 });
  assertEquals(parseHistoryLimit("rubbish"), parseHistoryLimit(""));
});

Deno.test("of a damaged segment what stands before the damage is read, and it is named", async () => {
  using folder = temporaryFolder();
  const location = await logWithHistory(folder.path);
  await maintainHistory(location);
  const first = `${location.folder}/history/00000001.csv.gz`;
  const whole = Deno.readFileSync(first);
  const damages = [
    { bytes: whole.subarray(0, whole.length - 9), from: 1, to: " to its end" },
    { bytes: new Uint8Array(50).fill(7), from: 7, to: "" },
    { bytes: new Uint8Array(), from: 7, to: "" },
  ];
  for (const { bytes, from, to } of damages) {
    Deno.writeFileSync(first, bytes);
    const { samples, skippedFiles } = await readLog(location, { history: true });
    assertEquals(samples.map((sample) => sample.toolName), names(25, from));
    const rest = to === "" ? ", and left out" : "; the 6 rows before that are read";
    assertEquals(skippedFiles, [`Cannot read "${first}"${to}: it is damaged${rest}`]);
  }
});

Deno.test("a segment that lies there in both forms counts once", async () => {
  using folder = temporaryFolder();
  const location = await logWithHistory(folder.path);
  const plain = `${location.folder}/history/00000001.csv`;
  const bytes = Deno.readFileSync(plain);
  await maintainHistory(location);
  Deno.writeFileSync(plain, bytes);
  assertEquals(listSegments(location).map(({ sequence, compressed }) => [sequence, compressed]), [
    [1, false],
    [2, true],
    [3, false],
  ]);
  assertEquals(await allTools(location), names(25));
  await maintainHistory(location);
  assertEquals(segmentsOf(location), ["00000001.csv.gz", "00000002.csv.gz", "00000003.csv"]);
});

Deno.test("a segment that another reader compresses meanwhile is read in its new form", async () => {
  using folder = temporaryFolder();
  const location = await logWithHistory(folder.path);
  const [first] = listSegments(location);
  await maintainHistory(location);
  const bytes = await readSegment(first!);
  assertEquals(new TextDecoder().decode(bytes).includes(",t1,"), true);
  // And one that is pruned meanwhile is none.
  Deno.removeSync(`${first!.path}.gz`);
  await assertRejects(() => readSegment(first!), Deno.errors.NotFound);
});

Deno.test("what is no segment is passed over, and vanishing files are no error", async () => {
  using folder = temporaryFolder();
  const location = await logWithHistory(folder.path);
  const history = `${location.folder}/history`;
  Deno.mkdirSync(`${history}/00000009.csv`);
  Deno.symlinkSync(`${history}/gone`, `${history}/00000004.csv`);
  Deno.writeTextFileSync(`${history}/.${"1".repeat(32)}.perfmon-tmp`, "left behind by a crash");
  Deno.writeTextFileSync(`${history}/notes.csv`, seedRow(99));
  assertEquals(listSegments(location).map((segment) => segment.sequence), [1, 2, 3]);
  assertEquals(await allTools(location), names(25));
});

Deno.test("a new segment never takes the place of one that is there", async () => {
  using folder = temporaryFolder();
  const location = await logWithHistory(folder.path);
  Deno.writeTextFileSync(`${location.folder}/history/00000007.csv`, seedRow(90));
  Deno.removeSync(`${location.folder}/lock`);
  await appendRows(location, 26, 26, rotating(9, 4));
  await appendRows(location, 27, 32, rotating(9, 4));
  assertEquals((await stateOf(location))?.sequence, 8);
  assertEquals((await allTools(location)).toSorted(), [...names(32), "t90"].toSorted());
});
