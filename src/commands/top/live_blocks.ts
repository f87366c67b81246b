import { plural } from "../../text/units.ts";
import type { Style } from "../../text/style.ts";

/** A table on a screen that may have no room for all of its rows. */
export interface Block {
  readonly header: string;
  /** Those that matter most first. */
  readonly rows: readonly string[];
  /** A row that is always shown, below the others. */
  readonly last?: string | undefined;
  /** What stands there instead of a table without rows; without it, nothing does. */
  readonly empty: string | undefined;
  /** What a row is, to say how many more there are; without it, nothing is said. */
  readonly more: string | undefined;
}

/** Lines of a low screen. */
const LOW = 13;

/**
 * Lays blocks one under the other in `height` lines at most: room goes row by row to all that want some,
 * those before first, so that a long table leaves others their share.
 */
export function fill(blocks: readonly Block[], height: number, style: Style): string[] {
  const shown = blocks.filter(({ rows, empty }) => rows.length > 0 || empty !== undefined);
  // A header (or the sentence in its place), the last row, and a blank line below.
  const fixed = shown.map(({ rows, last }) =>
    (rows.length === 0 ? 1 : 2) + (last === undefined ? 0 : 1) + 1
  );
  // On a low screen the first table stays whole, and the rest gives way.
  const whole = height < LOW ? Math.max(0, (shown[0]?.rows.length ?? 0) - 1) : 0;
  while (shown.length > 1 && sum(fixed) - 1 + whole > height) {
    shown.pop();
    fixed.pop();
  }
  // The first row of a table is part of it.
  const counts = shown.map(({ rows }) => Math.min(1, rows.length));
  let left = height - (sum(fixed) - 1);
  const first = Math.max(0, Math.min(left, whole));
  if (first > 0) counts[0]! += first;
  left -= first;
  for (let isGrowing = true; isGrowing && left > 0;) {
    isGrowing = false;
    shown.forEach(({ rows }, index) => {
      const count = counts[index] ?? 0;
      if (left <= 0 || count >= rows.length) return;
      counts[index] = count + 1;
      left--;
      isGrowing = true;
    });
  }
  return shown.flatMap((block, index) => [
    ...(index === 0 ? [] : [""]),
    ...blockLines(block, counts[index] ?? 0, style),
  ]);
}

function blockLines(
  { header, rows, last, empty, more }: Block,
  count: number,
  style: Style,
): string[] {
  if (rows.length === 0) return [empty ?? ""];
  const hidden = rows.length - count;
  // The last line that there is room for tells of the others.
  const kept = hidden > 0 && more !== undefined ? rows.slice(0, count - 1) : rows.slice(0, count);
  const rest = rows.length - kept.length;
  return [
    style.strong(header),
    ...kept,
    ...(rest > 0 && more !== undefined ? [`and ${plural(rest, `more ${more}`)}`] : []),
    ...(last === undefined ? [] : [style.strong(last)]),
  ];
}

function sum(values: readonly number[]): number {
  return values.reduce((total, each) => total + each, 0);
}
