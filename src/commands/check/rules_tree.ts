/** Reads a rules file into values that know their lines, whichever language it is in. */
import type { Node } from "jsonc-parser";
import { JsonSyntaxError, parseJson } from "../../agents/claude/hooks/json_edit.ts";
import { parse, YamlSyntaxError } from "../../std/yaml.ts";
import { withinDepth } from "../../text/nesting.ts";

/** What is wrong in a rules file; lines count from 1. */
export interface Problem {
  readonly line: number;
  readonly message: string;
}

/** A value of a rules file with its line. */
export interface Item {
  readonly line: number;
  /** The value of what is no map; `[]` for a list. */
  readonly scalar?: unknown;
  readonly entries?: readonly Entry[];
}

/** A key of a map with its line, and its value. */
export interface Entry {
  readonly key: string;
  readonly line: number;
  readonly item: Item;
}

/** What a rules file holds, as far as it can be read at all, and what is wrong in it. */
export interface Tree {
  readonly root?: Item;
  readonly problems: Problem[];
}

/** The maps in each other that rules are made of: the file, `tools`, a tool. */
const DEEPEST_MAP = 3;

/** Returns that a key of a map was there before. */
export function repeatedKey(key: string, line: number): Problem {
  return { line, message: `"${key}" is there twice: keep one` };
}

/** Reads strict JSON. A key that is there twice is two entries. */
export function readJson(text: string): Tree {
  const lineOf = lineCounter(text);
  const itemOf = (node: Node): Item => {
    const line = lineOf(node.offset);
    if (node.type !== "object") return { line, scalar: node.type === "array" ? [] : node.value };
    const entries = (node.children ?? []).flatMap(({ children: [key, value] = [] }) =>
      key === undefined || value === undefined
        ? []
        : [{ key: String(key.value), line: lineOf(key.offset), item: itemOf(value) }]
    );
    return { line, entries };
  };
  try {
    return { root: itemOf(parseJson(text)), problems: [] };
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    return { problems: [{ line: error.line, message: `Invalid JSON: ${error.found}` }] };
  }
}

/** Makes a function that tells the lines of offsets in a text, which come in their order; lines count from 1. */
function lineCounter(text: string): (offset: number) => number {
  let [line, next] = [1, text.indexOf("\n")];
  return (offset) => {
    for (; next >= 0 && next < offset; next = text.indexOf("\n", next + 1)) line++;
    return line;
  };
}

/** Reads YAML. Of a key that is there twice the first counts, the second is a problem. */
export function readYaml(text: string): Tree {
  const { lines, problems, rest } = findKeys(text);
  const itemOf = (value: unknown, path: readonly string[], line: number): Item => {
    if (!isMap(value) || path.length >= DEEPEST_MAP) return { line, scalar: scalarOf(value) };
    const entries = Object.entries(value).map(([key, given]): Entry => {
      const below = [...path, key];
      const at = lines.get(JSON.stringify(below)) ?? line; // of a map in one line, or of an alias
      return { key, line: at, item: itemOf(given, below, at) };
    });
    return { line, entries };
  };
  try {
    const [first = 1] = lines.values();
    const document = withinDepth(() => parse(rest, { schema: "failsafe" }), () => new TooDeep());
    return { root: itemOf(document, [], first), problems };
  } catch (error) {
    if (error instanceof TooDeep) {
      return { problems: [{ line: 1, message: "Invalid YAML: it is nested too deeply" }] };
    }
    if (!(error instanceof YamlSyntaxError)) throw error;
    if (problems.length > 0) return { problems };
    const [message = ""] = error.message.split(/ at line |\n/);
    const line = Math.min(error.line, text.trimEnd().split("\n").length); // not beyond the end
    return { problems: [{ line, message: `Invalid YAML: ${message}` }] };
  }
}

class TooDeep extends Error {}

/** The beginning of a line of a map: its indentation, and the key in double, single or no quotes. */
const KEY = /^( *)(?:"([^"]*)"|'([^']*)'|([^\s#"'\-[\]{},&*!|>%@`?:][^#]*?))\s*:(?=\s|$)/;

/**
 * Finds the lines of the keys, which the parser does not tell, by the paths to them as JSON; those that
 * come again in the same map are problems. `rest` is the text with empty lines instead of these.
 */
function findKeys(text: string): { lines: Map<string, number>; problems: Problem[]; rest: string } {
  const lines = new Map<string, number>();
  const problems: Problem[] = [];
  /** The keys under which a line stands. */
  const above: { indent: number; path: readonly string[] }[] = [];
  let repeatedAt = Infinity; // the indentation of a key whose lines are left out
  const rest = text.split("\n").map((text, index) => {
    const indent = text.search(/\S/);
    if (indent < 0) return text;
    if (indent > repeatedAt) return "";
    repeatedAt = Infinity;
    const [, , double, single, plain] = KEY.exec(text) ?? [];
    const key = double ?? single ?? plain;
    if (key === undefined) return text;
    while (above.length > 0 && above.at(-1)!.indent >= indent) above.pop();
    const path = [...above.at(-1)?.path ?? [], key];
    const known = JSON.stringify(path);
    if (lines.has(known)) {
      problems.push(repeatedKey(key, index + 1));
      repeatedAt = indent;
      return "";
    }
    lines.set(known, index + 1);
    above.push({ indent, path });
    return text;
  });
  return { lines, problems, rest: rest.join("\n") };
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value of a scalar that was read in the failsafe schema, in which all that is written is text. */
function scalarOf(value: unknown): unknown {
  if (value === null) return null;
  if (typeof value !== "string") return [];
  if (/^(~|null|Null|NULL)$/.test(value)) return null;
  return /^\d+$/.test(value) ? Number(value) : value;
}
