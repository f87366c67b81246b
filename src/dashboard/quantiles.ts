import { quantileIfEnough } from "../core/stats.ts";

/** As `quantileIfEnough`, of values in any order; reorders them, which takes less time than sorting. */
export function quantileOf(values: Float64Array, p: number): number | undefined {
  const below = Math.floor((values.length - 1) * p);
  select(values, below);
  // The next one, between which and this one quantiles lie.
  if (below + 1 < values.length) swap(values, below + 1, leastFrom(values, below + 1));
  return quantileIfEnough(values, p);
}

/**
 * Brings the value to its place that would be there in ascending order, with none greater before and none
 * less behind: Hoare, "Algorithm 65: Find" (1961).
 */
function select(values: Float64Array, place: number): void {
  let first = 0;
  let last = values.length - 1;
  while (first < last) {
    const pivot = median(values[first]!, values[(first + last) >> 1]!, values[last]!);
    let low = first;
    let high = last;
    while (low <= high) {
      while (values[low]! < pivot) low++;
      while (values[high]! > pivot) high--;
      if (low <= high) swap(values, low++, high--);
    }
    if (place <= high) last = high;
    else if (place >= low) first = low;
    else return;
  }
}

function median(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}

function leastFrom(values: Float64Array, first: number): number {
  let least = first;
  for (let place = first + 1; place < values.length; place++) {
    if (values[place]! < values[least]!) least = place;
  }
  return least;
}

function swap(values: Float64Array, a: number, b: number): void {
  const value = values[a]!;
  values[a] = values[b]!;
  values[b] = value;
}
