/** Has a Linux x64 program loaded at a fixed address. */
import {
  DYNAMIC,
  ENTRY_POINT,
  FILE_TYPE,
  HEADER_SIZE,
  LOAD,
  MACHINE,
  PROGRAM_TABLE_OFFSET,
  readSegments,
  readWord,
  SECTION_COUNT,
  SECTION_SIZE,
  SECTION_TABLE_OFFSET,
  type Segment,
  viewOf,
  writeSegments,
  writeWord,
} from "./elf_file.ts";

/** Where linkers put programs that have a fixed address. */
const BASE = 0x400000;

const FIXED = 2; // ET_EXEC
const POSITION_INDEPENDENT = 3; // ET_DYN
const X64 = 62;
const STACK = 0x6474e551; // the one segment that is nowhere
const SYMBOLS = 11; // a section of type SHT_DYNSYM

/** Entries of the dynamic section by their tags, <elf.h>. */
const RELOCATIONS = 7;
const RELOCATIONS_SIZE = 8;
const RELATIVE_COUNT = 0x6ffffff9;
const PROCEDURES = 0x17;
const PROCEDURES_SIZE = 2;
const FLAGS = 0x6ffffffb;
const IS_POSITION_INDEPENDENT = 0x08000000;
const ADDRESSES = [3, 4, 5, 6, 7, 12, 13, 0x17, 0x19, 0x1a, 0x6ffffef5, 0x6ffffff0, 0x6ffffffe];
const VALUES = [1, 2, 8, 9, 10, 11, 20, 21, 24, 27, 28, 30, 0x6ffffff9, 0x6ffffffb, 0x6fffffff];

/** Relocations by their types, psABI of x86-64. */
const RELATIVE = 8;
const BY_SYMBOL = [1, 5, 6, 7, 16, 17, 18];
const RELOCATION_SIZE = 24;
const SYMBOL_SIZE = 24;

/**
 * Edits a position-independent program into the same one at a fixed address, as Go's programs have
 * it: what the dynamic loader does at each start, 118,668 times writing an address of the program
 * into its data, is done once. A hook takes 1.6 ms (11 %) less: nothing is written, so that the
 * kernel neither copies these pages nor frees them. What is given up is that the program's own code and
 * data lie at another address each time (ASLR); its libraries, stack, heap and compiled JavaScript
 * still do. Returns `undefined` for a program with anything unknown in it.
 */
export function fixAddress(program: Uint8Array): Uint8Array<ArrayBuffer> | undefined {
  const fixed = new Uint8Array(program);
  try {
    return edit(fixed) ? fixed : undefined;
  } catch (error) {
    if (error instanceof RangeError) return undefined; // what points past the end
    throw error;
  }
}

/** Returns whether it could be done. */
function edit(program: Uint8Array): boolean {
  const view = viewOf(program);
  if (program.length < HEADER_SIZE || view.getUint32(0) !== 0x7f454c46) return false;
  const isMovable = view.getUint16(FILE_TYPE, true) === POSITION_INDEPENDENT;
  if (!isMovable || view.getUint16(MACHINE, true) !== X64) return false;
  if (readWord(view, PROGRAM_TABLE_OFFSET) !== HEADER_SIZE) return false;

  const segments = readSegments(program);
  const dynamic = readDynamic(view, segments);
  const symbols = findSection(view, SYMBOLS);
  if (dynamic === undefined || symbols === undefined) return false;
  if (!relocate(view, segments, dynamic)) return false;

  for (let at = symbols.offset; at < symbols.offset + symbols.size; at += SYMBOL_SIZE) {
    if (isAddress(view, at)) add(view, at + 8);
  }
  for (const [tag, { position }] of dynamic) if (ADDRESSES.includes(tag)) add(view, position);
  shiftSections(view);
  writeSegments(
    program,
    segments.map((each) => each.type === STACK ? each : { ...each, address: each.address + BASE }),
  );
  add(view, ENTRY_POINT);
  view.setUint16(FILE_TYPE, FIXED, true);
  return true;
}

/** An entry of the dynamic section: its value, and where in the file that stands. */
interface Entry {
  readonly position: number;
  readonly value: number;
}

