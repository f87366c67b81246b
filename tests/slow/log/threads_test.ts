/** A long history that several threads read, a segment each at a time: it has to come to what one reader makes of it. */
import fc from "fast-check";
import { formatRow, FULL_COLUMNS, FULL_HEADER } from "../../../src/row/columns.ts";
import { listSegments, segmentPieces } from "../../../src/log/history/segments.ts";
import { LogReader } from "../../../src/log/read/log_reader.ts";
import { readLog } from "../../../src/log/read/read.ts";
import { readHistory } from "../../../src/log/read/history_reader.ts";
import { readSegmentRows } from "../../../src/log/read/segment_rows.ts";
import { readByThreads } from "../../../src/log/read/threads.ts";
import { resolveLog } from "../../../src/log/resolve.ts";
import { assert, assertEquals } from "../../std/std_assert.ts";
import { gzip } from "../../kit/log_files.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { makeStore } from "../../bench/store.ts";

interface Read {
  readonly rows: readonly string[];
  readonly badRows: number;
  readonly firstBad: string | undefined;
}

function contentsOf(reader: LogReader): Read {
  const rows = [...reader.rows(0)].map((sample) => formatRow(sample, FULL_COLUMNS));
  return { rows, ...reader.takeBadRows() };
}
const cell = fc.constantFrom("", "a", "b", "Read", "Agent", '"q, ""x"""', " x ", "é", "\u3000y");

/** Rows of few calls, so that ends find starts and doubles come often. */
const row = fc.record({
  time: fc.integer({ min: 0, max: 6 }),
  event: fc.constantFrom("start", "end"),
  session: fc.constantFrom("s1", "s2", ""),
  id: fc.constantFrom("", "t1", "t2", "t3"),
  tool: cell,
  params: cell,
}).map(({ time, event, session, id, tool, params }) =>
  [`10${time}.5,1.5,7,${tool},${event}`, ",,3,1,2,,,9,1", session, ",", id, "p,v", params].join(
    ",",
  )
);

const line = fc.oneof(
  { weight: 8, arbitrary: row },
  { weight: 2, arbitrary: row.map((each) => `${each}\r`) },
  fc.constantFrom(
    FULL_HEADER,
    "timestamp,event,novelty,tool_name,memory_rss,cpu_percent",
    "101.5,end,?,Read,7,8",
    "101.5,1,2,Read,start",
    " 101.50,1,2,Read,start",
    "102.5,1,2,,end",
    "torn,row",
    "",
    "\ufefftorn",
    "x".repeat(90),
  ),
);

/** A segment's text: as rotations write them, with a header, or as something else left them. */
const text = fc.record({
  lines: fc.array(line, { minLength: 1, maxLength: 30, size: "max" }),
  header: fc.boolean(),
  isEnded: fc.boolean(),
}).map(({ lines, header, isEnded }) =>
  (header ? FULL_HEADER + "\n" : "") + lines.join("\n") + (isEnded ? "\n" : "")
);

Deno.test("segments that are each read apart are what one reader makes of them", async () => {
  using folder = temporaryFolder();
  const location = resolveLog(`${folder.path}/performance.csv`);
  Deno.mkdirSync(`${location.folder}/history`, { recursive: true });
  let [uncertain, most] = [0, 0];
  const runs = 150;
  await fc.assert(
    fc.asyncProperty(fc.array(text, { minLength: 3, maxLength: 3 }), async (texts) => {
      texts.forEach((each, index) => {
        Deno.writeTextFileSync(`${location.folder}/history/0000000${index + 1}.csv`, each);
      });
      const [alone, apart] = [new LogReader(), new LogReader()];
      for (const segment of listSegments(location)) {
        await alone.readAsItComes(segment.path, segmentPieces(segment));
        const read = await readSegmentRows(segment);
        assert(read !== undefined);
        apart.adopt(segment.path, read);
      }
      if (apart.table.isUncertain) uncertain++;
      else {
        const found = contentsOf(apart);
        assertEquals(found, contentsOf(alone));
        most = Math.max(most, found.rows.length);
      }
    }),
    { numRuns: runs },
  );
  assert(uncertain < runs / 2 && most > 20, `${uncertain} uncertain, ${most} rows at most`);
});

