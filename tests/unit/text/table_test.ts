import { clip, type Column, layOut, textWidth, toAscii, wrap } from "../../../src/text/table.ts";
import { assertEquals } from "../../std/std_assert.ts";

interface Row {
  readonly name: string;
  readonly count: number;
}

const COLUMNS: readonly Column<Row>[] = [
  { header: "NAME", cell: ({ name }) => name, isText: true, least: 6 },
  { header: "COUNT", cell: ({ count }) => String(count) },
  { header: "HALF", cell: ({ count }) => String(count / 2), drop: 1 },
  { header: "TWICE", cell: ({ count }) => String(count * 2), drop: 2 },
];

const ROWS: readonly Row[] = [
  { name: "mcp__server__a_long_tool", count: 1234 },
  { name: "Bash", count: 7 },
];

Deno.test("layOut: text left, figures right, no blanks at the end", () => {
  const { lines, dropped, fullWidth } = layOut(COLUMNS, ROWS, 80);
  assertEquals(lines, [
    "NAME                      COUNT  HALF  TWICE",
    "mcp__server__a_long_tool   1234   617   2468",
    "Bash                          7   3.5     14",
  ]);
  assertEquals([dropped, fullWidth], [[], 44]);
});

Deno.test("layOut: of any number of rows", () => {
  const many = Array.from({ length: 200_000 }, (_, count): Row => ({ name: "Bash", count }));
  assertEquals(layOut(COLUMNS, many, 80).lines.at(-1), "Bash  199999  99999.5  399998");
});

Deno.test("layOut: where there is no room, text is shortened first", () => {
  assertEquals(layOut(COLUMNS, ROWS, 30).lines, [
    "NAME        COUNT  HALF  TWICE",
    "mcp__serv…   1234   617   2468",
    "Bash            7   3.5     14",
  ]);
});

Deno.test("layOut: then columns are left out by rank, and text gets their room", () => {
  const { lines, dropped } = layOut(COLUMNS, ROWS, 24);
  assertEquals(lines, [
    "NAME         COUNT  HALF",
    "mcp__serve…   1234   617",
    "Bash             7   3.5",
  ]);
  assertEquals(dropped, ["TWICE"]);
  assertEquals(layOut(COLUMNS, ROWS, 13).dropped, ["HALF", "TWICE"]);
});

Deno.test("layOut: where nothing is left to be left out, text is shortened further, and figures never", () => {
  const { lines, isCramped } = layOut(COLUMNS, ROWS, 12);
  assertEquals(lines, [
    "NAME   COUNT",
    "mcp_…   1234",
    "Bash       7",
  ]);
  assertEquals([isCramped, layOut(COLUMNS, ROWS, 13).isCramped], [true, false]);
  assertEquals(layOut(COLUMNS, ROWS, 5).lines, lines);
});

Deno.test("layOut: no line is longer than the width at 60, 80 and 300 columns", () => {
  const wide = { name: "x".repeat(500), count: 1 };
  for (const width of [60, 80, 300]) {
    const { lines } = layOut(COLUMNS, [...ROWS, wide], width);
    assertEquals(Math.max(...lines.map(textWidth)), width);
  }
});

Deno.test("layOut: a name can't steer the terminal", () => {
  const { lines } = layOut(COLUMNS, [{ name: "a\x1b[31m\r\nb", count: 1 }], 80);
  assertEquals(lines[1], "a?[31m??b      1   0.5      2");
});

Deno.test("textWidth and clip: wide characters take two columns, marks none", () => {
  assertEquals(["Bash", "天地", "e\u0301", "🦕", "†", ""].map(textWidth), [4, 4, 1, 2, 1, 0]);
  // What belongs to no script in particular is as wide as its block; half-width kana, and each half of a flag, one.
  assertEquals(["サーバー", "ｻｰﾊﾞｰ", "、。「」", "か\u3099", "🇯🇵"].map(textWidth), [8, 5, 8, 2, 2]);
  assertEquals(clip("天地玄黃", 6), "天地…");
  assertEquals(clip("天地玄", 6), "天地玄");
});

Deno.test("wrap: breaks at blanks, and leaves a word that is too long", () => {
  assertEquals(wrap("one two three", 8, "  "), ["one two", "  three"]);
  assertEquals(wrap("aaaaaaaaaaaa b", 8, ""), ["aaaaaaaaaaaa", "b"]);
  assertEquals(wrap("a sign   another", 9, ""), ["a sign", "another"]);
});

Deno.test("toAscii: perfmon's signs become ASCII of the same width", () => {
  assertEquals(toAscii("– † ‡ § … → ± ▁▂▃▄▅▆▇█"), "- + # = . > ~ _.-~=+*#");
  // Names in a log, which the terminal could not show either.
  assertEquals(toAscii("Größe 天 🦕"), "Gr??e ?? ??");
});
