/**
 * Whether `output_bytes` is what the model was given: calls of twelve and more tools in the real Claude Code, each
 * with the text of its `tool_result` in the transcript, in bytes. `deno run -A tests/client/output.ts CLAUDE`, the
 * path of a client. Exit status 0 where they are equal, or unknown to perfmon, but for what `KNOWN` says.
 *
 * Claude Code 2.1.330, hooks and import the same:
 *
 * | tool                                                     | output_bytes | in the transcript                        |
 * | -------------------------------------------------------- | ------------ | ---------------------------------------- |
 * | Bash, prints on both streams                             | 16           | 16                                       |
 * | Bash, fails with output                                  | 19           | 19                                       |
 * | Bash, fails with 43,893 bytes                            | 10,040       | 10,040                                   |
 * | Bash, prints 43,893 bytes                                | empty        | 2,264: the first 2 KB, and a file's name |
 * | Bash, prints nothing                                     | 0            | 31: a sentence of the client that says so |
 * | Bash in the background                                   | empty        | 280: where its output goes               |
 * | Read                                                     | 10           | 16: the client numbers the lines         |
 * | Read, no such file                                       | 96           | 96                                       |
 * | WebFetch, refused                                        | 146          | 146                                      |
 * | MCP: two texts and an image (put into a file)            | 201          | 201                                      |
 * | MCP: 40,000 bytes                                        | 40,000       | 40,000                                   |
 * | MCP: 400,000 bytes (put into a file)                     | 1,369        | 1,369                                    |
 * | Write, Edit, Skill, CronList, ListAgents, ReportFindings | empty        | 18 to 261: a sentence of the client      |
 * | ToolSearch                                               | empty        | no text                                  |
 * | Agent in the background                                  | empty        | 1,065: a sentence of the client          |
 * | TaskStop, NotebookEdit, refused before any hook          | no row       | 60, 96 (import: the same)                |
 */
import { recordsOf } from "../kit/log_files.ts";
import { binary, expectExit, perfmon } from "../kit/perfmon.ts";
import { temporaryFolder } from "../kit/temporary_folder.ts";
import { installHooks, runSession, type ToolCall } from "./stand_in.ts";

/** What a subagent is asked that calls nothing. */
const SAY_ONLY = "Say only: done.";

const CALLS: readonly ToolCall[] = [
  { name: "Bash", input: { command: "echo zwölf; echo two >&2; echo three" } },
  { name: "Bash", input: { command: "echo one; echo two >&2; exit 3" } },
  { name: "Bash", input: { command: "seq 1 9000" } },
  { name: "Bash", input: { command: "true" } },
  { name: "Write", input: { file_path: "notes.txt", content: "eins\nzwei\n" } },
  { name: "Read", input: { file_path: "notes.txt" } },
  { name: "Read", input: { file_path: "none.txt" } },
  { name: "Edit", input: { file_path: "notes.txt", old_string: "zwei", new_string: "drei" } },
  { name: "Skill", input: { skill: "greet" } },
  { name: "Agent", input: { description: "says", prompt: SAY_ONLY, subagent_type: "Explore" } },
  { name: "ToolSearch", input: { query: "select:NotebookEdit,WebFetch,CronList,TaskStop" } },
  { name: "ListAgents", input: {} },
  { name: "ReportFindings", input: { level: "low", findings: [] } },
  { name: "CronList", input: {} },
  { name: "TaskStop", input: { task_id: "none" } },
  { name: "WebFetch", input: { url: "http://127.0.0.1:9/", prompt: "x" } },
  {
    name: "NotebookEdit",
    input: { notebook_path: "book.ipynb", cell_id: "a", new_source: "2", edit_mode: "replace" },
  },
  { name: "mcp__db__query", input: {} },
  { name: "mcp__db__query", input: { size: 40_000 } },
  { name: "mcp__db__query", input: { size: 400_000 } },
  { name: "Bash", input: { command: "seq 1 9000; exit 3" } },
  { name: "Bash", input: { command: "sleep 1", run_in_background: true } },
];

/** Where `output_bytes` is another than what the model was given, and why. */
const KNOWN: Readonly<Record<number, string>> = {
  3: "a sentence that there is no output is the client's",
  5: "the numbers of lines are the client's",
};

