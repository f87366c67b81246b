/** Edits a person's hooks.yaml: comments, order and style stay, so the package `yaml` is needed. */
import {
  Document,
  isMap,
  isNode,
  isScalar,
  isSeq,
  parseDocument,
  type YAMLMap,
  type YAMLSeq,
} from "yaml";
import { DESCRIPTION_KEYS, type HookDescription } from "./description.ts";
import { HooksError } from "./errors.ts";
import { isOurs, tooDeep } from "./hooks_yaml.ts";
import { withinDepth } from "../../../text/nesting.ts";

/**
 * The text of hooks.yaml with the descriptions in it. A hook of the same name gets the new values
 * where it stands; a new one goes to the end of the list, or, where `hooks` is a map of lists, to
 * the list that is called like its event. Comments, order and other keys stay. Throws a `HooksError`
 * that names the line.
 */
export function withDescriptions(text: string, descriptions: readonly HookDescription[]): string {
  return withinDepth(() => describe(text, descriptions), tooDeep);
}

function describe(text: string, descriptions: readonly HookDescription[]): string {
  const document = parseHooksYaml(text);
  for (const description of descriptions) {
    const present = hookMaps(document).find((map) => map.get("name") === description.name);
    if (present !== undefined) update(document, present, description);
    else listFor(document, description.event).add(document.createNode(entryOf(description)));
  }
  return render(document, text);
}

/** The text with perfmon's hooks switched on or off; the very same text where they are so already. */
export function withEnabled(text: string, isEnabled: boolean): string {
  return withinDepth(() => enable(text, isEnabled), tooDeep);
}

function enable(text: string, isEnabled: boolean): string {
  const document = parseHooksYaml(text);
  const changed = ourMaps(document).filter((map) => isOn(map) !== isEnabled);
  for (const map of changed) setValue(document, map, "enabled", isEnabled);
  return changed.length === 0 ? text : render(document, text);
}

function parseHooksYaml(text: string): Document {
  if (text.trim() === "") return new Document({ hooks: [] });
  const document: Document = parseDocument(text);
  const [error] = document.errors;
  if (error !== undefined) {
    const [place] = error.linePos ?? [];
    const what = error.message.split(/ at line |\n/)[0] ?? "";
    if (what.startsWith("Maximum call stack")) throw tooDeep(); // V8's own words, for the parser caught it
    throw new HooksError(
      `Invalid YAML at line ${place?.line ?? 1}, column ${place?.col ?? 1}: ${what}`,
      "data",
    );
  }
  if (document.contents === null) document.contents = document.createNode({});
  if (!isMap(document.contents)) {
    throw new HooksError(`Expected a map with the key "hooks" at line 1`, "data");
  }
  return document;
}

/** The maps that stand for a hook, in a list of hooks or in a map of lists. */
function hookMaps(document: Document): YAMLMap[] {
  return hookLists(document).flatMap((list) => list.items.filter((item) => isMap(item)));
}

function hookLists(document: Document): YAMLSeq[] {
  const hooks = document.get("hooks");
  if (isSeq(hooks)) return [hooks];
  return isMap(hooks) ? hooks.items.map((pair) => pair.value).filter((list) => isSeq(list)) : [];
}

function ourMaps(document: Document): YAMLMap[] {
  return hookMaps(document).filter((map) => isOurs(map.get("name"), map.get("command")));
}

function isOn(map: YAMLMap): boolean {
  return map.get("enabled") !== false;
}

function entryOf(description: HookDescription): Readonly<Record<string, unknown>> {
  const pairs = Object.entries(description);
  return Object.fromEntries(
    DESCRIPTION_KEYS.flatMap((key) => pairs.filter(([given]) => given === key)),
  );
}

/** The list that a new hook goes to, made where there is none. */
function listFor(document: Document, event: string): YAMLSeq {
  const hooks = document.get("hooks");
  if (isSeq(hooks)) return hooks;
  if (hooks === undefined || hooks === null) return newList(document, ["hooks"]);
  if (!isMap(hooks)) {
    throw new HooksError(`Make the key "hooks" a list: it is ${JSON.stringify(hooks)}`, "data");
  }
  const list = hooks.get(event);
  return isSeq(list) ? list : newList(document, ["hooks", event]);
}

function newList(document: Document, path: readonly string[]): YAMLSeq {
  document.setIn(path, document.createNode([]));
  const list = document.getIn(path);
  if (!isSeq(list)) throw new TypeError("a list that was just made is none");
  return list;
}

/** Puts the values of a description into a map, key by key, so that comments stay where they are. */
function update(document: Document, map: YAMLMap, description: HookDescription): void {
  for (const [key, value] of Object.entries(entryOf(description))) {
    setValue(document, map, key, value);
  }
  for (const key of DESCRIPTION_KEYS) if (!(key in description)) removeKey(map, key);
}

/** Takes a key out; its comments move to the end of the map. */
function removeKey(map: YAMLMap, key: string): void {
  const pair = map.items.find((item) => isScalar(item.key) && item.key.value === key);
  if (pair === undefined) return;
  const comments = [pair.key, pair.value].filter(isNode).flatMap((node) => {
    return [node.commentBefore, node.comment];
  });
  map.comment = [map.comment, ...comments].filter(Boolean).join("\n") || null;
  map.delete(key);
}

function setValue(document: Document, map: YAMLMap, key: string, value: unknown): void {
  const present: unknown = map.get(key, true);
  if (isNode(present) && JSON.stringify(present) === JSON.stringify(value)) return;
  if (isScalar(present) && !Array.isArray(value)) present.value = value;
  else map.set(key, document.createNode(value));
}

/** The document as text in the style of the text that it was read from; commands are never folded. */
function render(document: Document, text: string): string {
  const sequence = /^( *)[^\s#-].*:[ \t]*(?:#.*)?\r?\n(?:[ \t]*(?:#.*)?\r?\n)*( *)- /m.exec(text);
  const [, key = "", dash = ""] = sequence ?? [];
  const rendered = document.toString({ lineWidth: 0, indentSeq: dash.length > key.length });
  return text.includes("\r\n") ? rendered.replace(/\r?\n/g, "\r\n") : rendered;
}
