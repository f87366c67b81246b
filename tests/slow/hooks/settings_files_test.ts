/** Settings files of all sorts, at random: an install and a removal leave the same bytes. */
import fc from "fast-check";
import {
  allHooks,
  installedHooks,
  withHooks,
  withoutHooks,
} from "../../../src/agents/claude/hooks/claude_settings.ts";
import { type Registration, wantedRegistrations } from "../../../src/agents/claude/hooks/events.ts";
import {
  applyChange,
  install,
  planChange,
  type Step,
  uninstall,
} from "../../../src/agents/claude/hooks/installation.ts";
import { readProjectFile } from "../../kit/project.ts";
import { assertEquals } from "../../std/std_assert.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { settingsText } from "./settings_files.ts";

/** What 0.1.0 installed, by the binary and by the spool. */
const released = ["binary", "spool"].map((way): Registration[] =>
  JSON.parse(readProjectFile(`tests/testdata/settings/0.1.0-${way}.json`))
);

const wanted = wantedRegistrations({ program: "/opt/per fmon/it's/perfmon" });
const others = wantedRegistrations({ options: { params: true, "max-lines": "2000" } });

Deno.test("500 settings files: install and remove give the same bytes", () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/settings.json`;
  fc.assert(
    fc.property(settingsText, (text) => {
      Deno.writeTextFileSync(path, text);
      const installed = step(path, install(wanted));
      assertEquals(step(path, install(wanted)), installed, "twice is once");
      assertEquals(foreignHooks(installed), foreignHooks(text), "other people's hooks");
      assertEquals(inOrder(withoutHooks(installed, text)), inOrder(text), "all else");
      assertEquals(step(path, install(others)), withHooks(text, others), "other options");
      assertEquals(step(path, uninstall), text);
      assertEquals([...Deno.readDirSync(folder.path)].map(({ name }) => name), ["settings.json"]);
    }),
    { numRuns: 500 },
  );
});

Deno.test("500 settings files: what 0.1.0 installed is upgraded, and removed to the same bytes", () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/settings.json`;
  fc.assert(
    fc.property(settingsText, fc.constantFrom(...released), (text, old) => {
      Deno.writeTextFileSync(path, text);
      assertEquals(foreignHooks(step(path, install(old))), foreignHooks(text));
      assertEquals(step(path, uninstall), text, "removed at once");
      const before = step(path, install(old));
      assertEquals(
        byEvent(before),
        Object.fromEntries(old.map(({ event, hook }) => [event, hook])),
      );
      assertEquals(step(path, install(wanted)), withHooks(text, wanted), "upgraded");
      assertEquals(step(path, uninstall), text);
      assertEquals([...Deno.readDirSync(folder.path)].map(({ name }) => name), ["settings.json"]);
      // Where someone has edited the file since, our entries are put right where they stand.
      Deno.writeTextFileSync(path, before.replace("{", '{"later":[1, 2],'));
      step(path, install(old));
      const upgraded = step(path, install(wanted));
      assertEquals(byEvent(upgraded), byEvent(withHooks("", wanted)));
      assertEquals(foreignHooks(upgraded), foreignHooks(text));
    }),
    { numRuns: 500 },
  );
});

Deno.test("500 settings files that someone changed meanwhile: only our hooks go", () => {
  fc.assert(
    fc.property(settingsText, (text) => {
      const installed = withHooks(text, wanted);
      const edited = installed.replace("{", '{"later":[1, 2],');
      const kept = { later: [1, 2], ...JSON.parse(stripped(text)) };
      assertEquals(inOrder(withoutHooks(edited, text)), JSON.stringify(kept));
    }),
    { numRuns: 500 },
  );
});

/** Our hooks by their event. */
function byEvent(text: string): Record<string, unknown> {
  return Object.fromEntries(installedHooks(text).map(({ event, hook }) => [event, hook]));
}

/** Does a step and returns the file's text after it. */
function step(path: string, change: Step): string {
  applyChange(planChange(path, change));
  return Deno.readTextFileSync(path);
}

/** The value without blanks, the order of its keys kept. */
function inOrder(text: string): string {
  return JSON.stringify(JSON.parse(stripped(text)));
}

function stripped(text: string): string {
  const body = text.replace("\uFEFF", "");
  return body.trim() === "" ? "{}" : body;
}

function foreignHooks(text: string): unknown {
  const ours = new Set(installedHooks(text).map(({ hook }) => hook["command"]));
  return allHooks(text).filter(({ hook }) => !ours.has(hook["command"] ?? null))
    .map(({ event, matcher, hook }: Registration) => ({ event, matcher, hook }));
}
