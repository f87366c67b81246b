import { listSegments, readSegment } from "../../../src/log/history/segments.ts";
import { type Merged, mergedName, parseMergedName } from "../../../src/log/history/merged_name.ts";
import { lineTime } from "../../../src/log/history/segment_content.ts";
import { maintainHistory } from "../../../src/log/history/tidy_history.ts";
import { clearBefore, clearLog } from "../../../src/log/clear.ts";
import type { LogLocation } from "../../../src/log/location.ts";
import { LogLines } from "../../../src/log/log_lines.ts";
import { LogCursor } from "../../../src/log/read/log_cursor.ts";
import { readLog } from "../../../src/log/read/read.ts";
import { logStatus } from "../../../src/log/status.ts";
import { FULL_HEADER } from "../../../src/row/columns.ts";
import { assert, assertEquals } from "../../std/std_assert.ts";
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

async function textOf(location: LogLocation, sequence: number): Promise<string> {
  const segment = listSegments(location).find((each) => each.sequence === sequence);
  assert(segment !== undefined);
  return new TextDecoder().decode(await readSegment(segment));
}

Deno.test("the segments of each day that is over become one file with one header, and readers see the same rows", async () => {
  using folder = temporaryFolder();
  const location = await threeDays(folder.path);
  const before = await readLog(location, { history: true });
  const { historyRows } = await logStatus(location);
  await maintainHistory(location);
  assertEquals(sequencesOf(location), [...MERGED_DAYS.slice(0, 2), "00000005.csv"]);
  assertEquals((await readLog(location, { history: true })).samples, before.samples);
  assertEquals((await logStatus(location)).historyRows, historyRows);
  for (const segment of listSegments(location).slice(0, 2)) {
    const lines = new TextDecoder().decode(await readSegment(segment)).trimEnd().split("\n");
    assertEquals([lines[0], lines.lastIndexOf(FULL_HEADER)], [FULL_HEADER, 0]);
    assertEquals(lines.length - 1, segment.merged?.rows);
    const times = lines.slice(1).map((line) => Number(line.split(",")[0]));
    assertEquals(segment.merged?.from, Math.floor(Math.min(...times)));
    assertEquals(segment.merged?.to, Math.floor(Math.max(...times)) + 1);
  }
  const found = segmentsOf(location);
  await maintainHistory(location);
  assertEquals(segmentsOf(location), found, "once is enough");
});

Deno.test("a file's name has the least and the greatest time of its rows, whatever clock and order they came by", async () => {
  using folder = temporaryFolder();
  const location = await threeDays(folder.path);
  const first = `${location.folder}/history/00000001.csv`;
  const jumped = Deno.readTextFileSync(first).replace(/^1729876546/m, "1700000000")
    .replace(/^1729876547/m, "1800000000");
  Deno.writeTextFileSync(first, jumped);
  await maintainHistory(location);
  const [segment] = listSegments(location);
  assertEquals(segmentsOf(location)[0], mergedName(segment!.merged!));
  assertEquals([segment?.merged?.from, segment?.merged?.to], [1_700_000_000, 1_800_000_001]);
});

Deno.test("a damaged segment, and one with two headers, stay by themselves, and the others are merged around them", async () => {
  for (const isDamaged of [true, false]) {
    using folder = temporaryFolder();
    const location = logIn(folder.path);
    await appendDays(location, 2, 30);
    const middle = `${location.folder}/history/00000003.csv`;
    const text = Deno.readTextFileSync(middle);
    const mixed = `${text}${FULL_HEADER},later\n`;
    const packed = await gzip(mixed);
    Deno.removeSync(middle);
    Deno.writeFileSync(`${middle}.gz`, isDamaged ? packed.subarray(0, packed.length - 9) : packed);
    await maintainHistory(location);
    const [one, two, three] = sequencesOf(location);
    assertEquals([one, two], ["00000001-00000002.csv.gz", "00000003.csv.gz"]);
    assert(three?.startsWith("00000004-"), three);
    const { skippedFiles } = await readLog(location, { history: true });
    assertEquals(skippedFiles.length, isDamaged ? 1 : 0);
    assertEquals(await allTools(location), names(60));
  }
});

Deno.test("segments with another header, or none, are merged apart", async () => {
  using folder = temporaryFolder();
  const location = await threeDays(folder.path);
  const plain = `${location.folder}/history/00000001.csv`;
  Deno.writeTextFileSync(plain, names(6).map((_, index) => seedRow(index + 1)).join(""));
  await maintainHistory(location);
  assertEquals(sequencesOf(location).slice(0, 2), [
    "00000001-00000001.csv.gz",
    "00000002-00000002.csv.gz",
  ]);
  assertEquals((await allTools(location)).toSorted(byNumber), names(36));
});

Deno.test("a row without a line end keeps what follows it a row of its own", async () => {
  using folder = temporaryFolder();
  const location = await threeDays(folder.path);
  const plain = `${location.folder}/history/00000001.csv`;
  Deno.writeTextFileSync(plain, Deno.readTextFileSync(plain).trimEnd());
  await maintainHistory(location);
  assertEquals(await allTools(location), names(36));
});

