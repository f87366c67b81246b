/** Root works in Ada's folder, by `sudo` with her HOME or by `--file`: all of it stays hers. */
import { walkSync } from "@std/fs";
import { HOOK } from "../../kit/homes.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { testWith } from "../../kit/tools.ts";
import { ADA, fileOf, folderOf, otherUsers, perfmonAs } from "../../kit/users.ts";
import { assertEquals, assertStringIncludes } from "../../std/std_assert.ts";

const END = HOOK.replace("Pre", "Post");
const LIMITS = ["--max-lines", "4", "--keep", "2"];

/** The paths in a folder that are not Ada's. */
function notHers(folder: string): string[] {
  return Array.from(walkSync(folder), ({ path }) => path)
    .filter((path) => Deno.lstatSync(path).uid !== ADA);
}

testWith(otherUsers, "what root creates for Ada is hers, and her hooks go on", async () => {
  using folder = temporaryFolder();
  Deno.chmodSync(folder.path, 0o755);
  const home = folderOf(ADA, `${folder.path}/ada`);
  for (let row = 0; row < 12; row++) {
    await perfmonAs(0, home, ["rec", "end", ...LIMITS], { code: 0, stdin: END });
  }
  const commands = [
    ["hooks", "install", "--via", "spool"],
    ["report", "--all"],
    ["profile", "save", "before", "--all"],
    ["export", "prometheus"],
    ["rec", "drain"],
    ["hooks", "disable"],
  ];
  for (const args of commands) await perfmonAs(0, home, args, { code: 0 });
  assertEquals(notHers(home), []);
  const { stderr } = await perfmonAs(ADA, home, ["rec", "end", ...LIMITS], { stdin: END });
  assertEquals(stderr, "");
  for (const args of [["hooks", "enable"], ["report", "--all"], ["export", "prometheus"]]) {
    assertEquals((await perfmonAs(ADA, home, args, { code: 0 })).stderr.includes("denied"), false);
  }
  await perfmonAs(ADA, home, ["hooks", "remove"], { code: 0 });
});

testWith(
  otherUsers,
  "a report by root of a log whose spool waits leaves the log to Ada",
  async () => {
    using folder = temporaryFolder();
    Deno.chmodSync(folder.path, 0o755);
    const home = folderOf(ADA, `${folder.path}/ada`);
    const claude = folderOf(ADA, `${home}/.claude`);
    const spool = folderOf(ADA, `${claude}/performance.d`, 0o700) + "/spool";
    folderOf(ADA, spool, 0o700);
    const record = `perfmon 1 4711;;claude-code/2.1.0\n${END}`;
    fileOf(ADA, `${spool}/s.4711.1.end`, record);
    const log = `${claude}/performance.csv`;
    const { stdout } = await perfmonAs(0, "/root", ["report", "--all", "--file", log], { code: 0 });
    assertStringIncludes(stdout, "Bash");
    assertEquals(notHers(home), []);
  },
);

testWith(otherUsers, "a segment that may not be read is not called damaged", async () => {
  using folder = temporaryFolder();
  Deno.chmodSync(folder.path, 0o755);
  const home = folderOf(ADA, `${folder.path}/ada`);
  for (let row = 0; row < 12; row++) {
    await perfmonAs(ADA, home, ["rec", "end", ...LIMITS], { code: 0, stdin: END });
  }
  const segment = `${home}/.claude/performance.d/history/00000001.csv`;
  Deno.chownSync(segment, 0, 0);
  const { stderr } = await perfmonAs(ADA, home, ["report", "--all"], { code: 0 });
  assertStringIncludes(stderr, `Cannot read "${segment}": it can't be read (Permission denied`);
});
