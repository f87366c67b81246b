import { isHeader, parseHeader, parseRow, splitRow } from "../../../src/row/parse_row.ts";
import { BASIC_COLUMNS, COLUMNS, formatRow, FULL_COLUMNS } from "../../../src/row/columns.ts";
import { RowCells, toCsvRow, toJsonRow } from "../../../src/row/row_cells.ts";
import type { Sample } from "../../../src/row/sample.ts";
import { assert, assertEquals } from "../../std/std_assert.ts";

/** A sample with every cell filled. */
const FULL: Sample = {
  timestamp: 1729876543.5,
  cpuPercent: 12.5,
  memoryRss: 256780,
  toolName: "mcp__git-hub__list.all/x",
  event: "end",
  status: "error",
  exitCode: 3,
  durationMs: 1234,
  cpuSeconds: 1.25,
  childCpuSeconds: 0.5,
  treeRss: 300000,
  children: 2,
  pid: 4711,
  processStart: 1729870000.25,
  sessionId: "084eaac8-8a67-4e97-9b13-49511b9e047f",
  agentId: "ac8c0ad5b6c226988",
  agentType: "general-purpose",
  toolUseId: "toolu_01S0",
  project: "my project",
  clientVersion: "2.1.330",
  params: 'git commit -m "a, b"',
};

const SEED: Sample = { timestamp: 1729876543, toolName: "Read", event: "start" };

/** Every character that some reader takes for the end of a line, or that ends a text early. */
const LINE_BREAKERS = ["\n", "\r", "\r\n", "\0", "\v", "\f", "\x1c", "\x85", "\u2028", "\u2029"];

function parse(row: string, columns: readonly string[]): Sample | undefined {
  assert(row.endsWith("\n"), "a row ends with a line end");
  return parseRow(splitRow(row.slice(0, -1)), columns);
}

/** The members of a sample that are known. */
function known(sample: Sample | undefined): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(sample ?? {}).filter(([, value]) => value !== undefined),
  );
}

Deno.test("a sample written in the full layout reads back as it was", () => {
  const row = formatRow(FULL, FULL_COLUMNS);
  assertEquals(known(parse(row, FULL_COLUMNS)), known(FULL));
  assertEquals(splitRow(row.trimEnd()).length, FULL_COLUMNS.length);
});

Deno.test("a sample written in the basic layout keeps its five columns, as the seed has them", () => {
  const row = formatRow(FULL, BASIC_COLUMNS);
  assertEquals(row, "1729876543.500000000,12.5,256780,mcp__git-hub__list.all/x,end\n");
  const { timestamp, cpuPercent, memoryRss, toolName, event } = FULL;
  const expected = { timestamp, cpuPercent, memoryRss, toolName, event };
  assertEquals(known(parse(row, BASIC_COLUMNS)), known(expected));
});

Deno.test("what is not known is an empty cell, not 0", () => {
  assertEquals(formatRow(SEED, BASIC_COLUMNS), "1729876543.000000000,,,Read,start\n");
  assertEquals(known(parse(formatRow(SEED, FULL_COLUMNS), FULL_COLUMNS)), known(SEED));
  const notFinite = { ...SEED, cpuPercent: NaN, memoryRss: Infinity };
  assertEquals(formatRow(notFinite, BASIC_COLUMNS), formatRow(SEED, BASIC_COLUMNS));
});

Deno.test("a header and its rows may have the columns in any order, and some that nobody knows", () => {
  const header = "timestamp,status,novelty, event ,tool_name,memory_rss,cpu_percent";
  assert(isHeader(header));
  const columns = parseHeader(header);
  const row = formatRow(FULL, columns);
  assertEquals(row, "1729876543.500000000,error,,end,mcp__git-hub__list.all/x,256780,12.5\n");
  const { timestamp, cpuPercent, memoryRss, toolName, event, status } = FULL;
  assertEquals(
    known(parse(row, columns)),
    known({ timestamp, cpuPercent, memoryRss, toolName, event, status }),
  );
});

Deno.test("a first cell that is empty keeps its comma", () => {
  assertEquals(formatRow(SEED, ["status", "event", "tool_name"]), ",start,Read\n");
});

Deno.test("the seed's five cells are read by their own columns under any header", () => {
  const cells = splitRow("1729876543.123,12.5,256780,Read,start");
  const seed = known(parseRow(cells, BASIC_COLUMNS));
  const reordered = parseHeader("timestamp,event,tool_name,memory_rss,cpu_percent,status");
  assertEquals(known(parseRow(cells, reordered)), seed);
  assertEquals(known(parseRow(cells, FULL_COLUMNS)), seed);
});

