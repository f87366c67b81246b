/** The parts of a 64-bit little-endian ELF file that the build edits: elf(5). */

/** Where the fields stand in the header of the file. */
export const FILE_TYPE = 16;
export const MACHINE = 18;
export const ENTRY_POINT = 24;
export const PROGRAM_TABLE_OFFSET = 32;
export const SECTION_TABLE_OFFSET = 40;
export const PROGRAM_COUNT = 56;
export const SECTION_COUNT = 60;
export const NAMES_INDEX = 62;

/** The length of the file's header, and of a row of its two tables. */
export const HEADER_SIZE = 64;
export const SEGMENT_SIZE = 56;
export const SECTION_SIZE = 64;

/** Types of segments. */
export const LOAD = 1;
export const DYNAMIC = 2;
export const INTERPRETER = 3;
export const NOTE = 4;
export const TABLE = 6;

/** A row of the table of program headers; sizes and places in bytes. */
export interface Segment {
  readonly type: number;
  readonly flags: number;
  /** Its place in the file. */
  readonly offset: number;
  /** Its place in memory, from where the program is loaded. */
  readonly address: number;
  /** Its length in the file. */
  readonly size: number;
  /** Its length in memory. */
  readonly memory: number;
  readonly alignment: number;
}

/** Returns the table of program headers; throws a RangeError where it passes the end. */
export function readSegments(bytes: Uint8Array): Segment[] {
  const view = viewOf(bytes);
  const table = readWord(view, PROGRAM_TABLE_OFFSET);
  return Array.from({ length: view.getUint16(PROGRAM_COUNT, true) }, (_, index) => {
    const row = table + SEGMENT_SIZE * index;
    return {
      type: view.getUint32(row, true),
      flags: view.getUint32(row + 4, true),
      offset: readWord(view, row + 8),
      address: readWord(view, row + 16),
      size: readWord(view, row + 32),
      memory: readWord(view, row + 40),
      alignment: readWord(view, row + 48),
    };
  });
}

/** Writes the table of program headers right behind the file's header, which it points there. */
export function writeSegments(bytes: Uint8Array, segments: readonly Segment[]): void {
  const view = viewOf(bytes);
  writeWord(view, PROGRAM_TABLE_OFFSET, HEADER_SIZE);
  view.setUint16(PROGRAM_COUNT, segments.length, true);
  segments.forEach(({ type, flags, offset, address, size, memory, alignment }, index) => {
    const row = HEADER_SIZE + SEGMENT_SIZE * index;
    view.setUint32(row, type, true);
    view.setUint32(row + 4, flags, true);
    [offset, address, address, size, memory, alignment].forEach((value, field) =>
      writeWord(view, row + 8 + 8 * field, value)
    );
  });
}

/** A view of all the bytes. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Reads eight bytes as a number. */
export function readWord(view: DataView, position: number): number {
  return Number(view.getBigUint64(position, true));
}

/** Writes a number as eight bytes. */
export function writeWord(view: DataView, position: number, value: number): void {
  view.setBigUint64(position, BigInt(value), true);
}
