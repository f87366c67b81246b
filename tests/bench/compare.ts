/**
 * Two binaries of perfmon beside each other, in turn on the same machine and the same rows:
 *
 *     deno run -A tests/bench/compare.ts OLD NEW [rec|small|store|page]… [--rounds=N] [--rows=N]
 *
 * Prints the median of each figure for both, and the new one's ratio to the old one's: `rec start`;
 * `report` on 1,000 rows; `report` on 1,000,000 rows of a store as hooks leave it (`store.ts`); the
 * dashboard's page of 500,000 calls in Chromium. All of them unless some are named. N rounds are for
 * `rec start`, 100 unless told; the others take fewer. It needs python3, and Chromium for the page.
 */
import { temporaryFolder } from "../kit/temporary_folder.ts";
import { writeBigLog } from "./big_log.ts";
import { FIGURES, median, visitInTurn, writePage } from "./page_visits.ts";
import { medians, type Run } from "./paired_runs.ts";
import { makeStore } from "./store.ts";

/** The figures by their names on the command line. */
const MEASUREMENTS = {
  rec: compareRec,
  small: compareSmall,
  store: compareStore,
  page: comparePages,
};

/** One line, as the client writes it: what has no end is read by other code. */
const PAYLOAD = JSON.stringify({
  session_id: "084eaac8-8a67-4e97-9b13-49511b9e047f",
  transcript_path: "/home/dev/.claude/projects/p/084eaac8-8a67-4e97-9b13-49511b9e047f.jsonl",
  cwd: "/home/dev/project",
  permission_mode: "default",
  hook_event_name: "PreToolUse",
  tool_name: "Bash",
  tool_input: { command: "echo hi", description: "Say hi" },
  tool_use_id: "toolu_01S000T0000000000000echo",
}) + "\n";

/** What is compared, and where. */
interface Comparison {
  /** A folder for all that is made. */
  readonly folder: string;
  /** The paths of the two binaries, the old one first. */
  readonly binaries: readonly [string, string];
  readonly rounds: number;
  /** Of the large store. */
  readonly rows: number;
}

async function compareRec({ folder, binaries, rounds }: Comparison): Promise<void> {
  const runs = binaries.map((binary, index): Run => ({
    argv: [binary, "rec", "start"],
    env: {
      HOME: folder,
      PERFMON_FILE: `${folder}/rec${index}/performance.csv`,
      CLAUDE_PID: String(Deno.pid),
    },
    stdin: PAYLOAD,
  }));
  show("rec start", await medians(runs, rounds, 5));
}

async function compareSmall({ folder, binaries, rounds }: Comparison): Promise<void> {
  const logs = binaries.map((_, index) => `${folder}/small${index}/performance.csv`);
  for (const log of logs) {
    await Deno.mkdir(log.slice(0, log.lastIndexOf("/")));
    await writeBigLog(log, 1000);
  }
  const runs = binaries.map((binary, index) => report(binary, logs[index]!, folder));
  show("report, 1,000 rows", await medians(runs, Math.ceil(rounds / 2), 3));
}

/** Each binary has a store of its own: reading commands tidy it. */
async function compareStore({ folder, binaries, rounds, rows }: Comparison): Promise<void> {
  const stores = binaries.map((_, index) => `${folder}/store${index}`);
  const [first = "", second = ""] = stores;
  await makeStore(first, { rows });
  await new Deno.Command("cp", { args: ["-a", first, second] }).spawn().status;
  const runs = binaries.map((binary, index) =>
    report(binary, `${stores[index]}/performance.csv`, folder)
  );
  const figures = await medians(runs, Math.max(3, Math.ceil(rounds / 20)), 1);
  const calls = await Promise.all(runs.map(countCalls));
  if (calls.some((count) => count !== calls[0])) {
    console.log(`Not the same rows any more: ${calls.join(" and ")} calls`);
  }
  show(`report, ${rows.toLocaleString("en")} rows in a store`, figures);
}

async function comparePages({ folder, binaries, rounds }: Comparison): Promise<void> {
  const { TestBrowser } = await import("../kit/browser.ts");
  const pages: string[] = [];
  for (const [index, binary] of binaries.entries()) {
    pages.push(await writePage(binary, `${folder}/page${index}`, 500_000));
  }
  await using browser = await TestBrowser.launch();
  const visits = await visitInTurn(browser, pages, Math.max(5, Math.ceil(rounds / 10)));
  for (const [name, of] of FIGURES) {
    show(`page, ${name}`, visits.map((each) => median(each.map(of))));
  }
}

function report(binary: string, log: string, home: string): Run {
  return {
    argv: [binary, "report", "--all", "--file", log],
    env: { HOME: home, TZ: "UTC" },
    stdin: "",
  };
}

async function countCalls({ argv: [binary = "", ...args], env }: Run): Promise<number> {
  const command = new Deno.Command(binary, { args: [...args, "--json"], env: { ...env } });
  const { stdout } = await command.output();
  return JSON.parse(new TextDecoder().decode(stdout)).all.calls;
}

function show(name: string, [before = NaN, after = NaN]: readonly number[]): void {
  const [old, current] = [before, after].map((each) =>
    each.toFixed(each < 100 ? 1 : 0).padStart(7)
  );
  console.log(`${name.padEnd(36)} ${old} ms ${current} ms  x${(after / before).toFixed(3)}`);
}

function parseArguments(args: readonly string[]): Omit<Comparison, "folder"> & {
  names: (keyof typeof MEASUREMENTS)[];
} {
  const numberOf = (flag: string, otherwise: number): number =>
    Number(args.find((arg) => arg.startsWith(`--${flag}=`))?.split("=")[1] ?? otherwise);
  const [old, current, ...named] = args.filter((arg) => !arg.startsWith("--"));
  const all = Object.keys(MEASUREMENTS) as (keyof typeof MEASUREMENTS)[];
  const names = named.length === 0 ? all : all.filter((name) => named.includes(name));
  if (old === undefined || current === undefined || names.length < named.length) {
    throw new Error(`usage: compare.ts OLD NEW [${all.join("|")}]… [--rounds=N] [--rows=N]`);
  }
  const rounds = numberOf("rounds", 100);
  return { binaries: [old, current], names, rounds, rows: numberOf("rows", 1_000_000) };
}

async function main(): Promise<void> {
  const { binaries: [old, current], names, ...sizes } = parseArguments(Deno.args);
  using temporary = temporaryFolder();
  const folder = temporary.path;
  // Fresh copies of both: a file that has lain on disk for some minutes starts up to 9 % later.
  const binaries = [`${folder}/old`, `${folder}/new`] as const;
  await Deno.copyFile(old, binaries[0]);
  await Deno.copyFile(current, binaries[1]);
  for (const name of names) await MEASUREMENTS[name]({ folder, binaries, ...sizes });
}

await main();
