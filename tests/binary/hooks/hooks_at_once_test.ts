/** Many at once who change hooks, which one ledger remembers. */
import { existsSync, walkSync } from "@std/fs";
import { assertEquals } from "../../std/std_assert.ts";
import { expectExit, perfmon } from "../../kit/perfmon.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";

const PROJECTS = Array.from({ length: 12 }, (_, index) => `project${index}`);

Deno.test("12 installs at once all succeed, and one removal finds them all", async () => {
  using folder = temporaryFolder();
  const run = (cwd: string, ...args: string[]) =>
    perfmon(["hooks", ...args], { env: { HOME: folder.path }, cwd: `${folder.path}/${cwd}` });
  for (const project of PROJECTS) {
    Deno.mkdirSync(`${folder.path}/${project}/.git`, { recursive: true });
  }
  const installs = await Promise.all([
    ...PROJECTS.map((project) => run(project, "install", "--scope", "project")),
    run(".", "install"),
  ]);
  for (const install of installs) expectExit(install, 0);
  const settings = ["", ...PROJECTS].map((each) => `${folder.path}/${each}/.claude/settings.json`);
  assertEquals(settings.filter((path) => !existsSync(path)), []);
  const ledger = JSON.parse(
    Deno.readTextFileSync(`${folder.path}/.claude/performance.d/hooks.json`),
  );
  assertEquals(Object.keys(ledger.files).length, PROJECTS.length + 1);
  expectExit(await run(".", "remove", "--everywhere"), 0);
  const left = Array.from(walkSync(folder.path), ({ path, isFile }) => isFile ? path : "");
  assertEquals(left.filter((path) => path !== ""), []);
});