/** Reads the dynamic section by tags; `undefined` where there is none, or one of an unknown tag. */
function readDynamic(view: DataView, segments: readonly Segment[]): Map<number, Entry> | undefined {
  const section = segments.find(({ type }) => type === DYNAMIC);
  if (section === undefined) return undefined;
  const entries = new Map<number, Entry>();
  for (let at = section.offset; at < section.offset + section.size; at += 16) {
    const tag = readWord(view, at);
    if (tag === 0) return entries;
    if (!ADDRESSES.includes(tag) && !VALUES.includes(tag)) return undefined;
    entries.set(tag, { position: at + 8, value: readWord(view, at + 8) });
  }
  return undefined;
}

/**
 * Writes what the relative relocations would, drops them, and moves the places of the others, which
 * the loader does by the names of symbols. Returns `false`, with nothing changed, where one is of
 * another type.
 */
function relocate(
  view: DataView,
  segments: readonly Segment[],
  dynamic: ReadonlyMap<number, Entry>,
): boolean {
  const table = (place: number, size: number): { start: number; end: number } => {
    const start = fileOffset(segments, dynamic.get(place)?.value ?? 0);
    return { start, end: start + (dynamic.get(size)?.value ?? 0) };
  };
  const data = table(RELOCATIONS, RELOCATIONS_SIZE);
  const procedures = table(PROCEDURES, PROCEDURES_SIZE);
  const types = new Set<number>();
  for (const { start, end } of [data, procedures]) {
    for (let at = start; at < end; at += RELOCATION_SIZE) types.add(view.getUint32(at + 8, true));
  }
  if ([...types].some((type) => type !== RELATIVE && !BY_SYMBOL.includes(type))) return false;

  let kept = data.start;
  for (let at = data.start; at < data.end; at += RELOCATION_SIZE) {
    const place = readWord(view, at);
    const addend = view.getBigInt64(at + 16, true);
    if (view.getUint32(at + 8, true) === RELATIVE) {
      view.setBigInt64(fileOffset(segments, place), addend + BigInt(BASE), true);
      continue;
    }
    writeWord(view, kept, place + BASE);
    writeWord(view, kept + 8, readWord(view, at + 8));
    view.setBigInt64(kept + 16, addend, true);
    kept += RELOCATION_SIZE;
  }
  for (let at = procedures.start; at < procedures.end; at += RELOCATION_SIZE) {
    add(view, fileOffset(segments, readWord(view, at))); // what is called until its name is looked up
    add(view, at);
  }
  const set = (tag: number, value: number): void => {
    const entry = dynamic.get(tag);
    if (entry !== undefined) writeWord(view, entry.position, value);
  };
  set(RELOCATIONS_SIZE, kept - data.start);
  set(RELATIVE_COUNT, 0);
  set(FLAGS, (dynamic.get(FLAGS)?.value ?? 0) & ~IS_POSITION_INDEPENDENT);
  return true;
}

/** Whether a symbol's value is an address: it is defined here, and not relative to a thread. */
function isAddress(view: DataView, symbol: number): boolean {
  const type = view.getUint8(symbol + 4) & 15;
  const section = view.getUint16(symbol + 6, true);
  return section !== 0 && section !== 0xfff1 && type !== 6 && readWord(view, symbol + 8) !== 0;
}

function findSection(view: DataView, type: number): { offset: number; size: number } | undefined {
  for (const row of sectionRows(view)) {
    if (view.getUint32(row + 4, true) !== type) continue;
    return { offset: readWord(view, row + 24), size: readWord(view, row + 32) };
  }
  return undefined;
}

/** For debuggers; the loader reads no sections. */
function shiftSections(view: DataView): void {
  for (const row of sectionRows(view)) if (readWord(view, row + 16) !== 0) add(view, row + 16);
}

function sectionRows(view: DataView): number[] {
  const table = readWord(view, SECTION_TABLE_OFFSET);
  const count = view.getUint16(SECTION_COUNT, true);
  return Array.from({ length: count }, (_, index) => table + SECTION_SIZE * index);
}

/** Where in the file an address is; throws a RangeError where it is in no segment. */
function fileOffset(segments: readonly Segment[], address: number): number {
  for (const { type, offset, address: start, size } of segments) {
    if (type === LOAD && start <= address && address < start + size) {
      return offset + address - start;
    }
  }
  throw new RangeError(`Address ${address} is in no segment`);
}

function add(view: DataView, position: number): void {
  writeWord(view, position, readWord(view, position) + BASE);
}
