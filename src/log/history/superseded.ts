import { io } from "../../files/io.ts";
import type { LogLocation } from "../location.ts";
import { LINE_LIMIT } from "../log_lines.ts";
import { contentOf } from "./segment_content.ts";
import {
  isAsListed,
  isPartOf,
  listSegments,
  newestPlain,
  type Segment,
  walkSegment,
  WHOLE_LIMIT,
} from "./segments.ts";

/** A segment all of whose rows stand in a merged one, too: a merge died before it removed it. */
export interface Superseded {
  readonly part: Segment;
  readonly whole: Segment;
}

/**
 * Finds the segments that a merged one beside them holds, too. Names only say where to look: the file may be of
 * another log, or damaged, so that line is compared with line.
 */
export async function findSuperseded(location: LogLocation): Promise<Superseded[]> {
  const segments = listSegments(location);
  const newest = newestPlain(segments);
  const found: Superseded[] = [];
  for (const whole of segments) {
    const parts = segments.filter((part) => part !== newest && isPartOf(part, whole));
    const rows = parts.length === 0 ? undefined : await rowsOf(whole);
    if (rows === undefined) continue;
    for (const part of parts) if (await isIn(part, rows)) found.push({ part, whole });
  }
  return found;
}

/** Removes of these what still lies there as it was found, beside what holds it. The caller holds the lock. */
export function removeSuperseded(found: readonly Superseded[]): void {
  for (const { part, whole } of found) {
    if (isAsListed(whole) && isAsListed(part)) io.remove(part.path);
  }
}

interface Rows {
  readonly header: string;
  /** How often each line stands there. */
  readonly counts: ReadonlyMap<string, number>;
}

/** The rows of a merged segment; `undefined` where it can't be read, is too large, or is not what its name says. */
async function rowsOf(whole: Segment): Promise<Rows | undefined> {
  const content = await contentOf(whole);
  const { merged } = whole;
  const isAsNamed = content !== undefined && merged !== undefined && content.rows === merged.rows &&
    content.from >= merged.from && content.to < merged.to;
  if (!isAsNamed) return undefined;
  const counts = new Map<string, number>();
  let held = 0;
  try {
    await walkSegment(whole, (lines) => {
      if (lines.isHeader) return false;
      const { text } = lines;
      counts.set(text, (counts.get(text) ?? 0) + 1);
      held += text.length;
      return held > WHOLE_LIMIT;
    });
  } catch {
    return undefined; // gone meanwhile
  }
  return held > WHOLE_LIMIT ? undefined : { header: content.header, counts };
}

/** Whether each line of a segment stands among these rows, as often, and means the same there. */
async function isIn(part: Segment, { header, counts }: Rows): Promise<boolean> {
  const met = new Map<string, number>();
  let isIn = true;
  try {
    await walkSegment(part, (lines) => {
      const { text, offset, nextOffset, isHeader } = lines;
      const times = (met.get(text) ?? 0) + 1;
      const isBegin = offset === 0;
      if (isBegin && header !== (isHeader ? text : "")) isIn = false;
      else if (isHeader) isIn = isBegin;
      // Of a longer line not all was compared.
      else isIn = nextOffset - offset <= LINE_LIMIT && times <= (counts.get(text) ?? 0);
      met.set(text, times);
      return !isIn;
    });
  } catch {
    return false;
  }
  return isIn;
}
