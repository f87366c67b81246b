import { Replacement } from "../../../src/files/replace.ts";
import { assertEquals, assertThrows } from "../../std/std_assert.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";

const names = (folder: string): string[] =>
  [...Deno.readDirSync(folder)].map(({ name }) => name).sort();

const mode = (path: string): number => (Deno.statSync(path).mode ?? 0) & 0o777;

Deno.test("Replacement: the old file stays until the new one is complete", () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/a`;
  Deno.writeTextFileSync(path, "old", { mode: 0o640 });
  using file = new Replacement(path);
  file.write("new ");
  assertEquals(Deno.readTextFileSync(path), "old");
  file.write("text");
  file.commit();
  assertEquals([Deno.readTextFileSync(path), mode(path)], ["new text", 0o640]);
  assertEquals(names(folder.path), ["a"]);
});

Deno.test("Replacement: what is not committed leaves nothing", () => {
  using folder = temporaryFolder();
  {
    using file = new Replacement(`${folder.path}/a`);
    file.write("half");
  }
  assertEquals(names(folder.path), []);
});

Deno.test("Replacement: a new file is the owner's alone, also over what a killed run left", () => {
  using folder = temporaryFolder();
  Deno.writeTextFileSync(`${folder.path}/.a.perfmon-tmp`, "left behind by a run that was killed");
  using file = new Replacement(`${folder.path}/a`);
  file.write("new");
  file.commit();
  assertEquals([Deno.readTextFileSync(`${folder.path}/a`), mode(`${folder.path}/a`)], [
    "new",
    0o600,
  ]);
  assertEquals(names(folder.path), ["a"]);
});

Deno.test("Replacement: a symbolic link stays one", () => {
  using folder = temporaryFolder();
  Deno.writeTextFileSync(`${folder.path}/a`, "old");
  Deno.symlinkSync("a", `${folder.path}/link`);
  using file = new Replacement(`${folder.path}/link`);
  file.write("new");
  file.commit();
  assertEquals(Deno.readTextFileSync(`${folder.path}/a`), "new");
  assertEquals(Deno.lstatSync(`${folder.path}/link`).isSymlink, true);
});

Deno.test("Replacement: a folder, a device, and a file that is being written are refused", () => {
  using folder = temporaryFolder();
  assertThrows(() => new Replacement(folder.path), Error, "it is no regular file");
  assertThrows(() => new Replacement("/dev/null"), Error, "it is no regular file");
  using _first = new Replacement(`${folder.path}/a`);
  assertThrows(() => new Replacement(`${folder.path}/a`), Error, "another perfmon is writing it");
});
