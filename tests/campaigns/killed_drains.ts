/**
 * Hooks leave records in the spool, sixteen at once, while three drains run against them and are
 * killed at random moments; in the end each record is one row, whole and its own:
 * `deno run -A tests/campaigns/killed_drains.ts [CALLS] [--seed N]`.
 */
import { writeSpoolLine } from "../../src/agents/claude/hooks/lines/spool_line.ts";
import { splitRow } from "../../src/row/parse_row.ts";
import { bashEvent, runLine } from "../kit/homes.ts";
import { binary, expectExit, perfmon } from "../kit/perfmon.ts";
import { random } from "./random.ts";
import { temporaryFolder } from "../kit/temporary_folder.ts";
import { assertEquals } from "../std/std_assert.ts";
import { type Campaign, runByHand } from "./campaign.ts";

const HOOKS = 16;
const DRAINS = 3;
/** Kills come within so many milliseconds of a drain's start; a short one has ended by then. */
const LONGEST_MS = 150;

/** What a race came to. */
interface Outcome {
  readonly drains: number;
  readonly killed: number;
  /** Rows as readers see them. */
  readonly rows: number;
  /** Physical rows, with those that killed drains wrote and could not remove the records of. */
  readonly written: number;
}

/** Runs the race in a home and checks that each record is a row, once and with its own cells. */
async function raceDrains(home: string, records: number, seed: number): Promise<Outcome> {
  const next = random(seed);
  const spool = `${home}/.claude/performance.d/spool`;
  Deno.mkdirSync(spool, { recursive: true, mode: 0o700 });
  let started = 0;
  let isOver = false;
  const tally = { drains: 0, killed: 0 };
  const hook = async (): Promise<void> => {
    while (started < records) await leaveRecord(home, started++);
  };
  const drain = async (): Promise<void> => {
    while (!isOver) {
      const wasKilled = await drainAndKill(home, next() * LONGEST_MS);
      tally.drains++;
      if (wasKilled) tally.killed++;
    }
  };
  const drains = Array.from({ length: DRAINS }, drain);
  await Promise.all(Array.from({ length: HOOKS }, hook));
  isOver = true;
  await Promise.all(drains);

  const env = { HOME: home };
  const last = expectExit(await perfmon(["rec", "drain", "--strict"], { env }), 0);
  assertEquals(last.stderr, "");
  assertEquals([...Deno.readDirSync(spool)], [], "nothing is left");
  const exported = expectExit(await perfmon(["export", "csv"], { env }), 0);
  assertEquals(exported.stderr, "", `no bad row (seed ${seed})`);
  const [header = "", ...rows] = exported.stdout.trimEnd().split("\n");
  const columns = header.split(",");
  const found = rows.map((row) => {
    const cells = splitRow(row);
    const cell = (name: string): string => cells[columns.indexOf(name)] ?? "";
    return ["event", "tool_name", "tool_use_id", "project", "session_id"].map(cell).join(" ");
  });
  const wanted = Array.from({ length: records }, (_, number) => expectedRow(number));
  const isKnown = new Set(found);
  assertEquals(wanted.filter((row) => !isKnown.has(row)), [], `missing rows (seed ${seed})`);
  const known = new Set(wanted);
  assertEquals(found.filter((row) => !known.delete(row)), [], `mixed or twice (seed ${seed})`);
  return { ...tally, rows: rows.length, written: await physicalRows(home) };
}

function momentOf(number: number): "start" | "end" {
  return number % 2 === 0 ? "start" : "end";
}

function expectedRow(number: number): string {
  const call = Math.floor(number / 2);
  return `${momentOf(number)} T${call} t${call} p${call} s${call % 5}`;
}

async function leaveRecord(home: string, number: number): Promise<void> {
  const moment = momentOf(number);
  const [, tool_name, id = "", project, session_id] = expectedRow(number).split(" ");
  // Some are larger than any pipe, and written in many pieces.
  const command = number % 20 === 0 ? "x".repeat(300_000) : "echo hi";
  const more = { tool_name, cwd: `/work/${project}`, session_id, tool_input: { command } };
  const line = writeSpoolLine({ moment, program: binary, options: "" });
  await runLine(line, JSON.stringify(bashEvent(moment, id, more)) + "\n", { HOME: home });
}

async function drainAndKill(home: string, after: number): Promise<boolean> {
  const child = new Deno.Command(binary, {
    args: ["rec", "drain"],
    clearEnv: true,
    env: { HOME: home },
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  const timer = setTimeout(() => {
    try {
      child.kill("SIGKILL");
    } catch (error) {
      if (!(error instanceof TypeError)) throw error; // it has just ended
    }
  }, after);
  const { signal } = await child.status;
  clearTimeout(timer);
  return signal === "SIGKILL";
}

async function physicalRows(home: string): Promise<number> {
  const script = "{ cat performance.csv performance.d/history/*.csv 2>/dev/null; " +
    "for f in performance.d/history/*.gz; do gzip -dc $f 2>/dev/null; done; } | grep -vc ^timestamp";
  const { stdout } = await new Deno.Command("sh", { args: ["-c", script], cwd: `${home}/.claude` })
    .output();
  return Number(new TextDecoder().decode(stdout));
}

export const campaigns: Record<string, Campaign> = {
  killed_drains: {
    usual: 5000,
    async run(calls, seed): Promise<string> {
      const records = 2 * calls;
      using folder = temporaryFolder();
      const outcome = await raceDrains(folder.path, records, seed);
      const report = await perfmon(["report", "--json"], { env: { HOME: folder.path } });
      const { all } = JSON.parse(expectExit(report, 0).stdout);
      assertEquals(all.calls, calls, "calls in the report");
      return `${records} records, ${outcome.drains} drains, ${outcome.killed} of them killed: ` +
        `${outcome.rows} rows, none twice, none missing, none mixed; ` +
        `${outcome.written} lines in log and history`;
    },
  },
};

if (import.meta.main) await runByHand(campaigns);
