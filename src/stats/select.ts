import { quantileIfEnough } from "./quantiles.ts";

/** The quantile that `quantileIfEnough` gives, of values in any order; reorders them, which takes less time than sorting. */
export function quantileOf(values: Float64Array, p: number): number | undefined {
  const below = Math.floor((values.length - 1) * p);
  select(values, below);
  // The next one, between which and this one quantiles lie.
  if (below + 1 < values.length) swap(values, below + 1, leastFrom(values, below + 1));
  return quantileIfEnough(values, p);
}

/** Of fewer values a sample is not worth it. */
const SAMPLED = 600;

/**
 * Brings the value to its place that would be there in ascending order, with none greater before and none
 * less behind: Floyd and Rivest, "Algorithm 489: SELECT" (1975), which first selects in a sample.
 */
function select(values: Float64Array, place: number, first = 0, last = values.length - 1): void {
  while (first < last) {
    const size = last - first + 1;
    if (size > SAMPLED) {
      const rank = place - first + 1;
      const log = Math.log(size);
      const sample = 0.5 * Math.exp(2 * log / 3);
      const side = Math.sign(rank - size / 2);
      const spread = 0.5 * Math.sqrt(log * sample * (size - sample) / size) * side;
      const from = Math.max(first, Math.floor(place - rank * sample / size + spread));
      const to = Math.min(last, Math.floor(place + (size - rank) * sample / size + spread));
      select(values, place, from, to);
    }
    const pivot = values[place]!;
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
