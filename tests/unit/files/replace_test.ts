import { FileError } from "../../../src/files/file_error.ts";
import { Replacement, type ReplaceOptions } from "../../../src/files/replace.ts";
import { assertEquals, assertThrows } from "../../std/std_assert.ts";
import { replaceIo } from "../../kit/file_calls.ts";
import { must } from "../../kit/mounts.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { root, testWith } from "../../kit/tools.ts";

const names = (folder: string): string[] =>
  [...Deno.readDirSync(folder)].map(({ name }) => name).sort();

const mode = (path: string): number => (Deno.statSync(path).mode ?? 0) & 0o777;

function replace(path: string, text: string, options?: ReplaceOptions): void {
  using file = new Replacement(path, options);
  file.write(text);
  file.commit();
}

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
  const left = `.${"0123456789abcdef".repeat(2)}.perfmon-tmp`;
  Deno.writeTextFileSync(`${folder.path}/${left}`, "left behind by a run that was killed");
  replace(`${folder.path}/a`, "new");
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
  replace(`${folder.path}/link`, "new");
  assertEquals(Deno.readTextFileSync(`${folder.path}/a`), "new");
  assertEquals(Deno.lstatSync(`${folder.path}/link`).isSymlink, true);
});

Deno.test("Replacement: a link at the name of a file of perfmon's own is replaced, not followed", () => {
  using folder = temporaryFolder();
  Deno.writeTextFileSync(`${folder.path}/precious`, "old");
  Deno.symlinkSync("precious", `${folder.path}/state.json`);
  replace(`${folder.path}/state.json`, "new", { of: "perfmon" });
  assertEquals(Deno.readTextFileSync(`${folder.path}/precious`), "old");
  assertEquals(Deno.lstatSync(`${folder.path}/state.json`).isFile, true);
});

Deno.test("Replacement: a folder and a device are refused", () => {
  using folder = temporaryFolder();
  assertThrows(() => new Replacement(folder.path), FileError, "it is no regular file");
  assertThrows(() => new Replacement("/dev/null"), FileError, "it is no regular file");
});

Deno.test("Replacement: of two at once each is whole, and the later one stays", () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/a`;
  using first = new Replacement(path);
  using second = new Replacement(path);
  first.write("first");
  second.write("second");
  first.commit();
  assertEquals(Deno.readTextFileSync(path), "first");
  second.commit();
  assertEquals([Deno.readTextFileSync(path), names(folder.path)], ["second", ["a"]]);
});

Deno.test("Replacement: one that fails changes nothing, leaves nothing and names the file", () => {
  const refuse = (): never => {
    throw new Deno.errors.PermissionDenied("refused by the test");
  };
  using folder = temporaryFolder();
  const path = `${folder.path}/a`;
  Deno.writeTextFileSync(path, "old");
  for (const change of [{ open: refuse }, { rename: refuse }]) {
    using _ = replaceIo(change);
    const sentence = `Cannot write "${path}": refused by the test`;
    assertThrows(() => replace(path, "new"), FileError, sentence);
  }
  {
    using file = new Replacement(path);
    assertThrows(() => file.commit({ check: refuse }), FileError, "refused by the test");
  }
  assertEquals([Deno.readTextFileSync(path), names(folder.path)], ["old", ["a"]]);
});

testWith(
  [root, "mkfifo"],
  "Replacement: of what has a temporary file's name only this user's own, which no run uses, goes",
  () => {
    using folder = temporaryFolder();
    const named = (digit: string): string => `${folder.path}/.${digit.repeat(32)}.perfmon-tmp`;
    Deno.writeTextFileSync(`${folder.path}/precious`, "mine");
    Deno.symlinkSync("precious", named("1"));
    must("mkfifo", [named("2")]);
    Deno.writeTextFileSync(named("3"), "of another user");
    must("chown", ["nobody", named("3")]);
    Deno.mkdirSync(named("4"));
    using used = Deno.openSync(named("5"), { create: true, write: true });
    used.lockSync(true);
    Deno.writeTextFileSync(named("6"), "a leftover");
    replace(`${folder.path}/a`, "new");
    assertEquals(names(folder.path).map((name) => name.slice(0, 2)), [
      ".1",
      ".2",
      ".3",
      ".4",
      ".5",
      "a",
      "pr",
    ]);
    assertEquals(Deno.readTextFileSync(`${folder.path}/precious`), "mine");
  },
);

testWith(root, "Replacement: a link of another user is not followed to a file of ours", () => {
  using folder = temporaryFolder();
  const [precious, theirs, link] = ["precious", "theirs", "link"].map((each) =>
    `${folder.path}/${each}`
  ) as [string, string, string];
  Deno.writeTextFileSync(precious, "mine");
  Deno.writeTextFileSync(theirs, "theirs");
  must("chown", ["nobody", theirs]);
  for (const [target, isFollowed] of [["precious", false], ["theirs", true]] as const) {
    Deno.symlinkSync(target, link);
    must("chown", ["-h", "nobody", link]);
    if (isFollowed) replace(link, "new");
    else assertThrows(() => replace(link, "new"), FileError, "a symbolic link of another user");
    Deno.removeSync(link);
  }
  assertEquals([precious, theirs].map((path) => Deno.readTextFileSync(path)), ["mine", "new"]);
});

testWith(
  root,
  "Replacement: the owner stays, and is the folder's for a new file, but for an export",
  () => {
    using folder = temporaryFolder();
    must("chown", ["nobody", folder.path]);
    const nobody = Deno.statSync(folder.path).uid;
    const owners = (["person", "perfmon", "writer"] as const).map((of) => {
      replace(`${folder.path}/${of}`, "new", { of });
      replace(`${folder.path}/${of}`, "newer", { of });
      return Deno.statSync(`${folder.path}/${of}`).uid;
    });
    assertEquals(owners, [nobody, nobody, 0]);
  },
);
