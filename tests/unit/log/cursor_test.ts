/** Reading through rotations: every row once, in order, however reads and rotations fall. */
import { LogCursor } from "../../../src/log/read/log_cursor.ts";
import { locationOf, type LogLocation } from "../../../src/log/location.ts";
import { assertEquals, assertStringIncludes } from "../../std/std_assert.ts";
import { gzip } from "../../kit/log_files.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";

const HEADER = "timestamp,cpu_percent,memory_rss,tool_name,event,status\n";

const rows = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_, index) => `${from + index},1,2,Bash,end,ok\n`).join("");

async function timesRead(cursor: LogCursor, withRest = false): Promise<number[]> {
  const times: number[] = [];
  const take = (found: readonly { line: string }[]): void => {
    for (const { line } of found) times.push(parseInt(line));
  };
  for await (const found of cursor.read()) take(found);
  if (withRest) take(cursor.rest());
  return times;
}

const numbers = (from: number, to: number): number[] =>
  Array.from({ length: to - from }, (_, index) => from + index);

/** As `rotate` leaves it: the log's rows up to `cut` in a segment, the rest in a new log. */
function rotateTo(location: LogLocation, sequence: number, cut: string, rest: string): void {
  const history = `${location.folder}/history`;
  Deno.mkdirSync(history, { recursive: true });
  Deno.linkSync(location.path, `${history}/${String(sequence).padStart(8, "0")}.csv`);
  Deno.writeTextFileSync(`${location.folder}/new`, HEADER + rest);
  Deno.renameSync(`${location.folder}/new`, location.path);
  Deno.truncateSync(
    `${history}/${String(sequence).padStart(8, "0")}.csv`,
    HEADER.length + cut.length,
  );
}

function newLog(folder: string, text: string): LogLocation {
  const location = locationOf(`${folder}/performance.csv`);
  Deno.writeTextFileSync(location.path, text);
  return location;
}

Deno.test("LogCursor: history, then log, then what is appended", async () => {
  using folder = temporaryFolder();
  const location = newLog(folder.path, HEADER + rows(0, 10));
  rotateTo(location, 1, rows(0, 6), rows(6, 10));
  using cursor = new LogCursor(location, { history: true });
  assertEquals(await timesRead(cursor), numbers(0, 10));
  Deno.writeTextFileSync(location.path, rows(10, 12), { append: true });
  assertEquals(await timesRead(cursor), [10, 11]);
  assertEquals(await timesRead(cursor), []);
});

Deno.test("LogCursor: several rotations between two reads, rows kept and rows missed", async () => {
  using folder = temporaryFolder();
  const location = newLog(folder.path, HEADER + rows(0, 10));
  using cursor = new LogCursor(location, { history: true });
  assertEquals((await timesRead(cursor)).length, 10);
  Deno.writeTextFileSync(location.path, rows(10, 20), { append: true });
  rotateTo(location, 1, rows(0, 17), rows(17, 20));
  Deno.writeTextFileSync(location.path, rows(20, 30), { append: true });
  rotateTo(location, 2, rows(17, 28), rows(28, 30));
  Deno.writeTextFileSync(location.path, rows(30, 40), { append: true });
  rotateTo(location, 3, rows(28, 39), rows(39, 40));
  assertEquals(await timesRead(cursor), numbers(10, 40));
});

Deno.test("LogCursor: rows that a rotation killed before its last step left twice come once", async () => {
  using folder = temporaryFolder();
  const location = newLog(folder.path, HEADER + rows(0, 10));
  rotateTo(location, 1, rows(0, 10), rows(5, 10));
  using cursor = new LogCursor(location, { history: true });
  assertEquals(await timesRead(cursor), numbers(0, 10));
});

Deno.test("LogCursor: without history, only what is rotated out from now on", async () => {
  using folder = temporaryFolder();
  const location = newLog(folder.path, HEADER + rows(0, 10));
  rotateTo(location, 1, rows(0, 6), rows(6, 10));
  using cursor = new LogCursor(location, { history: false });
  assertEquals(await timesRead(cursor), numbers(6, 10));
  Deno.writeTextFileSync(location.path, rows(10, 20), { append: true });
  rotateTo(location, 2, rows(6, 18), rows(18, 20));
  assertEquals(await timesRead(cursor), numbers(10, 20));
});

Deno.test("LogCursor: a line that is still being written comes when it has its end", async () => {
  using folder = temporaryFolder();
  const location = newLog(folder.path, HEADER + rows(0, 2) + "2,1,2,Ba");
  using cursor = new LogCursor(location, { history: true });
  assertEquals(await timesRead(cursor), [0, 1]);
  Deno.writeTextFileSync(location.path, "sh,end,ok\n", { append: true });
  assertEquals(await timesRead(cursor), [2]);
  Deno.writeTextFileSync(location.path, "3,1,2,Bash,end,ok", { append: true });
  assertEquals(await timesRead(cursor, true), [3]);
});

Deno.test("LogCursor: a log that is emptied, removed and made anew goes on", async () => {
  using folder = temporaryFolder();
  const location = newLog(folder.path, HEADER + rows(0, 5));
  using cursor = new LogCursor(location, { history: true });
  await timesRead(cursor);
  Deno.writeTextFileSync(location.path, HEADER + rows(5, 6));
  assertEquals(await timesRead(cursor), [5]);
  Deno.removeSync(location.path);
  assertEquals(await timesRead(cursor), []);
  Deno.writeTextFileSync(location.path, rows(6, 8));
  assertEquals(await timesRead(cursor), [6, 7]);
});

Deno.test("LogCursor: compressed segments are read, damaged ones named", async () => {
  using folder = temporaryFolder();
  const location = newLog(folder.path, HEADER + rows(4, 5));
  const history = `${location.folder}/history`;
  Deno.mkdirSync(history, { recursive: true });
  Deno.writeFileSync(`${history}/00000001.csv.gz`, await gzip(HEADER + rows(0, 4)));
  Deno.writeTextFileSync(`${history}/00000002.csv.gz`, "rubbish");
  using cursor = new LogCursor(location, { history: true });
  assertEquals(await timesRead(cursor), numbers(0, 5));
  assertEquals(cursor.skippedFiles.length, 1);
  assertStringIncludes(
    cursor.skippedFiles[0] ?? "",
    `00000002.csv.gz": it is damaged, and left out`,
  );
});
