/**
 * A large log in the full layout, the same bytes each time: 7 tools, a session for every 500 calls,
 * calls of a session one after the other and some at the same time, sessions side by side. Run it with
 * `deno run -A tests/bench/big_log.ts FILE [ROWS]`; 1,000,000 rows unless told.
 */
import { generator } from "../../examples/sample_log.ts";
import { formatRow, FULL_COLUMNS, FULL_HEADER } from "../../src/row/columns.ts";
import type { Sample } from "../../src/row/sample.ts";

/** Its name, its share of the calls, its median run time in seconds, how often it fails, its children's CPU share. */
const TOOLS = [
  { name: "Read", share: 0.36, median: 0.012, fails: 0.01, cpu: 0.1 },
  { name: "Bash", share: 0.28, median: 1.4, fails: 0.09, cpu: 0.6 },
  { name: "Edit", share: 0.14, median: 0.03, fails: 0.02, cpu: 0.1 },
  { name: "Grep", share: 0.1, median: 0.06, fails: 0, cpu: 0.8 },
  { name: "Glob", share: 0.06, median: 0.02, fails: 0, cpu: 0.5 },
  { name: "WebFetch", share: 0.03, median: 2.2, fails: 0.1, cpu: 0.05 },
  { name: "mcp__github__search_issues", share: 0.03, median: 0.7, fails: 0.05, cpu: 0 },
] as const;

type Tool = typeof TOOLS[number];

const PROJECTS = ["api", "web", "docs", "infra"] as const;
const VERSIONS = ["2.1.328", "2.1.329", "2.1.330"] as const;

/** Monday, 2026-11-16, 09:00 UTC. */
const BEGIN = 1_794_819_600;
/** So many calls a session has, unless told. */
export const CALLS_PER_SESSION = 500;
/** So many sessions go on at a time. */
const SIDE_BY_SIDE = 4;

/** One client at work: what its next rows say. */
class Session {
  private readonly random: () => number;
  private readonly identity: Partial<Sample> & { readonly pid: number };
  private time: number;
  private cpu = 2;
  private childCpu = 1;
  private rss: number;
  private written = 0;

  constructor(number: number, start: number, private readonly calls: number) {
    this.random = generator(number + 1);
    this.time = start + this.random();
    this.rss = 380_000 + Math.floor(this.random() * 40_000);
    this.identity = {
      pid: 10_000 + number,
      processStart: Math.floor(start) + 0.25,
      sessionId: `${hex(this.random, 8)}-${hex(this.random, 4)}-4000-8000-${hex(this.random, 12)}`,
      project: PROJECTS[number % PROJECTS.length],
      clientVersion: VERSIONS[Math.floor(number / 400) % VERSIONS.length],
    };
  }

  /** The rows of the next call, or of three that overlap. */
  next(left: number): Sample[] {
    const beside = left >= 3 && this.random() < 0.06 ? 3 : 1;
    const rows: Sample[] = [];
    const from = this.time;
    for (let index = 0; index < beside; index++) {
      rows.push(...this.call(from + index * 0.004));
    }
    this.time += 0.5 + this.random() * 4;
    return rows;
  }

  private call(from: number): Sample[] {
    const tool = this.pick();
    const seconds = Math.max(0.001, tool.median * Math.exp(1.1 * this.normal()));
    const wait = this.random() < 0.05 ? this.random() * 20 : 0.012 + this.random() * 0.01;
    const durationMs = Math.round(seconds * 1000);
    const toolUseId = `toolu_01${hex(this.random, 22)}`;
    const base = { ...this.identity, toolName: tool.name, toolUseId };
    const start: Sample = { ...base, ...this.usage(), timestamp: micros(from), event: "start" };
    this.childCpu += seconds * tool.cpu;
    this.cpu += 0.05 + seconds * 0.02;
    this.rss += Math.floor((this.random() - 0.48) * 4000);
    const to = from + wait + seconds;
    this.time = Math.max(this.time, to);
    const failed = this.random() < tool.fails;
    const end: Sample = {
      ...base,
      ...this.usage(),
      timestamp: micros(to),
      event: "end",
      status: failed ? "error" : this.random() < 0.005 ? "interrupted" : "ok",
      exitCode: failed && tool.name === "Bash" ? 1 + Math.floor(this.random() * 3) : undefined,
      durationMs,
    };
    this.written++;
    return [start, end];
  }

