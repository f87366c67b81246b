/** Reading one file out of a gzip-compressed tar archive, as npm packages are, in memory. */

/** The archive is damaged or lacks the file. */
export class ArchiveError extends Error {
  override readonly name = "ArchiveError";
}

const BLOCK = 512;
const REGULAR_FILE = new Set(["0", "\0"]);

/**
 * Returns the content of the file `name` in a gzip-compressed tar archive.
 * Throws {@linkcode ArchiveError} where the archive is damaged, cut off or has no such file.
 */
export async function readArchiveFile(
  archive: Uint8Array<ArrayBuffer>,
  name: string,
): Promise<Uint8Array<ArrayBuffer>> {
  return readTarFile(await decompress(archive), name);
}

async function decompress(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  try {
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    return await new Response(stream).bytes();
  } catch (error) {
    throw new ArchiveError("The archive is no intact gzip file", { cause: error });
  }
}

/** As {@linkcode readArchiveFile}, for the bytes of an uncompressed archive. */
export function readTarFile(tar: Uint8Array<ArrayBuffer>, name: string): Uint8Array<ArrayBuffer> {
  for (let start = 0; start + BLOCK <= tar.length;) {
    const header = tar.subarray(start, start + BLOCK);
    if (header.every((byte) => byte === 0)) break;
    const entry = readHeader(header);
    const content = start + BLOCK;
    if (content + entry.size > tar.length) {
      throw new ArchiveError(`The archive is cut off inside "${entry.name}"`);
    }
    if (entry.name === name && REGULAR_FILE.has(entry.type)) {
      return tar.subarray(content, content + entry.size);
    }
    start = content + Math.ceil(entry.size / BLOCK) * BLOCK;
  }
  throw new ArchiveError(`The archive has no file "${name}"`);
}

function readHeader(header: Uint8Array): { name: string; type: string; size: number } {
  const name = readText(header, 0, 100);
  const isUstar = readText(header, 257, 5) === "ustar";
  const prefix = isUstar ? readText(header, 345, 155) : "";
  if (readOctal(header, 148, 8) !== sumOfBytes(header)) {
    throw new ArchiveError(`The archive's header at "${name}" has a wrong checksum`);
  }
  return {
    name: prefix === "" ? name : `${prefix}/${name}`,
    type: String.fromCharCode(header[156] ?? 0),
    size: readOctal(header, 124, 12),
  };
}

/** The sum of a header's bytes, those of the checksum itself (148 to 155) counting as blanks. */
function sumOfBytes(header: Uint8Array): number {
  return header.reduce((sum, byte, index) => sum + (index >= 148 && index < 156 ? 32 : byte), 0);
}

function readText(header: Uint8Array, start: number, length: number): string {
  const field = header.subarray(start, start + length);
  const end = field.indexOf(0);
  return new TextDecoder().decode(end < 0 ? field : field.subarray(0, end));
}

function readOctal(header: Uint8Array, start: number, length: number): number {
  const text = readText(header, start, length).trim();
  if (!/^[0-7]+$/.test(text)) throw new ArchiveError(`The archive has a bad number "${text}"`);
  return parseInt(text, 8);
}
