import { BASIC_COLUMNS, FULL_COLUMNS, FULL_HEADER } from "../../../src/row/columns.ts";
import { appendSample } from "../../../src/log/write/append.ts";
import { assertEquals, assertNotEquals, assertRejects } from "../../std/std_assert.ts";
import { bytesRead, replaceIo } from "../../kit/file_calls.ts";
import { linesOf, recordsOf, toolsOf } from "../../kit/log_files.ts";
import {
  allTools,
  APPEND,
  appendRows,
  logIn,
  names,
  numbered,
  seedRow,
  stateOf,
} from "../../kit/numbered_rows.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";

const ALL = FULL_COLUMNS.length;
const BASIC_HEADER = BASIC_COLUMNS.join(",");

Deno.test("a new log begins with the header in the full layout, and with a row in the basic one", async () => {
  using folder = temporaryFolder();
  const full = logIn(folder.path, "new/folders/full.csv");
  const basic = logIn(folder.path, "basic.csv");
  await appendRows(full, 1, 2);
  await appendRows(basic, 1, 2, { ...APPEND, layout: "basic" });
  assertEquals(linesOf(full.path)[0], FULL_HEADER);
  assertEquals(recordsOf(full.path)[1]?.["tool_use_id"], "toolu_2");
  assertEquals(linesOf(basic.path), [
    "1729876544.000000000,12.5,256780,t1,end",
    "1729876545.000000000,12.5,256780,t2,end",
  ]);
});

Deno.test("an empty file counts as a new log", async () => {
  using folder = temporaryFolder();
  const location = logIn(folder.path);
  Deno.writeTextFileSync(location.path, "");
  await appendRows(location, 1, 1);
  assertEquals([linesOf(location.path)[0], toolsOf(location.path)], [FULL_HEADER, ["t1"]]);
});

Deno.test("log and folder are their owner's alone, and the rights of a log that is there stay", async () => {
  using folder = temporaryFolder();
  const mode = (path: string): number => (Deno.statSync(path).mode ?? 0) & 0o777;
  const location = logIn(folder.path, "new/performance.csv");
  await appendRows(location, 1, 1);
  const made = [location.path, `${location.folder}/lock`, location.folder, `${folder.path}/new`];
  assertEquals(made.map(mode), [0o600, 0o600, 0o700, 0o700]);
  Deno.chmodSync(location.path, 0o644);
  await appendRows(location, 2, 2);
  assertEquals(mode(location.path), 0o644);
});

Deno.test("a log that is there keeps its layout, whatever is asked for", async () => {
  using folder = temporaryFolder();
  const full = logIn(folder.path, "full.csv");
  await appendRows(full, 1, 1);
  await appendRows(full, 2, 2, { ...APPEND, layout: "basic" });
  assertEquals(recordsOf(full.path)[1]?.["tool_use_id"], "toolu_2");

  const seeds = logIn(folder.path, "seeds.csv");
  Deno.writeTextFileSync(seeds.path, seedRow(1));
  await appendRows(seeds, 2, 2);
  assertEquals(linesOf(seeds.path)[1], "1729876545.000000000,12.5,256780,t2,end");

  const custom = logIn(folder.path, "custom.csv");
  const header = "timestamp,tool_name,mood,event,cpu_percent,memory_rss";
  Deno.writeTextFileSync(custom.path, `${header}\r\n1.5,t1,fine,start,1,2\r\n`);
  await appendRows(custom, 2, 2);
  assertEquals(linesOf(custom.path)[2], "1729876545.000000000,t2,,end,12.5,256780");
});

