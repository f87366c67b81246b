import { compileAlike } from "../../../tools/build.ts";
import { recoverRuntime } from "../../../tools/elf.ts";
import { closeGap } from "../../../tools/elf_gap.ts";
import { assert, assertEquals } from "../../std/std_assert.ts";
import { temporaryFolder, testWith } from "../../kit/support.ts";

const linux = {
  name: "Linux x64",
  found: () => Deno.build.target.startsWith("x86_64-unknown-linux"),
};

testWith([linux], "a compiled program has no gap and runs", async () => {
  using folder = temporaryFolder();
  await Deno.writeTextFile(`${folder.path}/main.js`, 'console.log("ran", Deno.args[0]);\n');
  await compileAlike(`${folder.path}/main.js`, `${folder.path}/program`);
  const { stdout } = await new Deno.Command(`${folder.path}/program`, { args: ["well"] }).output();
  assertEquals(new TextDecoder().decode(stdout), "ran well\n");

  const program = await Deno.readFile(`${folder.path}/program`);
  const longestRunOfZeros = longestZeros(program.subarray(-1_000_000));
  assert(longestRunOfZeros < 70_000, `${longestRunOfZeros} empty bytes before the program`);
});

/** The length of the longest run of zero bytes. */
function longestZeros(bytes: Uint8Array): number {
  let longest = 0;
  let run = 0;
  for (const byte of bytes) {
    run = byte === 0 ? run + 1 : 0;
    if (run > longest) longest = run;
  }
  return longest;
}

testWith(["/bin/true", linux], "closeGap leaves a program without room as it is", async () => {
  using folder = temporaryFolder();
  await Deno.writeTextFile(`${folder.path}/main.ts`, "export {};\n");
  await new Deno.Command(Deno.execPath(), {
    args: ["compile", "--quiet", "--no-check", "--no-config", "--output=out", "main.ts"],
    cwd: folder.path,
    env: { DENORT_BIN: await Deno.realPath("/bin/true") }, // its table ends where the next thing begins
  }).output();
  const compiled = await Deno.readFile(`${folder.path}/out`);
  assert(recoverRuntime(compiled).length > 0);
  assertEquals(closeGap(compiled), undefined);
});

Deno.test("closeGap leaves a file that deno compile did not write as it is", () => {
  assertEquals(closeGap(new Uint8Array(0)), undefined);
  assertEquals(closeGap(new TextEncoder().encode("#!/bin/sh\n".repeat(20))), undefined);
});
