/** Which header is in force: where it is of an older perfmon, was touched by another program, or got lost. */
import {
  BASIC_COLUMNS,
  formatRow,
  FULL_COLUMNS,
  FULL_HEADER,
  RELEASED,
} from "../../../src/row/columns.ts";
import { isHeader } from "../../../src/row/parse_row.ts";
import type { Sample } from "../../../src/row/sample.ts";
import { LogLock } from "../../../src/log/log_lock.ts";
import type { LogLocation } from "../../../src/log/location.ts";
import { readLog } from "../../../src/log/read/read.ts";
import { readLogTail } from "../../../src/log/read/log_tail.ts";
import { appendUnlocked } from "../../../src/log/write/append_unlocked.ts";
import { assert, assertEquals } from "../../std/std_assert.ts";
import { bytesRead } from "../../kit/file_calls.ts";
import { linesOf, recordsOf } from "../../kit/log_files.ts";
import {
  appendRows,
  logIn,
  names,
  numbered,
  rotating,
  seedRow,
  stateOf,
} from "../../kit/numbered_rows.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";

const SHUFFLED = [...FULL_COLUMNS.slice(7), ...FULL_COLUMNS.slice(0, 7)];
const NEWER = [...FULL_COLUMNS, "io_bytes", "mood"];
const OLDER = FULL_COLUMNS.slice(0, -3);

/** The rows `from` to `to` as text under a header of such columns. */
function logOf(columns: readonly string[], to: number, header = columns.join(",")): string {
  const rows = names(to).map((_, index) => formatRow(numbered(index + 1), columns));
  return [header + "\n", ...rows].join("");
}

/** All cells of all lines in quotes, as spreadsheets write them on request. */
function quoted(text: string): string {
  return text.trimEnd().split("\n").map((line) =>
    line.includes('"') ? line : line.split(",").map((cell) => `"${cell}"`).join(",")
  ).join("\r\n") + "\r\n";
}

/** What other programs make of a log's header, or an older and a newer perfmon; ten rows each. */
const LOGS: Readonly<Record<string, string>> = {
  "as perfmon writes it": logOf(FULL_COLUMNS, 10),
  "with a byte order mark": "\ufeff" + logOf(FULL_COLUMNS, 10),
  "with quoted names": logOf(FULL_COLUMNS, 10, `"${FULL_COLUMNS.join('","')}"`),
  "with a byte order mark and all in quotes": "\ufeff" + quoted(logOf(FULL_COLUMNS, 10)),
  "in another order": logOf(SHUFFLED, 10),
  "in another order with a byte order mark": "\ufeff" + logOf(SHUFFLED, 10),
  "lost": logOf(FULL_COLUMNS, 10, seedRow(0).trimEnd()).split("\n").slice(1).join("\n"),
  "lost, with a row of the seed's hooks at the end":
    logOf(FULL_COLUMNS, 9).split("\n").slice(1).join("\n") + seedRow(10),
  "of an older perfmon": logOf(OLDER, 10),
  "of a newer perfmon": logOf(NEWER, 10),
};

/** What readers make of all rows, by tool. */
async function idsOf(location: LogLocation): Promise<Record<string, string | undefined>> {
  const { samples, badRows } = await readLog(location, { history: true });
  assertEquals(badRows, 0);
  return Object.fromEntries(samples.map(({ toolName, toolUseId }) => [toolName, toolUseId]));
}

function expectedIds(
  to: number,
  seeds: readonly string[] = [],
): Record<string, string | undefined> {
  const entries = names(to).map((name, index) =>
    [name, seeds.includes(name) ? undefined : `toolu_${index + 1}`] as const
  );
  return Object.fromEntries(entries);
}

