/**
 * Many processes write one log at once, and all their rows are there afterwards, each once:
 * `deno run -A tests/campaigns/many_writers.ts [history|drop|foreign|stopped|stuck]… [ROWS]`, so many rows
 * of each of 64 writers.
 */
import { assert, assertEquals, assertLess } from "../std/std_assert.ts";
import { linesOf, toolsOf } from "../kit/log_files.ts";
import { binary, expectExit, exportedTools, perfmon } from "../kit/perfmon.ts";
import { temporaryFolder } from "../kit/temporary_folder.ts";
import { procfs } from "../kit/tools.ts";
import { FULL_HEADER } from "../../src/row/columns.ts";
import { type Campaign, runByHand } from "./campaign.ts";

/** How many write how often, and on which log. */
interface Load {
  readonly log: string;
  readonly writers: number;
  readonly rows: number;
  /** The log is rotated beyond as many rows, and half of them stay. */
  readonly maxLines: number;
}

const WRITERS = 64;
const MAX_LINES = 100;

/** Each writer is a shell that runs `rec end` for its rows one after the other. */
const WRITER = `row=0
while [ $row -lt $ROWS ]; do
  row=$((row + 1))
  "$PERFMON" rec end --tool "w$WRITER.$row" --file "$LOG" --max-lines "$MAX_LINES" \\
    --history "$HISTORY" < /dev/null >> "$OUT" 2>> "$ERR" || echo "exit status $?" >> "$OUT"
done`;

/** Another program that appends the seed's rows, its log opened anew for each. */
const FOREIGN = `row=0
while [ $row -lt $ROWS ]; do
  row=$((row + 1))
  echo "17298765$WRITER.$row,0.0,3456,w$WRITER.$row,end" >> "$LOG"
  sleep 0.0$((row % 10))
done`;

async function shell(script: string, env: Record<string, string>): Promise<void> {
  const command = new Deno.Command("sh", { args: ["-c", script], env, stdin: "null" });
  assertEquals((await command.output()).code, 0);
}

/** The environment of one writer; what it prints is collected beside the log. */
function environment(
  { log, rows, maxLines }: Load,
  writer: number,
  history = "90d",
): Record<string, string> {
  return {
    PERFMON: binary,
    LOG: log,
    ROWS: String(rows),
    WRITER: String(writer),
    HISTORY: history,
    MAX_LINES: String(maxLines),
    OUT: `${log}.out`,
    ERR: `${log}.err`,
  };
}

async function writeAll(load: Load, history?: string): Promise<void> {
  const writers = Array.from({ length: load.writers }, (_, index) => 10 + index);
  await Promise.all(writers.map((each) => shell(WRITER, environment(load, each, history))));
}

function expectedRows({ writers, rows }: Load, from = 10): string[] {
  const names = Array.from(
    { length: writers * rows },
    (_, index) => `w${from + Math.floor(index / rows)}.${index % rows + 1}`,
  );
  return names.toSorted();
}

async function exported(log: string): Promise<string[]> {
  return (await exportedTools(log)).toSorted();
}

/** What the writers printed: nothing on stdout; on stderr only that they had to do without the lock. */
function complaints({ log }: Load): number {
  assertEquals(Deno.readTextFileSync(`${log}.out`), "");
  const lines = linesOf(`${log}.err`);
  for (const line of lines) {
    assert(line.includes("the lock was held by another process, appended"), line);
  }
  return lines.length;
}

async function expectAll(load: Load, expected: string[]): Promise<string> {
  assertEquals(await exported(load.log), expected);
  const unlocked = complaints(load);
  const doubles = expectFewDoubles(toolsOf(load.log), unlocked);
  const segments = [...Deno.readDirSync(load.log.replace(/csv$/, "d/history"))].length;
  return `${expected.length} rows, each once, in log and ${segments} segments; ` +
    `${unlocked} rows written without the lock${doubles}`;
}

/**
 * Who writes without the lock, and finds the log rotated away meanwhile, writes the row again into the new one,
 * where the rotation may have copied it to: a row stands twice for each such write at most. Readers take it for one.
 */
function expectFewDoubles(tools: readonly string[], unlocked: number): string {
  const doubles = tools.length - new Set(tools).size;
  assertLess(doubles, unlocked + 1);
  return doubles === 0 ? "" : `, ${doubles} of them twice`;
}

