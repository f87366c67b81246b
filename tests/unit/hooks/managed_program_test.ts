import { managedProgram } from "../../../src/agents/claude/hooks/managed_program.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { root, testWith } from "../../kit/tools.ts";
import { assertEquals } from "../../std/std_assert.ts";

Deno.test("what root alone can change may be everybody's hook", () => {
  assertEquals(managedProgram("/usr/bin/env"), { program: "/usr/bin/env" });
});

testWith([root], "a program, a link or a folder of somebody else's may not", () => {
  // Where a test can make files of root, and nobody else can write: root's own.
  const folder = Deno.makeTempDirSync({ dir: "/root" });
  try {
    const program = `${folder}/perfmon`;
    Deno.writeTextFileSync(program, "", { mode: 0o755 });
    assertEquals(managedProgram(program), { program });
    Deno.symlinkSync("perfmon", `${folder}/link`);
    assertEquals(managedProgram(`${folder}/link`), { program: `${folder}/link` });
    Deno.chmodSync(program, 0o775);
    assertEquals(managedProgram(`${folder}/link`), { weak: program });
    Deno.chmodSync(program, 0o755);
    Deno.chownSync(program, 1000, null);
    assertEquals(managedProgram(program), { weak: program });
    Deno.chownSync(program, 0, null);
    Deno.chownSync(folder, 1000, null);
    assertEquals(managedProgram(program), { weak: folder });
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

Deno.test("a temporary folder is everybody's", () => {
  using folder = temporaryFolder();
  const program = `${folder.path}/perfmon`;
  Deno.writeTextFileSync(program, "", { mode: 0o755 });
  const found = managedProgram(program);
  assertEquals("weak" in found, true, "nothing below /tmp or /dev/shm is root's alone");
});
