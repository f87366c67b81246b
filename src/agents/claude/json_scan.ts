import { longText } from "./long_text.ts";

/**
 * The size, bytes, above which values are not parsed: strings are cut, objects looked into one
 * level deep.
 */
const VALUE_LIMIT = 64 * 1024;
/** The most members of one object that are looked at; a hook's has a few dozen. */
const MEMBER_LIMIT = 1000;
/** The bytes of a long string that are looked at. */
const PREFIX_LIMIT = 1000;
/** The members of which it is told how long their texts are, and how deep in them. */
const MEASURED: readonly unknown[] = ["tool_response", "error"];
const MEASURED_DEPTH = 3;
/** The member of a response that may be a list of texts. */
const LIST = "content";

const QUOTE = 0x22, BACKSLASH = 0x5c, LETTER_U = 0x75, COMMA = 0x2c, COLON = 0x3a;
const OPEN_BRACE = 0x7b, CLOSE_BRACE = 0x7d, OPEN_BRACKET = 0x5b, CLOSE_BRACKET = 0x5d;

/**
 * The bytes of a string that are read one by one before its end is searched for: of many short ones
 * that is sooner done.
 */
const NEAR = 64;

/** The members of a JSON object that could be read, and whether it was whole. */
export interface ScannedObject {
  readonly members: ReadonlyMap<string, unknown>;
  readonly complete: boolean;
}

/** Where a value stands. */
interface Place {
  /** In how many objects and lists. */
  readonly depth: number;
  /** Whether its long texts are to be measured. */
  readonly isMeasured: boolean;
  /** Whether a list at this place is looked into. */
  readonly isList?: boolean;
}

/** A value that could be read, and the index after it, -1 where it does not end. */
interface ScannedValue {
  readonly value: unknown;
  readonly end: number;
}

/**
 * Reads the top-level members of a JSON object without parsing what is not needed: a hook's payload can be
 * 10 MB of which only the first and the last members matter. Long strings come back cut at their
 * first escape or at 1000 bytes, long objects as a `ScannedObject`'s members, long arrays not at all. In what
 * a tool answered long strings come back as `LongText`, and lists of texts too.
 * Text that breaks off gives the members before the break.
 */
export function scanObject(bytes: Uint8Array): ScannedObject {
  const members = new Map<string, unknown>();
  const end = scanMembers(bytes, skipSpace(bytes, 0), { depth: 0, isMeasured: false }, members);
  return { members, complete: end >= 0 };
}

/**
 * Reads the members of the object that begins at `start`; returns the index after it, -1 where it
 * breaks off.
 */
function scanMembers(
  bytes: Uint8Array,
  start: number,
  place: Place,
  members: Map<string, unknown>,
): number {
  if (bytes[start] !== OPEN_BRACE) return -1;
  let position = skipSpace(bytes, start + 1);
  if (bytes[position] === CLOSE_BRACE) return position + 1;
  for (;;) {
    const keyEnd = bytes[position] === QUOTE ? skipString(bytes, position) : -1;
    if (keyEnd < 0) return -1;
    const colon = skipSpace(bytes, keyEnd);
    if (bytes[colon] !== COLON) return -1;
    const key = members.size < MEMBER_LIMIT ? parse(bytes, position, keyEnd) : undefined;
    const from = skipSpace(bytes, colon + 1);
    const { value, end } = key === undefined
      ? { value: undefined, end: skipValue(bytes, from) }
      : readValue(bytes, from, placeOf(key, place));
    if (end < 0) return -1;
    if (value !== undefined && typeof key === "string") members.set(key, value);
    position = skipSpace(bytes, end);
    if (bytes[position] === CLOSE_BRACE) return position + 1;
    if (bytes[position] !== COMMA) return -1;
    position = skipSpace(bytes, position + 1);
  }
}

/** The place of a member's value. */
function placeOf(key: unknown, { depth, isMeasured }: Place): Place {
  if (depth > 0) return { depth, isMeasured, isList: isMeasured && depth === 1 && key === LIST };
  const isAnswer = MEASURED.includes(key);
  return { depth, isMeasured: isAnswer, isList: isAnswer };
}

function readValue(bytes: Uint8Array, start: number, place: Place): ScannedValue {
  const { depth, isMeasured, isList } = place;
  const within = { depth: depth + 1, isMeasured };
  // In one pass, because it may be nearly all of the text.
  if (bytes[start] === OPEN_BRACE && (depth === 0 || isMeasured && depth < MEASURED_DEPTH)) {
    const members = new Map<string, unknown>();
    const end = scanMembers(bytes, start, within, members);
    return { value: Object.fromEntries(members), end };
  }
  if (bytes[start] === OPEN_BRACKET && isList) return readList(bytes, start, within);
  const end = skipValue(bytes, start);
  if (end < 0) return { value: undefined, end };
  if (end - start <= VALUE_LIMIT) return { value: parse(bytes, start, end), end };
  if (bytes[start] !== QUOTE) return { value: undefined, end };
  const prefix = stringPrefix(bytes, start + 1);
  if (!isMeasured) return { value: prefix, end };
  return { value: longText(prefix, () => textBytes(bytes.subarray(start + 1, end - 1))), end };
}