Deno.test("rows of the seed's shell hooks are rows: padded numbers, an empty tool name", () => {
  const padded = parseRow(splitRow("1729876543.123456789, 0.0,  3456,,start"), BASIC_COLUMNS);
  assertEquals(known(padded), {
    timestamp: 1729876543.123456789,
    cpuPercent: 0,
    memoryRss: 3456,
    toolName: "unknown",
    event: "start",
  });
  const lost = parseRow(splitRow("1729876543.1,,,Bash,end"), BASIC_COLUMNS);
  assertEquals([lost?.cpuPercent, lost?.memoryRss], [undefined, undefined]);
});

Deno.test("rows of others are read with what they say: times, decimal commas, quotes", () => {
  const seed = { timestamp: 1729876543, cpuPercent: 12.5, memoryRss: 3456, toolName: "Read" };
  const of = (timestamp: number, cpuPercent = 12.5): Record<string, unknown> => ({
    ...seed,
    timestamp,
    cpuPercent,
    event: "start",
  });
  const rows: readonly (readonly [line: string, expected: Record<string, unknown>])[] = [
    // date +%s.%N, +%s.%3N and +%s%N where date(1) has no nanoseconds.
    ["1729876543.N, 12.5,  3456,Read,start", of(1729876543)],
    ["1729876543.%N,12.5,3456,Read,start", of(1729876543)],
    ["1729876543.3N,12.5,3456,Read,start", of(1729876543)],
    ["1729876543N,12.5,3456,Read,start", of(1729876543)],
    ["17298765433N,12.5,3456,Read,start", of(1729876543)],
    ["1729876543.,12.5,3456,Read,start", of(1729876543)],
    // Milliseconds, microseconds, nanoseconds.
    ["1729876543250,12.5,3456,Read,start", of(1729876543.25)],
    ["1729876543250.5,12.5,3456,Read,start", of(1729876543.2505)],
    ["1729876543250000,12.5,3456,Read,start", of(1729876543.25)],
    ["1729876543250000000,12.5,3456,Read,start", of(1729876543.25)],
    // ps and $EPOCHREALTIME in a locale with a decimal comma.
    ["1729876543.N, 12,5,  3456,Read,start", of(1729876543)],
    ["1729876543.25,12,5,3456,Read,start", of(1729876543.25)],
    ["1729876543,250000,12.5,3456,Read,start", of(1729876543.25)],
    ["1729876543,250000, 12,5,  3456,Read,start", of(1729876543.25)],
    ["1729876543,0,0,3456,Read,start", of(1729876543, 0)],
    // A spreadsheet's quotes.
    ['"1729876543.25","12,5","3456","Read","start"', of(1729876543.25)],
    ['"1729876543,25","12.5","3456","Read","start"', of(1729876543.25)],
    // bc(1) leaves the zero out.
    ["1729876543.25,.5,3456,Read,start", of(1729876543.25, 0.5)],
  ];
  for (const [line, expected] of rows) {
    for (const columns of [BASIC_COLUMNS, FULL_COLUMNS]) {
      assertEquals(known(parseRow(splitRow(line), columns)), expected, line);
    }
  }
});

Deno.test("a row of others is exported with figures as perfmon writes them, and all its digits", () => {
  const exported = (line: string): string =>
    toCsvRow(new RowCells(splitRow(line), BASIC_COLUMNS), COLUMNS.slice(0, 5)).trimEnd();
  assertEquals(exported("1729876543.N, 12,5, 3456,,end"), "1729876543,12.5,3456,unknown,end");
  assertEquals(
    exported("1729876543123456789,.5,3456,Read,end"),
    "1729876543.123456789,0.5,3456,Read,end",
  );
  const json = toJsonRow(new RowCells(splitRow("1729876543.N,,,Read,end"), BASIC_COLUMNS), COLUMNS);
  assertEquals(JSON.parse(json).timestamp, 1729876543);
});

Deno.test("a row is one physical line whatever its texts hold", () => {
  for (const breaker of LINE_BREAKERS) {
    const text = `a${breaker}b`;
    const row = formatRow({ ...FULL, toolName: text, params: text, project: text }, FULL_COLUMNS);
    assertEquals(row.indexOf("\n"), row.length - 1);
    assertEquals(LINE_BREAKERS.filter((each) => row.trimEnd().includes(each)), []);
    const sample = parse(row, FULL_COLUMNS);
    assertEquals(sample?.toolName, "a" + " ".repeat(breaker.length) + "b");
    assertEquals(sample?.toolUseId, FULL.toolUseId);
  }
});

