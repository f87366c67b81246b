import { STATUSES as ROW_STATUSES } from "../row/sample.ts";

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
