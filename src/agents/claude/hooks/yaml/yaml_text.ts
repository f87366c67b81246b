/**
 * Edits the text of a YAML file at one place: what stands elsewhere stays byte for byte, which no
 * serializer of a parsed document can promise.
 */
import {
  Document,
  isCollection,
  isNode,
  isPair,
  isScalar,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
} from "yaml";

export type { YAMLMap, YAMLSeq };

/** The keys and values of a new map, in order. */
export type Entry = readonly (readonly [key: string, value: unknown])[];

/** That an edit would touch what it must not, such as a comment. */
export class UneditableError extends Error {}

/** The text with a value of a map set. */
export function setKey(text: string, map: YAMLMap, key: string, value: unknown): string {
  const pair = pairOf(map, key);
  if (pair === undefined) return addPair(text, map, key, [valueText(value, isFlow(map))]);
  const [from, to] = valueRange(text, pair);
  const style = isScalar(pair.value) ? pair.value.type : undefined;
  const blank = text[from - 1] === ":" ? " " : "";
  // A block scalar's last line end belongs to it.
  const end = text.slice(from, to).endsWith("\n") ? lineEndOf(text) : "";
  const comment = commentIn(text, pair.value);
  return spliced(text, from, to, blank + valueText(value, isFlow(map), style) + comment + end);
}

/** The comment in the first line of a block scalar, with the blank before it; throws where others stand in a value. */
function commentIn(text: string, value: unknown): string {
  const [from, to] = rangeOf(value) ?? [0, 0];
  if (isScalar(value)) {
    if (!value.type?.startsWith("BLOCK")) return "";
    return / #.*/.exec(text.slice(from, lineEnd(text, from)))?.[0] ?? "";
  }
  if (text.slice(from, to).includes("#")) throw new UneditableError();
  return "";
}

/** The text without a key of a map; comments stay. Throws an `UneditableError` where one could not. */
export function removeKey(text: string, map: YAMLMap, key: string): string {
  const index = map.items.findIndex((item) => isScalar(item.key) && item.key.value === key);
  const pair = map.items[index];
  if (pair === undefined) return text;
  const from = startOf(pair.key);
  const to = endOf(text, pair.value ?? pair.key);
  const next = map.items[index + 1];
  const isOnOwnLine = text.slice(lineStart(text, from), from).trim() === "";
  if (!isFlow(map) && isOnOwnLine) return withoutLines(text, pair);
  if (!isFlow(map) && next !== undefined) {
    // It is on the line of its item's dash: the next one takes its place.
    const moved = text.slice(startOf(next.key), endOf(text, next.value ?? next.key));
    return spliced(withoutLines(text, next), from, to, moved);
  }
  const before = map.items[index - 1];
  const cut = next !== undefined
    ? [from, startOf(next.key)] as const
    : [before === undefined ? from : endOf(text, before.value ?? before.key), to] as const;
  if (text.slice(...cut).includes("#")) throw new UneditableError();
  return spliced(text, ...cut, "");
}

/** The text without a pair that has lines of its own, but for a comment behind it. */
function withoutLines(text: string, { key, value }: { key: unknown; value: unknown }): string {
  const from = startOf(key);
  const to = endOf(text, value ?? key);
  const comment = commentIn(text, value).trimStart();
  if (comment !== "") return spliced(text, from, to, comment);
  const rest = text.slice(to, lineEnd(text, to));
  return rest.trim() === ""
    ? spliced(text, lineStart(text, from), nextLine(text, to), "")
    : spliced(text, from, to + (rest.length - rest.trimStart().length), "");
}

