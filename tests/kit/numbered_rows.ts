/** Rows that tests tell apart by their number, to append to a log and to look for in it. */
import type { Sample } from "../../src/row/sample.ts";
import { type AppendOptions, appendSample } from "../../src/log/write/append.ts";
import type { LogLocation } from "../../src/log/location.ts";
import { resolveLog } from "../../src/log/resolve.ts";
import type { LogState } from "../../src/log/lock.ts";
import { LogLock } from "../../src/log/log_lock.ts";
import { readLog } from "../../src/log/read/read.ts";
import { assert } from "../std/std_assert.ts";
import { PATIENCE_MS } from "./waits.ts";

/** Appends without ever rotating. */
export const APPEND: AppendOptions = { layout: "full", history: "90d" };

/** Options that rotate beyond `maxLines` rows. */
export function rotating(
  maxLines: number,
  keep: number,
  options: Partial<AppendOptions> = {},
): AppendOptions {
  return { ...APPEND, ...options, rotation: { maxLines, keep } };
}

/** The log of that name in a folder. */
export function logIn(folder: string, name = "performance.csv"): LogLocation {
  return resolveLog(`${folder}/${name}`);
}

/** The sample of a tool called `t1`, `t2`, …: by it tests tell rows apart in every layout. */
export function numbered(number: number): Sample {
  return {
    timestamp: 1_729_876_543 + number,
    cpuPercent: 12.5,
    memoryRss: 256780,
    toolName: `t${number}`,
    event: "end",
    toolUseId: `toolu_${number}`,
    sessionId: "s",
    params: "some, text",
  };
}

/** A row as the seed's shell hooks write it. */
export function seedRow(number: number): string {
  return `${1_729_876_543 + number}.123456789, 0.0,  3456,t${number},end\n`;
}

/** `t1`, …, `tN`, or from another number on. */
export function names(to: number, from = 1): string[] {
  return Array.from({ length: to - from + 1 }, (_, index) => `t${from + index}`);
}

/** Appends the rows of these numbers one after the other; gives what the last one had to say. */
export async function appendRows(
  location: LogLocation,
  from: number,
  to: number,
  options: AppendOptions = APPEND,
): Promise<string | undefined> {
  let problem: string | undefined;
  for (let number = from; number <= to; number++) {
    problem = await appendSample(location, () => numbered(number), options);
  }
  if (from <= to && problem === undefined) await untilUnlocked(location);
  return problem;
}

/**
 * Waits until nothing has the lock that this process has just released. Tests of other files run in its threads: a
 * program that one of them is starting has a copy of each open file until it runs.
 */
export async function untilUnlocked({ folder }: LogLocation): Promise<void> {
  using lock = await LogLock.acquire(folder, PATIENCE_MS);
  assert(lock.outcome !== "busy", `somebody has the lock in ${folder}`);
}

/**
 * Appends rows of so many each day, numbered on from 1, to a log that rotates: a segment has 6 rows, the log
 * keeps 4. The first day is 2024-10-25.
 */
export async function appendDays(
  location: LogLocation,
  days: number,
  rowsADay: number,
  options: Partial<AppendOptions> = {},
): Promise<void> {
  for (let row = 0; row < days * rowsADay; row++) {
    const sample = numbered(row + 1);
    const timestamp = sample.timestamp + 86_400 * Math.floor(row / rowsADay);
    await appendSample(location, () => ({ ...sample, timestamp }), rotating(9, 4, options));
  }
  await untilUnlocked(location);
}

/** A log of three days, 12 rows each: five segments and 6 rows; the third day goes on. */
export async function threeDays(folder: string): Promise<LogLocation> {
  const location = logIn(folder);
  await appendDays(location, 3, 12);
  return location;
}

/** What its history becomes, by `sequencesOf`, once it is tidied and the newest segment is compressed, too. */
export const MERGED_DAYS = [
  "00000001-00000002.csv.gz",
  "00000003-00000004.csv.gz",
  "00000005.csv.gz",
];

/** The tool names in history and log, as readers see them. */
export async function allTools(location: LogLocation): Promise<string[]> {
  const { samples } = await readLog(location, { history: true });
  return samples.map((sample) => sample.toolName);
}

/** What the lock file says of the log. */
export async function stateOf(location: LogLocation): Promise<LogState | undefined> {
  using lock = await LogLock.acquire(location.folder, 0);
  return lock.readState();
}

/** Compares names such as `t2` and `t10` by their number. */
export function byNumber(a: string, b: string): number {
  return Number(a.slice(1)) - Number(b.slice(1));
}

/** The names of the segments in a log's history, the oldest first. */
export function segmentsOf({ folder }: LogLocation): string[] {
  return [...Deno.readDirSync(`${folder}/history`)].map(({ name }) => name).sort();
}

/** The same without what the names of merged ones say of their rows: `00000001-00000003.csv.gz`. */
export function sequencesOf(location: LogLocation): string[] {
  return segmentsOf(location).map((name) => name.replace(/\.\d{8}T.*rows/, ""));
}
