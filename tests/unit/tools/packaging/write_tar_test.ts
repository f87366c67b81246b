import { readArchiveFile } from "../../../../tools/tar.ts";
import { writeArchive } from "../../../../tools/packaging/write_tar.ts";
import { temporaryFolder } from "../../../kit/temporary_folder.ts";
import { testWith } from "../../../kit/tools.ts";
import { assertEquals, assertRejects } from "../../../std/std_assert.ts";

const ENTRIES = [
  { name: "a/run", content: "#!/bin/sh\n", isExecutable: true },
  { name: "a/b/block", content: new Uint8Array(512).fill(120) },
  { name: "a/empty", content: "" },
];

testWith("tar", "tar unpacks what was written, with its rights", async () => {
  using folder = temporaryFolder();
  Deno.writeFileSync(`${folder.path}/x.tar.gz`, await writeArchive(ENTRIES));
  const { stderr } = await new Deno.Command("tar", {
    args: ["-xzf", "x.tar.gz"],
    cwd: folder.path,
  }).output();
  assertEquals(new TextDecoder().decode(stderr), "");
  assertEquals(Deno.readTextFileSync(`${folder.path}/a/run`), "#!/bin/sh\n");
  assertEquals(Deno.readTextFileSync(`${folder.path}/a/b/block`), "x".repeat(512));
  const modes = ["a/run", "a/empty"].map((name) => Deno.statSync(`${folder.path}/${name}`).mode);
  assertEquals(modes.map((mode) => (mode ?? 0) & 0o111), [0o111, 0]);
});

Deno.test("an archive depends on nothing but its files", async () => {
  const [one, other] = [await writeArchive(ENTRIES), await writeArchive(ENTRIES)];
  assertEquals(one, other);
  assertEquals(new TextDecoder().decode(await readArchiveFile(one, "a/run")), "#!/bin/sh\n");
});

Deno.test("a path that tar would cut is refused", async () => {
  await assertRejects(
    () => writeArchive([{ name: "x".repeat(101), content: "" }]),
    RangeError,
    "too long for tar",
  );
});
