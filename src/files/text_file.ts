import { FileError } from "./file_error.ts";
import { lstatIfThere, statIfThere } from "./if_there.ts";

/** A file's text and permissions. */
export interface TextFile {
  readonly text: string;
  /** Permission bits. */
  readonly mode: number;
}

/** What is read. */
export interface ReadTextOptions {
  /** A file of perfmon's own: at its name a symbolic link, which can only be planted, counts as nothing. */
  readonly isOwn?: boolean;
  /** Also what this process was given open, for a path that a person names: `<(…)` of a shell, /dev/stdin. */
  readonly alsoOpen?: boolean;
  /** Also what is no UTF-8, with U+FFFD in its place: for text in which damage is found by parsing it. */
  readonly isLenient?: boolean;
  /** How large it may be, in MiB; 64 unless told. */
  readonly limit?: number;
}

/**
 * Reads a text file, a byte order mark included; `undefined` where there is none. Throws a `FileError`
 * where it is no regular file, can't be read, is larger than the limit or is not UTF-8.
 */
export function readTextFile(path: string, options: ReadTextOptions = {}): TextFile | undefined {
  try {
    const info = options.isOwn === true ? lstatIfThere(path) : statIfThere(path);
    if (info === undefined || info.isSymlink) return undefined;
    if (!info.isFile && !(options.alsoOpen === true && OPEN.test(path))) {
      throw new FileError("use", path, "it is no regular file", "data");
    }
    const limit = options.limit ?? 64;
    if (info.isFile && info.size > limit * MIB) throw tooLarge(path, limit);
    const decoder = new TextDecoder("utf-8", {
      fatal: options.isLenient !== true,
      ignoreBOM: true,
    });
    return {
      text: decoder.decode(readBytes(path, limit)),
      mode: (info.mode ?? 0o600) & 0o7777,
    };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined; // gone meanwhile
    if (error instanceof TypeError) {
      throw new FileError("read", path, "it is not UTF-8 text", "data");
    }
    throw FileError.from("read", path, error);
  }
}

/** Names of what a process has open: to read it waits for no writer but the one who was meant. */
const OPEN = /^\/(dev\/(stdin|fd\/\d+)|proc\/self\/fd\/\d+)$/;

function readBytes(path: string, limit: number): Uint8Array {
  using file = Deno.openSync(path, { read: true });
  let bytes = new Uint8Array(64 * 1024);
  let filled = 0;
  for (;;) {
    const count = file.readSync(bytes.subarray(filled));
    if (count === null) return bytes.subarray(0, filled);
    filled += count;
    if (filled > limit * MIB) throw tooLarge(path, limit);
    if (filled < bytes.length) continue;
    const larger = new Uint8Array(2 * bytes.length);
    larger.set(bytes);
    bytes = larger;
  }
}

const MIB = 1 << 20;

function tooLarge(path: string, limit: number): FileError {
  const size = limit < 1 ? `${limit * 1024} KiB` : `${limit} MiB`;
  return new FileError("read", path, `it is larger than ${size}`, "data");
}
