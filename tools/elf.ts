/** Undoing what `deno compile` does to a Linux x64 runtime, on bytes in memory. */

/** Where the fields stand in the header of a 64-bit little-endian file, in bytes: elf(5). */
const PROGRAM_TABLE_OFFSET = 32;
const SECTION_TABLE_OFFSET = 40;
const PROGRAM_COUNT = 56;
const SECTION_COUNT = 60;
const NAMES_INDEX = 62;

/** The length of the file's header, and of a row of its table of sections, in bytes. */
const HEADER_SIZE = 64;
const SECTION_SIZE = 64;

/** The bytes are no executable that `deno compile` of Deno 2.9 (libsui 0.16) wrote. */
export class RuntimeNotFoundError extends Error {
  override readonly name = "RuntimeNotFoundError";
}

/** What libsui adds: two program headers and the sections of these names. */
const ADDED_PROGRAM_HEADERS = 2;
const ADDED_SECTIONS = [".sui.phdrs", ".note.sui"];

/**
 * Returns the untouched `denort` runtime that is inside `executable`, a Linux x64 program made by
 * `deno compile`.
 *
 * `deno compile` edits a copy of denort: it appends a note section that holds the program, moves
 * the program headers and the section headers behind it, and points the ELF header there. All the
 * original bytes are still in place, so the way back is to cut the file after the original
 * section headers and to restore four fields of the ELF header. The caller compares the result
 * with a known hash. Throws {@linkcode RuntimeNotFoundError} for any other input.
 */
export function recoverRuntime(executable: Uint8Array): Uint8Array<ArrayBuffer> {
  try {
    return recover(executable);
  } catch (error) {
    // Every read out of bounds is one: an offset of a cut or damaged file points past its end.
    if (!(error instanceof RangeError)) throw error;
    throw new RuntimeNotFoundError("The executable is cut off or damaged", { cause: error });
  }
}

function recover(executable: Uint8Array): Uint8Array<ArrayBuffer> {
  const view = new DataView(executable.buffer, executable.byteOffset, executable.byteLength);
  if (view.getUint32(0) !== 0x7f454c46) throw new RuntimeNotFoundError("Not an ELF file");
  const movedPrograms = readOffset(view, PROGRAM_TABLE_OFFSET);
  const movedSections = readOffset(view, SECTION_TABLE_OFFSET);
  if (movedPrograms === HEADER_SIZE) {
    throw new RuntimeNotFoundError("The program headers were not moved: no libsui 0.16 wrote this");
  }
  const movedCount = view.getUint16(SECTION_COUNT, true);
  if (movedSections + SECTION_SIZE * movedCount > executable.length) {
    throw new RangeError("The moved section headers pass the end");
  }
  const sectionCount = movedCount - countAddedSections(executable, view, movedSections);
  const sections = findOriginalSections(executable, movedPrograms, movedSections);
  const end = sections + SECTION_SIZE * sectionCount;
  if (end > executable.length) throw new RangeError("The section headers pass the end");

  const runtime = new Uint8Array(end);
  runtime.set(executable.subarray(0, end));
  const header = new DataView(runtime.buffer);
  header.setBigUint64(PROGRAM_TABLE_OFFSET, BigInt(HEADER_SIZE), true);
  header.setBigUint64(SECTION_TABLE_OFFSET, BigInt(sections), true);
  header.setUint16(
    PROGRAM_COUNT,
    view.getUint16(PROGRAM_COUNT, true) - ADDED_PROGRAM_HEADERS,
    true,
  );
  header.setUint16(SECTION_COUNT, sectionCount, true);
  return runtime;
}

function readOffset(view: DataView, position: number): number {
  const offset = view.getBigUint64(position, true);
  if (offset > BigInt(view.byteLength)) throw new RangeError(`Offset ${offset} passes the end`);
  return Number(offset);
}

function countAddedSections(executable: Uint8Array, view: DataView, sections: number): number {
  const namesHeader = sections + SECTION_SIZE * view.getUint16(NAMES_INDEX, true);
  const names = readOffset(view, namesHeader + 24);
  let added = 0;
  for (let index = 0; index < view.getUint16(SECTION_COUNT, true); index++) {
    const start = names + view.getUint32(sections + SECTION_SIZE * index, true);
    const end = executable.indexOf(0, start);
    const name = new TextDecoder().decode(executable.subarray(start, end < 0 ? start : end));
    if (ADDED_SECTIONS.includes(name)) added++;
  }
  return added;
}

/**
 * Finds the section headers at their original place, before the moved program headers. Entry 1 is
 * the same there as in the moved table, but for the offset of its name (its first four bytes).
 */
function findOriginalSections(
  executable: Uint8Array,
  movedPrograms: number,
  movedSections: number,
): number {
  const entry = executable.subarray(
    movedSections + SECTION_SIZE + 4,
    movedSections + 2 * SECTION_SIZE,
  );
  const searched = executable.subarray(0, movedPrograms);
  const position = findBytes(searched, entry);
  if (position < 0) throw new RuntimeNotFoundError("The original section headers are missing");
  if (findBytes(searched, entry, position + 1) >= 0) {
    throw new RuntimeNotFoundError("The original section headers are ambiguous");
  }
  const start = position - 4 - SECTION_SIZE;
  if (start < 0 || executable.subarray(start, start + SECTION_SIZE).some((byte) => byte !== 0)) {
    throw new RuntimeNotFoundError(
      "The original section headers don't begin with the null section",
    );
  }
  return start;
}

/**
 * Returns the first position of `wanted` in `bytes` from `from` on, or -1: Boyer-Moore-Horspool,
 * because the runtime has 100 MB.
 */
function findBytes(bytes: Uint8Array, wanted: Uint8Array, from = 0): number {
  const last = wanted.length - 1;
  const shifts = new Uint32Array(256).fill(wanted.length);
  wanted.subarray(0, last).forEach((byte, index) => shifts[byte] = last - index);
  for (let start = from; start + last < bytes.length;) {
    let index = last;
    while (index >= 0 && bytes[start + index] === wanted[index]) index--;
    if (index < 0) return start;
    start += shifts[bytes[start + last] ?? 0] ?? 1;
  }
  return -1;
}