/** The text with a map more at the end of a list. */
export function addItem(text: string, list: YAMLSeq, entry: Entry): string {
  const last = list.items.findLast(isNode);
  if (isFlow(list)) {
    const item = flowMap(entry);
    if (last === undefined) return insertedIn(text, list, item);
    return spliced(text, endOf(text, last), endOf(text, last), `, ${item}`);
  }
  const column = dashColumn(text, list);
  let at = behindLine(text, last);
  // Comments that are indented under the last item are its own.
  while (text[at - 1] !== "\n") {
    const line = text.slice(nextLine(text, at), lineEnd(text, nextLine(text, at)));
    if (nextLine(text, at) <= at || !/^ *#/.test(line) || line.search("#") <= column) break;
    at = lineEnd(text, nextLine(text, at));
  }
  return withLines(text, at, blockItem(entry), column);
}

/** The text with a list of one map under a key that has no value yet, or an empty list. */
export function fillKey(text: string, map: YAMLMap, key: string, entry: Entry): string {
  const pair = pairOf(map, key);
  if (isFlow(map)) {
    const list = `[${flowMap(entry)}]`;
    const range = rangeOf(pair?.value);
    if (pair === undefined) return addPair(text, map, key, [list]);
    return range === undefined
      ? spliced(text, endOf(text, pair.key), endOf(text, pair.key), `: ${list}`)
      : spliced(text, ...range, `${/\s$/.test(text.slice(0, range[0])) ? "" : " "}${list}`);
  }
  if (pair === undefined) return addPair(text, map, key, ["", ...blockItem(entry)]);
  const [from, to] = valueRange(text, pair);
  if (text.slice(from, to).includes("#")) throw new UneditableError();
  const column = columnOf(text, startOf(pair.key));
  const at = lineEnd(text, from === to ? endOf(text, pair.key) : to);
  const filled = withLines(text, at, blockItem(entry), column);
  const blanks = from - text.slice(0, from).trimEnd().length;
  return from === to ? filled : spliced(filled, from - blanks, to, "");
}

/** The text with a key more at the end of a map; further lines of its value are a list. */
function addPair(text: string, map: YAMLMap, key: string, value: readonly string[]): string {
  const last = map.items.at(-1);
  if (isFlow(map)) {
    const isJson = last !== undefined && text[startOf(last.key)] === '"';
    const pair = `${isJson || last === undefined ? JSON.stringify(key) : key}: ${value[0]}`;
    if (last === undefined) return insertedIn(text, map, pair);
    const end = endOf(text, last.value ?? last.key);
    return spliced(text, end, end, `, ${pair}`);
  }
  if (last === undefined) throw new UneditableError();
  const [first = "", ...rest] = value;
  const lines = [`${key}: ${first}`.trimEnd(), ...rest];
  const column = columnOf(text, startOf(map.items[0]?.key));
  return withLines(text, behindLine(text, last.value ?? last.key), lines, column);
}

/** The text of an entry as a whole file. */
export function newFile(key: string, entry: Entry): string {
  return [`${key}:`, ...blockItem(entry), ""].join("\n");
}

/** The text with a key behind it, where it holds comments only. */
export function appendKey(text: string, key: string, entry: Entry): string {
  const at = text.trimEnd().length;
  return withLines(text, at, [`${key}:`, ...blockItem(entry)], 0);
}

function blockItem(entry: Entry): string[] {
  return entry.map(([key, value], index) =>
    `${index === 0 ? "- " : "  "}${key}: ${valueText(value, false)}`
  );
}

function flowMap(entry: Entry): string {
  const pairs = entry.map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`);
  return `{${pairs.join(", ")}}`;
}

/** The text with lines more at the end of a line, or at the beginning of the next one. */
function withLines(text: string, at: number, lines: readonly string[], column: number): string {
  const eol = lineEndOf(text);
  const indented = lines.map((line) => " ".repeat(column) + line);
  const isBegin = text[at - 1] === "\n";
  return spliced(text, at, at, indented.map((line) => isBegin ? line + eol : eol + line).join(""));
}

/** The end of the last line of a node; of a block scalar that keeps its line ends the beginning of the next. */
function behindLine(text: string, node: unknown): number {
  let last = node;
  while (isCollection(last) && last.flow !== true && last.items.length > 0) {
    const item: unknown = last.items.at(-1);
    last = isPair(item) ? item.value ?? item.key : item;
  }
  const [from, to] = rangeOf(last) ?? [0, 0];
  const isKept = isScalar(last) && last.type?.startsWith("BLOCK") &&
    /^.\d?\+/.test(text.slice(from, to));
  return isKept ? to : lineEnd(text, endOf(text, last));
}

/** A value on one line, as it stands behind its key; quoted as `style` is. */
function valueText(value: unknown, flow: boolean, style?: Scalar.Type | null): string {
  if (flow) return JSON.stringify(value);
  const document = new Document({ k: value });
  const node = document.get("k", true);
  if (isScalar(node) && typeof value === "string" && style?.startsWith("QUOTE")) node.type = style;
  else if (isCollection(node)) node.flow = true;
  return document.toString({
    lineWidth: 0,
    blockQuote: false,
    doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER,
    flowCollectionPadding: false,
  }).slice("k: ".length).trimEnd();
}

/** Behind the opening bracket of an empty collection. */
function insertedIn(text: string, collection: YAMLMap | YAMLSeq, inner: string): string {
  const at = startOf(collection) + 1;
  return spliced(text, at, at, inner);
}

function isFlow(collection: YAMLMap | YAMLSeq): boolean {
  return collection.flow === true;
}

function pairOf(map: YAMLMap, key: string): { key: unknown; value: unknown } | undefined {
  return map.items.find((item) => isScalar(item.key) && item.key.value === key);
}

function rangeOf(node: unknown): readonly [from: number, to: number] | undefined {
  const range = isNode(node) ? node.range : undefined;
  return range ? [range[0], range[1]] : undefined;
}

/** Where the value of a pair stands; of an empty one behind its key's colon. */
function valueRange(
  text: string,
  pair: { key: unknown; value: unknown },
): readonly [number, number] {
  const [from, to] = rangeOf(pair.value) ?? [0, 0];
  if (from < to) return [from, to];
  const colon = text.indexOf(":", endOf(text, pair.key));
  const at = colon < 0 ? endOf(text, pair.key) : colon + 1;
  return [at, at];
}

function startOf(node: unknown): number {
  const range = rangeOf(node);
  if (range === undefined) throw new UneditableError();
  return range[0];
}

/** Behind the last character of a node that is no blank and no line end; an empty one may stand behind comments. */
function endOf(text: string, node: unknown): number {
  const range = rangeOf(node);
  if (range === undefined) throw new UneditableError();
  const before = text.slice(0, range[1]).trimEnd();
  return range[0] < range[1] ? before.length : before.replace(/(?:\s+#.*)+$/, "").length;
}

function dashColumn(text: string, list: YAMLSeq): number {
  const token = list.srcToken;
  const dash = token?.type === "block-seq"
    ? token.items[0]?.start.find(({ type }) => type === "seq-item-ind")
    : undefined;
  if (dash === undefined) throw new UneditableError();
  return columnOf(text, dash.offset);
}

function columnOf(text: string, offset: number): number {
  const line = lineStart(text, offset);
  return offset - line - (text[line] === "\ufeff" ? 1 : 0);
}

function lineStart(text: string, offset: number): number {
  return text.lastIndexOf("\n", offset - 1) + 1;
}

/** Where the line end of an offset's line begins. */
function lineEnd(text: string, offset: number): number {
  const newline = text.indexOf("\n", offset);
  if (newline < 0) return text.length;
  return newline > 0 && text[newline - 1] === "\r" ? newline - 1 : newline;
}

function nextLine(text: string, offset: number): number {
  const newline = text.indexOf("\n", offset);
  return newline < 0 ? text.length : newline + 1;
}

function lineEndOf(text: string): string {
  return text.includes("\r\n") ? "\r\n" : "\n";
}

function spliced(text: string, from: number, to: number, inner: string): string {
  return text.slice(0, from) + inner + text.slice(to);
}
