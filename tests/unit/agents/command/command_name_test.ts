import { commandName } from "../../../../src/agents/claude/command/command_name.ts";
import { readProjectFile } from "../../../kit/project.ts";
import { assert, assertEquals } from "../../../std/std_assert.ts";
import { cpuMilliseconds } from "../../../kit/processes.ts";

/** A table of answers and lines, with a tab between; `\n`, `\r` and `\\` in a line are escapes. */
function readLines(path: string): [answer: string, line: string][] {
  return readProjectFile(path).split("\n").filter((line) => line !== "").map((row) => {
    const tab = row.indexOf("\t");
    const line = row.slice(tab + 1).replace(
      /\\([nr\\])/g,
      (_, sign) => sign === "n" ? "\n" : sign === "r" ? "\r" : sign,
    );
    return [row.slice(0, tab), line];
  });
}

function ofLine(command: string): string | undefined {
  return commandName("Bash", { command });
}

Deno.test("of 200 real lines the command that does the work is told", () => {
  const lines = readLines("tests/testdata/command_lines.txt");
  assert(lines.length >= 200, `only ${lines.length}`);
  const wrong = lines.filter(([answer, line]) => (ofLine(line) ?? "") !== answer)
    .map(([answer, line]) => `${line}: ${ofLine(line) ?? ""}, not ${answer}`);
  assertEquals(wrong, []);
});

Deno.test("nothing of a secret is told, wherever in a line it stands", () => {
  const lines = readLines("tests/testdata/command_lines_secret.txt");
  assert(lines.length >= 60, `only ${lines.length}`);
  assertEquals(lines.filter(([, line]) => !line.includes("hunter2")), []);
  const wrong = lines.filter(([answer, line]) => (ofLine(line) ?? "") !== answer)
    .map(([answer, line]) => `${line}: ${ofLine(line) ?? ""}, not ${answer}`);
  assertEquals(wrong, []);
});

const LONG = 100_000;

/** Lines of 100 KB that would take a careless reader long, or deep. */
const HOSTILE: Readonly<Record<string, string>> = {
  "one word": `npm test ${"a".repeat(LONG)}`,
  words: `npm test ${"a ".repeat(LONG / 2)}`,
  assignments: `${"a=b ".repeat(LONG / 4)} npm test`,
  "equal signs behind a long word": `npm test ${"a".repeat(LONG / 2)}.${"=".repeat(LONG / 2)}`,
  "quoted text": `npm test '${"it is ".repeat(LONG / 6)}'`,
  "double quotes": `npm test ${'"a b" '.repeat(LONG / 6)}`,
  "escapes in double quotes": `npm test "${'\\"'.repeat(LONG / 2)}"`,
  "a quote that never closes": `npm test "${"a\\".repeat(LONG / 2)}`,
  substitutions: `npm test ${"$(".repeat(LONG / 2)}`,
  "closed substitutions": `npm test ${"$(a) ".repeat(LONG / 5)}`,
  backquotes: `npm test ${"`".repeat(LONG)}`,
  subshells: `npm test; ${"(".repeat(LONG)}`,
  braces: `npm test ${"${a:-".repeat(LONG / 5)}`,
  arithmetic: `npm test $((${"(".repeat(LONG)}`,
  groups: `npm test; ${"{ ".repeat(LONG / 2)}`,
  cases: `npm test; ${"case a in b) ".repeat(LONG / 13)}`,
  "a heredoc": `npm test; cat <<EOF\n${"x EOF y\n".repeat(LONG / 8)}EOF\n`,
  "a heredoc that never ends": `npm test; cat <<-E\n${"\tE \n".repeat(LONG / 4)}`,
  "many heredocs": `npm test ${"<<E ".repeat(LONG / 4)}\n${"E\n".repeat(10)}`,
  scripts: `npm test; ${"bash -c 'eval ".repeat(LONG / 14)}`,
  wrappers: `npm test; ${"sudo env nice ".repeat(LONG / 14)} true`,
  commands: `npm test; ${"a;".repeat(LONG / 2)}`,
  pipes: `npm test ${"|a".repeat(LONG / 2)}`,
  patterns: `npm test ${"@(a".repeat(LONG / 3)}`,
};

for (const [what, line] of Object.entries(HOSTILE)) {
  Deno.test(`a line of 100 KB is read in a moment: ${what}`, () => {
    let answer: string | undefined;
    const took = Math.min(...[1, 2, 3].map(() => cpuMilliseconds(() => answer = ofLine(line))));
    assert(answer === "npm test" || answer === undefined, answer);
    // It is one or two; a reader that looks at each sign twice for each other takes seconds.
    assert(took < 200, `${took} ms`);
  });
}

Deno.test("any text is read, and an answer has the shape of a program and its subcommand", () => {
  const pieces = [
    ..."\n;|&<>(){}'\"\\$`=#!-*[]@ \t\0é",
    ..."if then do done case esac in for npm test <<EOF EOF $( $(( ${ [[ ]] hunter2 a=b (( && || ;; -c bash eval sudo"
      .split(" "),
  ];
  let seed = 1;
  const random = (below: number): number => {
    seed = seed * 48271 % 2147483647;
    return seed % below;
  };
  for (let round = 0; round < 20_000; round++) {
    const line = Array.from(
      { length: random(20) },
      () => pieces[random(pieces.length)]! + (random(2) ? " " : ""),
    ).join("");
    const answer = ofLine(line) ?? "a";
    assert(
      /^[A-Za-z_][\w.+-]{0,31}( -m)?( [a-z][a-z0-9:-]{0,23}){0,2}$/.test(answer),
      `${line}: ${answer}`,
    );
  }
});

Deno.test("of a WebFetch only the host is told, of an Agent and a Skill the name", () => {
  const hosts: readonly [string, string | undefined][] = [
    ["https://docs.example.com/a?b=c#d", "docs.example.com"],
    ["https://Docs.Example.com:8443/a", "docs.example.com"],
    ["http://localhost:3000", "localhost"],
    ["https://me:hunter2@example.com/x", "example.com"],
    ["https://me:hunter@2@example.com/x", "example.com"],
    ["https://hunter2@example.com?x", "example.com"],
    ["https://hunter2:pa/ss@example.com/x", undefined],
    ["https://hunter2/ss@example.com/x", undefined],
    ["https://hunter2:12?3@example.com", undefined],
    ["https://medium.com/@someone/post", "medium.com"],
    ["https://exa mple.com/", undefined],
    ["hunter2", undefined],
    ["", undefined],
    [`https://${"a".repeat(100_000)}/`, undefined],
  ];
  assertEquals(hosts.map(([url]) => [url, commandName("WebFetch", { url })]), [...hosts]);
  assertEquals(
    commandName("Agent", { subagent_type: "general-purpose", prompt: "hunter2" }),
    "general-purpose",
  );
  assertEquals(commandName("Task", { subagent_type: "Explore" }), "Explore");
  assertEquals(commandName("Skill", { skill: "plugin:pdf", args: "hunter2" }), "plugin:pdf");
  assertEquals(commandName("Skill", { skill: "a\nb" }), undefined);
});

Deno.test("of any other tool, and of an input of another shape, nothing is told", () => {
  for (const tool of ["Read", "mcp__db__query", "toString", undefined]) {
    assertEquals(
      commandName(tool, { command: "npm test", url: "https://a.b", skill: "x" }),
      undefined,
    );
  }
  for (const input of [undefined, null, 1, "npm test", ["npm test"], {}, { command: 1 }]) {
    assertEquals(commandName("Bash", input), undefined);
  }
});
