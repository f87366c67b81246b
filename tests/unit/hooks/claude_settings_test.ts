import {
  installedHooks,
  withHooks,
  withoutHooks,
} from "../../../src/agents/claude/hooks/claude_settings.ts";
import { HooksError } from "../../../src/agents/claude/hooks/errors.ts";
import { wantedRegistrations } from "../../../src/agents/claude/hooks/events.ts";
import {
  applyChange,
  install,
  planChange,
  type Step,
  uninstall,
} from "../../../src/agents/claude/hooks/installation.ts";
import { assert, assertEquals, assertThrows } from "../../std/std_assert.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";

const wanted = wantedRegistrations({ program: "/opt/per fmon/it's/perfmon" });
const others = wantedRegistrations({ options: { params: true, "max-lines": "2000" } });

Deno.test("without a backup an edit in the middle is undone byte for byte", () => {
  const text =
    '{\r\n\t"env": {},\r\n\t"hooks": {\r\n\t\t"PreToolUse": [\r\n\t\t\t{"matcher": "Bash"' +
    ',"hooks": []}\r\n\t\t]\r\n\t},\r\n\t"z": 1\r\n}';
  const installed = withHooks(text, wanted);
  assert(installed.includes('\r\n\t\t\t{\r\n\t\t\t\t"matcher": "*",\r\n'), installed);
  assert(!/[^\r]\n/.test(installed));
  assertEquals(withoutHooks(installed), text);
});

Deno.test("a file that was not there is gone after remove", () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/.claude/settings.json`;
  assertEquals(installedHooks(step(path, install(wanted))).length, wanted.length);
  applyChange(planChange(path, uninstall));
  assertEquals([...Deno.readDirSync(`${folder.path}/.claude`)].length, 0);
});

Deno.test("new options keep the place, the matcher and the timeout of an entry", () => {
  const mine = withHooks("{}", wanted).replace('"matcher": "*"', '"matcher": "Bash"')
    .replace('"timeout": 5', '"timeout": 9');
  const updated = withHooks(mine, others);
  const [first] = installedHooks(updated);
  const [expected] = others;
  assert(expected !== undefined);
  assertEquals(first, { ...expected, matcher: "Bash", hook: { ...expected.hook, timeout: 9 } });
  assertEquals(installedHooks(updated).length, others.length);
});

Deno.test("an entry changes between waited for and not, wherever its members stand", () => {
  const waited = wantedRegistrations({ isWaitedFor: true });
  const mine = withHooks("{}", waited);
  const isAsync = (text: string): unknown[] =>
    installedHooks(text).map(({ hook: { async } }) => async);
  assertEquals(isAsync(mine), waited.map(() => undefined));
  const changed = withHooks(mine, wantedRegistrations({}));
  // The ends of turns and of the session are waited for in any case.
  assertEquals(isAsync(changed), [...Array(7).fill(true), undefined, undefined]);
  assertEquals(withHooks(changed, waited), mine);
  const first = changed.replace(
    /"type": "command"(,\s*"command": ".*",\s*"timeout": 5),\s*"async": true/g,
    '"async": true, "type": "command"$1',
  );
  assertEquals(isAsync(first), isAsync(changed));
  assertEquals(withHooks(first, waited), mine);
});

Deno.test("an event that the client does not know goes from the file", () => {
  const old = wantedRegistrations({ version: [1, 0, 128] });
  assertEquals(old.map(({ event }) => event), [
    "PreToolUse",
    "PostToolUse",
    "UserPromptSubmit",
    "Stop",
    "SessionEnd",
  ]);
  const current = wantedRegistrations({ version: [2, 1, 330] });
  assertEquals(withHooks(withHooks("{}", current), old), withHooks("{}", old));
});

Deno.test("what is no settings file is named with its place and left alone", () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/settings.json`;
  const wrong: readonly [string, string][] = [
    ['{\n  // mine\n  "a": 1\n}', "line 2, column 3"],
    ['{"a": 1,\n}', "line 2, column 1"],
    ['{\r\n"a" 1}', "line 2, column 5"],
    ["[]", "Expected a JSON object"],
    ['{"hooks": []}', 'Make "hooks" an object'],
    [
      '{\n"hooks": {"PreToolUse": {}}}',
      'Make "hooks.PreToolUse" an array at line 2: it is an object',
    ],
  ];
  for (const [text, message] of wrong) {
    Deno.writeTextFileSync(path, text);
    const error = assertThrows(() => planChange(path, install(wanted)), HooksError, message);
    assert(error.message.includes(path) && !error.message.endsWith("."), error.message);
    assertEquals(Deno.readTextFileSync(path), text);
  }
});

/** Does a step and returns the file's text after it. */
function step(path: string, change: Step): string {
  applyChange(planChange(path, change));
  return Deno.readTextFileSync(path);
}
