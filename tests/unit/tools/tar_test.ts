import { ArchiveError, readArchiveFile, readTarFile } from "../../../tools/tar.ts";
import { assertEquals, assertRejects, assertThrows } from "../../std/std_assert.ts";
import { gzip } from "../../kit/log_files.ts";

interface Entry {
  name: string;
  content?: string;
  type?: string;
  prefix?: string;
}

/** Returns a tar archive (POSIX ustar) of these entries. */
function makeTar(entries: Entry[]): Uint8Array<ArrayBuffer> {
  const blocks = entries.flatMap(({ name, content = "", type = "0", prefix = "" }) => {
    const bytes = new TextEncoder().encode(content);
    const body = new Uint8Array(Math.ceil(bytes.length / 512) * 512);
    body.set(bytes);
    return [makeHeader(name, bytes.length, type, prefix), body];
  });
  return concatenate([...blocks, new Uint8Array(1024)]);
}

function makeHeader(name: string, size: number, type: string, prefix: string): Uint8Array {
  const header = new Uint8Array(512);
  const put = (text: string, at: number) => header.set(new TextEncoder().encode(text), at);
  put(name, 0);
  put("0000755\0", 100);
  put(size.toString(8).padStart(11, "0"), 124);
  put("        ", 148);
  put(type, 156);
  put("ustar\x0000", 257);
  put(prefix, 345);
  const sum = header.reduce((total, byte) => total + byte, 0);
  put(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return header;
}

function concatenate(parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const result = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    result.set(part, at);
    at += part.length;
  }
  return result;
}

const tar = makeTar([
  { name: "package/", type: "5" },
  { name: "pax", type: "x", content: "30 mtime=1.5\n" },
  { name: "package/package.json", content: "{}" },
  { name: "package/tool", type: "2" },
  { name: "package/tool", content: "x".repeat(1000) },
  { name: "tool", prefix: "long/prefix", content: "prefixed" },
  { name: "empty" },
]);

function textOf(name: string): string {
  return new TextDecoder().decode(readTarFile(tar, name));
}

Deno.test("readTarFile finds a regular file among entries of other kinds", () => {
  assertEquals(textOf("package/package.json"), "{}");
  assertEquals(textOf("package/tool"), "x".repeat(1000));
  assertEquals(textOf("long/prefix/tool"), "prefixed");
  assertEquals(textOf("empty"), "");
});

Deno.test("readTarFile refuses damaged archives and missing files", () => {
  assertThrows(() => readTarFile(tar, "tool"), ArchiveError, `has no file "tool"`);
  assertThrows(() => readTarFile(new Uint8Array(0), "a"), ArchiveError, "has no file");
  assertThrows(
    () => readTarFile(tar.slice(0, 4000), "package/tool"),
    ArchiveError,
    `cut off inside "package/tool"`,
  );
  const damaged = tar.slice();
  damaged[3] = 0x58;
  assertThrows(() => readTarFile(damaged, "empty"), ArchiveError, "wrong checksum");
  const noNumber = tar.slice().fill(0x39, 124, 130);
  assertThrows(() => readTarFile(noNumber, "empty"), ArchiveError, "wrong checksum");
});

Deno.test("readArchiveFile decompresses, and refuses a cut-off archive", async () => {
  const archive = await gzip(tar);
  assertEquals((await readArchiveFile(archive, "package/tool")).length, 1000);
  await assertRejects(
    () => readArchiveFile(archive.slice(0, archive.length - 20), "package/tool"),
    ArchiveError,
    "no intact gzip file",
  );
});
