import { errorLines, errorsPath } from "./error_log.ts";
import { listSegments, type Segment, walkSegment } from "./history/segments.ts";
import { io } from "../files/io.ts";
import type { LockOutcome } from "../files/locks.ts";
import type { LogLocation } from "./location.ts";
import { lockPath, type LogState } from "./lock.ts";
import { LogLock } from "./log_lock.ts";
import { RecentLines } from "./read/recent_lines.ts";
import { recount } from "./write/recount.ts";

/** A lock as whoever looks at it finds it. */
export type LockStatus = "free" | "held" | "none";

const STATUS_OF: Readonly<Record<LockOutcome, LockStatus>> = {
  held: "free",
  busy: "held",
  none: "none",
};

/** A log's health as files show it. */
export interface LogStatus {
  readonly path: string;
  readonly folder: string;
  readonly exists: boolean;
  readonly rows: number;
  readonly bytes: number;
  /** `custom`: a header with other columns than this version's. */
  readonly layout: "full" | "basic" | "custom";
  readonly historySegments: number;
  readonly historyRows: number;
  readonly historyBytes: number;
  /** Segments that are not there any more: beyond the limit, or cleared. */
  readonly historyRemoved: number;
  /** The limit that the last writer was given, e.g. `90d`; empty where nothing was written yet. */
  readonly historyLimit: string;
  /** `none`: the file system has no locks. */
  readonly lock: LockStatus;
  readonly errorLines: number;
  readonly lastError?: string | undefined;
}

/** Looks at a log, its history, lock and error log, without changing any of them. */
export async function logStatus(location: LogLocation): Promise<LogStatus> {
  const { lock, state } = await lookAtLock(location);
  const log = lookAtLog(location, state);
  const segments = listSegments(location);
  const historyRows = await countHistory(segments, state);
  const errors = errorLines(errorsPath(location.folder));
  return {
    path: location.path,
    folder: location.folder,
    ...log,
    historySegments: segments.length,
    historyRows,
    historyBytes: segments.reduce((sum, segment) => sum + segment.bytes, 0),
    historyRemoved: removedBefore(segments),
    historyLimit: state?.history ?? "",
    lock,
    errorLines: errors.length,
    lastError: errors.at(-1),
  };
}

/** Segments are numbered from 1 on, and go from the oldest on. */
function removedBefore(segments: readonly Segment[]): number {
  if (segments.length === 0) return 0;
  return segments.reduce((least, { first }) => Math.min(least, first), Infinity) - 1;
}

/** Rows and bytes of the log alone; both 0 where it is not there. */
export async function logSize(location: LogLocation): Promise<{ rows: number; bytes: number }> {
  const { state } = await lookAtLock(location);
  const { rows, bytes } = lookAtLog(location, state);
  return { rows, bytes };
}

async function lookAtLock(
  location: LogLocation,
): Promise<{ lock: LockStatus; state: LogState | undefined }> {
  try {
    Deno.statSync(lockPath(location.folder)); // acquire would create it
    using lock = await LogLock.acquire(location.folder, 0);
    return { lock: STATUS_OF[lock.outcome], state: lock.readState() };
  } catch {
    return { lock: "free", state: undefined };
  }
}

function lookAtLog(
  location: LogLocation,
  known: LogState | undefined,
): Pick<LogStatus, "exists" | "rows" | "bytes" | "layout"> {
  try {
    using file = io.open(location.path, { read: true });
    const { state } = recount(file, known, location);
    return { exists: true, rows: state.rows, bytes: state.size, layout: state.layout };
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    return { exists: false, rows: 0, bytes: 0, layout: "full" };
  }
}

/** What the lock file says of a log; `undefined` where nothing can be told by it. */
export async function knownState(location: LogLocation): Promise<LogState | undefined> {
  return (await lookAtLock(location)).state;
}

/** A segment without the rows that stand in the log too until the next rotation. */
export function withoutKept(
  bytes: Uint8Array,
  sequence: number,
  state: LogState | undefined,
): Uint8Array {
  return bytes.subarray(0, endOf(sequence, state));
}

/** Where in a segment the rows begin that stand in the log too, bytes; `undefined` where none do. */
function endOf(sequence: number, state: LogState | undefined): number | undefined {
  return state?.sequence === sequence && state.cutAt > 0 ? state.cutAt : undefined;
}

/** The rows of all segments; where a merged one and others say that they hold the same, each line counts once. */
async function countHistory(
  segments: readonly Segment[],
  state: LogState | undefined,
): Promise<number> {
  const beside = new Set<Segment>();
  for (const whole of segments) {
    if (whole.merged === undefined) continue;
    const others = segments.filter((other) =>
      other !== whole && other.first <= whole.sequence && other.sequence >= whole.first
    );
    for (const each of others.length > 0 ? [whole, ...others] : []) beside.add(each);
  }
  const known = beside.size > 0 ? new RecentLines() : undefined;
  let rows = 0;
  for (const segment of segments) {
    rows += await countRows(segment, state, beside.has(segment) ? known : undefined);
  }
  return rows;
}

/**
 * The rows of a segment that are not known yet, by the name of a merged one where none can be; of a damaged one those
 * before the damage, which reports name.
 */
async function countRows(
  segment: Segment,
  state: LogState | undefined,
  known: RecentLines | undefined,
): Promise<number> {
  if (segment.merged !== undefined && known === undefined) return segment.merged.rows;
  const end = endOf(segment.sequence, state) ?? Infinity;
  let rows = 0;
  try {
    await walkSegment(segment, (lines) => {
      const counts = !lines.isHeader && lines.offset < end && known?.add(lines.text) !== false;
      if (counts) rows++;
      return lines.offset >= end;
    });
  } catch {
    // What came before the damage is counted.
  }
  return rows;
}
