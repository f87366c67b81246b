/** Lines with a secret in each place where one can stand: nothing of it is in any file or output. */
import { walkSync } from "@std/fs";
import { expectExit, perfmon } from "../../kit/perfmon.ts";
import { readProjectFile } from "../../kit/project.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { assert, assertEquals } from "../../std/std_assert.ts";

const SECRET = "hunter2";

/** The lines, out of a table that has the answers before a tab. */
const LINES = readProjectFile("tests/testdata/command_lines_secret.txt").trimEnd().split("\n")
  .map((row) => row.slice(row.indexOf("\t") + 1).replaceAll("\\n", "\n"));

/** A transcript in which each line is a call of Bash. */
function transcriptOf(lines: readonly string[]): string {
  const began = Date.now() - 3_600_000;
  const entry = (seconds: number, block: object): string =>
    JSON.stringify({
      sessionId: "s1",
      cwd: "/home/ada/api",
      timestamp: new Date(began + 1000 * seconds).toISOString(),
      message: { content: [block] },
    });
  return lines.flatMap((command, at) => [
    entry(2 * at, { type: "tool_use", id: `toolu_${at}`, name: "Bash", input: { command } }),
    entry(2 * at + 1, { type: "tool_result", tool_use_id: `toolu_${at}`, content: "ok" }),
  ]).join("\n") + "\n";
}

Deno.test("no secret of a command line gets into a file or an output, and its command does", async () => {
  using folder = temporaryFolder();
  Deno.mkdirSync(`${folder.path}/projects/p`, { recursive: true });
  Deno.writeTextFileSync(`${folder.path}/projects/p/s1.jsonl`, transcriptOf(LINES));
  const env = { CLAUDE_CONFIG_DIR: folder.path, COLUMNS: "200", LANG: "C.UTF-8" };
  const commands = [
    ["import"],
    ["report"],
    ["report", "--by", "command"],
    ["report", "--json"],
    ["report", "s1"],
    ["top", "-n", "200"],
    ["tail", "-n", "200"],
    ["export", "json", "--calls"],
    ["dashboard", "-o", `${folder.path}/page.html`],
  ];
  let said = "";
  for (const command of commands) {
    const { stdout, stderr } = expectExit(await perfmon(command, { env }), 0);
    assert(!`${stdout}${stderr}`.includes(SECRET), `${command.join(" ")}: ${stdout}${stderr}`);
    said += stdout;
  }
  for (const name of ["npm test", "apt-get install", "vault kv", "docker login"]) {
    assert(said.includes(name), name);
  }
  const found = Array.from(walkSync(folder.path, { includeDirs: false }), ({ path }) => path)
    .filter((path) => !path.includes("/projects/"))
    .filter((path) => Deno.readTextFileSync(path).includes(SECRET));
  assertEquals(found, []);
});