Deno.test("the last header in the file governs", async () => {
  using folder = temporaryFolder();
  const location = logIn(folder.path);
  await appendRows(location, 1, 1);
  Deno.writeTextFileSync(location.path, `${BASIC_HEADER}\n`, { append: true });
  await appendRows(location, 2, 2);
  Deno.writeTextFileSync(location.path, `${FULL_HEADER}\n`, { append: true });
  await appendRows(location, 3, 3);
  assertEquals(linesOf(location.path).map((line) => line.split(",").length), [
    ALL,
    ALL + 1, // with a comma in a text
    5,
    5,
    ALL,
    ALL + 1,
  ]);
  assertEquals(await allTools(location), names(3));
});

Deno.test("a torn last line is ended first, and costs only itself", async () => {
  using folder = temporaryFolder();
  const location = logIn(folder.path);
  await appendRows(location, 1, 2);
  const { size } = Deno.statSync(location.path);
  Deno.truncateSync(location.path, size - 30);
  await appendRows(location, 3, 4);
  assertEquals(await allTools(location), ["t1", "t3", "t4"]);
  assertEquals((await stateOf(location))?.rows, 4);
});

Deno.test("a torn header is ended, too, and the log stays one that takes rows", async () => {
  using folder = temporaryFolder();
  const location = logIn(folder.path);
  Deno.writeTextFileSync(location.path, FULL_HEADER.slice(0, 50));
  await appendRows(location, 1, 1);
  assertEquals(await allTools(location), ["t1"]);
});

Deno.test("the rows that other programs append are counted, too", async () => {
  using folder = temporaryFolder();
  const location = logIn(folder.path);
  await appendRows(location, 1, 3);
  Deno.writeTextFileSync(location.path, seedRow(4) + seedRow(5), { append: true });
  await appendRows(location, 6, 6);
  const state = await stateOf(location);
  assertEquals([state?.rows, state?.size], [6, Deno.statSync(location.path).size]);
  assertEquals(await allTools(location), names(6));
});

Deno.test("a log that was changed behind perfmon's back is counted anew", async () => {
  const changes: Record<string, (path: string) => void> = {
    "cut to one row": (path) => Deno.writeTextFileSync(path, seedRow(9)),
    "emptied": (path) => Deno.truncateSync(path, 0),
    "replaced by a longer one": (path) => {
      Deno.writeTextFileSync(`${path}.new`, names(90).map((_, index) => seedRow(index)).join(""));
      Deno.renameSync(`${path}.new`, path);
    },
    "overwritten by a longer one without a header": (path) =>
      Deno.writeTextFileSync(path, names(90).map((_, index) => seedRow(index)).join("")),
    "overwritten so that a line ends just where it ended before": (path) => {
      const { size } = Deno.statSync(path);
      const first = seedRow(1).replace("t1", "x".repeat(size - seedRow(1).length + 2));
      Deno.writeTextFileSync(path, first + seedRow(2));
    },
    "overwritten by as many bytes without a header": (path) => {
      const { size } = Deno.statSync(path);
      const first = seedRow(1).replace("t1", "x".repeat(size - seedRow(1).length + 2));
      Deno.writeTextFileSync(path, first);
    },
    "overwritten by a longer one with its header": (path) =>
      Deno.writeTextFileSync(
        path,
        `${FULL_HEADER}\n${names(90).map((_, index) => seedRow(index)).join("")}`,
      ),
    "replaced by one of the same size with one row less": (path) => {
      const text = Deno.readTextFileSync(path).replace(/\n(?=[^\n]*\n$)/, "x");
      Deno.writeTextFileSync(`${path}.new`, text);
      Deno.renameSync(`${path}.new`, path);
    },
    "edited in place to the same size, with one row less and another last row": (path) => {
      const edited = Deno.readTextFileSync(path)
        .replace(/\n(?=[^\n]*\n[^\n]*\n$)/, "x").replace(/\n1729876546\./, "\n1729876547.");
      assertEquals(edited.length, Deno.statSync(path).size);
      Deno.writeTextFileSync(path, edited);
    },
    "removed": (path) => Deno.removeSync(path),
  };
  for (const [what, change] of Object.entries(changes)) {
    using folder = temporaryFolder();
    const location = logIn(folder.path);
    await appendRows(location, 1, 3);
    change(location.path);
    await appendRows(location, 4, 4);
    const rows = recordsOf(location.path);
    assertEquals((await stateOf(location))?.rows, rows.length, what);
    assertEquals(rows.at(-1)?.["tool_name"], "t4", what);
    assertEquals((await allTools(location)).at(-1), "t4", what);
  }
});

