/** What the `status` and `flags` of a `CallTable` hold. */

/** What a call's `status` column says, besides the numbers in WORDS: it ended, and its row doesn't say how. */
export const UNKNOWN_STATUS = 0;
export const RUNNING = 1;
export const ABANDONED = 2;

/** Bits of a call's `flags`. */
export const SHARED = 1;
export const APPROXIMATE = 2;
export const REVERSED = 4;
export const RUN = 8;
export const IMPORTED = 16;
