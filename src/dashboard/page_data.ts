import type { Call } from "../core/call.ts";
import { collect } from "./collect.ts";
import { COLUMN_COUNT, decodeColumns, encodeColumns } from "./columns.ts";
import type { PageHead } from "./head.ts";
import { PageCall, type PageCalls } from "./page_call.ts";

/** What the command tells of the calls besides them. */
export type PageFacts = Pick<
  PageHead,
  "perfmon" | "made" | "covers" | "notes" | "changes" | "before"
>;

/** No page holds more calls: with all figures they take up to 12 MB. */
export const MAX_CALLS = 500_000;

/** No file is larger, bytes. */
export const MAX_FILE = 15_000_000;

/** Bytes of parameters, the longest calls' first, that there is room for. */
const MAX_PARAMS = 2_000_000;

/**
 * The calls, in order of time, as bytes before they are compressed: the length of the head, four bytes,
 * lowest first, the head as JSON, and each column with its length likewise. Of more calls than `limit`
 * the newest.
 */
export function encodePage(
  given: readonly Call[],
  facts: PageFacts,
  limit = MAX_CALLS,
): Uint8Array<ArrayBuffer> {
  const omitted = Math.max(0, given.length - limit);
  const calls = omitted > 0 ? given.slice(omitted) : given;
  const { columns, ...names } = collect(calls);
  const head: PageHead = {
    ...facts,
    ...names,
    calls: calls.length,
    omitted,
    ...paramsOf(calls),
  };
  const parts = [new TextEncoder().encode(JSON.stringify(head)), ...encodeColumns(columns)];
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length + 4, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const part of parts) {
    view.setUint32(at, part.length, true);
    bytes.set(part, at + 4);
    at += 4 + part.length;
  }
  return bytes;
}

/** What `encodePage` made bytes of. */
export function decodePage(bytes: Uint8Array<ArrayBuffer>): PageCalls {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const parts: Uint8Array[] = [];
  for (let at = 0; parts.length <= COLUMN_COUNT; at += 4 + view.getUint32(at, true)) {
    parts.push(bytes.subarray(at + 4, at + 4 + view.getUint32(at, true)));
  }
  const [text, ...columns] = parts;
  const head: PageHead = JSON.parse(new TextDecoder().decode(text));
  return { head, columns: decodeColumns(columns, head.calls) };
}

/** The page's calls in order of time. */
export function callsOf(page: PageCalls): PageCall[] {
  return Array.from({ length: page.head.calls }, (_, index) => new PageCall(page, index));
}

function paramsOf(calls: readonly Call[]): Pick<PageHead, "params" | "omittedParams"> {
  const given = calls.flatMap(({ start, end, durationSeconds = 0 }, index) => {
    const text = start?.params ?? end?.params;
    return text === undefined ? [] : [{ index, text, durationSeconds }];
  });
  let left = MAX_PARAMS;
  const kept = given.toSorted((a, b) => b.durationSeconds - a.durationSeconds)
    .filter(({ text }) => (left -= text.length + 10) > 0);
  return {
    params: Object.fromEntries(kept.map(({ index, text }) => [index, text])),
    omittedParams: given.length - kept.length,
  };
}
