import { STATUSES as ROW_STATUSES } from "../row/sample.ts";

/** How a call stands: its status, and what is so of it besides. */

/** How a call can end. `unknown`: its end row doesn't say (basic layout). */
export const END_STATUSES = [...ROW_STATUSES, "unknown"] as const;

/**
 * How a call can stand, as far as the log says: as it ended, or without an end, `running` or `abandoned`
 * (denied, cancelled, killed). The number of a status, in columns and in a page, is its place here; those
 * of calls that ended come first.
 */
export const STATUSES = [...END_STATUSES, "running", "abandoned"] as const;

export type EndStatus = typeof END_STATUSES[number];
export type CallStatus = typeof STATUSES[number];

const { length: ended } = END_STATUSES;

/** The number of a status. */
export function numberOf(status: CallStatus): number {
  return STATUSES.indexOf(status);
}

/** Whether the number is that of a status of calls that ended. */
export function isEnded(status: number): boolean {
  return status < ended;
}

/** What is so of a call besides: the bits of its `flags`, in columns and in a page. See `Call`. */
export const SHARED = 1;
export const APPROXIMATE = 2;
export const REVERSED = 4;
/** A subagent's run. */
export const RUN = 8;
export const IMPORTED = 16;
/** The log has its end row only. */
export const WITHOUT_START = 32;
/** Both rows are there and of one process: what their figures differ by is what the process used meanwhile. */
export const ONE_PROCESS = 64;
/** The figures of its processes are those of another call, too: nothing told which of them was whose. */
export const PEAK_SHARED = 128;
