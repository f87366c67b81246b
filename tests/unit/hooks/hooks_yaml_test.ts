import { parseDescription } from "../../../src/agents/claude/hooks/description.ts";
import { HooksError } from "../../../src/agents/claude/hooks/errors.ts";
import { yamlHooks } from "../../../src/agents/claude/hooks/yaml/hooks_yaml.ts";
import {
  withDescriptions,
  withEnabled,
} from "../../../src/agents/claude/hooks/yaml/hooks_yaml_edit.ts";
import { parse } from "../../../src/std/yaml.ts";
import { assert, assertEquals, assertThrows } from "../../std/std_assert.ts";

const SEED = ["performance_monitor_pre", "performance_monitor_post"].map((name) =>
  parseDescription(testdata(`${name}.json`), name)
);
const OURS = ["pre", "post"].map((name) => {
  const url = new URL(`../../../examples/hooks/performance_monitor_${name}.json`, import.meta.url);
  return parseDescription(Deno.readTextFileSync(url), url.pathname);
});

const SHORT = {
  name: "performance-monitor-pre",
  event: "on-error",
  command: "perfmon rec start",
  enabled: true,
};

const COMMENTED = `# head
version: 2 # of the file

# about hooks
hooks: # the list
  # before pre
  - name: performance-monitor-pre # its name
    # why this event
    event: before-tool-call # trailing
    command: >- # folded
      echo old
      text
    enabled: true # on
    # about the filter
    tool_filter: Bash # only shells
    timeout: 9000 # ms
    # end of pre

  # somebody else's
  - {name: other, event: on-error, command: "true", enabled: false} # flow
  # end of the list
# about the rest
other: [1, 2] # tail
# the very end
`;

Deno.test("the seed's descriptions give the seed's hooks.yaml", () => {
  assertEquals(withDescriptions("", SEED), testdata("hooks.yaml.expected"));
  assertEquals(
    withDescriptions(testdata("hooks.yaml.expected"), SEED),
    testdata("hooks.yaml.expected"),
  );
});

Deno.test("perfmon's own descriptions replace the seed's in their places", () => {
  const text = withDescriptions(`title: mine\n${testdata("hooks.yaml.expected")}`, OURS);
  assertEquals(text.split("\n")[0], "title: mine");
  assertEquals(listOf(text), listOf(withDescriptions("", OURS)));
  assertEquals(yamlHooks(text).length, 2);
});

Deno.test("every comment stays through generate, disable and enable", () => {
  const generated = withDescriptions(COMMENTED, SEED);
  const off = withEnabled(generated, false);
  const on = withEnabled(off, true);
  for (const text of [generated, off, on]) {
    assertEquals(comments(text).sort(), comments(COMMENTED).sort(), text);
    assertEquals(Object.keys(parse(text) as object), ["version", "hooks", "other"]);
    const names = ["performance-monitor-pre", "other", "performance-monitor-post"];
    assertEquals(listOf(text).map(({ name }) => name), names);
  }
  assertEquals(on, generated);
  assertEquals(yamlHooks(off).map(({ isEnabled }) => isEnabled), [false, false]);
  assertEquals(listOf(off)[1]?.["enabled"], false);
  assertEquals(listOf(generated)[0], { ...SEED[0] });
});

Deno.test("what is as wanted already stays byte for byte", () => {
  assertEquals(withEnabled(COMMENTED, true), COMMENTED);
});

Deno.test("a map of lists is extended, never destroyed", () => {
  const text = "hooks:\n  on_tool_use:\n    - name: lint\n      command: make lint\n" +
    "      blocking: true\n  on_commit: []\n";
  const extended = withDescriptions(text, SEED);
  const hooks = listsOf(extended);
  assertEquals(hooks["on_tool_use"], listsOf(text)["on_tool_use"]);
  assertEquals(hooks["before-tool-call"]?.length, 1);
  assertEquals(withDescriptions(extended, SEED), extended);
  const renamed = withDescriptions(text.replace("lint\n", "performance-monitor-pre\n"), SEED);
  assertEquals(listsOf(renamed)["on_tool_use"]?.[0], {
    ...SEED[0],
    blocking: true,
  });
});

