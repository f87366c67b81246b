import { ensureDir, ensureDirSync, existsSync, walkSync } from "@std/fs";
import { assertEquals, assertRejects, assertThrows } from "../../std/std_assert.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";

Deno.test("existsSync follows links and tells files from folders", () => {
  using folder = temporaryFolder();
  const file = `${folder.path}/file`;
  Deno.writeTextFileSync(file, "");
  Deno.symlinkSync("file", `${folder.path}/link`);
  Deno.symlinkSync("nothing", `${folder.path}/dangling`);
  assertEquals([existsSync(file), existsSync(file, { isFile: true })], [true, true]);
  assertEquals(existsSync(`${folder.path}/link`, { isFile: true }), true);
  assertEquals(existsSync(`${folder.path}/dangling`), false);
  assertEquals(existsSync(file, { isDirectory: true }), false);
  assertEquals(existsSync(folder.path, { isDirectory: true }), true);
  assertThrows(() => existsSync(file, { isFile: true, isDirectory: true }), TypeError, "together");
});

Deno.test("ensureDir makes a folder with its parents once, and refuses a file", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/a/b`;
  const isFolder = (): boolean => existsSync(path, { isDirectory: true });
  ensureDirSync(path);
  assertEquals(isFolder(), true);
  await ensureDir(path);
  Deno.removeSync(path);
  await ensureDir(path);
  assertEquals(isFolder(), true);
  Deno.writeTextFileSync(`${path}/c`, "");
  assertThrows(() => ensureDirSync(`${path}/c`), Error, "expected 'dir', got 'file'");
  await assertRejects(() => ensureDir(`${path}/c`), Error, "expected 'dir', got 'file'");
});

Deno.test("walkSync yields folders before what is in them, and follows no link", () => {
  using folder = temporaryFolder();
  ensureDirSync(`${folder.path}/a`);
  Deno.writeTextFileSync(`${folder.path}/a/x.ts`, "");
  Deno.writeTextFileSync(`${folder.path}/a/x.d.ts`, "");
  Deno.symlinkSync("..", `${folder.path}/a/up`);
  const paths = (options?: Parameters<typeof walkSync>[1]): string[] =>
    Array.from(walkSync(folder.path, options), ({ path }) => path.slice(folder.path.length));
  assertEquals(paths().slice(0, 2), ["", "/a"]);
  assertEquals(paths().slice(2).sort(), ["/a/up", "/a/x.d.ts", "/a/x.ts"]);
  assertEquals(paths({ includeDirs: false, exts: ["ts"], skip: [/\.d\.ts$/] }), ["/a/x.ts"]);
  assertEquals(paths({ skip: [/\/a$/] }), [""]);
  assertThrows(() => [...walkSync(`${folder.path}/none`)], Deno.errors.NotFound);
});
