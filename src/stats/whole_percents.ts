/**
 * Parts of a whole in whole per cent that come to 100: each rounded down, those with the largest remainders up
 * (Hamilton's method). All 0 where the parts come to nothing.
 */
export function wholePercents(parts: readonly number[]): number[] {
  const whole = parts.reduce((sum, part) => sum + part, 0);
  if (whole <= 0) return parts.map(() => 0);
  const exact = parts.map((part) => 100 * part / whole);
  const percents = exact.map(Math.floor);
  const left = 100 - percents.reduce((sum, percent) => sum + percent, 0);
  const remainder = (place: number): number => exact[place]! - percents[place]!;
  Array.from(percents.keys()).sort((a, b) => remainder(b) - remainder(a)).slice(0, left)
    .forEach((place) => percents[place]!++);
  return percents;
}
