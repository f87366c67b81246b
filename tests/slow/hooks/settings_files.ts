/** Generated settings files: all that people and other tools leave behind in them. */
import fc from "fast-check";
import { writeCommand } from "../../../src/agents/claude/hooks/command_line.ts";
import type { Json } from "../../../src/agents/claude/hooks/events.ts";

const EVENTS = ["PreToolUse", "PostToolUse", "PostToolUseFailure", "SubagentStop", "Stop"];

const foreignHook: fc.Arbitrary<Json> = fc.oneof(
  fc.record({
    type: fc.constant("command"),
    command: fc.oneof(
      fc.string(),
      fc.constantFrom("perfmon rec start", "echo \"ünïcode 🎛\" >> 'log'", ""),
      // What looks like ours to a careless eye.
      fc.constant(`${writeCommand({ moment: "start", options: {} })}; true`),
    ),
  }),
  fc.record({ type: fc.constant("http"), url: fc.webUrl(), timeout: fc.nat() }),
);

const group: fc.Arbitrary<Json> = fc.record({
  matcher: fc.constantFrom("*", "", "Bash", "Edit|Write", "mcp__.*"),
  hooks: fc.array(foreignHook, { maxLength: 3 }),
}, { requiredKeys: ["hooks"] });

const hooks: fc.Arbitrary<Json> = fc.dictionary(
  fc.constantFrom(...EVENTS),
  fc.array(group, { maxLength: 3 }),
);

const value: fc.Arbitrary<Json> = fc.jsonValue({ maxDepth: 3 }).map((json) => json as Json);

const settings: fc.Arbitrary<Json> = fc.tuple(
  fc.dictionary(fc.string({ unit: "grapheme" }).filter((key) => key !== "hooks"), value, {
    maxKeys: 3,
    noNullPrototype: true,
  }),
  fc.option(hooks, { nil: undefined }),
  fc.dictionary(fc.constantFrom("permissions", "env", "model"), value, { noNullPrototype: true }),
).map(([first, own, last]) => ({
  ...first,
  ...(own === undefined ? {} : { hooks: own }),
  ...last,
}));

interface Style {
  readonly indent: string;
  readonly eol: string;
  readonly end: string;
  readonly start: string;
}

const style: fc.Arbitrary<Style> = fc.record({
  indent: fc.constantFrom("", " ", "  ", "    ", "\t"),
  eol: fc.constantFrom("\n", "\r\n"),
  end: fc.constantFrom("", "\n", "\r\n", "\n\n", "  "),
  start: fc.constantFrom("", "", "", "\uFEFF", "\n"),
});

/** The text of a settings file that is valid. */
export const settingsText: fc.Arbitrary<string> = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.tuple(settings, style).map(([json, { indent, eol, end, start }]) =>
      start + JSON.stringify(json, null, indent).replaceAll("\n", eol) + end
    ),
  },
  fc.constantFrom(
    "",
    "\n",
    "\uFEFF",
    "{}",
    "{ }\n",
    "{\n}\n",
    '{"hooks":{}}',
    '{ "hooks": { } }\r\n',
    '{\n  "hooks": {\n  }\n}',
    '{\n\t"hooks": {"PreToolUse": [ ]},\n\t"model": "x"\n}\n',
    '{"a":1,\n      "hooks": {"PreToolUse": [\n{"matcher":"Bash","hooks":[]}  ] ,"Stop":[]}}',
    '{"hooks":{"Stop":[]},"hooks":{"PreToolUse":[]}}\n',
  ),
);