Deno.test("a folded command of somebody else stays folded", () => {
  const text = "hooks:\n- name: stage\n  event: after-tool-call\n" +
    "  command: git rev-parse >/dev/null\n    2>&1; true\n  enabled: true\n";
  const item = "- name: performance-monitor-pre\n  event: on-error\n  command: perfmon rec start\n";
  assertEquals(withDescriptions(text, [SHORT]), `${text}${item}  enabled: true\n`);
  assertEquals(withEnabled(text + item, false), `${text}${item}  enabled: false\n`);
});

Deno.test("JSON and flow style stay what they are", () => {
  const json = '{\n  "hooks": [\n    {"name": "a", "command": "x"}\n  ]\n}';
  const added = '{"name": "performance-monitor-pre", "event": "on-error", ' +
    '"command": "perfmon rec start", "enabled": true}';
  const extended = json.replace("\n  ]", `, ${added}\n  ]`);
  assertEquals(withDescriptions(json, [SHORT]), extended);
  assertEquals(withEnabled(extended, false), extended.replace("true", "false"));
  const flow = "hooks: [ # of all\n  {name: performance-monitor-pre, timeout: 5}, # mine\n]\n";
  assertEquals(
    withEnabled(flow, false),
    "hooks: [ # of all\n  {name: performance-monitor-pre, timeout: 5, enabled: false}, # mine\n]\n",
  );
});

Deno.test("comments stay beside keys that go", () => {
  const text = "hooks:\n- timeout: 5 # why\n  # c\n  name: performance-monitor-pre # d\n";
  assertEquals(
    withDescriptions(text, [SHORT]),
    "hooks:\n- name: performance-monitor-pre # why\n  # c\n  # d\n  event: on-error\n" +
      "  command: perfmon rec start\n  enabled: true\n",
  );
});

Deno.test("a hook that can't be edited without others is named, and left to the person", () => {
  const text =
    "hooks:\n- &a {name: x}\n- name: performance-monitor-pre\n  command: [a, # first\n    b]\n";
  assertThrows(
    () => withDescriptions(text, [SHORT]),
    HooksError,
    'Cannot edit the hook "performance-monitor-pre" without touching what stands around it',
  );
});

Deno.test("line ends, empty files and empty lists", () => {
  const crlf = withDescriptions(COMMENTED.replaceAll("\n", "\r\n"), SEED);
  assertEquals(crlf.replaceAll("\r\n", "\n"), withDescriptions(COMMENTED, SEED));
  for (const text of ["", "\n", "hooks:\n", "hooks: []\n", "{}\n"]) {
    assertEquals(parse(withDescriptions(text, SEED)), parse(testdata("hooks.yaml.expected")), text);
  }
  assertEquals(comments(withDescriptions("# only this\n", SEED)), ["# only this"]);
});

Deno.test("what is no hooks.yaml is named", () => {
  for (
    const [text, message] of [
      ["a: b\n  c: d\n", "line 1, column 4"],
      ["- a\n", `the key "hooks"`],
      ["hooks: yes\n", `Make the key "hooks" a list`],
    ] as const
  ) {
    const error = assertThrows(() => withDescriptions(text, SEED), HooksError, message);
    assert(!error.message.endsWith("."), error.message);
  }
});

Deno.test("hooks are read from lists, maps of lists, aliases, and never from what is none", () => {
  const read = (text: string) =>
    yamlHooks(text).map(({ name, isEnabled }) => `${name} ${isEnabled}`);
  const hook = "name: performance-monitor-pre";
  assertEquals(read(`hooks:\n- {${hook}}\n- {name: x, command: perfmon rec end --strict}\n`), [
    "performance-monitor-pre true",
    "x true",
  ]);
  assertEquals(read(`hooks: {a: [{${hook}, enabled: false}], b: 1, c: [2]}`), [
    "performance-monitor-pre false",
  ]);
  assertEquals(read(`one: &one {${hook}}\nhooks: [*one]`), ["performance-monitor-pre true"]);
  for (
    const text of ["", "\n", "# no\n", "{}", "hooks:", "hooks: 3", "hooks: [[1], a, {name: y}]"]
  ) {
    assertEquals(read(text), [], text);
  }
  assertThrows(() => read("- a"), HooksError, 'Expected a map with the key "hooks" at line 1');
  const broken = "hooks:\n  - name: a\n   event: b\n";
  assertThrows(() => read(broken), HooksError, "Invalid YAML at line 3, column 4: Cannot read");
});