Deno.test("threads read a long history as one reader does, to its damage where a file has any", async () => {
  using folder = temporaryFolder();
  const location = await makeStore(folder.path, { rows: 40_000, days: 40 });
  const segments = listSegments(location).filter(({ merged }) => merged !== undefined);
  assert(segments.length > 3, `${segments.length} files`);
  const damaged = Deno.readFileSync(segments[2]!.path);
  Deno.writeFileSync(segments[2]!.path, damaged.subarray(0, damaged.length / 2));
  const alone = new LogReader();
  const expected = await readHistory(location, alone, { threads: false });
  assertEquals(expected.skippedFiles.length, 1);
  const adopted = new LogReader();
  const faults: (string | undefined)[] = [];
  let bytes = 0;
  for await (const rows of readByThreads(segments, 3)) {
    assert(rows !== undefined);
    adopted.adopt(segments[faults.length]!.path, rows);
    faults.push(rows.fault);
    bytes += rows.bytes ?? 0;
  }
  assertEquals(faults, segments.map((_, index) => index === 2 ? "it is damaged" : undefined));
  for (const segment of listSegments(location).filter(({ merged }) => merged === undefined)) {
    bytes += await adopted.readAsItComes(segment.path, segmentPieces(segment));
  }
  assertEquals(contentsOf(adopted), contentsOf(alone));
  assertEquals(bytes, expected.bytes);
});

Deno.test("a history that is gone when threads come to it ends the reading, and loses nothing else", async () => {
  using folder = temporaryFolder();
  const location = await makeStore(folder.path, { rows: 40_000, days: 40 });
  const segments = listSegments(location).filter(({ merged }) => merged !== undefined);
  Deno.removeSync(segments[1]!.path);
  const read = await Array.fromAsync(readByThreads(segments, 2));
  assertEquals(
    read.map((rows) => [rows?.bytes !== undefined, rows?.fault]),
    segments.map((_, index) => [index !== 1, undefined]),
  );
});

Deno.test("a file that blows up, in rows or in lines that are none, is left to the reader that holds none twice", async () => {
  using folder = temporaryFolder();
  const location = await makeStore(folder.path, { rows: 40_000, days: 40 });
  const segments = listSegments(location).filter(({ merged }) => merged !== undefined);
  const row = `${FULL_HEADER}\n` + "101.5,1.5,7,Read,end\n".repeat(1 << 16);
  const write = async (place: number, text: string): Promise<void> => {
    Deno.writeFileSync(segments[place]!.path, await gzip(text));
  };
  await write(1, "x\n".repeat(1 << 16));
  await write(3, row.repeat(60));
  const read = await Array.fromAsync(readByThreads(segments, 2));
  assertEquals(
    read.map((rows) => rows === undefined),
    segments.map((_, index) => index === 1 || index === 3),
  );
});

Deno.test("where there is one core no thread is started, and one reader reads all", async () => {
  using folder = temporaryFolder();
  const location = await makeStore(folder.path, { rows: 4000, days: 3 });
  assertEquals(await Array.fromAsync(readByThreads(listSegments(location), 1)), []);
});

Deno.test("a history of doubled hooks that stands there twice is read as by one reader", async () => {
  using folder = temporaryFolder();
  const location = await makeStore(folder.path, { rows: 400_000, days: 30 });
  const [first] = listSegments(location);
  assert(first?.merged !== undefined);
  // The same rows once more, under a name that says it holds others.
  const copy = first.path.replace(/\d{8}-\d{8}/, "00900000-00900001");
  Deno.copyFileSync(first.path, copy);
  const { rows, badRows } = await readLog(location, { history: true });
  const alone = await readLog(location, { history: true, threads: false });
  assertEquals([rows, badRows], [alone.rows, 0]);
  assertEquals(rows, 400_000);
});
