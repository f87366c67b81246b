/**
 * What a hook costs: `deno task bench [ROUNDS] [--no-save]`, on a quiet machine. Each table is one
 * paired run: its programs take turns. The result goes to tests/bench/runs/ with date, host and versions.
 */
import { writeSpoolLine } from "../../src/agents/claude/hooks/lines/spool_line.ts";
import { SEED_RECIPES } from "../../src/agents/claude/hooks/inspect/recipes.ts";
import { binary } from "../kit/perfmon.ts";
import { temporaryFolder } from "../kit/temporary_folder.ts";
import { compare, compileEmpty, type Program, type Result, runOnce } from "./measure.ts";

const ROUNDS = Number(Deno.args.find((each) => /^\d+$/.test(each)) ?? 50);
const RUNS = `${import.meta.dirname}/runs`;
const OTHER_PROCESSES = 2000;
const ROW = "1795635518.842000000,0.0,37336,Read,end,ok,,2,0.01,0.01,37504,0,13098,1795357610.42," +
  "084eaac8-8a67-4e97-9b13-49511b9e047f,,,toolu_01S000T0000000000000echo,project,2.1.330,\n";

/** The JSON of an end, so long in all. */
function payload(bytes = 0): Uint8Array<ArrayBuffer> {
  const event = {
    session_id: "084eaac8-8a67-4e97-9b13-49511b9e047f",
    transcript_path: "/home/dev/.claude/projects/p/084eaac8-8a67-4e97-9b13-49511b9e047f.jsonl",
    cwd: "/home/dev/project",
    permission_mode: "default",
    hook_event_name: "PostToolUse",
    tool_name: "Bash",
    tool_input: { command: "echo hi", description: "Say hi" },
    tool_response: { stdout: "", stderr: "", interrupted: false },
    tool_use_id: "toolu_01S000T0000000000000echo",
    duration_ms: 12,
  };
  event.tool_response.stdout = "x".repeat(Math.max(0, bytes - JSON.stringify(event).length));
  return new TextEncoder().encode(JSON.stringify(event) + "\n");
}

const HOOK = payload();

/** A copy: a file that has lain on disk for some minutes starts up to 9 % later than a fresh one. */
async function copyOfPerfmon(folder: string): Promise<string> {
  await Deno.copyFile(binary, `${folder}/perfmon`);
  return `${folder}/perfmon`;
}

/** A program that records into a log of its own, with `CLAUDE_PID` as the client sets it. */
function rec(
  perfmon: string,
  folder: string,
  name: string,
  args: readonly string[],
  more: Partial<Program> = {},
): Program {
  const log = `${folder}/${name.replace(/\W+/g, "_")}/performance.csv`;
  const env = { PERFMON_FILE: log, CLAUDE_PID: String(Deno.pid) };
  return { name, command: [perfmon, "rec", ...args], payload: HOOK, env, ...more };
}

/** `rec end` on a log with a row too many, whose end the lock file knows. */
function rotating(perfmon: string, folder: string): Program {
  const program = rec(perfmon, folder, "rec end, rotation of 1000 rows", ["end"]);
  const log = program.env!["PERFMON_FILE"]!;
  const before = async (): Promise<void> => {
    await writeLog(log, 999);
    await runOnce(program);
  };
  return { ...program, before };
}

async function writeLog(log: string, rows: number): Promise<void> {
  await Deno.mkdir(log.slice(0, log.lastIndexOf("/")), { recursive: true });
  const header = (await Deno.readTextFile(`${import.meta.dirname}/../../examples/performance.csv`))
    .split("\n")[0];
  using file = await Deno.open(log, { write: true, create: true, truncate: true });
  const writer = file.writable.getWriter();
  const encoder = new TextEncoder();
  await writer.write(encoder.encode(header + "\n"));
  for (let left = rows; left > 0; left -= 10_000) {
    await writer.write(encoder.encode(ROW.repeat(Math.min(left, 10_000))));
  }
  await writer.close().catch(() => {});
}

async function longLog(
  perfmon: string,
  folder: string,
  rows: number,
): Promise<Program> {
  const args = ["end", "--max-lines", "100000000", "--keep", "50000000"];
  const program = rec(perfmon, folder, `rec end, log of ${rows.toLocaleString("en")} rows`, args);
  await writeLog(program.env!["PERFMON_FILE"]!, rows);
  await runOnce(program); // counts the rows, as the first hook on a foreign log does
  return program;
}

function recipe(folder: string, moment: "start" | "end"): Program {
  const command = ["bash", "-c", SEED_RECIPES[moment]];
  return { name: `shell recipe, ${moment}`, command, payload: HOOK, env: { HOME: folder } };
}