/** What is done to the writers, by name: each returns what was found. */
const FAULTS: Record<string, (load: Load) => Promise<string>> = {
  async history(load): Promise<string> {
    await writeAll(load);
    return await expectAll(load, expectedRows(load));
  },

  async drop(load): Promise<string> {
    await writeAll(load, "0");
    const written = toolsOf(load.log);
    const doubles = expectFewDoubles(written, complaints(load));
    const names = [...new Set(written)];
    assertEquals(linesOf(load.log).filter((line) => line === FULL_HEADER), [FULL_HEADER]);
    assertEquals(linesOf(load.log)[0], FULL_HEADER);
    assertLess(names.length, load.maxLines + load.writers + 1);
    expectNewest(load, names);
    assertEquals(await exported(load.log), names.toSorted());
    return `${names.length} rows in the log, the newest of ${load.writers * load.rows}; ` +
      `${complaints(load)} rows written without the lock${doubles}`;
  },

  async foreign(load): Promise<string> {
    const others = { ...load, writers: 4, rows: 10 * load.rows };
    const foreign = Array.from(
      { length: 4 },
      (_, index) => shell(FOREIGN, environment(others, 90 + index)),
    );
    await Promise.all([writeAll(load), ...foreign]);
    // Rotated by whoever saw too many rows: what came later may stand behind.
    const most = load.maxLines + load.writers + others.writers * others.rows;
    assertLess(toolsOf(load.log).length, most);
    const expected = [...expectedRows(load), ...expectedRows(others, 90)].toSorted();
    return await expectAll(load, expected);
  },

  async stopped(load): Promise<string> {
    let done = false;
    const writing = writeAll(load).finally(() => done = true);
    let stops = 0;
    for (; !done; stops++) await stopOne(load);
    await writing;
    return `${await expectAll(load, expectedRows(load))}; ${stops} stops of 1.5 s`;
  },

  stuck: recordPastStuckLock,
};

/**
 * Milliseconds within which a row is there though a stopped process holds the lock, on a machine that is not busy with
 * other tests.
 */
const DEADLINE_MS = 1500;

/** A process takes the lock and is stopped; rows come one after the other, each timed. */
async function recordPastStuckLock(load: Load): Promise<string> {
  await writeAll({ ...load, writers: 1, rows: 1 });
  const lock = load.log.replace(/csv$/, "d/lock");
  const holder = new Deno.Command("flock", { args: ["--no-fork", lock, "sleep", "600"] }).spawn();
  while (holderOf(lock) === undefined) await new Promise((resolve) => setTimeout(resolve, 10));
  signal(holder.pid, "SIGSTOP");
  const times: number[] = [];
  const rows = Math.min(load.rows, 20);
  try {
    for (let row = 1; row <= rows; row++) {
      const before = performance.now();
      await writeOne(load, `w11.${row}`);
      times.push(performance.now() - before);
    }
  } finally {
    signal(holder.pid, "SIGKILL");
    await holder.status;
  }
  const longest = Math.max(...times);
  if (load.writers === WRITERS) assertLess(longest, DEADLINE_MS);
  const expected = ["w10.1", ...expectedRows({ ...load, writers: 1, rows }, 11)]
    .toSorted();
  assertEquals(await exported(load.log), expected);
  return `${rows} rows past a stopped holder of the lock, each once, the slowest after ${
    Math.round(longest)
  } ms`;
}

async function writeOne({ log }: Load, tool: string): Promise<void> {
  const result = expectExit(await perfmon(["rec", "end", "--tool", tool, "--file", log]), 0);
  assertEquals(result.stdout, "");
}

/** Rows are the newest if of each writer its last ones are there, and none is missing between them. */
function expectNewest({ writers, rows }: Load, names: readonly string[]): void {
  for (let writer = 10; writer < 10 + writers; writer++) {
    const numbers = names.filter((name) => name.startsWith(`w${writer}.`))
      .map((name) => Number(name.split(".")[1])).toSorted((a, b) => a - b);
    const last = Array.from({ length: numbers.length }, (_, i) => rows - numbers.length + i + 1);
    assertEquals(numbers, last, `the last rows of writer ${writer}`);
  }
}

/** Stops some process that has the lock file open at the moment, and continues it after 1.5 s. */
async function stopOne({ log }: Load): Promise<void> {
  const lock = log.replace(/csv$/, "d/lock");
  const holder = holderOf(lock);
  if (holder !== undefined) signal(holder, "SIGSTOP");
  await new Promise((resolve) => setTimeout(resolve, holder === undefined ? 20 : 1500));
  if (holder !== undefined) signal(holder, "SIGCONT");
  await new Promise((resolve) => setTimeout(resolve, 100));
}

/** The process that holds the flock(2) on a file, by /proc/locks. */
function holderOf(path: string): number | undefined {
  try {
    const inode = Deno.statSync(path).ino;
    const line = Deno.readTextFileSync("/proc/locks").split("\n")
      .find((each) =>
        each.includes(" FLOCK ") && !each.includes("->") && each.includes(`:${inode} `)
      );
    const pid = Number(/ WRITE +(\d+) /.exec(line ?? "")?.[1]);
    return pid > 0 ? pid : undefined;
  } catch {
    return undefined; // there is no lock file yet
  }
}

function signal(pid: number, name: Deno.Signal): void {
  try {
    Deno.kill(pid, name);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/** With few rows there are few writers, and rotations come all the same. */
function loadOf(rows: number, folder: string): Load {
  const writers = Math.min(WRITERS, 4 * rows);
  const maxLines = Math.min(MAX_LINES, Math.ceil(writers * rows / 4));
  return { log: `${folder}/performance.csv`, writers, rows, maxLines };
}

export const campaigns: Record<string, Campaign> = Object.fromEntries(
  Object.entries(FAULTS).map(([name, fault]) => [name, {
    usual: 50,
    needs: name === "stuck" ? ["flock", procfs] : ["sh"],
    async run(rows): Promise<string> {
      using folder = temporaryFolder();
      return await fault(loadOf(rows, folder.path));
    },
  }]),
);

if (import.meta.main) await runByHand(campaigns);
