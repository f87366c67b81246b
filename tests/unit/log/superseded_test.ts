import { clearBefore } from "../../../src/log/clear.ts";
import { maintainHistory } from "../../../src/log/history/tidy_history.ts";
import type { LogLocation } from "../../../src/log/location.ts";
import { LogCursor } from "../../../src/log/read/log_cursor.ts";
import { readLog } from "../../../src/log/read/read.ts";
import { logStatus } from "../../../src/log/status.ts";
import { FULL_HEADER } from "../../../src/row/columns.ts";
import { assertEquals } from "../../std/std_assert.ts";
import { replaceIo } from "../../kit/file_calls.ts";
import { gzip } from "../../kit/log_files.ts";
import {
  allTools,
  appendDays,
  byNumber,
  logIn,
  MERGED_DAYS,
  names,
  seedRow,
  segmentsOf,
  sequencesOf,
  threeDays,
} from "../../kit/numbered_rows.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";

/** Removes nothing but what `isRemoved` names while a history is tidied: a merge that is killed before its end. */
async function tidyWithoutRemoving(
  location: LogLocation,
  isRemoved: (path: string) => boolean,
): Promise<void> {
  using _ = replaceIo({
    remove: (path) => {
      if (isRemoved(String(path))) Deno.removeSync(path);
    },
  });
  await maintainHistory(location);
}

Deno.test("what a killed merge has left twice is read once and removed, unless what was merged is damaged", async () => {
  using folder = temporaryFolder();
  const location = await threeDays(folder.path);
  await tidyWithoutRemoving(location, (path) => !path.endsWith("2.csv.gz"));
  const both = ["00000001-00000002.csv.gz", "00000002.csv.gz"];
  assertEquals(sequencesOf(location).slice(0, 2), both);
  assertEquals(await allTools(location), names(36));
  const path = `${location.folder}/history/${segmentsOf(location)[0]}`;
  const whole = Deno.readFileSync(path);
  Deno.writeFileSync(path, whole.subarray(0, whole.length - 9));
  await maintainHistory(location);
  assertEquals(sequencesOf(location).slice(0, 2), both);
  Deno.writeFileSync(path, whole);
  await maintainHistory(location);
  assertEquals(sequencesOf(location), [...MERGED_DAYS.slice(0, 2), "00000005.csv"]);
  assertEquals(await allTools(location), names(36));
});

/** Leaves segments 1 and 2 beside what they were merged into; gives the path of that. */
async function partsBesideMerged(location: LogLocation): Promise<string> {
  await tidyWithoutRemoving(location, (path) => path.endsWith(".csv"));
  assertEquals(sequencesOf(location).slice(0, 3), [
    "00000001-00000002.csv.gz",
    "00000001.csv.gz",
    "00000002.csv.gz",
  ]);
  return `${location.folder}/history/${segmentsOf(location)[0]}`;
}

Deno.test("merged files of another log that are copied into a history cost no row of either", async () => {
  using ours = temporaryFolder();
  using theirs = temporaryFolder();
  const location = await threeDays(ours.path);
  const other = logIn(theirs.path);
  await appendDays(other, 3, 12);
  for (const name of segmentsOf(other)) {
    const path = `${other.folder}/history/${name}`;
    Deno.writeTextFileSync(path, Deno.readTextFileSync(path).replaceAll(/\bt(?=\d+,)/g, "u"));
  }
  await maintainHistory(other);
  const copied = segmentsOf(other).filter((name) => name.includes("-"));
  assertEquals(copied.length, 2);
  for (const name of copied) {
    Deno.copyFileSync(`${other.folder}/history/${name}`, `${location.folder}/history/${name}`);
  }
  const all = [...names(36), ...names(24).map((name) => name.replace("t", "u"))].sort();
  for (let times = 0; times < 3; times++) {
    assertEquals((await allTools(location)).sort(), all);
    assertEquals((await logStatus(location)).historyRows, 30 + 24);
    await maintainHistory(location);
  }
});

