/** A thread that reads segments of a long history: it gets `SegmentWork`, and answers with a `SegmentRead` each. */
import { readSegmentRows, transferable } from "./segment_rows.ts";
import type { SegmentRead, SegmentWork } from "./threads.ts";

/** What is used here of a worker's global scope. */
interface WorkerScope {
  onmessage: (event: MessageEvent<SegmentWork>) => Promise<void>;
  postMessage(message: SegmentRead, transfer: ArrayBuffer[]): void;
}

const scope = globalThis as unknown as WorkerScope;

scope.onmessage = async ({ data: { segments, next } }) => {
  const claim = (): number => Atomics.add(next, 0, 1);
  for (let number = claim(); number < segments.length; number = claim()) {
    const rows = await readSegmentRows(segments[number]!);
    scope.postMessage({ number, rows }, rows === undefined ? [] : transferable(rows));
  }
};
