/** Durations on a logarithmic axis: bins from `LEAST_SECONDS` up, so many to each tenfold. */
export const LEAST_SECONDS = 0.001;
export const BINS_PER_DECADE = 10;
/** The last bin holds whatever is longer: 31,000 years. */
export const MAX_BINS = 150;

/** The bin of a duration in seconds, from 0. */
export function binOf(seconds: number): number {
  const place = Math.floor(Math.log10(seconds / LEAST_SECONDS) * BINS_PER_DECADE + 1e-9);
  return Math.max(0, Math.min(MAX_BINS - 1, place));
}

/** Where a bin begins, seconds. */
export function startOfBin(bin: number): number {
  return LEAST_SECONDS * 10 ** (bin / BINS_PER_DECADE);
}

/** How many durations are in each bin, by group; all groups have as many bins. */
export class Distribution {
  /** As many as the longest duration needs, to the end of its decade. */
  bins = BINS_PER_DECADE;
  private readonly groups = new Map<string, number[]>();

  /** Adds so many durations in a bin. */
  add(group: string, bin: number, count: number): void {
    if (count === 0) return;
    let counts = this.groups.get(group);
    if (counts === undefined) this.groups.set(group, counts = []);
    counts[bin] = (counts[bin] ?? 0) + count;
    if (bin >= this.bins) this.bins = Math.ceil((bin + 1) / BINS_PER_DECADE) * BINS_PER_DECADE;
  }

  /** The counts of a group, from the shortest durations to the longest. */
  counts(group: string): number[] {
    const counts = this.groups.get(group) ?? [];
    return Array.from({ length: this.bins }, (_, bin) => counts[bin] ?? 0);
  }

  /** Where a duration stands on the axis, 0 … 1. */
  position(seconds: number): number {
    const place = Math.log10(Math.max(LEAST_SECONDS, seconds) / LEAST_SECONDS) * BINS_PER_DECADE;
    return Math.min(1, place / this.bins);
  }
}
