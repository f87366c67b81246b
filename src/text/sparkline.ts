/** The greatest values of equal parts, so many at most: what a shorter line shows of a long one. */
export function condense(values: readonly number[], count: number): number[] {
  const size = Math.ceil(values.length / count);
  return Array.from(
    { length: Math.ceil(values.length / (size || 1)) },
    (_, place) => Math.max(...values.slice(place * size, (place + 1) * size)),
  );
}

const BARS = "▁▂▃▄▅▆▇█";

/**
 * Draws values as bars of eight heights, from the least (or what is given) to the greatest (or
 * more); all the same are the lowest bar.
 */
export function sparkline(values: readonly number[], from = Infinity, to = -Infinity): string {
  const least = Math.min(from, ...values);
  const range = Math.max(to, ...values) - least;
  return values.map((value) => {
    const level = range > 0 ? Math.round((value - least) / range * (BARS.length - 1)) : 0;
    return BARS[level] ?? "";
  }).join("");
}