interface Block {
  readonly type?: string;
  readonly text?: string;
  readonly content?: string | readonly Block[];
  readonly tool_use_id?: string;
}

/** The bytes of the texts of each result in a transcript, by its call's id. */
function resultsOf(transcript: string): Map<string, number> {
  const found = new Map<string, number>();
  for (const line of transcript.split("\n").filter((each) => each.includes('"tool_result"'))) {
    const content: unknown = JSON.parse(line).message?.content;
    for (const { type, tool_use_id, content: given } of Array.isArray(content) ? content : []) {
      if (type !== "tool_result" || found.has(tool_use_id)) continue;
      const text = typeof given === "string"
        ? given
        : (given ?? []).map((block: Block) => block.text ?? "").join("");
      found.set(tool_use_id, new TextEncoder().encode(text).length);
    }
  }
  return found;
}

function prepare(home: string): void {
  Deno.mkdirSync(`${home}/.claude/skills/greet`, { recursive: true });
  Deno.writeTextFileSync(
    `${home}/.claude/skills/greet/SKILL.md`,
    "---\nname: greet\ndescription: Greets\n---\nSay hello.\n",
  );
  const cell = { cell_type: "code", id: "a", metadata: {}, source: "1", outputs: [] };
  const book = {
    cells: [{ ...cell, execution_count: null }],
    metadata: {},
    nbformat: 4,
    nbformat_minor: 5,
  };
  Deno.writeTextFileSync(`${home}/book.ipynb`, JSON.stringify(book));
  const args = ["run", "-A", `${import.meta.dirname}/mcp_server.ts`];
  const mcpServers = { db: { type: "stdio", command: Deno.execPath(), args } };
  Deno.writeTextFileSync(`${home}/.claude.json`, JSON.stringify({ mcpServers }));
}

function transcriptOf(home: string): string {
  const projects = `${home}/.claude/projects`;
  const files = [...Deno.readDirSync(projects)].flatMap(({ name }) =>
    [...Deno.readDirSync(`${projects}/${name}`)].filter((each) => each.name.endsWith(".jsonl"))
      .map((each) => `${projects}/${name}/${each.name}`)
  );
  return files.map((file) => Deno.readTextFileSync(file)).join("\n");
}

if (import.meta.main) {
  const [client, ...flags] = Deno.args;
  if (client === undefined) {
    console.error("usage: deno run -A tests/client/output.ts CLAUDE [FLAG of hooks install...]");
    Deno.exit(64);
  }
  using home = temporaryFolder();
  prepare(home.path);
  Deno.env.set("PATH", `${client.slice(0, client.lastIndexOf("/"))}:${Deno.env.get("PATH")}`);
  await installHooks(Deno.realPathSync(binary), home.path, ...flags);
  const { code } = await runSession(client, home.path, CALLS, { agents: { [SAY_ONLY]: [] } });
  const log = `${home.path}/.claude/performance.csv`;
  if (flags.includes("spool")) expectExit(await perfmon(["report", "--file", log]), 0);
  const results = resultsOf(transcriptOf(home.path));
  const env = { HOME: home.path };
  const imported = `${home.path}/imported.csv`;
  expectExit(await perfmon(["import", "--file", imported], { env }), 0);
  const importedRows = recordsOf(`${home.path}/imported.d/imported.csv`);
  console.log(`The client ended with ${code}`);
  console.log(["tool", "what", "hooks", "import", "transcript"].join("\t"));
  let isSame = true;
  for (const [index, { name, input }] of CALLS.entries()) {
    const of = (rows: readonly Record<string, string>[]): string | undefined =>
      rows.find((row) => row["tool_use_id"] === `toolu_${index}` && row["event"] === "end")
        ?.["output_bytes"];
    const given = results.get(`toolu_${index}`);
    const [hooks, fromTranscript] = [of(recordsOf(log)), of(importedRows)];
    const what = JSON.stringify(input).slice(0, 50);
    const known = KNOWN[index] ?? "";
    const isEqual = [hooks, fromTranscript].every((each) => !each || Number(each) === given);
    isSame &&= given !== undefined && (isEqual || known !== "");
    const cells = [hooks ?? "no row", fromTranscript ?? "no row", given ?? "none", known];
    console.log([name, what, ...cells].join("\t"));
  }
  Deno.exit(isSame ? 0 : 1);
}
