import { parseRules } from "../../../src/commands/check/rules_file.ts";
import { assertEquals } from "../../std/std_assert.ts";

/** Returns what is wrong in rules, each as `LINE: MESSAGE`. */
function problemsOf(text: string): string[] {
  const parsed = parseRules(text, false);
  if ("rules" in parsed) throw new Error(`No problem in ${text}`);
  return parsed.problems.map(({ line, message }) => `${line}: ${message.split(":")[0]}`);
}

function rulesOf(text: string): unknown {
  const parsed = parseRules(text, false);
  if ("problems" in parsed) throw new Error(parsed.problems.map((each) => each.message).join());
  return parsed.rules;
}

Deno.test("rules: quotes, flow, comments, anchors and line ends of YAML", () => {
  const rules = {
    limits: { "max-duration": 60, "max-cpu": 90 },
    tools: [
      { glob: "Read", limits: { "max-duration": 5, "max-p95": null } },
      { glob: "mcp__*", limits: { "max-duration": 5, "max-p95": null } },
    ],
    minCalls: 5,
  };
  const block = [
    "# all",
    "max-duration: 60s # a minute",
    "'max-cpu': \"90\"",
    "min-calls: 5",
    "tools:",
    "  Read:",
    "    max-duration: 5s",
    "",
    "    max-p95: ~",
    '  "mcp__*":',
    "    max-duration: 5s",
    "    max-p95:",
    "",
  ];
  assertEquals(rulesOf(block.join("\n")), rules);
  assertEquals(rulesOf(block.join("\r\n")), rules);
  assertEquals(
    rulesOf(
      "{max-duration: 60s, max-cpu: 90, min-calls: 5, tools: {\n" +
        'Read: &slow {max-duration: 5s, max-p95: null},\n"mcp__*": *slow}}',
    ),
    rules,
  );
});

Deno.test("rules: a limit is taken as it is written", () => {
  assertEquals(rulesOf("max-cpu: 010"), { limits: { "max-cpu": 10 }, tools: [], minCalls: 1 });
  assertEquals(problemsOf("max-duration: 1:30"), ['1: Cannot use "1']);
  assertEquals(problemsOf("max-duration: true"), [
    '1: Cannot use "true" for "max-duration"',
  ]);
  assertEquals(problemsOf("max-duration: [1s]"), ['1: Missing limit of "max-duration"']);
  assertEquals(problemsOf("max-duration: {a: 1s}"), ['1: Missing limit of "max-duration"']);
});

Deno.test("rules: the line of a problem is that of its key, whatever is around it", () => {
  const nested = [
    "tools:",
    "  Read:",
    "    max-p95: 1s",
    "  Bash:",
    "    max-p95: soon", // 5
    "  Grep: {max-p95: later}",
    "  Edit: {",
    "    max-p95: never",
    "  }",
    "max-p95: at last", // 10
    "",
  ].join("\n");
  assertEquals(problemsOf(nested).map((problem) => problem.split(" for")[0]), [
    '5: Cannot use "soon"',
    '6: Cannot use "later"',
    '8: Cannot use "never"',
    '10: Cannot use "at last"',
  ]);
  assertEquals(problemsOf("max-cpu: 9\ntools:\n  Bash: *lost\n"), ["3: Invalid YAML"]);
  assertEquals(problemsOf("max-cpu: 9\ntools: [\n\n"), ["2: Invalid YAML"]);
});

Deno.test("rules: each key that is there twice is named, and the first one is read", () => {
  const text = [
    "max-cpu: lots",
    "tools:",
    "  Bash:",
    "    max-p95: 1s",
    "    max-p95: 2s", // 5
    "  Bash:",
    "    max-p95: nonsense",
    "max-cpu: 90",
    "",
  ].join("\n");
  assertEquals(problemsOf(text), [
    '1: Cannot use "lots" for "max-cpu"',
    '5: "max-p95" is there twice',
    '6: "Bash" is there twice',
    '8: "max-cpu" is there twice',
  ]);
  assertEquals(problemsOf("{max-cpu: 1, max-cpu: 2}"), ["1: Invalid YAML"]);
});

Deno.test("rules: maps that hold themselves, or each other many times, are read no deeper than rules", () => {
  assertEquals(problemsOf("max-cpu: 9\ntools: &t {Bash: *t}\n"), ['2: Unknown threshold "Bash"']);
  const bomb = Array.from(
    { length: 40 },
    (_, index) => `x${index + 1}: &x${index + 1} {a: *x${index}, b: *x${index}}`,
  );
  assertEquals(problemsOf(["x0: &x0 {a: 1}", ...bomb].join("\n")).length, 41);
});
