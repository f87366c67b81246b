/**
 * The file calls of the writing path, in replaceable fields: a test swaps one to make a disk full or
 * to stop a process half-way.
 */
export const io = {
  open: Deno.openSync,
  rename: Deno.renameSync,
  link: Deno.linkSync,
  remove: Deno.removeSync,
  pause,
};

/** Stops for that many milliseconds; no timer, because nothing else would keep the process alive. */
function pause(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

/** Reads `length` bytes at `offset`, fewer where the file ends before. */
export function readAt(file: Deno.FsFile, offset: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  file.seekSync(offset, Deno.SeekMode.Start);
  let filled = 0;
  while (filled < length) {
    const count = file.readSync(bytes.subarray(filled));
    if (count === null) break;
    filled += count;
  }
  return bytes.subarray(0, filled);
}

/** What of a file is read, and how. */
export interface PiecesOptions {
  /** Byte offsets, the second exclusive; the whole file unless told. */
  readonly from?: number;
  readonly to?: number;
  /** Bytes to read at once; 256 KiB unless told. */
  readonly size?: number;
}

/** Reads a file piece by piece, up to where it ends by then; a piece holds until the next is asked for. */
export function* pieces(
  file: Deno.FsFile,
  { from = 0, to = Infinity, size = 1 << 18 }: PiecesOptions = {},
): Generator<Uint8Array> {
  const buffer = new Uint8Array(size);
  file.seekSync(from, Deno.SeekMode.Start);
  for (let at = from; at < to;) {
    const count = file.readSync(buffer.subarray(0, to - at)) ?? 0;
    if (count === 0) return;
    at += count;
    yield buffer.subarray(0, count);
  }
}

/** Writes all bytes; throws where the system takes only a part (a full disk) and says nothing. */
export function writeAll(file: Deno.FsFile, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length;) {
    const count = file.writeSync(bytes.subarray(written));
    if (count === 0) throw new Error("The system took no more bytes");
    written += count;
  }
}

/** Copies the bytes from `from` to `to` (exclusive) of one file to where another one stands. */
export function copyRange(
  source: Deno.FsFile,
  from: number,
  to: number,
  target: Deno.FsFile,
): void {
  for (let offset = from; offset < to;) {
    const bytes = readAt(source, offset, Math.min(to - offset, 1 << 20));
    if (bytes.length === 0) return;
    writeAll(target, bytes);
    offset += bytes.length;
  }
}
