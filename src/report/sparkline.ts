const BARS = "▁▂▃▄▅▆▇█";

/** Values as bars from the least to the greatest; all the same are the lowest bar. */
export function sparkline(values: readonly number[]): string {
  const least = Math.min(...values);
  const range = Math.max(...values) - least;
  return values.map((value) => {
    const level = range > 0 ? Math.round((value - least) / range * (BARS.length - 1)) : 0;
    return BARS[level] ?? "";
  }).join("");
}
