/** What of a hook's JSON and environment reaches any file, and who may read these. */
import { walkSync } from "@std/fs";
import { HOOK, logOf, record, shell } from "../../kit/homes.ts";
import { linesOf } from "../../kit/log_files.ts";
import { perfmon } from "../../kit/perfmon.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { testWith, type Tool } from "../../kit/tools.ts";
import { assert, assertEquals } from "../../std/std_assert.ts";

const CANARY = "CANARY-7d1f";

/** A payload with the canary in each place but those that a row has a column for. */
function payload(tool: string, more: Record<string, unknown>, length = 0): string {
  return JSON.stringify({
    session_id: "s",
    transcript_path: `/h/${CANARY}.jsonl`,
    cwd: `/${CANARY}/project`,
    prompt_id: "p1",
    hook_event_name: "PostToolUseFailure",
    tool_name: tool,
    tool_input: {
      content: CANARY,
      old_string: CANARY,
      prompt: CANARY,
      nested: { file_path: CANARY },
      filler: "y".repeat(length),
      ...more,
    },
    tool_response: { stdout: CANARY, stderr: CANARY, interrupted: false },
    error: `Exit code 3\n${CANARY}`,
    tool_use_id: `toolu_${tool}`,
    duration_ms: 5,
  }) + "\n";
}

function filesBelow(folder: string): string[] {
  return Array.from(walkSync(folder), ({ path }) => path).slice(1);
}

function mode(path: string): string {
  return ((Deno.statSync(path).mode ?? 0) & 0o777).toString(8);
}

/** What all files below a folder hold, and their names. */
function everything(folder: string): string {
  return filesBelow(folder).map((path) =>
    path + "\n" + (Deno.statSync(path).isFile ? Deno.readTextFileSync(path) : "")
  ).join("\n");
}

Deno.test("nothing of a tool's input or response, and no environment, reaches any file", async () => {
  using home = temporaryFolder();
  const env = {
    ANTHROPIC_API_KEY: CANARY,
    CLAUDE_PROJECT_DIR: `/${CANARY}/project`,
    SECRET: CANARY,
  };
  const limits = ["--max-lines", "4", "--command"];
  const payloads = [
    payload("Bash", { command: `echo ${CANARY}` }),
    payload("Write", { file_path: `/${CANARY}/x` }),
    payload("Large", { command: CANARY }, 400_000),
    payload("Bash", { command: CANARY }).slice(0, -40), // torn
    `not JSON ${CANARY}\n`,
    `{"hook_event_name":"${CANARY}","tool_name":"x"}\n`,
    `["${CANARY}"]\n`,
  ];
  for (const stdin of payloads) {
    const { stderr } = await record(home.path, ["end", ...limits], { stdin, env });
    assert(!stderr.includes(CANARY), stderr);
  }
  assert(!everything(home.path).includes(CANARY));
});

Deno.test("with --params the path, the command's first line or a compact form is recorded, and nothing else", async () => {
  using home = temporaryFolder();
  const inputs: [string, Record<string, unknown>, string][] = [
    ["Bash", { command: `make test\n${CANARY}`, description: CANARY }, "make test"],
    ["Write", { file_path: "/p/x.ts", description: CANARY }, "/p/x.ts"],
    ["Edit", { file_path: "/p/y.ts" }, "/p/y.ts"],
    ["Agent", { description: "Look around" }, "Look around"],
    ["Bash", { command: `curl -u ada:${CANARY} x` }, "curl -u ada:[redacted] x"],
  ];
  for (const [tool, input, expected] of inputs) {
    for (const length of [0, 400_000]) {
      const stdin = payload(tool, input, length);
      const { rows } = await record(home.path, ["end", "--params"], { stdin });
      assertEquals(rows.at(-1)?.["params"], expected);
    }
  }
  assert(!everything(home.path).includes(CANARY));
});

testWith("sh", "whatever the umask, log and folder are their owner's alone", async () => {
  using home = temporaryFolder();
  for (const umask of ["000", "022", "077"]) {
    const log = `${home.path}/${umask}/performance.csv`;
    const rec = `"$PERFMON" rec end --tool x --file ${log} --max-lines 2 --bogus < /dev/null`;
    await shell(home.path, `umask ${umask}; for i in 1 2 3 4 5; do ${rec}; done`);
    await perfmon(["report", "--file", log]); // compresses what is in the history
    const folder = log.replace(/csv$/, "d");
    for (const path of [log, ...filesBelow(folder)]) {
      assertEquals(mode(path), Deno.statSync(path).isFile ? "600" : "700", path);
    }
    assertEquals([mode(folder), mode(`${home.path}/${umask}`)], ["700", "700"]);
    assert(filesBelow(folder).some((path) => path.endsWith(".csv.gz")), "one was compressed");
  }
});

Deno.test("files and folders that were there are made neither wider nor narrower", async () => {
  using home = temporaryFolder();
  const log = logOf(home.path);
  const folder = log.replace(/csv$/, "d");
  await record(home.path, ["end"], { stdin: HOOK });
  const modes: Record<string, number> = {
    [`${home.path}/.claude`]: 0o755,
    [folder]: 0o750,
    [log]: 0o644,
    [`${folder}/lock`]: 0o640,
  };
  for (const [path, bits] of Object.entries(modes)) Deno.chmodSync(path, bits);
  for (let row = 0; row < 8; row++) {
    await record(home.path, ["end", "--tool", `t${row}`, "--max-lines", "3", "--bogus"]);
  }
  for (const [path, bits] of Object.entries(modes)) {
    assertEquals(mode(path), bits.toString(8), path);
  }
  assertEquals(linesOf(`${folder}/errors.log`).length, 8);
  assertEquals(mode(`${folder}/errors.log`), "600");
});

const root: Tool = { name: "root", found: () => Deno.uid() === 0 };

testWith(root, "a log that root rotates stays its owner's", async () => {
  using home = temporaryFolder();
  const log = logOf(home.path);
  await record(home.path, ["end"], { stdin: HOOK });
  Deno.chownSync(log, 65_534, 65_534);
  const before = Deno.statSync(log).ino;
  for (let row = 0; row < 4; row++) {
    await record(home.path, ["end", "--tool", `t${row}`, "--max-lines", "3"]);
  }
  const { uid, gid, ino } = Deno.statSync(log);
  assertEquals([uid, gid, ino === before, mode(log)], [65_534, 65_534, false, "600"]);
});