Deno.test("hooks.yaml that is nested too deeply is said to be so", () => {
  const deep = `hooks: ${"[".repeat(100_000)}${"]".repeat(100_000)}\n`;
  for (const read of [yamlHooks, (text: string) => withEnabled(text, false)]) {
    assertThrows(() => read(deep), HooksError, "nested too deeply");
  }
});

Deno.test("a hook that stands behind an alias is edited by neither command, what an alias says of it by both", () => {
  const hook =
    "name: performance-monitor-pre\n    event: on-error\n    command: perfmon rec start\n";
  const edits = [
    (text: string) => withEnabled(text, false),
    (text: string) => withDescriptions(text, [{ ...SHORT, enabled: false }]),
  ];
  const behind = [
    `base: &b\n    ${hook}hooks:\n  - *b\n`,
    `base: &b\n  - ${hook}hooks: *b\n`,
    `base: &b\n  - ${hook}hooks:\n  on-error: *b\n`,
    `hooks:\n  - &b\n    ${hook}base: *b\n`,
  ];
  for (const text of behind) {
    for (const edit of edits) {
      const { message } = assertThrows(() => edit(text), HooksError);
      assert(message.includes(`Cannot edit the hook "performance-monitor-pre"`), message);
    }
  }
  const values: readonly [key: string, value: string][] = [
    ["name", "performance-monitor-pre"],
    ["command", "perfmon rec start"],
    ["enabled", "true"],
  ];
  for (const [key, value] of values) {
    const whole = `${hook}    enabled: true\n`;
    const text = `base: &b ${value}\nhooks:\n  - ${
      whole.replace(`${key}: ${value}`, `${key}: *b`)
    }`;
    for (const edit of edits) {
      assertEquals(yamlHooks(edit(text)), [{ name: SHORT.name, isEnabled: false }], text);
    }
  }
});

Deno.test("hooks.yaml in which an alias stands within what it means is said to be so", () => {
  for (
    const text of ["hooks: &h\n  - *h\n", "hooks: &h\n  a: *h\n", "a: &a\n  b: *a\nhooks: []\n"]
  ) {
    assertThrows(() => withDescriptions(text, [SHORT]), HooksError, "within what it means");
    assertEquals(yamlHooks(text), []);
    assertEquals(withEnabled(text, false), text);
  }
});

Deno.test("hooks.yaml with more aliases than are followed is said to be so", () => {
  const level = (name: string, of: string): string =>
    `${name}: &${name} [${Array(9).fill(`*${of}`).join(", ")}]\n`;
  const hook = "hooks:\n- {name: performance-monitor-pre, event: PreToolUse, command: a}\n";
  const text = `a: &a [1]\n${level("b", "a")}${level("c", "b")}${level("d", "c")}${hook}`;
  for (const edit of [withEnabled, (each: string) => withDescriptions(each, SEED)]) {
    assertThrows(() => edit(text, false), HooksError, "more aliases than are followed");
  }
});

type Hook = Readonly<Record<string, unknown>>;

/** The list that stands under `hooks`. */
function listOf(text: string): Hook[] {
  return (parse(text) as { hooks: Hook[] }).hooks;
}

/** The map of lists that stands under `hooks`. */
function listsOf(text: string): Record<string, Hook[]> {
  return (parse(text) as { hooks: Record<string, Hook[]> }).hooks;
}

function comments(text: string): string[] {
  return text.match(/#.*$/gm) ?? [];
}

function testdata(name: string): string {
  return Deno.readTextFileSync(new URL(`../../testdata/hooks_yaml/${name}`, import.meta.url));
}
