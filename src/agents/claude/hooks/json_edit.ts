import {
  getNodeValue,
  type Node,
  type ParseError,
  parseTree,
  printParseErrorCode,
} from "jsonc-parser";
import type { Json } from "./events.ts";

/** A node of the tree of a JSON text: its kind, its place in the text, its children. */
export type { Node, NodeType } from "jsonc-parser";

/** A text that is not strict JSON, with the place of its first error; both count from 1. */
export class JsonSyntaxError extends Error {
  override name = "JsonSyntaxError";
  constructor(readonly line: number, readonly column: number, readonly found: string) {
    super(`Invalid JSON at line ${line}, column ${column}: ${found}`);
  }
}

/** Deeper than settings and rules are; what calls itself for each level has no room for some thousands. */
const MOST_LEVELS = 500;

/**
 * Parses strict JSON (no comments, no trailing commas) into a tree with offsets; throws a
 * `JsonSyntaxError`, also where it is nested more than 500 levels deep.
 */
export function parseJson(text: string): Node {
  const tooDeep = findDepth(text, MOST_LEVELS);
  if (tooDeep !== undefined) throw syntaxError(text, tooDeep, "it is nested too deeply");
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { disallowComments: true, allowTrailingComma: false });
  const [first] = errors;
  if (first !== undefined) {
    throw syntaxError(text, first.offset, printParseErrorCode(first.error));
  }
  if (root === undefined) throw syntaxError(text, 0, "ValueExpected");
  return root;
}

/** The offset of the first bracket that stands deeper than so many levels; `undefined` where none does. */
function findDepth(text: string, levels: number): number | undefined {
  let depth = 0;
  let isInString = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!;
    if (character === '"') isInString = !isInString;
    else if (isInString) at += character === "\\" ? 1 : 0;
    else if ("]}".includes(character)) depth--;
    else if ("[{".includes(character) && ++depth > levels) return at;
  }
  return undefined;
}

/** The plain value of a node. */
export function valueOf(node: Node): Json {
  return getNodeValue(node) as Json;
}

/** The property of an object by its key; of a repeated key the last one counts, as for `JSON.parse`. */
export function propertyOf(object: Node | undefined, key: string): Node | undefined {
  if (object?.type !== "object") return undefined;
  return object.children?.findLast((property) => property.children?.[0]?.value === key);
}

/** The node of the value that an object has under a key. */
export function memberOf(object: Node | undefined, key: string): Node | undefined {
  return propertyOf(object, key)?.children?.[1];
}

/**
 * The text with a value put after the last child of an array, or under `key` of an object, in the
 * style of what stands there: line ends, indentation, or all on one line. `remove` undoes it byte
 * for byte, which `modify` of jsonc-parser does not: it also eats the blanks before a closing bracket.
 */
export function append(text: string, container: Node, value: Json, key?: string): string {
  const last = container.children?.at(-1);
  const end = container.offset + container.length;
  if (last === undefined) {
    const inside = emptyContainerWith(text, container, value, key);
    return text.slice(0, container.offset + 1) + inside + text.slice(end - 1);
  }
  const at = last.offset + last.length;
  const indent = indentBefore(text, last.offset);
  const added = indent === undefined
    ? `,${compact(value, key)}`
    : `,${lineEnd(text)}${indent}${pretty(text, value, key, indent)}`;
  return text.slice(0, at) + added + text.slice(at);
}

/** The text without a property or an item of an array, and without the comma that it needed. */
export function remove(text: string, child: Node): string {
  const siblings = child.parent?.children ?? [];
  const i = siblings.indexOf(child);
  const [previous, next] = [siblings[i - 1], siblings[i + 1]];
  let [from, to] = [child.offset, child.offset + child.length];
  if (previous !== undefined) from = previous.offset + previous.length;
  else if (next !== undefined) to = next.offset;
  else if (child.parent !== undefined) {
    from = child.parent.offset + 1;
    to = child.parent.offset + child.parent.length - 1;
  }
  return text.slice(0, from) + text.slice(to);
}

/** The text with another value, in one line, in the place of one. */
export function replace(text: string, node: Node, value: Json): string {
  return text.slice(0, node.offset) + JSON.stringify(value) +
    text.slice(node.offset + node.length);
}

function syntaxError(text: string, offset: number, code: string): JsonSyntaxError {
  const before = text.slice(0, offset).split(/\r\n|\n|\r/);
  const words = code.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
  return new JsonSyntaxError(before.length, (before.at(-1) ?? "").length + 1, words);
}

function emptyContainerWith(text: string, container: Node, value: Json, key?: string): string {
  const isRoot = container.parent === undefined;
  if (!isRoot && !text.includes("\n")) return compact(value, key);
  const outer = /^[ \t]*/.exec(text.slice(lineStart(text, container.offset)))?.[0] ?? "";
  const inner = outer + indentUnit(text);
  return lineEnd(text) + inner + pretty(text, value, key, inner) + lineEnd(text) + outer;
}

function compact(value: Json, key?: string): string {
  return (key === undefined ? "" : `${JSON.stringify(key)}:`) + JSON.stringify(value);
}

function pretty(text: string, value: Json, key: string | undefined, indent: string): string {
  const name = key === undefined ? "" : `${JSON.stringify(key)}: `;
  const lines = JSON.stringify(value, null, indentUnit(text)).split("\n");
  return name + lines.join(lineEnd(text) + indent);
}

function lineEnd(text: string): string {
  return /\r?\n/.exec(text)?.[0] ?? "\n";
}

/** The first indentation in the text, which is that of the root's first property. */
function indentUnit(text: string): string {
  return /\n([ \t]+)\S/.exec(text)?.[1] ?? "  ";
}

function lineStart(text: string, offset: number): number {
  return text.lastIndexOf("\n", offset - 1) + 1;
}

/** The blanks before a place that begins its line; `undefined` where something else stands before it. */
function indentBefore(text: string, offset: number): string | undefined {
  const start = lineStart(text, offset);
  const before = text.slice(start, offset);
  return start > 0 && /^[ \t]*$/.test(before) ? before : undefined;
}