for (const [what, text] of Object.entries(LOGS)) {
  Deno.test(`a header ${what}: today's is in force after a rotation, no row is lost or shifted`, async () => {
    using folder = temporaryFolder();
    const location = logIn(folder.path);
    Deno.writeTextFileSync(location.path, text);
    const seeds = what.includes("seed") ? ["t10"] : [];
    await appendRows(location, 11, 12);
    assertEquals(await idsOf(location), expectedIds(12, seeds));
    assertEquals((await stateOf(location))?.rows, 12);
    // What stood there still does.
    assert(Deno.readTextFileSync(location.path).startsWith(text));
    await appendRows(location, 13, 30, rotating(12, 6));
    assertEquals(await idsOf(location), expectedIds(30, seeds));
    assertEquals(linesOf(location.path).findLast(isHeader), FULL_HEADER);
    const state = await stateOf(location);
    assertEquals([state?.layout, state?.rows], ["full", recordsOf(location.path).length]);
    assertEquals(Object.keys(recordsOf(location.path).at(-1)!), [...FULL_COLUMNS]);
  });

  Deno.test(`a header ${what}: an append reads no row once the log is known`, async () => {
    using folder = temporaryFolder();
    const location = logIn(folder.path);
    Deno.writeTextFileSync(location.path, text);
    await appendRows(location, 11, 200);
    assert(Deno.statSync(location.path).size > 10_000);
    for (const number of [201, 202]) {
      const bytes = await bytesRead(() => appendRows(location, number, number));
      assert(bytes < 6000, `${bytes} bytes read`);
    }
  });
}

Deno.test("rows have the columns of an older perfmon's header until a rotation, then all of today's", async () => {
  using folder = temporaryFolder();
  const location = logIn(folder.path);
  Deno.writeTextFileSync(location.path, logOf(OLDER, 10));
  await appendRows(location, 11, 12, rotating(11, 5));
  assertEquals(linesOf(location.path), [
    OLDER.join(","),
    ...[8, 9, 10, 11, 12].map((number) => formatRow(numbered(number), OLDER).trimEnd()),
    FULL_HEADER,
  ]);
  await appendRows(location, 13, 13);
  assertEquals(linesOf(location.path).slice(6), [
    FULL_HEADER,
    formatRow(numbered(13), FULL_COLUMNS).trimEnd(),
  ]);
  const state = await stateOf(location);
  assertEquals([state?.layout, state?.rows], ["full", 6]); // headers are no rows
});

Deno.test("today's header comes whatever a rotation keeps, and whatever others append meanwhile", async () => {
  for (const keep of [0, 1, 5, 10]) {
    using folder = temporaryFolder();
    const location = logIn(folder.path);
    Deno.writeTextFileSync(location.path, logOf(OLDER, 10));
    await appendRows(location, 11, 11, rotating(10, keep));
    Deno.writeTextFileSync(location.path, seedRow(12), { append: true });
    await appendRows(location, 13, 13);
    assertEquals(linesOf(location.path).slice(-3), [
      FULL_HEADER,
      seedRow(12).trimEnd(),
      formatRow(numbered(13), FULL_COLUMNS).trimEnd(),
    ], `keep ${keep}`);
    assertEquals(await idsOf(location), expectedIds(13, ["t12"]), `keep ${keep}`);
  }
});

Deno.test("rows of five cells without a header stay basic through any rotation", async () => {
  using folder = temporaryFolder();
  const location = logIn(folder.path);
  Deno.writeTextFileSync(location.path, names(10).map((_, index) => seedRow(index + 1)).join(""));
  await appendRows(location, 11, 60, rotating(12, 6));
  for (const line of linesOf(location.path)) assertEquals(line.split(",").length, 5);
  assertEquals((await stateOf(location))?.layout, "basic");
  assertEquals(Object.keys(await idsOf(location)), names(60));
});

Deno.test("a header of the seed's five columns in another order stays in force", async () => {
  using folder = temporaryFolder();
  const location = logIn(folder.path);
  const columns = BASIC_COLUMNS.toReversed();
  Deno.writeTextFileSync(location.path, logOf(columns, 10));
  await appendRows(location, 11, 40, rotating(12, 6));
  assertEquals(linesOf(location.path)[0], columns.join(","));
  assertEquals(linesOf(location.path).at(-1), formatRow(numbered(40), columns).trimEnd());
  assertEquals(Object.keys(await idsOf(location)), names(40));
});

