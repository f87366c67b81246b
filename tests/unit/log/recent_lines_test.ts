import { RecentLines } from "../../../src/log/read/recent_lines.ts";
import { assertEquals } from "../../std/std_assert.ts";

Deno.test("RecentLines: a line is new once", () => {
  const lines = new RecentLines();
  assertEquals(["a", "b", "a", "", "", "ab", "ba"].map((line) => lines.add(line)), [
    true,
    true,
    false,
    true,
    false,
    true,
    true,
  ]);
});

Deno.test("RecentLines: knows the newest lines, at least as many as its capacity", () => {
  const lines = new RecentLines(100);
  for (let index = 0; index < 1000; index++) assertEquals(lines.add(`line ${index}`), true);
  for (let index = 900; index < 1000; index++) assertEquals(lines.add(`line ${index}`), false);
  assertEquals(lines.add("line 0"), true);
});

Deno.test("RecentLines: takes no new line for a known one among 300,000 that differ little", () => {
  const lines = new RecentLines();
  let taken = 0;
  for (let index = 0; index < 300_000; index++) {
    if (!lines.add(`1795353869.${index},5.4,38860,Read,start`)) taken++;
  }
  assertEquals(taken, 0);
});
