/** Writing gzip-compressed tar archives that depend on nothing but what is in them. */

/** A file of an archive. */
export interface ArchiveEntry {
  /** Its path in the archive. */
  readonly name: string;
  readonly content: string | Uint8Array<ArrayBuffer>;
  readonly isExecutable?: boolean;
}

const BLOCK = 512;

/** The time of each file, seconds since the epoch: npm's, because tar takes zero for a mistake. */
const TIME = 499_162_500;

/**
 * Returns files as a gzip-compressed tar archive (POSIX ustar), of root and of one time. Throws a
 * `RangeError` for a path of more than 100 bytes.
 */
export async function writeArchive(
  entries: readonly ArchiveEntry[],
): Promise<Uint8Array<ArrayBuffer>> {
  const blocks = entries.flatMap((entry) => {
    const content = bytesOf(entry.content);
    return [headerOf(entry, content.length), content, new Uint8Array(-content.length & BLOCK - 1)];
  });
  const tar = new Blob([...blocks, new Uint8Array(2 * BLOCK)]);
  return await new Response(tar.stream().pipeThrough(new CompressionStream("gzip"))).bytes();
}

/** Returns a text as UTF-8, and bytes as they are. */
export function bytesOf(content: ArchiveEntry["content"]): Uint8Array<ArrayBuffer> {
  return typeof content === "string" ? new TextEncoder().encode(content) : content;
}

function headerOf(
  { name, isExecutable = false }: ArchiveEntry,
  size: number,
): Uint8Array<ArrayBuffer> {
  const header = new Uint8Array(BLOCK);
  const put = (start: number, text: string): void => header.set(bytesOf(text), start);
  const octal = (value: number, digits: number): string => value.toString(8).padStart(digits, "0");
  if (bytesOf(name).length > 100) throw new RangeError(`The path "${name}" is too long for tar`);
  put(0, name);
  put(100, `${octal(isExecutable ? 0o755 : 0o644, 7)}\0`);
  put(108, `${octal(0, 7)}\0${octal(0, 7)}\0`); // owner and group
  put(124, `${octal(size, 11)}\0${octal(TIME, 11)}\0`);
  put(148, " ".repeat(8)); // counts as blanks in the checksum
  put(156, "0");
  put(257, "ustar\u000000");
  put(265, "root");
  put(297, "root");
  const sum = header.reduce((total, byte) => total + byte, 0);
  put(148, `${octal(sum, 6)}\0 `);
  return header;
}
