/** Reading a log: what rows are read, which are doubles, which are bad, in pieces of any size. */
import { isHeader, parseHeader, parseRow, splitRow } from "../../../src/row/parse_row.ts";
import { BASIC_COLUMNS, formatRow, FULL_COLUMNS, FULL_HEADER } from "../../../src/row/columns.ts";
import type { Sample } from "../../../src/row/sample.ts";
import { LogReader } from "../../../src/log/read/log_reader.ts";
import { readLog } from "../../../src/log/read/read.ts";
import { resolveLog } from "../../../src/log/resolve.ts";
import { assertEquals, assertRejects } from "../../std/std_assert.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";

const FULL: Sample = {
  timestamp: 1729876543.627074003,
  cpuPercent: 12.5,
  memoryRss: 256780,
  toolName: "Bash",
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
  sessionId: "s1",
  agentId: "a1",
  agentType: "general-purpose",
  toolUseId: "toolu_1",
  project: "my project",
  clientVersion: "2.1.330",
  params: "ls",
};

function row(changes: Partial<Sample> = {}): string {
  return formatRow({ ...FULL, ...changes }, FULL_COLUMNS);
}

/** All members of a sample, those of a view too. */
function plain(sample: Sample): Record<string, unknown> {
  const members = Object.keys(FULL) as (keyof Sample)[];
  return Object.fromEntries(members.map((member) => [member, sample[member]]));
}

interface Read {
  samples: Record<string, unknown>[];
  badRows: number;
  firstBad: string | undefined;
}

/** Reads by `LogReader`, so many bytes at a time. */
function read(text: string, size = 1 << 16): Read {
  const bytes = new TextEncoder().encode(text);
  const reader = new LogReader();
  assertEquals(reader.read("log", inPieces(bytes, size)), bytes.length);
  return { samples: [...reader.rows(0)].map(plain), ...reader.takeBadRows() };
}

/** Bytes in pieces of a size, all of them in one place, as they come from a file. */
function* inPieces(bytes: Uint8Array, size: number): Generator<Uint8Array> {
  const buffer = new Uint8Array(size);
  for (let at = 0; at < bytes.length; at += size) {
    const piece = bytes.subarray(at, at + size);
    buffer.set(piece);
    yield buffer.subarray(0, piece.length);
  }
}

/** What the log says, by the plainest means. */
function readPlainly(text: string): Read {
  const found: Read = { samples: [], badRows: 0, firstBad: undefined };
  const seen = new Set<string>();
  let columns: readonly string[] = BASIC_COLUMNS;
  const lines = text.replace(/\n$/, "").split("\n").map((line) => line.replace(/\r$/, ""));
  for (const [index, line] of lines.entries()) {
    if (isHeader(line)) {
      columns = parseHeader(line);
      continue;
    }
    if (seen.has(line)) continue;
    seen.add(line);
    const sample = parseRow(splitRow(line), columns);
    if (sample !== undefined) found.samples.push(plain(sample));
    else {
      found.badRows++;
      found.firstBad ??= `log:${index + 1}`;
    }
  }
  return found;
}

