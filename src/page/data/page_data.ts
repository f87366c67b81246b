import type { Call } from "../../calls/call.ts";
import { collect } from "./collect.ts";
import { COLUMN_COUNT, decodeColumns, encodeColumns } from "./columns.ts";
import type { Findings } from "../../summary/findings.ts";
import { summarize } from "../../summary/summarize.ts";
import type { PageHead } from "./head.ts";
import { storedReport } from "./stored_report.ts";
import { PageCall, type PageCalls } from "./page_call.ts";

/** What the command tells of the calls besides them. */
export type PageFacts = Pick<PageHead, "perfmon" | "made" | "covers" | "notes" | "before"> & {
  readonly findings: Findings;
};

/** A page's head and columns as bytes before they are compressed. */
export interface PageBytes {
  /** JSON. */
  readonly head: Uint8Array<ArrayBuffer>;
  /** Each with its length before it, four bytes, lowest first. */
  readonly columns: Uint8Array<ArrayBuffer>;
}

/** No page holds more calls: with all figures they take up to 12 MB. */
export const MAX_CALLS = 500_000;

/** No file is larger, bytes. */
export const MAX_FILE = 15_000_000;

/** Bytes of parameters, the longest calls' first, that there is room for. */
const MAX_PARAMS = 2_000_000;

/**
 * The calls, in order of time, and what all of them come to. Of more calls than `limit` the newest, and
 * those that still run.
 */
export function encodePage(
  given: readonly Call[],
  { findings, ...facts }: PageFacts,
  limit = MAX_CALLS,
): PageBytes {
  const calls = newest(given, limit);
  const { columns, ...names } = collect(calls);
  const head: PageHead = {
    ...facts,
    ...names,
    calls: calls.length,
    omitted: given.length - calls.length,
    ...paramsOf(calls),
    report: storedReport(summarize(given), calls),
    growth: findings.growth,
    changes: findings.changes,
  };
  return {
    head: new TextEncoder().encode(JSON.stringify(head)),
    columns: join(encodeColumns(columns)),
  };
}

function newest(calls: readonly Call[], limit: number): readonly Call[] {
  const omitted = calls.length - limit;
  if (omitted <= 0) return calls;
  return calls.filter(({ status }, place) => place >= omitted || status === "running");
}

function join(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
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

/** The head that `encodePage` made bytes of. */
export function decodeHead(bytes: Uint8Array): PageHead {
  return JSON.parse(new TextDecoder().decode(bytes));
}

/** What `encodePage` made bytes of. */
export function decodePage(bytes: PageBytes, head = decodeHead(bytes.head)): PageCalls {
  const { columns } = bytes;
  const view = new DataView(columns.buffer, columns.byteOffset);
  const parts: Uint8Array[] = [];
  for (let at = 0; parts.length < COLUMN_COUNT; at += 4 + view.getUint32(at, true)) {
    parts.push(columns.subarray(at + 4, at + 4 + view.getUint32(at, true)));
  }
  return { head, columns: decodeColumns(parts, head.calls) };
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
