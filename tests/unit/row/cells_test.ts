/** Lines as cells. */
import { isHeader, parseHeader, splitRow } from "../../../src/row/parse_row.ts";
import { BASIC_COLUMNS, formatRow, FULL_COLUMNS, FULL_HEADER } from "../../../src/row/columns.ts";
import { start } from "../../kit/samples.ts";
import { assert, assertEquals } from "../../std/std_assert.ts";

Deno.test("cells are split as RFC 4180 says, and broken quoting never throws", () => {
  const cases: [string, string[]][] = [
    ["a,b", ["a", "b"]],
    ["", [""]],
    [",", ["", ""]],
    ['"a,b",c', ["a,b", "c"]],
    ['"a""b"', ['a"b']],
    ['"",""', ["", ""]],
    ['a"b,c', ['a"b', "c"]],
    ['"open,c', ["open,c"]],
    ['"', [""]],
    ['"a"x,b', ["a", "b"]],
    ['x,"', ["x", ""]],
  ];
  for (const [line, cells] of cases) assertEquals(splitRow(line), cells, line);
});

Deno.test("only a line with the seed's five columns is a header", () => {
  assert(isHeader(FULL_HEADER));
  assert(isHeader(BASIC_COLUMNS.join(",")));
  const others = [
    "",
    "timestamp",
    "timestamp,event",
    " " + FULL_HEADER,
    formatRow(start(10), FULL_COLUMNS),
  ];
  for (const line of others) assertEquals(isHeader(line), false, line);
  assertEquals(parseHeader(FULL_HEADER), FULL_COLUMNS);
});
