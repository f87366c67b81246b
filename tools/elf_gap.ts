/** Takes the gap out of a Linux program that `deno compile` made, on bytes in memory. */
import { recoverRuntime } from "./elf.ts";

/** Fields of a 64-bit ELF file, see elf(5). */
const PROGRAM_TABLE_OFFSET = 32;
const PROGRAM_COUNT = 56;
const HEADER_SIZE = 64;
const ENTRY_SIZE = 56;
const LOAD = 1;
const INTERPRETER = 3;
const NOTE = 4;
const TABLE = 6;

/** One entry of the table of program headers. */
interface Segment {
  type: number;
  flags: number;
  offset: number;
  address: number;
  size: number;
  memory: number;
  alignment: number;
}

/**
 * Returns the same program without the empty 2.7 MB that `deno compile` leaves between the runtime
 * and what it appends. It puts the table of program headers behind the runtime, where it has room
 * for two entries more, and older kernels want that table at a file offset that is its address. Here
 * the table stays at its old place: one more entry fits between it and the interpreter's name, and
 * the other takes that of the runtime's own notes (its build id, which nobody reads at run time).
 * Returns `undefined` where that can't be done: there is no such place, or the file is another's.
 */
export function closeGap(executable: Uint8Array): Uint8Array<ArrayBuffer> | undefined {
  let runtime: Uint8Array<ArrayBuffer>;
  try {
    runtime = recoverRuntime(executable);
  } catch {
    return undefined;
  }
  const [payload, payloadNote] = readSegments(executable).slice(-2);
  const segments = readSegments(runtime);
  const note = segments.findIndex(({ type }) => type === NOTE);
  const end = segments.find(({ type }) => type === INTERPRETER)?.offset ?? 0;
  if (payload?.type !== LOAD || payloadNote?.type !== NOTE || note < 0) return undefined;
  if (HEADER_SIZE + ENTRY_SIZE * (segments.length + 1) > end) return undefined;

  const page = Math.max(...segments.filter(({ type }) => type === LOAD).map((it) => it.alignment));
  // A segment's offset and address must be at the same place of a page.
  const start = Math.ceil((runtime.length - payload.address % page) / page) * page +
    payload.address % page;
  segments[note] = { ...payloadNote, offset: start + payloadNote.offset - payload.offset };
  const lastLoad = segments.findLastIndex(({ type }) => type === LOAD);
  segments.splice(lastLoad + 1, 0, { ...payload, offset: start }); // in order of addresses
  const result = new Uint8Array(start + payload.size);
  result.set(runtime);
  result.set(executable.subarray(payload.offset, payload.offset + payload.size), start);
  writeSegments(result, segments);
  return result;
}

function readSegments(bytes: Uint8Array): Segment[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const table = Number(view.getBigUint64(PROGRAM_TABLE_OFFSET, true));
  return Array.from({ length: view.getUint16(PROGRAM_COUNT, true) }, (_, index) => {
    const entry = table + ENTRY_SIZE * index;
    const read = (field: number): number => Number(view.getBigUint64(entry + field, true));
    return {
      type: view.getUint32(entry, true),
      flags: view.getUint32(entry + 4, true),
      offset: read(8),
      address: read(16),
      size: read(32),
      memory: read(40),
      alignment: read(48),
    };
  });
}

/** Writes the table behind the header, where the runtime has it. */
function writeSegments(bytes: Uint8Array<ArrayBuffer>, segments: readonly Segment[]): void {
  const view = new DataView(bytes.buffer);
  view.setUint16(PROGRAM_COUNT, segments.length, true);
  segments.forEach((segment, index) => {
    const size = segment.type === TABLE ? ENTRY_SIZE * segments.length : segment.size;
    const memory = segment.type === TABLE ? size : segment.memory;
    const entry = HEADER_SIZE + ENTRY_SIZE * index;
    view.setUint32(entry, segment.type, true);
    view.setUint32(entry + 4, segment.flags, true);
    [segment.offset, segment.address, segment.address, size, memory, segment.alignment]
      .forEach((value, field) => view.setBigUint64(entry + 8 + 8 * field, BigInt(value), true));
  });
}
