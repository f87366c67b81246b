import { firstPlace } from "../../stats/first_place.ts";

/** A stretch of time with calls, and where it stands on the scale. */
interface Stretch {
  /** Seconds since the epoch. */
  readonly from: number;
  to: number;
  /** Where it begins on the scale, seconds that are shown. */
  offset: number;
}

/** Shorter gaps are shown as they are. */
const LEAST_GAP_SECONDS = 300;
/** A gap is cut where it is longer than this part of the time that is left. */
const LEAST_GAP_SHARE = 0.03;
/** What a gap that is cut still takes, of the time that is left: each, and all together. */
const CUT_SHARE = 0.012;
const CUTS_SHARE = 0.15;

/**
 * Time without the long gaps between calls: nights and weekends would leave no room for anything else.
 * A place on the scale is the seconds that are shown before it.
 */
export class TimeScale {
  private readonly stretches: Stretch[] = [];
  /** The length of the whole scale. */
  readonly length: number;

  /** Takes when calls began, ascending, and when they ended; seconds since the epoch. */
  constructor(begins: ArrayLike<number>, ends: ArrayLike<number>) {
    const gaps = gapsOf(begins, ends);
    const first = begins[0] ?? 0;
    const last = Math.max(first + 1e-3, gaps.last);
    const cut = longGaps(gaps.found, last - first);
    const shown = last - first - cut.reduce((sum, gap) => sum + gap.to - gap.from, 0);
    const width = Math.min(CUT_SHARE, CUTS_SHARE / cut.length) * shown;
    let stretch: Stretch = { from: first, to: last, offset: 0 };
    for (const gap of cut) {
      stretch.to = gap.from;
      this.stretches.push(stretch);
      const offset = stretch.offset + (stretch.to - stretch.from) + width;
      stretch = { from: gap.to, to: last, offset };
    }
    this.stretches.push(stretch);
    this.length = stretch.offset + stretch.to - stretch.from;
  }

  /** The place of a time; a time in a gap that is cut is in proportion. */
  toOffset(time: number): number {
    const place = this.find((stretch) => stretch.from <= time);
    const stretch = this.stretches[place]!;
    const beyond = time - stretch.to;
    if (beyond <= 0) return stretch.offset + Math.max(0, time - stretch.from);
    const next = this.stretches[place + 1];
    if (next === undefined) return this.length;
    const width = next.offset - endOf(stretch);
    return endOf(stretch) + width * Math.min(1, beyond / (next.from - stretch.to));
  }

  /** The time at a place. */
  toTime(offset: number): number {
    const place = this.find((stretch) => stretch.offset <= offset);
    const stretch = this.stretches[place]!;
    const beyond = offset - endOf(stretch);
    if (beyond <= 0) return stretch.from + Math.max(0, offset - stretch.offset);
    const next = this.stretches[place + 1];
    if (next === undefined) return stretch.to;
    const width = next.offset - endOf(stretch);
    return stretch.to + (next.from - stretch.to) * Math.min(1, beyond / width);
  }

  /** The gaps that are cut between two places: where, and how long. */
  cuts(from: number, to: number): { from: number; to: number; seconds: number }[] {
    return this.stretches.slice(1).flatMap((next, index) => {
      const before = this.stretches[index]!;
      const cut = { from: endOf(before), to: next.offset, seconds: next.from - before.to };
      return cut.to >= from && cut.from <= to ? [cut] : [];
    });
  }

  /** The stretches between two places as times. */
  shown(from: number, to: number): { from: number; to: number }[] {
    return this.stretches.filter((each) => endOf(each) >= from && each.offset <= to)
      .map((each) => ({
        from: each.from + Math.max(0, from - each.offset),
        to: each.to - Math.max(0, endOf(each) - to),
      }));
  }

  /** The last stretch of which something is true; the first where it is of none. */
  private find(isBefore: (stretch: Stretch) => boolean): number {
    const { stretches } = this;
    return Math.max(0, firstPlace(stretches.length, (at) => !isBefore(stretches[at]!)) - 1);
  }
}

function endOf({ offset, from, to }: Stretch): number {
  return offset + to - from;
}

interface Gap {
  readonly from: number;
  readonly to: number;
}

function gapsOf(
  begins: ArrayLike<number>,
  ends: ArrayLike<number>,
): { found: Gap[]; last: number } {
  const found: Gap[] = [];
  let last = begins[0] ?? 0;
  for (let call = 0; call < begins.length; call++) {
    const begin = begins[call]!;
    if (begin - last > LEAST_GAP_SECONDS) found.push({ from: last, to: begin });
    last = Math.max(last, begin, ends[call]!);
  }
  return { found, last };
}

/** Those that would take a good part of what is left when they are cut. */
function longGaps(gaps: readonly Gap[], span: number): Gap[] {
  let cut: readonly Gap[] = gaps;
  for (let round = 0; round < 3; round++) {
    const left = span - cut.reduce((sum, gap) => sum + gap.to - gap.from, 0);
    cut = gaps.filter((gap) => gap.to - gap.from > left * LEAST_GAP_SHARE);
  }
  return [...cut];
}
