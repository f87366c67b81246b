/**
 * The size, bytes, above which values are not parsed: strings are cut, objects looked into one
 * level deep.
 */
const VALUE_LIMIT = 64 * 1024;
/** The most members of one object that are looked at; a hook's has a few dozen. */
const MEMBER_LIMIT = 1000;
/** The bytes of a long string that are looked at. */
const PREFIX_LIMIT = 1000;

const QUOTE = 0x22, BACKSLASH = 0x5c, COMMA = 0x2c, COLON = 0x3a;
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

/** A value that could be read, and the index after it, -1 where it does not end. */
interface ScannedValue {
  readonly value: unknown;
  readonly end: number;
}

/**
 * Reads the top-level members of a JSON object without parsing what is not needed: a hook's payload can be
 * 10 MB of which only the first and the last members matter. Long strings come back cut at their
 * first escape or at 1000 bytes, long objects as a `ScannedObject`'s members, long arrays not at all.
 * Text that breaks off gives the members before the break.
 */
export function scanObject(bytes: Uint8Array): ScannedObject {
  const members = new Map<string, unknown>();
  const end = scanMembers(bytes, skipSpace(bytes, 0), 0, members);
  return { members, complete: end >= 0 };
}

/**
 * Reads the members of the object that begins at `start`; returns the index after it, -1 where it
 * breaks off.
 */
function scanMembers(
  bytes: Uint8Array,
  start: number,
  depth: number,
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
    const isWanted = members.size < MEMBER_LIMIT;
    const { value, end } = readValue(bytes, skipSpace(bytes, colon + 1), depth, isWanted);
    if (end < 0) return -1;
    if (value !== undefined) {
      const key = parse(bytes, position, keyEnd);
      if (typeof key === "string") members.set(key, value);
    }
    position = skipSpace(bytes, end);
    if (bytes[position] === CLOSE_BRACE) return position + 1;
    if (bytes[position] !== COMMA) return -1;
    position = skipSpace(bytes, position + 1);
  }
}

function readValue(
  bytes: Uint8Array,
  start: number,
  depth: number,
  isWanted: boolean,
): ScannedValue {
  // In one pass, because it may be nearly all of the text.
  if (bytes[start] === OPEN_BRACE && depth === 0) {
    const members = new Map<string, unknown>();
    const end = scanMembers(bytes, start, depth + 1, members);
    return { value: Object.fromEntries(members), end };
  }
  const end = skipValue(bytes, start);
  if (end < 0 || !isWanted) return { value: undefined, end };
  if (end - start <= VALUE_LIMIT) return { value: parse(bytes, start, end), end };
  return { value: bytes[start] === QUOTE ? stringPrefix(bytes, start + 1) : undefined, end };
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
