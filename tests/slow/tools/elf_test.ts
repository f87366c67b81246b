import { recoverRuntime } from "../../../tools/elf.ts";
import { assertEquals } from "../../std/std_assert.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { testWith } from "../../kit/tools.ts";

const linux = {
  name: "Linux x64",
  found: () => Deno.build.target.startsWith("x86_64-unknown-linux"),
};

testWith(["/bin/true", linux], "recoverRuntime undoes the real deno compile", async () => {
  using folder = temporaryFolder();
  await Deno.writeTextFile(`${folder.path}/main.ts`, "export {};\n");
  const runtime = await Deno.realPath("/bin/true");
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["compile", "--quiet", "--no-check", "--no-config", "--output=out", "main.ts"],
    cwd: folder.path,
    env: { DENORT_BIN: runtime },
  }).output();
  assertEquals(success, true, new TextDecoder().decode(stderr));
  assertEquals(
    recoverRuntime(await Deno.readFile(`${folder.path}/out`)),
    await Deno.readFile(runtime),
  );
});
