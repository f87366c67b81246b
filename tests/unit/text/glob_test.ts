import { assert, assertEquals } from "../../std/std_assert.ts";
import { Glob } from "../../../src/text/glob.ts";

Deno.test("Glob: stars, question marks and case, the whole name", () => {
  const fits: [glob: string, name: string, expected: boolean][] = [
    ["Bash", "Bash", true],
    ["bash", "BASH", true],
    ["Bash", "BashOutput", false],
    ["Bash*", "BashOutput", true],
    ["*Output", "BashOutput", true],
    ["mcp__*__get_*", "mcp__github__get_issue", true],
    ["mcp__*__get_*", "mcp__github__list_issues", false],
    ["?ead", "Read", true],
    ["?ead", "Thread", false],
    ["*", "", true],
    ["", "", true],
    ["", "x", false],
    ["**a**", "bab", true],
    ["a.c", "abc", false],
    ["[ab]", "a", false],
    ["?", "🙂", true],
    ["*ab*ab", "abxabab", true],
    ["a*\n", "ab\n", true],
  ];
  for (const [glob, name, expected] of fits) {
    assertEquals(new Glob(glob).fits(name), expected, `"${glob}" and "${name}"`);
  }
});

Deno.test("Glob: many stars on a long name that nearly fits end soon", () => {
  // By backtracking over all stars this would take longer than the universe is old.
  const glob = new Glob("*a".repeat(40) + "*c");
  assert(!glob.fits("a".repeat(5000)));
  assert(glob.fits("a".repeat(5000) + "c"));
});
