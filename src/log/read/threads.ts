import type { Segment } from "../history/segments.ts";
import type { SegmentRows } from "./segment_rows.ts";

/** A thread takes some 20 MB besides its rows. */
const MAX_THREADS = 4;

/** Segments that several threads read, each of them one after the other. */
export interface SegmentWork {
  readonly segments: readonly Segment[];
  /** The place of the next one that nobody has taken; shared by all threads. */
  readonly next: Int32Array<SharedArrayBuffer>;
}

/** One of them that was read, by its place. */
export interface SegmentRead {
  readonly number: number;
  /** `undefined`: it is too much for a thread. */
  readonly rows: SegmentRows | undefined;
}

/**
 * Reads segments by as many threads as the machine has cores, and yields what they hold in their order; `undefined`
 * for those that are left to the caller, because they are too much for a thread or one has died. Nothing where threads
 * can't be had.
 */
export async function* readByThreads(
  segments: readonly Segment[],
  threads: number = Math.min(navigator.hardwareConcurrency, MAX_THREADS),
): AsyncGenerator<SegmentRows | undefined> {
  if (threads < 2) return;
  const next = new Int32Array(new SharedArrayBuffer(4));
  const reads = segments.map(() => Promise.withResolvers<SegmentRows | undefined>());
  const workers = Array.from({ length: threads }, () => {
    const url = new URL("./segment_worker.ts", import.meta.url);
    const worker = new Worker(url, { type: "module" });
    worker.onmessage = ({ data: { number, rows } }: MessageEvent<SegmentRead>) =>
      reads[number]!.resolve(rows);
    worker.onerror = (event) => {
      event.preventDefault(); // without threads it takes longer, and no more
      for (const { resolve } of reads) resolve(undefined);
    };
    worker.postMessage({ segments, next } satisfies SegmentWork);
    return worker;
  });
  try {
    for (const { promise } of reads) yield await promise;
  } finally {
    for (const worker of workers) worker.terminate();
  }
}
