/** A log that several threads read, in slices: cut anywhere, it has to come to what one reader makes of it. */
import fc from "fast-check";
import { Interner } from "../../../src/row/interner.ts";
import { formatRow, FULL_COLUMNS, FULL_HEADER } from "../../../src/row/columns.ts";
import { pieces } from "../../../src/files/io.ts";
import { LogReader } from "../../../src/log/read/log_reader.ts";
import { readLog } from "../../../src/log/read/read.ts";
import { resolveLog } from "../../../src/log/resolve.ts";
import { readSlices, type SlicedFile } from "../../../src/log/read/slices.ts";
import { adoptSlices, readByThreads, sliced } from "../../../src/log/read/threads.ts";
import { assert, assertEquals } from "../../std/std_assert.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { writeBigLog } from "../../bench/big_log.ts";

interface Read {
  readonly rows: readonly string[];
  readonly badRows: number;
  readonly firstBad: string | undefined;
}

function contentsOf(reader: LogReader): Read {
  const rows = [...reader.rows(0)].map((sample) => formatRow(sample, FULL_COLUMNS));
  return { rows, ...reader.takeBadRows() };
}

function readAlone(path: string): Read {
  const reader = new LogReader();
  using file = Deno.openSync(path);
  reader.read("log", pieces(file));
  return contentsOf(reader);
}

/** As by threads that take slices as `order` says; `undefined` where it can't be told what is a double. */
function readInSlices(path: string, file: SlicedFile, order: readonly number[]): Read | undefined {
  const reader = new LogReader();
  const threads = [0, 1, 2].map((thread) => {
    const own = Array.from({ length: file.slices }, (_, slice) => slice)
      .filter((slice) => (order[slice % order.length] ?? 0) === thread);
    const { names, ids } = thread === 0 ? reader : { names: new Interner(), ids: new Interner() };
    const slices = readSlices(file, { names, ids }, () => own.shift() ?? Infinity);
    assert(slices !== undefined);
    return { slices, names: names.texts, ids: ids.texts };
  });
  assertEquals(adoptSlices(reader, "log", file, threads), Deno.statSync(path).size);
  return reader.table.isUncertain ? undefined : contentsOf(reader);
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

const log = fc.record({
  lines: fc.array(line, { minLength: 1, maxLength: 60, size: "max" }),
  header: fc.boolean(),
  isEnded: fc.boolean(),
}).map(({ lines, header, isEnded }) =>
  (header ? FULL_HEADER + "\n" : "") + lines.join("\n") + (isEnded ? "\n" : "")
);

Deno.test("a log cut at any places, read in slices, is what one reader makes of it", () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/log`;
  let uncertain = 0;
  let most = 0;
  const runs = 150;
  fc.assert(
    fc.property(
      log,
      fc.integer({ min: 1, max: 900 }),
      fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 1, maxLength: 7 }),
      (text, sliceBytes, order) => {
        Deno.writeTextFileSync(path, text);
        const found = readInSlices(path, sliced(path, sliceBytes), order);
        if (found === undefined) uncertain++;
        else assertEquals(found, readAlone(path));
        most = Math.max(most, found?.rows.length ?? 0);
      },
    ),
    { numRuns: runs },
  );
  assert(uncertain < runs / 2 && most > 20, `${uncertain} uncertain, ${most} rows at most`);
});

Deno.test("threads read a large log as one reader does", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/log`;
  await writeBigLog(path, 4000);
  // In the middle another layout, bad lines, a double of the second row; at the end a torn row.
  const text = Deno.readTextFileSync(path);
  const lines = text.split("\n");
  lines.splice(1500, 0, "bad", "1794819601.5,1,2,Read,start", "bad", lines[2]!);
  Deno.writeTextFileSync(path, lines.join("\n") + "1794819601.5,1,2,Re");
  const read = await readByThreads(path, { threads: 3, sliceBytes: 50_000 });
  assert(read !== undefined);
  const { firstBad, ...rest } = contentsOf(read.reader);
  const expected = readAlone(path);
  assertEquals(rest, { rows: expected.rows, badRows: expected.badRows });
  assertEquals(firstBad, `${path}:1501`);
  assertEquals([rest.rows.length, rest.badRows, read.bytes], [4001, 2, Deno.statSync(path).size]);
});

Deno.test("a log of doubled hooks that stands twice is read as by one reader", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/performance.csv`;
  await writeBigLog(path, 40_000);
  const [header = "", ...rows] = Deno.readTextFileSync(path).trimEnd().split("\n");
  // Each row a second time, a little later; then all of it again: more than threads can tell.
  const doubled = rows.flatMap((each) => [each, each.replace(/^(\d+\.\d{5})\d/, "$19")]);
  Deno.writeTextFileSync(path, [header, ...doubled, ...doubled].join("\n") + "\n");
  const { rows: count, badRows } = await readLog(resolveLog(path), { history: false });
  const alone = await readLog(resolveLog(path), { history: false, threads: false });
  assertEquals([count, badRows], [alone.rows, 0]);
  assertEquals(count, new Set(doubled).size);
});
