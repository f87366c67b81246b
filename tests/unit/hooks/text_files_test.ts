import { installHooks, removeHooks } from "../../../src/agents/claude/hooks/actions.ts";
import { HooksError } from "../../../src/agents/claude/hooks/errors.ts";
import { wantedRegistrations } from "../../../src/agents/claude/hooks/events.ts";
import { deleteText, readText, writeText } from "../../../src/agents/claude/hooks/text_files.ts";
import { assertEquals, assertThrows } from "../../std/std_assert.ts";
import { replaceIo } from "../../kit/file_calls.ts";
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

Deno.test("a temporary file of a killed run goes; one that is in use is respected", () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/a`;
  const temporary = `.${"ab".repeat(16)}.perfmon-tmp`;
  Deno.writeTextFileSync(`${folder.path}/${temporary}`, "much longer than the new text");
  writeText(path, "new", { mode: undefined, before: undefined });
  assertEquals([Deno.readTextFileSync(path), names(folder.path)], ["new", ["a"]]);
  using other = Deno.openSync(`${folder.path}/${temporary}`, { create: true, write: true });
  other.lockSync(true);
  writeText(path, "newer", { mode: undefined, before: "new" });
  assertEquals([Deno.readTextFileSync(path), names(folder.path)], ["newer", [temporary, "a"]]);
});

Deno.test("while another perfmon changes hooks, none are changed", () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/settings.json`;
  const ledger = `${folder.path}/performance.d/hooks.json`;
  installHooks(path, ledger, wanted);
  const text = Deno.readTextFileSync(path);
  using other = Deno.openSync(`${folder.path}/performance.d`);
  other.lockSync(true);
  using _ = replaceIo({ pause: () => {} });
  assertThrows(() => removeHooks(path, ledger), HooksError, "another perfmon is changing it");
  assertEquals(Deno.readTextFileSync(path), text);
});

Deno.test("what is written in between is not overwritten", () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/settings.json`;
  const ledger = `${folder.path}/performance.d/hooks.json`;
  const others = '{"model":"x"}';
  Deno.writeTextFileSync(path, "{}");
  const sync = Deno.FsFile.prototype.syncSync;
  try {
    // The last thing before the compare: a client that writes its settings just then.
    Deno.FsFile.prototype.syncSync = function (): void {
      sync.call(this);
      if (names(folder.path).includes("settings.json.before-perfmon")) {
        Deno.writeTextFileSync(path, others);
      }
    };
    assertThrows(
      () => installHooks(path, ledger, wanted),
      HooksError,
      `Cannot change "${path}": something else changed it meanwhile; run the command again`,
    );
  } finally {
    Deno.FsFile.prototype.syncSync = sync;
  }
  assertEquals([Deno.readTextFileSync(path), names(folder.path)], [others, ["settings.json"]]);
});

Deno.test("a backup that can't be followed by the hooks goes again", () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/settings.json`;
  Deno.writeTextFileSync(path, "{}");
  using _ = replaceIo({
    rename: (from, to) => {
      if (to === path) throw new Deno.errors.PermissionDenied("refused by the test");
      Deno.renameSync(from, to);
    },
  });
  const ledger = `${folder.path}/performance.d/hooks.json`;
  assertThrows(() => installHooks(path, ledger, wanted), HooksError, "refused by the test");
  assertEquals([Deno.readTextFileSync(path), names(folder.path)], ["{}", ["settings.json"]]);
});

Deno.test("what can't be read or written is named", () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/a`;
  assertEquals(readText(path), undefined);
  assertThrows(() => deleteText(path, ""), HooksError, path);
  assertThrows(() => readText(folder.path), HooksError, folder.path);
  Deno.writeFileSync(path, new Uint8Array([0xff]));
  assertThrows(() => readText(path), HooksError, `Cannot read "${path}": it is not UTF-8`);
  const changes = { mode: undefined, before: undefined };
  assertThrows(() => writeText(`${path}/b`, "", changes), HooksError, `Cannot write "${path}/b"`);
});

function names(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
}