/** The hook's line of `hooks install --via spool`, as Claude Code runs it. */
function spooling(perfmon: string, folder: string, moment: "start" | "end"): Program {
  const line = writeSpoolLine({ moment, program: perfmon, options: "" });
  const env = { HOME: folder, CLAUDE_PID: String(Deno.pid) };
  return { name: `spool, ${moment}`, command: ["sh", "-c", line], payload: HOOK, env };
}

/** Starts a shell script beside the benchmark, in a process group of its own, and returns what ends it. */
async function beside(script: string): Promise<AsyncDisposable> {
  const child = new Deno.Command("setsid", { args: ["sh", "-c", script], stdin: "null" }).spawn();
  await new Promise((resolve) => setTimeout(resolve, 3000));
  return {
    async [Symbol.asyncDispose](): Promise<void> {
      await new Deno.Command("kill", { args: ["-KILL", "--", `-${child.pid}`] }).output();
      await child.status;
    },
  };
}

async function main(): Promise<void> {
  using temporary = temporaryFolder();
  const folder = temporary.path;
  await Deno.mkdir(`${folder}/.claude/performance.d/spool`, { recursive: true });
  const perfmon = await copyOfPerfmon(folder);
  const empty: Program = {
    name: "empty program",
    command: [await compileEmpty(folder)],
    payload: HOOK,
  };
  const start = rec(perfmon, folder, "rec start", ["start"]);
  // As it is installed: an option would have its module loaded. The log stays below 1,000 rows.
  const end = rec(perfmon, folder, "rec end", ["end"]);
  const recipes = [recipe(folder, "start"), recipe(folder, "end")];
  const sized = (name: string, bytes: number): Program => ({
    ...end,
    name: `rec end, ${name} on stdin`,
    payload: payload(bytes),
  });
  const eight = (program: Program): Program => ({
    ...program,
    name: `${program.name}, 8 at once`,
    atOnce: 8,
  });
  const tables: Record<string, Result[]> = {};
  const table = async (title: string, programs: readonly Program[], rounds: number) => {
    tables[title] = await compare(programs, rounds);
    console.log(tableText(title, tables[title]));
  };

  const spool = [spooling(perfmon, folder, "start"), spooling(perfmon, folder, "end")];
  const hooks = [empty, start, end, rotating(perfmon, folder), ...spool, ...recipes];
  await table("A hook", hooks, ROUNDS);
  const sizes = [sized("10 KB", 1e4), sized("1 MB", 1e6), sized("10 MB", 1e7)];
  await table("Payloads", [end, ...sizes], Math.ceil(ROUNDS / 2));
  const logs = [];
  for (const rows of [1e3, 1e5, 1e7]) logs.push(await longLog(perfmon, folder, rows));
  await table("Long logs", logs, ROUNDS);
  await table("At once", [empty, start, eight(empty), eight(start)], Math.ceil(ROUNDS / 2));
  {
    const burners = Array(navigator.hardwareConcurrency).fill("while :; do :; done &").join(" ");
    await using _burners = await beside(`${burners} wait`);
    await table("A busy machine", [empty, start, end, ...spool, ...recipes], Math.ceil(ROUNDS / 2));
  }
  await table("Before the other processes", [empty, start], ROUNDS);
  {
    const script = `for i in $(seq ${OTHER_PROCESSES}); do sleep 600 & done; wait`;
    await using _others = await beside(`(${script}) & exit`); // orphans: not the client's tree
    await table(`Beside ${OTHER_PROCESSES} other processes`, [empty, start], ROUNDS);
  }
  if (!Deno.args.includes("--no-save")) await save(tables);
}

function tableText(title: string, results: readonly Result[]): string {
  const lines = results.map(({ name, median, middleHalf: [low, high], ratio }) =>
    `${name.padEnd(34)} ${median.toFixed(1).padStart(7)} ms  ${low.toFixed(1).padStart(6)} to ${
      high.toFixed(1).padStart(6)
    }  ${ratio.toFixed(3)}`
  );
  return [`\n${title}`, ...lines].join("\n");
}

async function save(tables: Record<string, readonly Result[]>): Promise<void> {
  const { stdout } = await new Deno.Command(binary, { args: ["--version"] }).output();
  const cpu = /model name\s*: (.*)/.exec(await Deno.readTextFile("/proc/cpuinfo").catch(() => ""));
  const record = {
    date: new Date().toISOString(),
    host: { system: Deno.osRelease(), cpu: cpu?.[1], cores: navigator.hardwareConcurrency },
    versions: new TextDecoder().decode(stdout).trim(),
    rounds: ROUNDS,
    unit: "milliseconds",
    tables,
  };
  await Deno.mkdir(RUNS, { recursive: true });
  const path = `${RUNS}/${record.date.slice(0, 16).replace(":", "")}.json`;
  await Deno.writeTextFile(path, JSON.stringify(record, null, 2) + "\n");
  console.log(`\nWritten to ${path}`);
}

await main();
