/** Takes the gap out of a Linux program that `deno compile` made, on bytes in memory. */
import { recoverRuntime, RuntimeNotFoundError } from "./elf.ts";
import {
  HEADER_SIZE,
  INTERPRETER,
  LOAD,
  NOTE,
  readSegments,
  SEGMENT_SIZE,
  TABLE,
  writeSegments,
} from "./elf_file.ts";

/**
 * Returns the same program without the empty 2.7 MB that `deno compile` leaves between the runtime
 * and what it appends. It puts the table of program headers behind the runtime, where it has room
 * for two rows more, and older kernels want that table at a file offset that is its address. Here
 * the table stays at its old place: one more row fits between it and the interpreter's name, and
 * the other takes that of the runtime's own notes (its build id, which nobody reads at run time).
 * Returns `undefined` where that can't be done: there is no such place, or the file is another's.
 */
export function closeGap(program: Uint8Array): Uint8Array<ArrayBuffer> | undefined {
  let runtime: Uint8Array<ArrayBuffer>;
  try {
    runtime = recoverRuntime(program);
  } catch (error) {
    if (error instanceof RuntimeNotFoundError) return undefined;
    throw error;
  }
  const [payload, payloadNote] = readSegments(program).slice(-2);
  const segments = readSegments(runtime);
  const note = segments.findIndex(({ type }) => type === NOTE);
  const end = segments.find(({ type }) => type === INTERPRETER)?.offset ?? 0;
  if (payload?.type !== LOAD || payloadNote?.type !== NOTE || note < 0) return undefined;
  const tableSize = SEGMENT_SIZE * (segments.length + 1);
  if (HEADER_SIZE + tableSize > end) return undefined;

  const page = Math.max(...segments.filter(({ type }) => type === LOAD).map((it) => it.alignment));
  // A segment's offset and address must be at the same place of a page.
  const inPage = payload.address % page;
  const start = Math.ceil((runtime.length - inPage) / page) * page + inPage;
  segments[note] = { ...payloadNote, offset: start + payloadNote.offset - payload.offset };
  const lastLoad = segments.findLastIndex(({ type }) => type === LOAD);
  segments.splice(lastLoad + 1, 0, { ...payload, offset: start }); // in order of addresses
  const result = new Uint8Array(start + payload.size);
  result.set(runtime);
  result.set(program.subarray(payload.offset, payload.offset + payload.size), start);
  const sized = { size: tableSize, memory: tableSize };
  writeSegments(result, segments.map((each) => each.type === TABLE ? { ...each, ...sized } : each));
  return result;
}
