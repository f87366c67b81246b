import type { RowSample } from "./row_sample.ts";
import { RowList, type RowTable } from "./row_table.ts";
import type { Sample } from "./sample.ts";

/** The samples of one call: a start and an end, or one of them. */
export interface Pair {
  readonly start?: Sample | undefined;
  readonly end?: Sample | undefined;
  /** Paired by order while calls of the same key overlapped: the times may be another call's. */
  readonly approximate: boolean;
  /** Of a subagent's run: the call of the Agent tool that launched it. */
  readonly launch?: Pair | undefined;
}

interface OpenPair extends Pair {
  start?: Sample | undefined;
  end?: Sample | undefined;
  approximate: boolean;
}

/** The names that the tool which launches subagents has had. */
const AGENT_TOOLS: ReadonlySet<string> = new Set(["Agent", "Task"]);

/** True for a call of the tool that launches subagents, and for a subagent's run. */
export function isAgentTool(toolName: string): boolean {
  return AGENT_TOOLS.has(toolName);
}

/** True for a row of SubagentStart or SubagentStop: it has the subagent's id, and no call's. */
export function isSubagentRun(sample: Sample): boolean {
  return isAgentTool(sample.toolName) && sample.toolUseId === undefined &&
    sample.agentId !== undefined;
}

/**
 * Pairs the samples of a log, given in file order. By session and tool_use_id; a subagent's run by
 * session and agent_id; where there is no id by order: an end takes the newest unpaired start of the
 * same session (or else pid), agent and tool. Of rows that say the same twice the earliest start and
 * the earliest end count. A row that finds no partner is a pair of its own.
 */
export function pairSamples(samples: Iterable<Sample>): Pair[] {
  const pairs: OpenPair[] = [];
  const maker = samples instanceof RowList ? rowPairs(samples.table) : samplePairs();
  const byRun = new Map<string, OpenPair>();
  const byOrder = new Map<string, OpenStarts>();
  for (const sample of samples) {
    if (maker.hasId(sample)) {
      const pair = maker.get(sample);
      if (pair === undefined) maker.set(sample, added(pairs, maker, sample));
      else join(pair, sample);
    } else if (isSubagentRun(sample)) {
      const key = `${sample.sessionId ?? ""}\n${sample.agentId}`;
      const pair = byRun.get(key);
      if (pair === undefined || isResumed(pair, sample)) {
        byRun.set(key, added(pairs, maker, sample));
      } else join(pair, sample);
    } else pairByOrder(pairs, byOrder, maker, sample);
  }
  return pairs;
}

/** How pairs of samples are made and found again by session and tool_use_id. */
interface PairMaker {
  /** A pair without rows. */
  make(): OpenPair;
  hasId(sample: Sample): boolean;
  /** The pair that the sample's call has so far. */
  get(sample: Sample): OpenPair | undefined;
  set(sample: Sample, pair: OpenPair): void;
}

function samplePairs(): PairMaker {
  const pairs = new Map<string, OpenPair>();
  const key = ({ sessionId = "", toolUseId }: Sample): string => `${sessionId}\n${toolUseId}`;
  return {
    make: () => ({ start: undefined, end: undefined, approximate: false }),
    hasId: (sample) => sample.toolUseId !== undefined,
    get: (sample) => pairs.get(key(sample)),
    set: (sample, pair) => pairs.set(key(sample), pair),
  };
}

/** Rows of one table know their call by number: no string is made for each. */
function rowPairs(table: RowTable): PairMaker {
  const pairs: (OpenPair | undefined)[] = [undefined]; // numbers count from 1, in order of arrival
  const call = (sample: Sample): number => (sample as RowSample).callNumber;
  return {
    make: () => new RowPair(table),
    hasId: (sample) => call(sample) !== 0,
    get: (sample) => pairs[call(sample)],
    set: (sample, pair) => pairs[call(sample)] = pair,
  };
}

/** A pair of rows by their numbers: a large log has too many for an object each. */
class RowPair implements OpenPair {
  private startRow = -1;
  private endRow = -1;
  approximate = false;

  constructor(private readonly table: RowTable) {}

