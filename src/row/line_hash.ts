import { EMPTY_HASH, hashByte } from "./interner.ts";

const NEWLINE = 0x0a;

/** The hash of a line and one end, whatever its end is; never 0. */
export function lineHash(buffer: Uint8Array, start: number, end: number): number {
  let hash = EMPTY_HASH;
  for (let at = start; at < end; at++) hash = hashByte(hash, buffer[at]!);
  return hashByte(hash, NEWLINE) || 1;
}
