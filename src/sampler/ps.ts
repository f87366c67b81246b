import { systemProgram } from "../files/programs.ts";
import { within } from "../files/within.ts";
import type { ProcessUsage } from "../row/sample.ts";
import type { Relative } from "./ancestry.ts";
import { PS_COLUMNS } from "../row/spool_record.ts";

/** One line of `ps`, base units. */
export interface PsProcess extends Relative {
  readonly pid: number;
  /** Resident set size, KiB. */
  readonly rss: number;
  /** Per cent of one core; on macOS a decaying average, on Linux CPU time over lifetime. */
  readonly cpuPercent: number;
  /** User + system, seconds; to the second on Linux, to the hundredth on macOS and the BSDs. */
  readonly cpuSeconds: number;
  /** Seconds since the epoch. */
  readonly processStart: number;
}

const ARGUMENTS = ["-A", "-o", PS_COLUMNS];

/** Runs `ps` once for all processes; throws where it can't be run or says nothing. */
export function runPs(): string {
  return toText(commandOf(ARGUMENTS).outputSync().stdout);
}

/** Runs `ps` with other arguments; throws, too, where it takes longer than so many milliseconds, which ends it. */
export async function runPsWithin(
  patienceMs: number,
  args: readonly string[],
): Promise<string> {
  const child = commandOf(args).spawn();
  const output = await within(patienceMs, child.output());
  if (output !== undefined) return toText(output.stdout);
  child.kill("SIGKILL");
  throw new Error(`ps took longer than ${patienceMs / 1000} s`);
}

function commandOf(args: readonly string[]): Deno.Command {
  const { path, env } = systemProgram("ps");
  return new Deno.Command(path, {
    args: [...args],
    env: { ...env, LC_ALL: "C" },
    stdin: "null",
    stdout: "piped",
    stderr: "null",
  });
}

function toText(stdout: Uint8Array): string {
  const text = new TextDecoder().decode(stdout);
  if (text.trim() === "") throw new Error("ps printed nothing");
  return text;
}

const LINE =
  /^\s*(\d+)\s+(\d+)\s+(\d+)\s+([\d.,]+)\s+([\d:.-]+)\s+\w{3}\s+(\w{3}\s+\d+\s+[\d:]+\s+\d{4})\s+(.*)$/;

/** Parses what `runPs` gives; lines that are none of it (a warning) are passed over. */
export function parsePs(text: string): Map<number, PsProcess> {
  const processes = new Map<number, PsProcess>();
  for (const line of text.split("\n")) {
    const process = parsePsLine(line);
    if (process !== undefined) processes.set(process.pid, process);
  }
  return processes;
}

/** Parses a line with the columns `PS_COLUMNS`; `undefined` where it is none. */
export function parsePsLine(line: string): PsProcess | undefined {
  const match = LINE.exec(line);
  if (match === null) return undefined;
  const [, pid, parent, rss, percent, time, started, command] = match as unknown as string[];
  return {
    pid: Number(pid),
    parent: Number(parent),
    rss: Number(rss),
    cpuPercent: Number(percent!.replace(",", ".")),
    cpuSeconds: parseCpuTime(time!),
    processStart: Date.parse(started!) / 1000,
    command: command!.trim().replace(/^.*\//, "").replace(/^-/, ""),
  };
}

/** Seconds of ps's TIME: `[[DD-]HH:]MM:SS[.cc]`. */
export function parseCpuTime(text: string): number {
  const [clock = "", days = "0"] = text.split("-").reverse();
  const seconds = clock.split(":").reduce((sum, part) => 60 * sum + Number(part), 0);
  return 86_400 * Number(days) + seconds;
}

/**
 * What `ps` says of a process and its descendants, those of `own` and all below them left out. The
 * CPU of waited-for children is not known to it. Throws where the process is not in the list.
 */
export function samplePs(
  pid: number,
  own: ReadonlySet<number>,
  processes: ReadonlyMap<number, PsProcess>,
): ProcessUsage {
  const process = processes.get(pid);
  if (process === undefined) throw new Error("ps does not list the process");
  const children = Map.groupBy(processes.values(), (each) => each.parent);
  let treeRss = process.rss;
  let count = 0;
  const pending = [pid];
  for (let parent = pending.pop(); parent !== undefined; parent = pending.pop()) {
    for (const child of children.get(parent) ?? []) {
      if (own.has(child.pid)) continue;
      count++;
      treeRss += child.rss;
      pending.push(child.pid);
    }
  }
  return {
    pid,
    processStart: process.processStart,
    cpuPercent: process.cpuPercent,
    memoryRss: process.rss,
    cpuSeconds: process.cpuSeconds,
    treeRss,
    children: count,
  };
}
