import { recoverRuntime, RuntimeNotFoundError } from "../../../tools/elf.ts";
import { assertEquals, assertThrows } from "../../std/std_assert.ts";

interface Section {
  name: string;
  offset: number;
  size: number;
}

/** Returns section headers: the null one, then the others, whose names start at byte 1. */
function sectionTable(sections: Section[], shift: number): Uint8Array {
  const table = new Uint8Array(64 * (sections.length + 1));
  const view = new DataView(table.buffer);
  let name = 1 + shift;
  sections.forEach((section, index) => {
    const row = 64 * (index + 1);
    view.setUint32(row, name, true);
    view.setUint32(row + 4, index + 1, true);
    view.setBigUint64(row + 24, BigInt(section.offset), true);
    view.setBigUint64(row + 32, BigInt(section.size), true);
    name += section.name.length + 1;
  });
  return table;
}

function writeHeader(file: Uint8Array, programs: number[], sections: number[]): void {
  const [programTable = 0, programCount = 0] = programs;
  const [sectionTable = 0, sectionCount = 0, namesIndex = 0] = sections;
  const view = new DataView(file.buffer);
  view.setUint32(0, 0x7f454c46);
  view.setBigUint64(32, BigInt(programTable), true);
  view.setBigUint64(40, BigInt(sectionTable), true);
  view.setUint16(56, programCount, true);
  view.setUint16(60, sectionCount, true);
  view.setUint16(62, namesIndex, true);
}

/** A small runtime of the layout of denort: headers, content, names, section headers at the end. */
function makeRuntime(): Uint8Array {
  const file = new Uint8Array(512 + 3 * 64).fill(0xaa, 64, 512);
  file.set(new TextEncoder().encode("\0.interp\0.shstrtab\0"), 400);
  const sections = [{ name: ".interp", offset: 176, size: 28 }, {
    name: ".shstrtab",
    offset: 400,
    size: 19,
  }];
  file.set(sectionTable(sections, 0), 512);
  writeHeader(file, [64, 2], [512, 3, 2]);
  return file;
}

/** The same after `deno compile`: what it appends, and the header that points there. */
function makeCompiled(): Uint8Array {
  const file = new Uint8Array(2048).fill(0xbb, 1024);
  file.set(makeRuntime());
  file.set(new TextEncoder().encode("\0??.interp\0.shstrtab\0.sui.phdrs\0.note.sui\0"), 1400);
  const sections = [
    { name: ".interp", offset: 176, size: 28 },
    { name: ".shstrtab", offset: 1400, size: 42 },
    { name: ".sui.phdrs", offset: 1024, size: 224 },
    { name: ".note.sui", offset: 1300, size: 100 },
  ];
  file.set(sectionTable(sections, 2), 1500);
  writeHeader(file, [1024, 4], [1500, 5, 2]);
  return file;
}

Deno.test("recoverRuntime undoes the edits of deno compile", () => {
  assertEquals(recoverRuntime(makeCompiled()), makeRuntime());
});

Deno.test("recoverRuntime reads a view into a larger buffer", () => {
  const compiled = makeCompiled();
  const larger = new Uint8Array(compiled.length + 7);
  larger.set(compiled, 7);
  assertEquals(recoverRuntime(larger.subarray(7)), makeRuntime());
});

Deno.test("recoverRuntime refuses what deno compile did not write", () => {
  const refuses = (file: Uint8Array, reason: string) =>
    assertThrows(() => recoverRuntime(file), RuntimeNotFoundError, reason);
  refuses(new Uint8Array(0), "cut off");
  refuses(new TextEncoder().encode("#!/bin/sh\n".repeat(20)), "Not an ELF file");
  refuses(makeRuntime(), "not moved");

  const withoutTable = makeCompiled().fill(0, 512, 512 + 3 * 64);
  refuses(withoutTable, "missing");
  const twice = makeCompiled();
  twice.copyWithin(800, 512, 512 + 3 * 64);
  refuses(twice, "ambiguous");
  const withoutNull = makeCompiled().fill(1, 512, 513);
  refuses(withoutNull, "null section");
});

Deno.test("recoverRuntime refuses a file that is cut off anywhere", () => {
  const compiled = makeCompiled();
  for (let length = 0; length < 1500 + 5 * 64; length++) {
    assertThrows(() => recoverRuntime(compiled.subarray(0, length)), RuntimeNotFoundError);
  }
});