/** Reads a list; one that is too long not at all. */
function readList(bytes: Uint8Array, start: number, place: Place): ScannedValue {
  const values: unknown[] = [];
  let position = skipSpace(bytes, start + 1);
  if (bytes[position] === CLOSE_BRACKET) return { value: values, end: position + 1 };
  for (;;) {
    if (values.length === MEMBER_LIMIT) return { value: undefined, end: skipNested(bytes, start) };
    const { value, end } = readValue(bytes, position, place);
    if (end < 0) return { value: undefined, end };
    values.push(value);
    position = skipSpace(bytes, end);
    if (bytes[position] === CLOSE_BRACKET) return { value: values, end: position + 1 };
    if (bytes[position] !== COMMA) return { value: undefined, end: -1 };
    position = skipSpace(bytes, position + 1);
  }
}

/** The bytes in UTF-8 of what a string of JSON stands for, given without its quotes. */
function textBytes(string: Uint8Array): number {
  let length = string.length;
  for (let at = indexOfEscape(string, 0); at >= 0; at = indexOfEscape(string, at)) {
    if (string[at + 1] !== LETTER_U) {
      length--;
      at += 2;
      continue;
    }
    const code = unitAt(string, at);
    const isPair = code >> 10 === 0x36 && unitAt(string, at + 6) >> 10 === 0x37;
    length -= isPair ? 12 - 4 : 6 - (code < 0x80 ? 1 : code < 0x800 ? 2 : 3);
    at += isPair ? 12 : 6;
  }
  return length;
}

/** The UTF-16 unit of an escape `\uXXXX`, NaN where there is none. */
function unitAt(string: Uint8Array, at: number): number {
  if (string[at] !== BACKSLASH || string[at + 1] !== LETTER_U) return NaN;
  return parseInt(String.fromCharCode(...string.subarray(at + 2, at + 6)), 16);
}

/** Where the next escape begins; -1 where there is none. */
function indexOfEscape(bytes: Uint8Array, from: number): number {
  const near = Math.min(bytes.length, from + NEAR);
  for (let position = from; position < near; position++) {
    if (bytes[position] === BACKSLASH) return position;
  }
  return bytes.indexOf(BACKSLASH, near);
}

function stringPrefix(bytes: Uint8Array, start: number): string {
  const prefix = bytes.subarray(start, start + PREFIX_LIMIT);
  const escape = prefix.indexOf(BACKSLASH);
  return new TextDecoder().decode(escape < 0 ? prefix : prefix.subarray(0, escape));
}

function parse(bytes: Uint8Array, start: number, end: number): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes.subarray(start, end)));
  } catch {
    return undefined;
  }
}

function skipSpace(bytes: Uint8Array, position: number): number {
  for (;; position++) {
    const byte = bytes[position];
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return position;
  }
}

/** The index after the string that begins at `start`, or -1 where it does not end. */
function skipString(bytes: Uint8Array, start: number): number {
  let position = start + 1;
  for (;;) {
    const near = Math.min(bytes.length, position + NEAR);
    for (; position < near; position++) {
      const byte = bytes[position];
      if (byte === QUOTE) return position + 1;
      if (byte === BACKSLASH) position++;
    }
    const quote = bytes.indexOf(QUOTE, position);
    if (quote < 0) return -1;
    let before = quote - 1;
    while (before >= position && bytes[before] === BACKSLASH) before--;
    if ((quote - 1 - before) % 2 === 0) return quote + 1;
    position = quote + 1;
  }
}

/** The index after the value that begins at `start`, or -1 where it does not end. */
function skipValue(bytes: Uint8Array, start: number): number {
  const first = bytes[start];
  if (first === QUOTE) return skipString(bytes, start);
  if (first === OPEN_BRACE || first === OPEN_BRACKET) return skipNested(bytes, start);
  for (let position = start; position < bytes.length; position++) {
    const byte = bytes[position]!;
    if (byte <= 0x20 || byte === COMMA || byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
      return position > start ? position : -1;
    }
  }
  return -1;
}

function skipNested(bytes: Uint8Array, start: number): number {
  let depth = 0;
  for (let position = start; position < bytes.length; position++) {
    const byte = bytes[position]!;
    if (byte === QUOTE) {
      position = skipString(bytes, position) - 1;
      if (position < 0) return -1;
    } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth++;
    else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
      if (--depth === 0) return position + 1;
    }
  }
  return -1;
}
