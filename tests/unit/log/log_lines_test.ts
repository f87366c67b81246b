/** The lines of a log: where they begin, what is a header, which columns are in force, in pieces of any size. */
import { LogLines } from "../../../src/log/log_lines.ts";
import { BASIC_COLUMNS, FULL_COLUMNS, FULL_HEADER } from "../../../src/row/columns.ts";
import { assert, assertEquals } from "../../std/std_assert.ts";
import { cpuMilliseconds } from "../../kit/processes.ts";

type Line = Pick<LogLines, "text" | "offset" | "nextOffset" | "number" | "isHeader" | "columns">;

const MIB = 1 << 20;

function walk(pieces: Iterable<Uint8Array>, lines = new LogLines()): Line[] {
  const found: Line[] = [];
  const note = (): void => {
    const { text, offset, nextOffset, number, isHeader, columns } = lines;
    found.push({ text, offset, nextOffset, number, isHeader, columns });
  };
  for (const piece of pieces) {
    lines.add(piece);
    while (lines.next()) note();
  }
  if (lines.finish()) note();
  return found;
}

function walkText(text: string): Line[] {
  return walk([new TextEncoder().encode(text)]);
}

function textsOf(lines: readonly Line[]): string[] {
  return lines.map(({ text }) => text);
}

Deno.test("each line has its offset and number, its text no line end", () => {
  const lines = walkText("a\nbc\r\n\n\r\né\nlast");
  assertEquals(textsOf(lines), ["a", "bc", "", "", "é", "last"]);
  assertEquals(lines.map(({ offset }) => offset), [0, 2, 6, 7, 9, 12]);
  assertEquals(lines.map(({ nextOffset }) => nextOffset), [2, 6, 7, 9, 12, 16]);
  assertEquals(lines.map(({ number }) => number), [1, 2, 3, 4, 5, 6]);
  assertEquals(walkText(""), []);
});

Deno.test("a header has its own columns, and so have the lines up to the next one", () => {
  const other = "timestamp,event,novelty,tool_name,memory_rss,cpu_percent";
  const lines = walkText(`1\n${FULL_HEADER}\r\n2\ntimestamp,event\n${other}\n3`);
  assertEquals(lines.map(({ isHeader }) => isHeader), [false, true, false, false, true, false]);
  const columns = other.split(",");
  assertEquals(lines.map((each) => each.columns), [
    BASIC_COLUMNS,
    FULL_COLUMNS,
    FULL_COLUMNS,
    FULL_COLUMNS,
    columns,
    columns,
  ]);
});

Deno.test("lines may begin in the middle of a file, under its columns", () => {
  const from = { offset: 700, columns: ["a", "b"] };
  const [line] = walk([new TextEncoder().encode("\ufeffx\n")], new LogLines(from));
  assertEquals([line?.offset, line?.nextOffset, line?.columns], [700, 705, ["a", "b"]]);
  assertEquals(line?.text, "\ufeffx");
});

Deno.test("a byte order mark is left out where the file begins, and nowhere else", () => {
  const lines = walkText(`\ufeff${FULL_HEADER}\n\ufeff${FULL_HEADER}\n`);
  assertEquals(lines.map(({ isHeader }) => isHeader), [true, false]);
  assertEquals(lines.map(({ offset }) => offset), [0, FULL_HEADER.length + 4]);
  assertEquals(textsOf(walkText("\ufeff\n\ufeff")), ["", "\ufeff"]);
});

Deno.test("pieces of any size come to the same lines", () => {
  const text = `\ufeff${FULL_HEADER}\r\n1,é\r\n\n\r\r\n${FULL_HEADER}\ntimestamp,\nlast\r`;
  const bytes = new TextEncoder().encode(text);
  for (let size = 1; size <= bytes.length; size++) {
    const pieces: Uint8Array[] = [];
    for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.slice(at, at + size));
    assertEquals(walk(pieces), walkText(text));
  }
});

Deno.test("of a line beyond 1 MiB the beginning is kept, in whatever pieces it comes", () => {
  const line = new Uint8Array(3 * MIB).fill(0x31);
  const end = new TextEncoder().encode("\nnext\n");
  const whole = new Uint8Array(line.length + end.length);
  whole.set(line);
  whole.set(end, line.length);
  for (const pieces of [[whole], [line, end], [line.subarray(5), line.subarray(0, 5), end]]) {
    const [first, second] = walk(pieces);
    assertEquals([first?.text.length, first?.nextOffset], [MIB, 3 * MIB + 1]);
    assertEquals([second?.text, second?.offset], ["next", 3 * MIB + 1]);
  }
});

Deno.test("a line without an end takes linear time, and no memory", () => {
  const piece = new Uint8Array(64 * 1024);
  const lines = new LogLines();
  const took = cpuMilliseconds(() => {
    for (let count = 0; count < 8192; count++) { // 512 MiB: for each piece the line copied anew would be hours
      lines.add(piece);
      assert(!lines.next());
    }
  });
  assert(lines.finish() && !lines.finish());
  assertEquals([lines.end, lines.nextOffset], [MIB, 8192 * 64 * 1024]);
  assert(lines.bytes.length <= MIB + 1);
  assert(took < 30_000, `${took} ms`);
});