/** Files of one kind of difficulty each. */
const LOGS: readonly (readonly [what: string, text: string])[] = [
  ["rows of the full layout", FULL_HEADER + "\n" + row() + row({ event: "start" })],
  ["no header: the seed's rows", "1729876543.1, 0.0,  3456,,start\n1729876544.5,1.5,99,Read,end\n"],
  [
    "a header half-way, and another",
    "1.5,1,2,Read,start\n" + FULL_HEADER + "\n" + row() + "2.5,1,2,Read,end\n" +
    "timestamp,event,novelty,tool_name,memory_rss,cpu_percent\n3.5,end,?,Read,7,8\n",
  ],
  [
    "columns twice, and five in another order",
    "timestamp,event,tool_name,memory_rss,cpu_percent\n1.5,end,Read,7,8\n" +
    "timestamp,event,tool_name,memory_rss,cpu_percent,event\n2.5,end,Read,7,8,start\n" +
    "3.5,9,10,Read,start\n",
  ],
  ["torn rows", FULL_HEADER + "\n" + row() + row().slice(0, 60) + "\n" + row({ params: "x" })],
  ["a last line without its end", FULL_HEADER + "\n" + row() + row({ params: "x" }).trimEnd()],
  ["a last line torn", FULL_HEADER + "\n" + row() + row().slice(0, 40)],
  [
    "quotes",
    FULL_HEADER + "\n" + row({ params: 'git commit -m "a, b"', project: "a,b" }) +
    row({ params: '"' }) + row({ params: "a" }).replace(/a\n$/, '"open, to the end\n'),
  ],
  [
    "characters beyond ASCII",
    FULL_HEADER + "\n" + row({ project: "日本語 🎉" }) + row({ project: "a é b" }) +
    row({ project: "\u00a0x\u3000" }) + "\ufeff" + row({ project: "x" }),
  ],
  [
    "rows of others",
    "1729876543.N, 0,5,  3456,,start\n1729876543.,1.5,99,Read,end\n1729876543250,1,2,Read,start\n" +
    FULL_HEADER + "\n1729876543,250000,0.0,3456,Read,end\n1729876543250000000,1,2,Read,start\n" +
    '"1729876543,5","0,5","3456","Read","end"\n1729876543.M,1,2,Read,end\n',
  ],
  ["CR LF", (FULL_HEADER + "\n" + row() + "1.5,1,2,Read,start\n\n").replaceAll("\n", "\r\n")],
  [
    "doubles with an id: the same, another, each again",
    FULL_HEADER + "\n" + row() + row() + row({ timestamp: 5 }) + row({ timestamp: 5 }) + row() +
    row({ sessionId: "s2" }) + row({ sessionId: "s2" }) + row({ sessionId: "s3" }) +
    row({ event: "start" }) + row({ event: "start" }),
  ],
  [
    "doubles without an id",
    "1.5,1,2,Read,start\n1.5,1,2,Read,start\n1.5,1,2,Read,start\r\nbad\nbad\n\n\n1.5,1,2,Read,end\n",
  ],
  [
    "lines that are no rows",
    "garbage\n\n ,,,,\n1.5,1,2,Read\n1.5,1,2,Read,middle\n1.5,1,2,Read,start,\n,1,2,Read,start\n" +
    "timestamp\nt,1,2,Read,start\n-,1,2,Read,start\n1.,1,2,Read,start\n.5,1,2,Read,start\n" +
    "1.5,1,2KB,Read,start\n1.5,--1,2,Read,start\n",
  ],
  ["a status that nobody knows", FULL_HEADER + "\n" + row().replace(",error,", ",exploded,")],
  [
    "nothing known but time and event",
    FULL_HEADER + "\n1.5,,,,end" + ",".repeat(FULL_COLUMNS.length - 5) + "\n",
  ],
  ["blanks around cells", "1.5 ,\t1, 2 , Read\t,start \n 2.5,-1,-0,Read,end\n   ,1,2,Read,start\n"],
];

for (const [what, text] of LOGS) {
  Deno.test(`LogReader: ${what}`, () => assertEquals(read(text), readPlainly(text)));
}

Deno.test("LogReader: pieces of any size make no difference", () => {
  const text = LOGS.map(([, each]) => each.endsWith("\n") ? each : each + "\n").join("");
  const expected = readPlainly(text);
  const { length } = new TextEncoder().encode(text);
  // A line that is longer than a piece makes the buffer grow: sizes around a row's are met again and again.
  for (let chunk = 1; chunk <= 600; chunk++) assertEquals(read(text, chunk), expected);
  for (let chunk = length - 2; chunk <= length + 2; chunk++) {
    assertEquals(read(text, chunk), expected);
  }
});

Deno.test("LogReader: a file may come cut at each of its bytes", () => {
  const text = FULL_HEADER + "\r\n" + row({ project: "é" }) + "1.5,1,2,Read,start\r\nbad\n" + row();
  const bytes = new TextEncoder().encode(text);
  for (let cut = 0; cut <= bytes.length; cut++) {
    const reader = new LogReader();
    reader.read("log", [bytes.slice(0, cut), bytes.slice(cut)]);
    assertEquals(
      { samples: [...reader.rows(0)].map(plain), ...reader.takeBadRows() },
      readPlainly(text),
    );
  }
});

Deno.test("rows of all columns are read without their header, which the seed's rotation cuts off", () => {
  const text = row() + "1729876543.1,1,2,Read,start\n" + row({ toolUseId: "toolu_2" }) +
    row().replace(/^[^,]*,/, "");
  const { samples, badRows } = read(text);
  assertEquals([samples.map(({ toolUseId }) => toolUseId), badRows], [
    ["toolu_1", undefined, "toolu_2"],
    1,
  ]);
  assertEquals(samples[0], plain(FULL));
});

Deno.test("LogReader: a byte order mark is no part of the first line", () => {
  const text = FULL_HEADER + "\n" + row();
  assertEquals(read("\ufeff" + text), read(text));
});

