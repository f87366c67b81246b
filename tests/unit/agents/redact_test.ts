import { redact, redactParameters } from "../../../src/agents/claude/redact.ts";
import { assert, assertEquals } from "../../std/std_assert.ts";
import { INNOCENT, SECRETS } from "./secret_lines.ts";

Deno.test("the tables hold at least 60 real shapes of secrets and 60 innocent lines", () => {
  assert(new Set(SECRETS.map(([line]) => line)).size >= 60);
  assert(new Set(INNOCENT).size >= 60);
});

for (const [line, redacted] of SECRETS) {
  Deno.test(`a secret vanishes: "${redacted}"`, () => assertEquals(redact(line), redacted));
}

for (const line of INNOCENT) {
  Deno.test(`a line without a secret stays: "${line}"`, () => assertEquals(redact(line), line));
}

Deno.test("of a file tool the path is recorded, of Bash the first line, of others the telling member", () => {
  const cases: [string | undefined, unknown, string | undefined][] = [
    ["Read", { file_path: "/p/a.txt", limit: 5 }, "/p/a.txt"],
    ["Write", { content: "SECRET", file_path: "/p/a.txt" }, "/p/a.txt"],
    ["Edit", { old_string: "a", new_string: "b", file_path: "/p/a.txt" }, "/p/a.txt"],
    ["NotebookEdit", { notebook_path: "/p/a.ipynb" }, "/p/a.ipynb"],
    ["Bash", { command: "\n  cd /p && make\nrm x", description: "Build" }, "cd /p && make"],
    ["Bash", { description: "without a command" }, undefined],
    ["Grep", { pattern: "TODO", path: "/p" }, "/p"],
    [
      "WebFetch",
      { url: "https://ada:pw@example.com/x", prompt: "y" },
      "https://[redacted]@example.com/x",
    ],
    ["Agent", { description: "Look around", prompt: "PRIVATE" }, "Look around"],
    ["mcp__x__y", { whatever: "PRIVATE" }, undefined],
    [undefined, { file_path: "/p" }, "/p"],
    ["Bash", "text", undefined],
    ["Bash", null, undefined],
    ["Bash", { command: 7 }, undefined],
    ["Bash", { command: "  " }, undefined],
  ];
  for (const [tool, input, expected] of cases) {
    assertEquals(redactParameters(tool, input), expected, JSON.stringify([tool, input]));
  }
});

Deno.test("a line is 200 characters at most, and no secret is cut in half by that", () => {
  const secret = "ghp_AbCdEfGhIjKlMnOpQrStUvWxYz0123456789";
  for (let before = 150; before < 200; before++) {
    const command = `${"x".repeat(before - 1)} ${secret} ${"y".repeat(5000)}`;
    const line = redactParameters("Bash", { command }) ?? "";
    assert(line.length <= 200 && !line.includes("ghp_"), line);
  }
});

Deno.test("a path of any number of parts stays", () => {
  const line = `cat ${"aB1/".repeat(200_000)}`;
  assertEquals(redact(line) === line, true);
});
