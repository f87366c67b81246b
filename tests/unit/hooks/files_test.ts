import { installHooks, removeHooks } from "../../../src/agents/claude/hooks/actions.ts";
import { HooksError } from "../../../src/agents/claude/hooks/errors.ts";
import { wantedRegistrations } from "../../../src/agents/claude/hooks/events.ts";
import { deleteFile, readTextFile, replaceFile } from "../../../src/agents/claude/hooks/files.ts";
import { assertEquals, assertThrows } from "../../std/std_assert.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";

const wanted = wantedRegistrations({});

Deno.test("a symbolic link is followed, and the mode and the backup's are kept", () => {
  using folder = temporaryFolder();
  const real = `${folder.path}/dotfiles/claude.json`;
  const link = `${folder.path}/settings.json`;
  Deno.mkdirSync(`${folder.path}/dotfiles`);
  Deno.writeTextFileSync(real, "{}", { mode: 0o600 });
  Deno.symlinkSync("dotfiles/claude.json", link);
  installHooks(link, `${folder.path}/hooks.json`, wanted);
  assertEquals(Deno.lstatSync(link).isSymlink, true);
  assertEquals((Deno.statSync(real).mode ?? 0) & 0o777, 0o600);
  assertEquals((Deno.statSync(`${link}.before-perfmon`).mode ?? 0) & 0o777, 0o600);
  assertEquals(names(`${folder.path}/dotfiles`), ["claude.json"]);
  removeHooks(link, `${folder.path}/hooks.json`);
  assertEquals(Deno.readTextFileSync(real), "{}");
  assertEquals(names(folder.path), ["dotfiles", "settings.json"]);
});

Deno.test("a link that leads nowhere yet gets its file, and stays when that goes", () => {
  using folder = temporaryFolder();
  const link = `${folder.path}/settings.json`;
  Deno.symlinkSync("later/claude.json", link);
  installHooks(link, `${folder.path}/hooks.json`, wanted);
  assertEquals(names(`${folder.path}/later`), ["claude.json"]);
  removeHooks(link, `${folder.path}/hooks.json`);
  assertEquals([names(folder.path), names(`${folder.path}/later`)], [
    ["later", "settings.json"],
    [],
  ]);
});

Deno.test("a temporary file of a killed run is taken over; one that is in use is respected", () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/a`;
  const temporary = `${folder.path}/.a.perfmon-tmp`;
  Deno.writeTextFileSync(temporary, "much longer than the new text");
  replaceFile(path, "new");
  assertEquals([Deno.readTextFileSync(path), names(folder.path)], ["new", ["a"]]);
  using other = Deno.openSync(temporary, { create: true, write: true });
  other.lockSync(true);
  assertThrows(() => replaceFile(path, "newer"), HooksError, "another perfmon is changing it");
  assertEquals(Deno.readTextFileSync(path), "new");
});

Deno.test("what can't be read or written is named", () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/a`;
  assertEquals(readTextFile(path), undefined);
  deleteFile(path);
  assertThrows(() => readTextFile(folder.path), HooksError, folder.path);
  Deno.writeFileSync(path, new Uint8Array([0xff]));
  assertThrows(() => readTextFile(path), HooksError, `Cannot read "${path}": it is not UTF-8`);
  assertThrows(() => replaceFile(`${path}/b`, ""), HooksError, `Cannot write "${path}/b"`);
});

function names(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
}
