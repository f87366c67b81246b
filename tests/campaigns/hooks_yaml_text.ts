/** Texts of hooks.yaml as people write them, in pieces: perfmon's own hooks, and all else. */
import fc from "fast-check";

/** A text in pieces; those of `own` are hooks of perfmon, without the indentation before them. */
export interface YamlText {
  readonly pieces: readonly { readonly text: string; readonly own: boolean }[];
  readonly eol: string;
}

const COMMANDS = [
  "command: git rev-parse >/dev/null\n    2>&1; true",
  "command: plain, with: colons? 'and' \"quotes\"".replace(": colons", ":colons"),
  "command: >-\n    folded\n    twice\n\n      more\n    end",
  "command: | # of the shell\n    for f in *; do\n      echo $f # no comment\n    done",
  "command: |+\n    kept\n\n",
  "command: >2\n     indented\n    less",
  'command: "a \\"quoted\\" \\\n    line, {x: [1]} # none"',
  "command: 'it''s\n    folded'",
  "command:\n    on the next line",
  "command: &anchor echo   # trailing",
  "command: !!str 5",
  "? command\n  : explicit",
] as const;

const EXTRAS = [
  "event: on-error",
  "enabled: false   # off",
  'enabled: "yes"',
  "timeout: 0x10",
  "tool_filter: [Bash,\n    Read] # two",
  "tool_filter:\n  - Bash\n  # and\n  - Read",
  "env: {A: 1, 'b c': \"2\"}",
  "# a comment of its own",
  "",
  "blocking: true ",
  "empty: # yet",
] as const;

const SHORT = [
  '{name: other, command: "true", enabled: false} # flow',
  "just a text",
  "",
  "- nested\n  - list",
];

/** Puts an item behind a dash, its further lines below. */
function item(lines: string, column: number): string {
  const indent = " ".repeat(column);
  const [first = "", ...rest] = lines.split("\n");
  return [`${indent}- ${first}`.trimEnd(), ...rest.map((line) => line && `${indent}${line}`)].join(
    "\n",
  );
}

/** Without blank lines at the end, but for those that a value keeps. */
function trimmed(text: string): string {
  return /: [|>]\+\n\s+\S+\s*$/.test(text) ? text : text.trimEnd();
}

const name = fc.constantFrom("stage", "'lint it'", '"x y"', "über");

const other = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.tuple(
      name,
      fc.constantFrom(...COMMANDS),
      fc.array(fc.constantFrom(...EXTRAS), { maxLength: 3 }),
    ).map(([called, command, extras]) =>
      [`name: ${called}`, command, ...new Set(extras.filter(isFirstOfKey))].join("\n").replaceAll(
        "\n",
        "\n  ",
      )
        .replace(/\n {2}( {2,})/g, "\n$1").replace(/\n +(?=\n|$)/g, "\n")
    ),
  },
  { weight: 1, arbitrary: fc.constantFrom(...SHORT) },
);

function isFirstOfKey(line: string, index: number, lines: readonly string[]): boolean {
  const key = line.split(":")[0];
  return lines.findIndex((each) => each.split(":")[0] === key) === index;
}

const OWN = ["performance-monitor-pre", "performance-monitor-post"] as const;

const OWN_EXTRAS = [
  "event: before-tool-call # when",
  "command: >- # folded\n    perfmon rec\n    start",
  "command: 'perfmon rec start'",
  "enabled: true # on",
  "enabled: false",
  "enabled: # none",
  "timeout: 9000 # ms",
  "tool_filter: Bash",
  "description: |\n    two\n    lines",
  "blocking: true",
  "# of the hook",
] as const;

const ownHook = fc.tuple(
  fc.constantFrom(...OWN),
  fc.array(fc.constantFrom(...OWN_EXTRAS), { maxLength: 5 }),
  fc.nat(3),
  fc.boolean(),
).map(([called, extras, place, flow]) => {
  const lines: string[] = extras.filter(isFirstOfKey);
  if (flow) return `{name: ${called}, event: on-error, enabled: true} # flow`;
  const first = lines.findIndex((line) => !line.startsWith("#"));
  lines.splice(first < 0 ? 0 : Math.min(place, lines.length), 0, `name: ${called}`);
  while (lines[0]?.startsWith("#")) lines.push(lines.shift() ?? "");
  return lines.join("\n").replaceAll("\n", "\n  ").replace(/\n {2}( {2,})/g, "\n$1");
});

const HEADS = [
  "",
  "# head\n\n",
  "---\n",
  "%YAML 1.2\n---\n",
  "version: 2 # of the file\n",
  "text: |\n  hooks:\n  - no\n\n",
  "\ufeff",
];
const TAILS = ["", "\n", "\n\n", "\n# the end", "\nother: [1, 2] # tail\n", "\nlast: >+\n  a\n\n"];

/** A hooks.yaml in which perfmon's hooks may stand or not, in a list or a map of lists. */
export const yamlText: fc.Arbitrary<YamlText> = fc.record({
  head: fc.constantFrom(...HEADS),
  tail: fc.constantFrom(...TAILS),
  items: fc.array(
    fc.oneof(
      { weight: 3, arbitrary: other.map((text) => ({ text, own: false })) },
      { weight: 1, arbitrary: ownHook.map((text) => ({ text, own: true })) },
    ),
    { minLength: 1, maxLength: 5 },
  ),
  column: fc.constantFrom(0, 2, 4),
  isMap: fc.boolean(),
  comment: fc.constantFrom("", " # the list", "\n# before"),
  eol: fc.constantFrom("\n", "\r\n"),
}).map(({ head, tail, items, column, isMap, comment, eol }) => {
  const extra = isMap ? column + 2 : column;
  const begin = isMap
    ? `hooks:${comment}\n${" ".repeat(column + 1)}on_tool_use:`
    : `hooks:${comment}`;
  const pieces = [
    { text: head + begin, own: false },
    ...items.map(({ text, own }) => ({ text: `\n${trimmed(item(text, extra))}`, own })),
    { text: tail, own: false },
  ];
  return {
    pieces: pieces.map((each) => ({ ...each, text: each.text.replaceAll("\n", eol) })),
    eol,
  };
});