Deno.test("a row that is appended without the lock brings today's header with it", async () => {
  using folder = temporaryFolder();
  const location = logIn(folder.path);
  Deno.writeTextFileSync(location.path, logOf(SHUFFLED, 10));
  appendUnlocked(location, undefined, numbered(11), "full");
  assertEquals(linesOf(location.path).slice(-2), [
    FULL_HEADER,
    formatRow(numbered(11), FULL_COLUMNS).trimEnd(),
  ]);
  assertEquals(await idsOf(location), expectedIds(11));
});

Deno.test("a call's start is found behind a header in the middle of the log", () => {
  using folder = temporaryFolder();
  const location = logIn(folder.path);
  Deno.writeTextFileSync(location.path, logOf(SHUFFLED, 10) + logOf(FULL_COLUMNS, 20));
  const [found] = readLogTail(location.path, 400, "toolu_20");
  assertEquals([found?.toolName, found?.timestamp], ["t20", numbered(20).timestamp]);
});

Deno.test("what a perfmon with other columns knows of a log is counted anew, its history limit stays", async () => {
  const changes: ((line: string) => string)[] = [
    (line) => line.replace(/"columns":\d+/, '"columns":18'),
    (line) => line.replace('"version":3', '"version":2'),
  ];
  for (const change of changes) {
    using folder = temporaryFolder();
    const location = logIn(folder.path);
    await appendRows(location, 1, 3, rotating(10, 5, { history: "400d" }));
    const lock = `${location.folder}/lock`;
    const line = change(Deno.readTextFileSync(lock).replace('"rows":3', '"rows":9'));
    Deno.writeTextFileSync(lock, line);
    {
      using held = await LogLock.acquire(location.folder, 0);
      assertEquals(held.readState()?.history, "400d");
    }
    await appendRows(location, 4, 4);
    assertEquals((await stateOf(location))?.rows, 4);
  }
});

for (const [version, count] of Object.entries(RELEASED)) {
  const path = new URL(`../../testdata/logs/${version}.csv`, import.meta.url);

  for (const isHeaderless of [false, true]) {
    const what = isHeaderless ? "without its header" : "as it was written";
    Deno.test(`a log of perfmon ${version}, ${what}, is read, continued and rotated`, async () => {
      const lines = Deno.readTextFileSync(path).trimEnd().split("\n");
      assertEquals(lines[0], FULL_COLUMNS.slice(0, count).join(","));
      using folder = temporaryFolder();
      const location = logIn(folder.path);
      const text = lines.slice(isHeaderless ? 1 : 0).join("\n") + "\n";
      Deno.writeTextFileSync(location.path, text);
      const read = async (): Promise<Sample[]> =>
        (await readLog(location, { history: true })).samples.map((sample) => ({ ...pick(sample) }));
      const before = await read();
      assertEquals(before.length, lines.length - 1);
      assert(before.every(({ toolUseId, agentId }) => (toolUseId ?? agentId) !== undefined));
      await appendRows(location, 1, 40, rotating(20, 10));
      const after = await read();
      assertEquals(after.slice(0, before.length), before);
      assertEquals(
        after.slice(before.length).map(({ toolUseId }) => toolUseId),
        names(40).map((name) => `toolu_${name.slice(1)}`),
      );
      assertEquals(linesOf(location.path)[0], FULL_HEADER);
    });
  }
}

/** A row with its cells as they are now. */
function pick(sample: Sample): Sample {
  const { timestamp, event, toolName, toolUseId, agentId, durationMs, params, processStart } =
    sample;
  return { timestamp, event, toolName, toolUseId, agentId, durationMs, params, processStart };
}