Deno.test("nothing that steers a terminal or turns a text's direction gets into a row", () => {
  const range = (from: number, to: number): number[] =>
    Array.from({ length: to - from + 1 }, (_, index) => from + index);
  const codes = [range(0, 0x1f), range(0x7f, 0x9f), range(0x202a, 0x202e), range(0x2066, 0x2069)];
  for (const code of [...codes.flat(), 0x61c, 0x200e, 0x200f]) {
    const text = `a${String.fromCharCode(code)}b`;
    const row = formatRow({ ...FULL, toolName: text, params: text }, FULL_COLUMNS);
    const sample = parse(row, FULL_COLUMNS);
    assertEquals([sample?.toolName, sample?.params], ["a b", "a b"], code.toString(16));
  }
  const joined = "\u200d\u200b\u00a0é"; // what an emoji and a blank are made of stays
  assertEquals(
    parse(formatRow({ ...FULL, params: joined }, FULL_COLUMNS), FULL_COLUMNS)?.params,
    joined,
  );
});

Deno.test("quotes, commas and any other character come back as they were", () => {
  const texts = [
    '"',
    '""',
    ",",
    ',"',
    '",',
    '"a","b"',
    "a,b",
    'say "hi", then go',
    "'",
    "\\",
    "%s",
    "日本語 🎉",
    "a;b",
    "<script>",
    "__proto__",
  ];
  for (const params of texts) {
    const row = formatRow({ ...FULL, params }, FULL_COLUMNS);
    assertEquals(known(parse(row, FULL_COLUMNS)), known({ ...FULL, params }), params);
  }
});

Deno.test("a text that a spreadsheet would run as a formula is defused", () => {
  const formulas = ["=1+1", "+1", "-1", "@SUM(A1)", "=cmd|'/c calc'!A1", '=HYPERLINK("x")'];
  for (const formula of [...formulas, " =1+1", "\u00a0=1+1", "\uff1d1+1", "\uff201"]) {
    const row = formatRow({ ...FULL, toolName: formula }, FULL_COLUMNS);
    assertEquals(parse(row, FULL_COLUMNS)?.toolName, `'${formula}`);
    assertEquals(formatRow({ ...FULL, params: formula }, ["params"])[0]?.match(/[=+\-@]/), null);
  }
  const afterTab = formatRow({ ...FULL, toolName: "\t=1+1" }, FULL_COLUMNS);
  assertEquals(parse(afterTab, FULL_COLUMNS)?.toolName, "' =1+1"); // what a reader trims is no cover
  for (const harmless of ["a=b", "1-2", "a@b", "./x", "_x", "3"]) {
    assertEquals(formatRow({ ...FULL, toolName: harmless }, ["tool_name"]), `${harmless}\n`);
  }
});

Deno.test("a long text is cut, so that no row grows without limit", () => {
  const long = { ...FULL, toolName: "x".repeat(100_000), params: '"\n,'.repeat(100_000) };
  const row = formatRow(long, FULL_COLUMNS);
  assert(row.length < 2000, `${row.length} characters`);
  const sample = parse(row, FULL_COLUMNS);
  assertEquals(sample?.toolName, "x".repeat(200));
  assertEquals(sample?.clientVersion, FULL.clientVersion);
});

Deno.test("a row torn at any place is no row, or lacks nothing but the end of its last cell", () => {
  const row = formatRow({ ...FULL, params: "none" }, FULL_COLUMNS).trimEnd();
  const lastCell = row.lastIndexOf(",") + 1;
  for (let length = 0; length < lastCell; length++) {
    const torn = row.slice(0, length);
    const sample = parseRow(splitRow(torn), FULL_COLUMNS);
    // Torn right behind the event it is what the seed would have written.
    if (sample !== undefined) assertEquals(torn, formatRow(FULL, BASIC_COLUMNS).trimEnd());
  }
  assertEquals(known(parseRow(splitRow(row), FULL_COLUMNS)), known({ ...FULL, params: "none" }));
});

Deno.test("lines that are no rows are told apart from rows", () => {
  const lines = [
    "",
    " ",
    ",,,,",
    "garbage",
    "1729876543.1,1,2,Read",
    "1729876543.1,1,2,Read,middle",
    "1729876543.1,1,2,Read,start,",
    "yesterday,1,2,Read,start",
    "0x10,1,2,Read,start",
    "1e9,1,2,Read,start",
    "1729876543.1,one,2,Read,start",
    "1729876543.1,1,2KB,Read,start",
    "1729876543.1,1,2,5,256780,Read,start",
    "1729876543.1,1.2,5,256780,Read,start",
    "1729876543.1,12,5,256780,Read,middle",
    '1729876543.1,1,"256,780",Read,start',
    "1729876543.M,1,2,Read,start",
    "17298765431234,1,2,Read,start",
    "9007199254740993,1,2,Read,start",
    '"1729876543.1,1,2,Read,start',
  ];
  for (const line of lines) {
    assertEquals(parseRow(splitRow(line), BASIC_COLUMNS), undefined, line);
  }
});

Deno.test("a status that nobody knows is unknown, and the row stays", () => {
  const row = formatRow(FULL, FULL_COLUMNS).replace(",error,", ",exploded,");
  assertEquals(known(parse(row, FULL_COLUMNS)), known({ ...FULL, status: undefined }));
});