Deno.test("a lock file that holds anything unexpected means a recount", async () => {
  const another = (line: string): string => line.replace('"version":3', '"version":9');
  const contents: ((line: string) => string)[] = [
    () => "",
    () => "rubbish",
    () => "x".repeat(5000),
    () => " ".repeat(399) + "\n",
    () => "null",
    () => '{"version":3}',
    (line) => line.slice(0, 40) + "\n",
    // Of another version, or torn: the count in it means nothing.
    (line) => another(line).replace('"rows":3,', '"rows":7,'),
    (line) => line.replace('"rows":3,', '"rows":"x",'),
    (line) => line.replace('"rows":3,', '"rows":"3",'),
    (line) => line.replace('"rows":3,', '"rows":-3,'),
    (line) => line.replace('"rows":3,', ""),
    (line) => line.replace(/"rows":3,.*"lastRow":/, '"rows":7,"lastRow":-'),
    (line) => line.replace(/"lastRow":\d+,/, '"lastRow":"x",').replace('"rows":3', '"rows":7'),
    (line) => line.replace(/"lastRow":\d+,/, "").replace('"rows":3', '"rows":7'),
    (line) => line.replace(/"lastTime":"[^"]*",/, ""),
    (line) => line.replace(/"lastTime":"[^"]*",/, '"lastTime":7,'),
    (line) => line.replace('"layout":"full"', '"layout":"wide"'),
    (line) => line.replace('"history":"90d"', '"history":90'),
    (line) => line.replace('"header":0', '"header":null'),
    // Of the very size that the log has, but of another one.
    (line) => line.replace(/"lastTime":"1/, '"lastTime":"2').replace('"rows":3', '"rows":7'),
  ];
  for (const [index, change] of contents.entries()) {
    using folder = temporaryFolder();
    const location = logIn(folder.path);
    await appendRows(location, 1, 3);
    const lock = `${location.folder}/lock`;
    const line = Deno.readTextFileSync(lock);
    assertNotEquals(change(line), line, `content ${index} is another one`);
    Deno.writeTextFileSync(lock, change(line));
    await appendRows(location, 4, 4);
    assertEquals((await stateOf(location))?.rows, 4, `content ${index}`);
    assertEquals(await allTools(location), names(4));
  }
});

Deno.test("an append reads no rows where the lock file still fits", async () => {
  using folder = temporaryFolder();
  const location = logIn(folder.path);
  await appendRows(location, 1, 500);
  const bytes = await bytesRead(() => appendRows(location, 501, 501));
  assertEquals(bytes < 5000, true, `${bytes} bytes read`);
  assertEquals((await stateOf(location))?.rows, 501);
});

Deno.test("a row that the disk takes only in part is taken back, and said", async () => {
  using folder = temporaryFolder();
  const location = logIn(folder.path);
  await appendRows(location, 1, 1);
  const before = Deno.readTextFileSync(location.path);
  {
    const open = Deno.openSync;
    using _ = replaceIo({
      open: (path, options) => {
        const file = open(path, options);
        const write = file.writeSync.bind(file);
        if (path === location.path) file.writeSync = (bytes) => write(bytes.subarray(0, 10));
        return file;
      },
    });
    const append = (): Promise<unknown> => appendSample(location, () => numbered(2), APPEND);
    await assertRejects(append, Error, "is the disk full?");
  }
  assertEquals(Deno.readTextFileSync(location.path), before);
  await appendRows(location, 3, 3);
  assertEquals(await allTools(location), ["t1", "t3"]);
});