  get start(): Sample | undefined {
    return this.startRow < 0 ? undefined : this.table.row(this.startRow);
  }
  set start(sample: Sample) {
    this.startRow = (sample as RowSample).row;
  }
  get end(): Sample | undefined {
    return this.endRow < 0 ? undefined : this.table.row(this.endRow);
  }
  set end(sample: Sample) {
    this.endRow = (sample as RowSample).row;
  }
}

function added(pairs: OpenPair[], maker: PairMaker, sample: Sample): OpenPair {
  const pair = maker.make();
  pair[sample.event] = sample;
  pairs.push(pair);
  return pair;
}

function join(pair: OpenPair, sample: Sample): void {
  const known = pair[sample.event];
  if (known === undefined || sample.timestamp < known.timestamp) pair[sample.event] = sample;
}

/** A subagent keeps its id when it is resumed: a start after its end begins another run. */
function isResumed(pair: OpenPair, sample: Sample): boolean {
  return sample.event === "start" && pair.end !== undefined && pair.start !== undefined &&
    sample.timestamp > pair.end.timestamp;
}

/** The unpaired starts of one key, oldest first. */
interface OpenStarts {
  readonly stack: OpenPair[];
  /** How many of them, from the oldest, are left over from before an end: most likely denied calls. */
  stale: number;
  /** How many of them, from the oldest, were there when an end could have been theirs. */
  doubtful: number;
  endedSince: boolean;
}

function pairByOrder(
  pairs: OpenPair[],
  byOrder: Map<string, OpenStarts>,
  maker: PairMaker,
  sample: Sample,
): void {
  const key = `${sample.sessionId ?? sample.pid}\n${sample.agentId ?? ""}\n${sample.toolName}`;
  let open = byOrder.get(key);
  if (open === undefined) {
    byOrder.set(key, open = { stack: [], stale: 0, doubtful: 0, endedSince: false });
  }
  if (sample.event === "start") {
    if (open.endedSince) open.stale = open.stack.length;
    open.endedSince = false;
    open.stack.push(added(pairs, maker, sample));
    return;
  }
  open.endedSince = true;
  const candidates = open.stack.length - open.stale;
  const pair = open.stack.pop();
  if (pair === undefined) {
    added(pairs, maker, sample);
    return;
  }
  const left = open.stack.length;
  pair.end = sample;
  pair.approximate = candidates !== 1 || left < open.doubtful;
  open.doubtful = candidates > 1 ? left : Math.min(open.doubtful, left);
  open.stale = Math.min(open.stale, left);
}

/** Hooks of one moment run side by side: their times may be out of order by so many seconds. */
const HOOK_SKEW_SECONDS = 2;

/**
 * Makes one call of a subagent's run (SubagentStart, SubagentStop) and of the call of the Agent tool that
 * launched it. Nothing in the rows ties them together but time: a run belongs to the earliest
 * launch of its session that was going on when it started; to the newest launch without an end only
 * where there is no other, because a denied launch has no end either. Takes and returns pairs in
 * order of time; what has no partner stays as it is.
 */
export function joinLaunches(pairs: readonly Pair[]): Pair[] {
  const launches = new Map<string, { ended: Pair[]; open: Pair[] }>();
  const runs = new Map<Pair, Pair>();
  for (const pair of pairs) {
    const sample = pair.start;
    if (sample === undefined || !isAgentTool(sample.toolName)) continue;
    const session = sample.sessionId ?? "";
    let waiting = launches.get(session);
    if (waiting === undefined) launches.set(session, waiting = { ended: [], open: [] });
    if (!isSubagentRun(sample)) {
      (pair.end === undefined ? waiting.open : waiting.ended).push(pair);
      continue;
    }
    const earliest = sample.timestamp - HOOK_SKEW_SECONDS;
    waiting.ended = waiting.ended.filter(({ end }) => (end?.timestamp ?? 0) >= earliest);
    const launch = waiting.ended.shift() ?? waiting.open.pop();
    if (launch !== undefined) runs.set(pair, launch);
  }
  if (runs.size === 0) return [...pairs];
  const joined = new Set(runs.values());
  return pairs.filter((pair) => !joined.has(pair))
    .map((pair) => runs.has(pair) ? launchedPair(pair, runs.get(pair)) : pair);
}

function launchedPair({ start, end, approximate }: Pair, launch: Pair | undefined): Pair {
  return { start, end, approximate, launch };
}
