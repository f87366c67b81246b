/**
 * What hooks add to a call in the real Claude Code, and that both ways to record say the same of one
 * session: `deno run -A tests/client/overhead.ts CLAUDE [ROUNDS]`, the path of a client, on a quiet
 * machine. Exit status 0 where both ways recorded the same calls. With `--watched` it says what it adds to calls of
 * Bash that these are watched, and nothing else.
 */
import { SEED_RECIPES } from "../../src/agents/claude/hooks/inspect/recipes.ts";
import { quantile } from "../../src/stats/quantiles.ts";
import { writeCommand } from "../../src/agents/claude/hooks/command_line.ts";
import { quote } from "../../src/text/shell_words.ts";
import { recordsOf } from "../kit/log_files.ts";
import { binary, expectExit, perfmon } from "../kit/perfmon.ts";
import { temporaryFolder } from "../kit/temporary_folder.ts";
import { installHooks, runSession, type ToolCall } from "./stand_in.ts";

const CALLS = 30;
const ROUNDS = 8;
const program = Deno.realPathSync(binary);

/** What a call is, by its number in the session of a home. */
type CallOf = (home: string, number: number) => ToolCall;

const READ: CallOf = (home, number) => {
  const file_path = `${home}/${number}.txt`;
  Deno.writeTextFileSync(file_path, `${number}\n`);
  return { name: "Read", input: { file_path } };
};
const BASH: CallOf = () => ({ name: "Bash", input: { command: "sleep 0.1" } });

/** A way to set up the hooks of a home. */
type Way = (home: string) => void | Promise<void>;

const WAYS: Readonly<Record<string, Way>> = {
  "no hooks": () => {},
  "true, waited for": (home) => writeHooks(home, { start: ["true"], end: ["true"] }),
  "true": (home) => writeHooks(home, { start: ["true"], end: ["true"] }, true),
  "spool": (home) => installHooks(program, home, "--via", "spool"),
  "spool, waited for": (home) => installHooks(program, home, "--via", "spool", "--wait"),
  "binary": (home) => installHooks(program, home),
  "binary, waited for": (home) => installHooks(program, home, "--wait"),
  "the seed's recipes": (home) =>
    writeHooks(home, {
      start: [`exec bash -c ${quote(SEED_RECIPES.start)}`],
      end: [`exec bash -c ${quote(SEED_RECIPES.end)}`],
    }),
};

const WATCHED: Readonly<Record<string, Way>> = {
  "no hooks": () => {},
  "not watched": (home) => installHooks(program, home, "--no-watch"),
  "watched": (home) => installHooks(program, home),
};

/** Hooks that `perfmon hooks install` would not write. */
function writeHooks(
  home: string,
  lines: Readonly<Record<"start" | "end", string[]>>,
  async = false,
): void {
  const entry = (commands: readonly string[]): unknown => [{
    matcher: "*",
    hooks: commands.map((command) => ({ type: "command", command, timeout: 5, async })),
  }];
  const hooks = {
    PreToolUse: entry(lines.start),
    PostToolUse: entry(lines.end),
    PostToolUseFailure: entry(lines.end),
  };
  Deno.mkdirSync(`${home}/.claude`, { recursive: true });
  Deno.writeTextFileSync(`${home}/.claude/settings.json`, JSON.stringify({ hooks }));
}

/** Prints what a call takes with each way, and how much more than without hooks in the same round. */
async function compareWays(
  client: string,
  rounds: number,
  ways: Readonly<Record<string, Way>>,
  callOf: CallOf,
): Promise<void> {
  const names = Object.keys(ways);
  const times = new Map(names.map((name): [string, number[]] => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < names.length; turn++) {
      const name = names[(turn + round) % names.length]!;
      times.get(name)!.push(await medianCycle(client, ways[name]!, callOf));
    }
  }
  const base = times.get("no hooks")!;
  const title = `${rounds} rounds of ${CALLS} calls each (${callOf === READ ? "Read" : "Bash"})`;
  console.log(`Added to a call, ${title}, load ${Deno.loadavg()[0]?.toFixed(1)}`);
  for (const [name, values] of times) {
    const added = values.map((value, round) => value - base[round]!).sort((a, b) => a - b);
    const figures = [median(values), median(added), added[0]!, added.at(-1)!]
      .map((value) => value.toFixed(1));
    console.log(
      `  ${name.padEnd(20)} ${figures[0]} ms, added ${figures[1]} (${figures[2]} to ${figures[3]})`,
    );
  }
}

