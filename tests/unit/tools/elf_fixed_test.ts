import { compileAlike } from "../../../tools/build.ts";
import { FILE_TYPE, viewOf } from "../../../tools/elf_file.ts";
import { fixAddress } from "../../../tools/elf_fixed.ts";
import { assertEquals } from "../../std/std_assert.ts";
import { findProgram, temporaryFolder, testWith } from "../../kit/support.ts";

const FIXED = 2; // ET_EXEC

const linux = {
  name: "Linux x64",
  found: () => Deno.build.target.startsWith("x86_64-unknown-linux"),
};

const PROGRAM = `
try { null.x } catch (error) { console.log(error.name) }
const source = "postMessage(crypto.getRandomValues(new Uint8Array(8)).length)";
const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
const worker = new Worker(url, { type: "module" });
worker.onmessage = ({ data }) => { console.log(data); worker.terminate(); };
`;

testWith(
  [linux],
  "a compiled program has a fixed address, and threads, errors and libraries work",
  async () => {
    using folder = temporaryFolder();
    await Deno.writeTextFile(`${folder.path}/main.js`, PROGRAM);
    await compileAlike(`${folder.path}/main.js`, `${folder.path}/program`);
    const program = await Deno.readFile(`${folder.path}/program`);
    assertEquals(viewOf(program).getUint16(FILE_TYPE, true), FIXED);
    const { code, stdout } = await new Deno.Command(`${folder.path}/program`).output();
    assertEquals([code, new TextDecoder().decode(stdout)], [0, "TypeError\n8\n"]);
  },
);

for (const path of ["/bin/cat", "/bin/ls", "/bin/bash"]) {
  const known = {
    name: `a ${path} whose linker did not pack its relocations`,
    found: () =>
      findProgram(path) !== undefined && fixAddress(Deno.readFileSync(path)) !== undefined,
  };
  testWith(
    [path, linux, known],
    `fixAddress: ${path} at a fixed address answers as before`,
    async () => {
      using folder = temporaryFolder();
      const fixed = fixAddress(await Deno.readFile(path));
      assertEquals(fixed && viewOf(fixed).getUint16(FILE_TYPE, true), FIXED);
      await Deno.writeFile(`${folder.path}/fixed`, fixed!, { mode: 0o755 });
      const run = (program: string) => new Deno.Command(program, { args: ["--version"] }).output();
      const [after, before] = [await run(`${folder.path}/fixed`), await run(path)];
      assertEquals(after, before);
    },
  );
}

testWith(
  ["/bin/cat", linux],
  "fixAddress refuses what is cut off, and a program it knows only in part",
  async () => {
    const program = await Deno.readFile("/bin/cat");
    for (let length = 0; length < program.length; length += 509) {
      const cut = fixAddress(program.subarray(0, length));
      assertEquals(cut, undefined, `${length} bytes`);
    }
    assertEquals(fixAddress(new TextEncoder().encode("#!/bin/sh\n".repeat(20))), undefined);

    const fixed = fixAddress(program)!;
    assertEquals(fixAddress(fixed), undefined, "has a fixed address already");
    const arm = new Uint8Array(program);
    viewOf(arm).setUint16(18, 183, true);
    assertEquals(fixAddress(arm), undefined, "another machine's");
  },
);
