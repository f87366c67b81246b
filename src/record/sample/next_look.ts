/** What the interval between looks is by the age of the youngest call, milliseconds by seconds. */
const INTERVALS: readonly (readonly [age: number, interval: number])[] = [[1, 50], [10, 100]];
const LONGEST_INTERVAL = 250;
/** That where there is nothing to see: what begins is told by a row. */
const IDLE_INTERVAL = 1000;
/** Up to this age, seconds, a look may take a twentieth of its interval, then a fiftieth. */
const YOUNG = 10;
const SHARE_YOUNG = 20;
const SHARE_OLD = 50;

/**
 * Says how long after one look the next one begins, milliseconds, by the CPU that it took, milliseconds, and by the age, seconds, of the
 * youngest call: often while a call is young, and never so often that looking costs much. Where there is nothing
 * to see the age is infinite.
 */
export function nextLook(took: number, youngest: number): number {
  if (youngest === Infinity) return Math.max(IDLE_INTERVAL, SHARE_YOUNG * took);
  const share = youngest < YOUNG ? SHARE_YOUNG : SHARE_OLD;
  const interval = INTERVALS.find(([age]) => youngest < age)?.[1] ?? LONGEST_INTERVAL;
  return Math.max(interval, share * took);
}
