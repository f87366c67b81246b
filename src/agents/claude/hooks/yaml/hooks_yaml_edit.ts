/** Edits a person's hooks.yaml: not one byte of what is not perfmon's changes, and comments stay. */
import { type Document, isAlias, isMap, isScalar, isSeq, parseDocument, type YAMLMap } from "yaml";
import { DESCRIPTION_KEYS, type HookDescription } from "../description.ts";
import { HooksError } from "../errors.ts";
import { isOurs, tooDeep } from "./hooks_yaml.ts";
import { saysSame } from "./hooks_yaml_check.ts";
import { withinDepth } from "../../../../text/nesting.ts";
import { addItem, appendKey, type Entry, fillKey, newFile } from "./yaml_text.ts";
import { removeKey, setKey, UneditableError } from "./yaml_text.ts";

/**
 * The text of hooks.yaml with the descriptions in it. A hook of the same name gets the new values
 * where it stands; a new one goes to the end of the list, or, where `hooks` is a map of lists, to
 * the list that is called like its event. All else stays byte for byte. Throws a `HooksError` that names
 * the line, or the hook that can't be edited so.
 */
export function withDescriptions(text: string, descriptions: readonly HookDescription[]): string {
  return withinDepth(() => {
    return descriptions.reduce((edited, each) => checked(edited, each.name, withOne(each)), text);
  }, tooDeep);
}

/** The text with perfmon's hooks switched on or off; the very same text where they are so already. */
export function withEnabled(text: string, isEnabled: boolean): string {
  return withinDepth(() => {
    let edited = text;
    for (const [index, hook] of hooksOf(parseHooksYaml(text)).entries()) {
      const { name } = hook;
      if (!isOurs(name, hook.command) || hook.isOn === isEnabled) continue;
      const edit = (before: string): string =>
        setKey(before, mapAt(before, index), "enabled", isEnabled);
      edited = checked(edited, String(name), edit);
    }
    return edited;
  }, tooDeep);
}

/** An edited text, which says the same of all but one hook; throws a `HooksError` that names it where it doesn't. */
function checked(text: string, name: string, edit: (text: string) => string): string {
  const before = valueOf(text);
  try {
    const edited = edit(text);
    if (saysSame(before, plain(readBack(edited)), name)) return edited;
  } catch (error) {
    if (!(error instanceof UneditableError)) throw error;
  }
  throw new HooksError(
    `Cannot edit the hook "${name}" without touching what stands around it: edit it by hand`,
    "data",
  );
}

function valueOf(text: string): unknown {
  return text.trim() === "" ? {} : plain(parseHooksYaml(text));
}

/** What a document says; its parser follows so many aliases only, lest few lines fill the memory. */
function plain(document: Document): unknown {
  try {
    const value: unknown = document.toJS();
    if (isCircular(value)) {
      throw new HooksError(
        "Invalid YAML: an alias stands within what it means; edit it by hand",
        "data",
      );
    }
    return value;
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    throw new HooksError(
      "Invalid YAML: it has more aliases than are followed; edit it by hand",
      "data",
    );
  }
}

function isCircular(value: unknown): boolean {
  try {
    JSON.stringify(value);
    return false;
  } catch (error) {
    if (error instanceof TypeError) return true;
    throw error; // nested too deeply
  }
}

/** A text of ours, as a document. */
function readBack(text: string): Document {
  try {
    return parseHooksYaml(text);
  } catch (error) {
    throw error instanceof HooksError ? new UneditableError() : error;
  }
}

function withOne(description: HookDescription): (text: string) => string {
  return (text) => {
    const document = parseHooksYaml(text);
    const index = hooksOf(document).findIndex(({ name }) => name === description.name);
    const entry = entryOf(description);
    if (index < 0) return withItem(text, document, description.event, entry);
    let edited = text;
    for (const [key, value] of entry) {
      const map = mapAt(edited, index);
      const isSame = JSON.stringify(map.get(key, true)) === JSON.stringify(value);
      if (!isSame) edited = setKey(edited, map, key, value);
    }
    for (const key of DESCRIPTION_KEYS) {
      if (!(key in description)) edited = removeKey(edited, mapAt(edited, index), key);
    }
    return edited;
  };
}

/** The text with a hook more in the list that it belongs to, which is made where there is none. */
function withItem(text: string, document: Document, event: string, entry: Entry): string {
  if (text.trim() === "") return newFile("hooks", entry);
  const root = document.contents;
  if (!isMap(root) || !root.range) return appendKey(text, "hooks", entry);
  const hooks = root.get("hooks");
  return isMap(hooks)
    ? withItemOf(text, hooks, event, entry)
    : withItemOf(text, root, "hooks", entry);
}

/** The text with an entry at the end of the list under a key of a map. */
function withItemOf(text: string, map: YAMLMap, key: string, entry: Entry): string {
  const list = map.get(key);
  if (isSeq(list) && list.items.length > 0) return addItem(text, list, entry);
  if (list === undefined || list === null || isSeq(list)) return fillKey(text, map, key, entry);
  const what = isAlias(list) ? "an alias" : JSON.stringify(list);
  throw new HooksError(`Make the key "${key}" a list: it is ${what}`, "data");
}

function parseHooksYaml(text: string): Document {
  const document: Document = parseDocument(text, { keepSourceTokens: true });
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

/** A hook as it stands in a list of hooks, or in a map of lists. */
interface FoundHook {
  readonly map: YAMLMap;
  /** What it says, also by an alias. */
  readonly name: unknown;
  readonly command: unknown;
  readonly isOn: boolean;
  /** Whether it stands elsewhere, and here only by an alias: what is edited there might mean others, too. */
  readonly isElsewhere: boolean;
}

function hooksOf(document: Document): FoundHook[] {
  const follow = (node: unknown): unknown => isAlias(node) ? node.resolve(document) : node;
  const valueOf = (map: YAMLMap, key: string): unknown => {
    const value = follow(map.get(key, true));
    return isScalar(value) ? value.value : value;
  };
  const top = document.get("hooks", true);
  const hooks = follow(top);
  const lists = isMap(hooks) ? hooks.items.map(({ value }) => value) : [hooks];
  return lists.flatMap((node) => {
    const list = follow(node);
    return !isSeq(list) ? [] : list.items.flatMap((item) => {
      const map = follow(item);
      if (!isMap(map)) return [];
      const isElsewhere = [top, node, item].some(isAlias);
      const [name, command] = [valueOf(map, "name"), valueOf(map, "command")];
      return [{ map, name, command, isOn: valueOf(map, "enabled") !== false, isElsewhere }];
    });
  });
}

/** The hook at a place among all of them. Throws where it can't be edited there. */
function mapAt(text: string, index: number): YAMLMap {
  const hook = hooksOf(readBack(text))[index];
  if (hook === undefined || hook.isElsewhere) throw new UneditableError();
  return hook.map;
}

function entryOf(description: HookDescription): Entry {
  const pairs = Object.entries(description);
  return DESCRIPTION_KEYS.flatMap((key) => pairs.filter(([given]) => given === key));
}