Deno.test("LogReader: figures are what Number makes of them, to the last bit", () => {
  const random = (digits: number): string =>
    Array.from({ length: digits }, () => Math.floor(Math.random() * 10)).join("");
  const texts = ["9007199254740991", "9007199254740993", "0.1", "00012.50", "123456789012345678.5"];
  for (let index = 0; index < 20_000; index++) {
    const whole = random(1 + Math.floor(Math.random() * 17));
    const fraction = random(Math.floor(Math.random() * 12));
    texts.push(fraction === "" ? whole : `${whole}.${fraction}`);
  }
  for (let index = 0; index < 20_000; index++) texts.push(`17${random(8)}.${random(9)}`);
  const { samples } = read(texts.map((text) => `1.5,1,${text},Read,end\n`).join(""));
  const expected = [...new Set(texts)].map(Number)
    .map((value) => value <= Number.MAX_SAFE_INTEGER ? value : undefined);
  assertEquals(samples.map(({ memoryRss }) => memoryRss), expected);
});

Deno.test("LogReader: a line longer than its buffer, and many rows", () => {
  const long = "x".repeat(300_000);
  const rows = Array.from({ length: 10_000 }, (_, index) => row({ toolUseId: `toolu_${index}` }));
  const text = FULL_HEADER + "\n" + rows.join("") + long + "\n" + rows.join("");
  const { samples, badRows, firstBad } = read(text);
  assertEquals([samples.length, badRows, firstBad], [10_000, 1, "log:10002"]);
  assertEquals(samples.at(-1)?.["toolUseId"], "toolu_9999");
});

Deno.test("readLog: history comes before the log, and rows that stand in both count once", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/performance.csv`;
  const history = `${folder.path}/performance.d/history`;
  Deno.mkdirSync(history, { recursive: true });
  const one = row({ toolUseId: "1" });
  const two = row({ toolUseId: "2" });
  const three = "3.5,1,2,Read,start\n";
  Deno.writeTextFileSync(`${history}/00000001.csv`, `${FULL_HEADER}\n${one}bad\n${two}${three}`);
  Deno.writeTextFileSync(
    path,
    `worse\n${FULL_HEADER}\n${two}${three}bad\n${row({ toolUseId: "4" })}`,
  );
  const contents = await readLog(resolveLog(path), { history: true });
  const ids = contents.samples.map((sample) => sample.toolUseId ?? sample.toolName);
  assertEquals(ids, ["1", "2", "Read", "4"]);
  assertEquals([contents.rows, contents.badRows], [6, 2]);
  assertEquals(contents.firstBad, `${path}:1`); // "bad" in the history is a double of the log's
  assertEquals(
    contents.bytes,
    Deno.statSync(path).size + Deno.statSync(`${history}/00000001.csv`).size,
  );
  const alone = await readLog(resolveLog(path), { history: false });
  assertEquals(alone.samples.length, 3);
});

Deno.test("readLog: a large log is read as a small one is", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/performance.csv`;
  const history = `${folder.path}/performance.d/history`;
  Deno.mkdirSync(history, { recursive: true });
  const rows = (from: number, to: number): string =>
    Array.from({ length: to - from }, (_, index) => row({ toolUseId: `${from + index}` })).join("");
  Deno.writeTextFileSync(`${history}/00000001.csv`, `${FULL_HEADER}\n${rows(0, 9000)}`);
  Deno.writeTextFileSync(path, `${FULL_HEADER}\n${rows(8000, 9500)}bad\n`);
  const { samples, rowList, ...rest } = await readLog(resolveLog(path), { history: true });
  assertEquals(samples.map((sample) => Number(sample.toolUseId)), [...Array(9500).keys()]);
  assertEquals([...rowList].length, 9500);
  assertEquals([rest.rows, rest.badRows], [9501, 1]);
});

Deno.test("readLog: neither log nor history is NotFound; history alone is enough", async () => {
  using folder = temporaryFolder();
  const log = resolveLog(`${folder.path}/performance.csv`);
  await assertRejects(() => readLog(log, { history: true }), Deno.errors.NotFound);
  Deno.mkdirSync(`${log.folder}/history`, { recursive: true });
  Deno.writeTextFileSync(`${log.folder}/history/00000001.csv`, `${FULL_HEADER}\n${row()}`);
  assertEquals((await readLog(log, { history: true })).samples.length, 1);
  await assertRejects(() => readLog(log, { history: false }), Deno.errors.NotFound);
});
