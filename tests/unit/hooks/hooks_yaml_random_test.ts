/** Random files of other people: what is not perfmon's stays byte for byte, and says the same. */
import fc from "fast-check";
import { parseDescription } from "../../../src/agents/claude/hooks/description.ts";
import { yamlHooks } from "../../../src/agents/claude/hooks/yaml/hooks_yaml.ts";
import {
  withDescriptions,
  withEnabled,
} from "../../../src/agents/claude/hooks/yaml/hooks_yaml_edit.ts";
import { parse } from "../../../src/std/yaml.ts";
import { assert, assertEquals } from "../../std/std_assert.ts";
import { type YamlText, yamlText } from "../../campaigns/hooks_yaml_text.ts";

/** 6,000 of each took 160 s, and none broke it. */
const RUNS = 60;

const DESCRIPTIONS = ["pre", "post"].map((name) => {
  const url = new URL(`../../../examples/hooks/performance_monitor_${name}.json`, import.meta.url);
  return parseDescription(Deno.readTextFileSync(url), url.pathname);
});
const OWN = DESCRIPTIONS.map(({ name }) => name);

type Hook = Readonly<Record<string, unknown>>;

function textOf({ pieces }: YamlText): string {
  return pieces.map(({ text }) => text).join("");
}

/** Checks that all lines which are not perfmon's stand in a text, in order, to the byte. */
function expectOthers(edited: string, { pieces, eol }: YamlText): void {
  const others = pieces.filter(({ own }) => !own).map(({ text }) => text).join("").split(eol);
  const lines = edited.split(eol);
  let place = 0;
  for (const line of others) {
    place = lines.indexOf(line, place) + 1;
    assert(place > 0, `${JSON.stringify(line)} is gone`);
  }
  const last = pieces.findLast(({ text }) => text !== "");
  assertEquals(edited.endsWith("\n"), last?.text.endsWith("\n"));
  if (eol === "\r\n") assert(!/[^\r]\n/.test(edited), "a line end is another");
}

/** All hooks of a file, by a parser that the editor does not use. */
function hooksOf(text: string): unknown[] {
  const { hooks } = parse(text.replace(/^\ufeff/, ""), { schema: "core" }) as { hooks: unknown };
  return (Array.isArray(hooks) ? [hooks] : Object.values(hooks as Record<string, unknown[]>))
    .flat();
}

function isOwn(hook: unknown): hook is Hook {
  return OWN.includes(String((hook as Hook | null)?.["name"]));
}

function others(text: string): unknown[] {
  return hooksOf(text).filter((hook) => !isOwn(hook));
}

Deno.test("generate: of random hooks.yaml only perfmon's own entries change", () => {
  fc.assert(
    fc.property(yamlText, (file) => {
      const text = textOf(file);
      const edited = withDescriptions(text, DESCRIPTIONS);
      expectOthers(edited, file);
      assertEquals(others(edited), others(text));
      for (const description of DESCRIPTIONS) {
        const hook = hooksOf(edited).filter(isOwn).find(({ name }) => name === description.name);
        const { blocking: _, ...known } = hook ?? {};
        assertEquals(known, { ...description });
      }
      assertEquals(withDescriptions(edited, DESCRIPTIONS), edited);
    }),
    { numRuns: RUNS },
  );
});

Deno.test("disable and enable: of random hooks.yaml only a word of perfmon's own entries changes", () => {
  fc.assert(
    fc.property(yamlText, (file) => {
      const text = textOf(file);
      for (const isEnabled of [false, true]) {
        const edited = withEnabled(text, isEnabled);
        expectOthers(edited, file);
        assertEquals(others(edited), others(text));
        assert(
          yamlHooks(edited.replace(/^\ufeff/, "")).every((hook) => hook.isEnabled === isEnabled),
        );
        const without = (hook: Hook): Hook => ({ ...hook, enabled: undefined });
        assertEquals(
          hooksOf(edited).filter(isOwn).map(without),
          hooksOf(text).filter(isOwn).map(without),
        );
      }
    }),
    { numRuns: RUNS },
  );
});
