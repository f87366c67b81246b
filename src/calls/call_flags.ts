/** What is so of a call besides its status: the bits of its `flags` in columns and in a page. */

/** Another call of the same process overlapped it, see `Call`. */
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