  private usage(): Partial<Sample> {
    return {
      cpuPercent: 1 + this.random() * 30,
      memoryRss: this.rss,
      cpuSeconds: this.cpu,
      childCpuSeconds: this.childCpu,
      treeRss: this.rss + Math.floor(this.random() * 9000),
      children: Math.floor(this.random() * 3),
    };
  }

  private pick(): Tool {
    let rest = this.random();
    return TOOLS.find(({ share }) => (rest -= share) < 0) ?? TOOLS[0];
  }

  private normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.random())) * Math.cos(2 * Math.PI * this.random());
  }

  get isDone(): boolean {
    return this.written >= this.calls;
  }
  get left(): number {
    return this.calls - this.written;
  }
  get now(): number {
    return this.time;
  }
}

function hex(random: () => number, digits: number): string {
  let text = "";
  while (text.length < digits) {
    text += Math.floor(random() * 2 ** 32).toString(16).padStart(8, "0");
  }
  return text.slice(0, digits);
}

function micros(seconds: number): number {
  return Math.round(seconds * 1e6) / 1e6;
}

/** How the rows lie in sessions and in time. */
export interface BigLogOptions {
  /** Calls of a session; 500 unless told. */
  readonly calls?: number | undefined;
  /** The first and the last day, seconds since the epoch: sessions begin evenly between. As they come unless told. */
  readonly span?: readonly [from: number, to: number] | undefined;
}

/**
 * The rows of `rows / 2 / calls` sessions in the order in which hooks would write them, those of some
 * sessions at a time.
 */
export function* bigSamples(rows: number, options: BigLogOptions = {}): Generator<Sample[]> {
  const { calls = CALLS_PER_SESSION, span } = options;
  const sessions = Math.ceil(rows / 2 / calls);
  const groups = Math.ceil(sessions / SIDE_BY_SIDE);
  for (let first = 0, start = BEGIN; first < sessions; first += SIDE_BY_SIDE) {
    if (span !== undefined) {
      start = Math.floor(span[0] + (span[1] - span[0]) * first / SIDE_BY_SIDE / groups);
    }
    const count = Math.min(SIDE_BY_SIDE, sessions - first);
    const group = Array.from(
      { length: count },
      (_, index) => new Session(first + index, start, calls),
    );
    const written: Sample[] = [];
    for (const session of group) {
      while (!session.isDone) written.push(...session.next(session.left));
    }
    yield written.sort((a, b) => a.timestamp - b.timestamp);
    start = Math.ceil(Math.max(...group.map(({ now }) => now))) + 60;
  }
}

/** The header and the rows of `bigSamples`, as text in parts. */
export function* bigLog(rows: number): Generator<string> {
  yield FULL_HEADER + "\n";
  for (const samples of bigSamples(rows)) {
    yield samples.map((sample) => formatRow(sample, FULL_COLUMNS)).join("");
  }
}

/** Writes the log; `rows` is a multiple of 1,000. */
export async function writeBigLog(path: string, rows: number): Promise<void> {
  using file = await Deno.open(path, { write: true, create: true, truncate: true });
  const encoder = new TextEncoder();
  for (const part of bigLog(rows)) {
    const bytes = encoder.encode(part);
    for (let written = 0; written < bytes.length;) {
      written += file.writeSync(bytes.subarray(written));
    }
  }
}

if (import.meta.main) {
  const [path, rows = "1000000"] = Deno.args;
  if (path === undefined) throw new Error("usage: big_log.ts FILE [ROWS]");
  await writeBigLog(path, Number(rows));
}