async function medianCycle(client: string, prepare: Way, callOf: CallOf): Promise<number> {
  using home = temporaryFolder();
  await prepare(home.path);
  const calls = Array.from({ length: CALLS }, (_, number) => callOf(home.path, number));
  const { code, cycles } = await runSession(client, home.path, calls);
  if (code !== 0 || cycles.length !== CALLS - 1) throw new Error(`The client ended with ${code}`);
  return median(cycles);
}

/** How far the rows of one event, recorded both ways, may be apart: the goals. */
const GOALS: Readonly<Record<string, number>> = {
  "timestamp, ms": 30,
  "cpu_seconds, s": 0.02,
  "child_cpu_seconds, s": 0.02,
  "memory_rss, %": 2,
  "duration_ms": 0,
  "process_start, s": 0,
};

/** Records a session both ways at once, and prints how far the rows are apart; false where calls differ. */
async function compareFigures(client: string): Promise<boolean> {
  using home = temporaryFolder();
  const logs = { binary: `${home.path}/binary.csv`, spool: `${home.path}/spool.csv` };
  const env = { HOME: home.path };
  expectExit(await perfmon(["rec", "drain", "--strict", "--file", logs.spool], { env }), 0);
  const lines = (moment: "start" | "end"): string[] => [
    writeCommand({ moment, program, options: { file: logs.binary } }),
    writeCommand({ moment, via: "spool", program, options: { file: logs.spool } }),
  ];
  writeHooks(home.path, { start: lines("start"), end: lines("end") });
  const commands = ["true", "i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done", "exit 3"];
  const calls = Array.from({ length: CALLS }, (_, number): ToolCall => ({
    name: "Bash",
    input: { command: commands[number % commands.length] },
  }));
  const { code } = await runSession(client, home.path, calls);
  expectExit(await perfmon(["rec", "drain", "--strict", "--file", logs.spool], { env }), 0);
  const rows = recordsOf(logs.binary);
  const twins = new Map(recordsOf(logs.spool).map((row) => [keyOf(row), row]));
  const isComplete = code === 0 && rows.length === 2 * CALLS && twins.size === rows.length &&
    rows.every((row) => twins.has(keyOf(row)));
  console.log(
    `\nOne session both ways, ${CALLS} calls of Bash: ${rows.length} and ${twins.size} rows`,
  );
  if (!isComplete) return false;
  for (const [name, goal] of Object.entries(GOALS)) {
    const [column = "", unit] = name.split(", ");
    const apart = rows.map((row) => {
      const value = Number(row[column]);
      const difference = Math.abs(value - Number(twins.get(keyOf(row))![column]));
      return unit === "ms"
        ? 1000 * difference
        : unit === "%"
        ? 100 * difference / value
        : difference;
    });
    const beyond = apart.filter((difference) => difference > goal + 0.005).length;
    console.log(
      `  ${name.padEnd(22)} median ${median(apart).toFixed(2)}, most ` +
        `${Math.max(...apart).toFixed(2)}; beyond ${goal}: ${beyond}`,
    );
  }
  return true;
}

function keyOf(row: Readonly<Record<string, string>>): string {
  return ["tool_use_id", "event", "tool_name", "status", "exit_code"].map((name) => row[name])
    .join(" ");
}

function median(values: readonly number[]): number {
  return quantile(values.toSorted((a, b) => a - b), 0.5) ?? NaN;
}

if (import.meta.main) {
  const [client, rounds = ROUNDS] = Deno.args.filter((each) => each !== "--watched");
  if (client === undefined) {
    console.error("usage: deno run -A tests/client/overhead.ts CLAUDE [ROUNDS] [--watched]");
    Deno.exit(64);
  }
  if (Deno.args.includes("--watched")) {
    await compareWays(client, Number(rounds), WATCHED, BASH);
    Deno.exit(0);
  }
  await compareWays(client, Number(rounds), WAYS, READ);
  Deno.exit(await compareFigures(client) ? 0 : 1);
}