Deno.test("a merge replaces nothing that lies at the name of its file", async () => {
  using folder = temporaryFolder();
  const location = await threeDays(folder.path);
  await maintainHistory(location);
  const [name = ""] = segmentsOf(location);
  using other = temporaryFolder();
  const again = await threeDays(other.path);
  Deno.symlinkSync("/dev/null", `${again.folder}/history/${name}`);
  await maintainHistory(again);
  assertEquals(Deno.readLinkSync(`${again.folder}/history/${name}`), "/dev/null");
  assertEquals(await allTools(again), names(36));
});

Deno.test("the time of a line is looked for in no byte behind it", () => {
  let looked = 0;
  class Counted extends Uint8Array {
    override indexOf(byte: number, from = 0): number {
      const found = super.indexOf(byte, from);
      looked += (found < 0 ? this.length : found + 1) - from;
      return found;
    }
  }
  const lines = new LogLines();
  const piece = new Counted(10_000).fill(0x0a);
  lines.add(piece);
  while (lines.next()) lineTime(lines);
  assert(looked >= piece.length && looked <= 3 * piece.length, `${looked} bytes`);
});

Deno.test("segments that were cleared while they were merged are not brought back", async () => {
  using folder = temporaryFolder();
  const location = await threeDays(folder.path);
  let isCleared = false;
  {
    using _ = replaceIo({
      open: (path, options) => {
        const file = Deno.openSync(path, options);
        const isMerging = !segmentsOf(location).includes("00000004.csv");
        if (String(path).endsWith("perfmon-tmp") && isMerging) {
          isCleared = true;
          for (const { path } of listSegments(location)) Deno.removeSync(path);
        }
        return file;
      },
    });
    await maintainHistory(location);
  }
  assert(isCleared);
  assertEquals(segmentsOf(location).filter((name) => name.includes("-")), []);
});

Deno.test("a cursor that has read part of what was merged since gives the rest, each row once", async () => {
  using folder = temporaryFolder();
  const location = logIn(folder.path);
  await appendDays(location, 1, 12);
  using cursor = new LogCursor(location, { history: true });
  const tools: string[] = [];
  const read = async (): Promise<void> => {
    for await (const rows of cursor.read()) {
      tools.push(...rows.map(({ line }) => line.split(",")[3] ?? ""));
    }
  };
  await read();
  assertEquals(tools, names(12));
  Deno.removeSync(location.path); // all of the first 12 again, which it knows
  Deno.removeSync(location.folder, { recursive: true });
  await appendDays(location, 4, 12);
  await maintainHistory(location);
  await read();
  assertEquals(tools, names(48));
});

Deno.test("a cursor leaves out files that have no row of a time, and goes on behind them", async () => {
  using folder = temporaryFolder();
  const location = await threeDays(folder.path);
  await maintainHistory(location);
  const [first] = listSegments(location);
  using cursor = new LogCursor(location, { history: true, within: { since: first!.merged!.to } });
  const tools: string[] = [];
  for await (const rows of cursor.read()) {
    tools.push(...rows.map(({ line }) => line.split(",")[3] ?? ""));
  }
  assertEquals([tools, cursor.sequence], [names(36, first!.merged!.rows + 1), 5]);
});

Deno.test("clear --before cuts a merged file, and clear leaves nothing that could come back", async () => {
  using folder = temporaryFolder();
  const location = await threeDays(folder.path);
  await maintainHistory(location);
  const { history } = await clearBefore(location, 1_729_876_543 + 5);
  assertEquals([history, await allTools(location)], [4, names(36, 5)]);
  assertEquals(sequencesOf(location), ["00000002.csv", MERGED_DAYS[1], "00000005.csv"]);
  assertEquals((await textOf(location, 2)).startsWith(FULL_HEADER), true);
  await maintainHistory(location);
  assertEquals(sequencesOf(location)[0], "00000002-00000002.csv.gz");
  Deno.writeTextFileSync(`${location.folder}/history/00000003.csv`, seedRow(99));
  await clearLog(location);
  assertEquals(segmentsOf(location), []);
});

Deno.test("a merged file is pruned as a whole once it is beyond the limit", async () => {
  using folder = temporaryFolder();
  const location = logIn(folder.path);
  await appendDays(location, 3, 12, { history: "90d,0KiB" });
  const removed = await maintainHistory(location);
  assertEquals(removed.map(({ first, sequence }) => [first, sequence]), [[1, 2], [3, 4]]);
  assertEquals(segmentsOf(location), ["00000005.csv"]);
  assertEquals((await logStatus(location)).historyRemoved, 4);
});

Deno.test("a name says what it was made of; times beyond its years are no bound", () => {
  const merged: Merged = {
    first: 12,
    last: 14,
    from: 1_794_819_600,
    to: 1_794_852_001,
    rows: 1503,
  };
  const name = "00000012-00000014.20261116T090000Z-20261116T180001Z.1503rows.csv.gz";
  assertEquals(mergedName(merged), name);
  assertEquals(parseMergedName(name), merged);
  const absurd = parseMergedName(mergedName({ ...merged, from: -5, to: 9e15 }));
  assertEquals([absurd?.from, absurd?.to], [-Infinity, Infinity]);
  const noDay = parseMergedName(name.replace("1116T09", "1399T09"));
  assertEquals([noDay?.from, noDay?.to], [-Infinity, merged.to]);
  for (
    const none of [
      "00000012.csv.gz",
      "00000014-00000012.20261116T090000Z-20261116T180001Z.1503rows.csv.gz",
      `${name}.bak`,
      "notes-2.csv.gz",
    ]
  ) {
    assertEquals(parseMergedName(none), undefined, none);
  }
});
