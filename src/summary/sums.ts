import type { CallColumns } from "../calls/call_columns.ts";
import { IMPORTED, numberOf, SHARED, STATUSES } from "../calls/call_state.ts";
import type { Groups } from "./groups.ts";

const BACKGROUND = numberOf("background");

/** What calls came to, as far as it adds up over groups that share no call. */
export interface Sums {
  /** By the number of the status. */
  readonly statuses: Int32Array;
  /** The flags that any of the calls has. */
  readonly flags: number;
  readonly imported: number;
  /** The known durations, seconds, in any order, without those of background calls. */
  readonly durations: Float64Array;
  /** The greatest of `durations`, −Infinity where there are none. */
  readonly longest: number;
  readonly duration: Sum;
  readonly wait: Sum;
  /** Of `wait`, that in which the person was asked, seconds. */
  readonly prompt: number;
  /** The CPU of the calls that share it with none. */
  readonly cpu: Sum;
  /** The calls that share their CPU, in order of time. */
  readonly shared: Int32Array;
}

/** A sum of seconds, and how many values it is of. */
export interface Sum {
  readonly seconds: number;
  readonly known: number;
}

/** The sums of each group, and of all, of calls that ended: in one pass, because each would go through all the memory. */
export function sumsOf(
  columns: CallColumns,
  { indices, numbers, sizes }: Groups,
): { readonly groups: readonly Sums[]; readonly all: Sums } {
  const { status, flags, duration, wait, cpu } = columns;
  const groups = sizes.length;
  const statuses = Array.from(sizes, () => new Int32Array(STATUSES.length));
  const durations = Array.from(sizes, (size) => new Float64Array(size));
  const shared = Array.from(sizes, (size) => new Int32Array(size));
  const allShared = new Int32Array(indices.length);
  let anyShared = 0;
  const [timed, sharing, imported, anyFlags] = [0, 0, 0, 0].map(() => new Int32Array(groups));
  const longest = new Float64Array(groups).fill(-Infinity);
  const lasted = new Adder(groups);
  const waited = new Adder(groups);
  const used = new Adder(groups);
  const asked = new Float64Array(groups);
  const prompts = columns.prompts?.seconds;
  for (let at = 0; at < indices.length; at++) {
    const call = indices[at]!;
    const group = numbers[at]!;
    const ending = status[call]!;
    const bits = flags[call]!;
    const took = duration[call]!;
    statuses[group]![ending]!++;
    anyFlags![group]! |= bits;
    if ((bits & IMPORTED) !== 0) imported![group]!++;
    lasted.add(group, took);
    if (took === took && ending !== BACKGROUND) { // not NaN
      durations[group]![timed![group]!++] = took;
      if (took > longest[group]!) longest[group] = took;
    }
    waited.add(group, wait[call]!);
    if (prompts !== undefined) asked[group]! += prompts[call]!;
    if ((bits & SHARED) === 0) used.add(group, cpu[call]!);
    else {
      shared[group]![sharing![group]!++] = call;
      allShared[anyShared++] = call;
    }
  }
  const parts = statuses.map((counts, group): Sums => ({
    statuses: counts,
    flags: anyFlags![group]!,
    imported: imported![group]!,
    durations: durations[group]!.subarray(0, timed![group]),
    longest: longest[group]!,
    duration: lasted.sum(group),
    wait: waited.sum(group),
    prompt: asked[group]!,
    cpu: used.sum(group),
    shared: shared[group]!.subarray(0, sharing![group]),
  }));
  return { groups: parts, all: addSums(parts, allShared.subarray(0, anyShared)) };
}

/** Sums of seconds by group, of those that are known. */
class Adder {
  private readonly seconds: Float64Array;
  private readonly known: Int32Array;

  constructor(groups: number) {
    this.seconds = new Float64Array(groups);
    this.known = new Int32Array(groups);
  }

  add(group: number, seconds: number): void {
    if (seconds !== seconds) return; // NaN
    this.seconds[group]! += seconds;
    this.known[group]!++;
  }

  sum(group: number): Sum {
    return { seconds: this.seconds[group]!, known: this.known[group]! };
  }
}

/** The sums of all calls, from those of groups. */
function addSums(parts: readonly Sums[], shared: Int32Array): Sums {
  const durations = new Float64Array(total(parts, ({ durations }) => durations.length));
  let timed = 0;
  for (const part of parts) {
    durations.set(part.durations, timed);
    timed += part.durations.length;
  }
  const sum = (of: (part: Sums) => Sum): Sum => ({
    seconds: total(parts, (part) => of(part).seconds),
    known: total(parts, (part) => of(part).known),
  });
  return {
    statuses: Int32Array.from(
      STATUSES,
      (_, status) => total(parts, ({ statuses }) => statuses[status]!),
    ),
    flags: parts.reduce((flags, part) => flags | part.flags, 0),
    imported: total(parts, ({ imported }) => imported),
    durations,
    longest: parts.reduce((longest, part) => Math.max(longest, part.longest), -Infinity),
    duration: sum(({ duration }) => duration),
    wait: sum(({ wait }) => wait),
    prompt: total(parts, ({ prompt }) => prompt),
    cpu: sum(({ cpu }) => cpu),
    shared,
  };
}

function total(parts: readonly Sums[], of: (part: Sums) => number): number {
  return parts.reduce((sum, part) => sum + of(part), 0);
}