Deno.test("a planted file that says it holds all of the history removes and hides none of it", async () => {
  using folder = temporaryFolder();
  const location = await threeDays(folder.path);
  const spoils = [
    { rows: 1, bytes: await gzip(`${FULL_HEADER}\n${seedRow(5)}`) },
    { rows: 5, bytes: await gzip(`${FULL_HEADER}\n${seedRow(5)}`) },
    { rows: 0, bytes: await gzip("") },
    { rows: 5, bytes: new Uint8Array() },
  ];
  for (const { rows, bytes } of spoils) {
    const name = `00000001-99999999.20200101T000000Z-20300101T000000Z.${rows}rows.csv.gz`;
    Deno.writeFileSync(`${location.folder}/history/${name}`, bytes);
    await maintainHistory(location);
    const tools = await allTools(location);
    assertEquals(names(36).filter((tool) => !tools.includes(tool)), []);
    Deno.removeSync(`${location.folder}/history/${name}`);
  }
});

Deno.test("beside a merged file that is damaged, empty or of other rows its segments are read, stay, and count once", async () => {
  using folder = temporaryFolder();
  const location = await threeDays(folder.path);
  const { historyRows } = await logStatus(location);
  const path = await partsBesideMerged(location);
  assertEquals((await logStatus(location)).historyRows, historyRows, "each row counts once");
  const whole = Deno.readFileSync(path);
  const text = await new Response(
    new Blob([whole]).stream().pipeThrough(new DecompressionStream("gzip")),
  ).text();
  const spoils = [
    { bytes: whole.subarray(0, whole.length - 9), isNamed: true },
    { bytes: new Uint8Array(), isNamed: true },
    { bytes: new TextEncoder().encode("no gzip"), isNamed: true },
    { bytes: await gzip(text.replace(/^.*,t3,.*\n/m, "")), isNamed: false },
    { bytes: await gzip(text.replace(/^(.*,t2,.*\n).*\n/m, "$1$1")), isNamed: false },
    { bytes: await gzip(text.replace(FULL_HEADER, `${FULL_HEADER},later`)), isNamed: false },
  ];
  for (const [index, { bytes, isNamed }] of spoils.entries()) {
    Deno.writeFileSync(path, bytes);
    await maintainHistory(location);
    const { skippedFiles } = await readLog(location, { history: true });
    assertEquals(skippedFiles.filter((text) => text.includes(path)).length, isNamed ? 1 : 0);
    const tools = [...new Set(await allTools(location))];
    assertEquals(tools.toSorted(byNumber), names(36), `spoilt ${index}`);
    assertEquals((await logStatus(location)).historyRows, historyRows, `spoilt ${index}`);
    const cursor: string[] = [];
    using reading = new LogCursor(location, { history: true });
    for await (const rows of reading.read()) cursor.push(...rows.map(({ line }) => line));
    assertEquals([cursor.length, new Set(cursor).size], [36, 36]);
  }
  Deno.writeFileSync(path, whole);
  await maintainHistory(location);
  assertEquals(sequencesOf(location), [...MERGED_DAYS.slice(0, 2), "00000005.csv"]);
});

Deno.test("a segment that was restored from a copy goes where the merged file has it, and stays with a row more", async () => {
  using folder = temporaryFolder();
  const location = await threeDays(folder.path);
  const path = `${location.folder}/history/00000001.csv`;
  const text = Deno.readTextFileSync(path);
  await maintainHistory(location);
  Deno.writeFileSync(`${path}.gz`, await gzip(text + seedRow(99)));
  await maintainHistory(location);
  assertEquals(sequencesOf(location).slice(0, 2), [MERGED_DAYS[0], "00000001.csv.gz"]);
  Deno.writeFileSync(`${path}.gz`, await gzip(text));
  await maintainHistory(location);
  assertEquals(sequencesOf(location), [...MERGED_DAYS.slice(0, 2), "00000005.csv"]);
});

Deno.test("clear --before cuts no merged file onto another segment of its number, and says so", async () => {
  using folder = temporaryFolder();
  const location = await threeDays(folder.path);
  await maintainHistory(location);
  const foreign = `${location.folder}/history/00000002.csv.gz`;
  Deno.writeFileSync(foreign, await gzip(`${FULL_HEADER}\n${seedRow(99)}`));
  const { history, skippedFiles } = await clearBefore(location, 1_729_876_543 + 5);
  assertEquals([history, skippedFiles.length], [0, 1]);
  assertEquals((await allTools(location)).toSorted(byNumber), [...names(36), "t99"]);
});
