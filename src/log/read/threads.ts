import { BASIC_COLUMNS } from "../../row/columns.ts";
import { firstColumns } from "../log_lines.ts";
import { LogReader } from "./log_reader.ts";
import { readSlices, rereadSlice, type SlicedFile, type SlicesRead } from "./slices.ts";

const SLICE_BYTES = 4 << 20;
/** A thread takes some 20 MB besides its rows. */
const MAX_THREADS = 4;

/** A log as several threads have read it. */
export interface ThreadsRead {
  readonly reader: LogReader;
  readonly bytes: number;
}

/**
 * Reads a large file by as many threads as the machine has cores, this one included, with the same
 * result as a `LogReader`. `undefined` where that can't be done: one core, no threads, or a
 * file that is cut or replaced meanwhile.
 */
export async function readByThreads(
  name: string,
  options: { readonly threads?: number; readonly sliceBytes?: number } = {},
): Promise<ThreadsRead | undefined> {
  const { threads = Math.min(navigator.hardwareConcurrency, MAX_THREADS) } = options;
  if (threads < 2) return undefined;
  const file = sliced(name, options.sliceBytes ?? SLICE_BYTES);
  const workers = Array.from({ length: threads - 1 }, () => startWorker(file));
  try {
    const reader = new LogReader();
    const { names, ids } = reader;
    const own = readSlices(file, reader);
    const others = await Promise.all(workers.map(({ read }) => read));
    if (own === undefined || !others.every((each) => each !== undefined)) return undefined;
    const bytes = adoptSlices(reader, name, file, [
      { slices: own, names: names.texts, ids: ids.texts },
      ...others,
    ]);
    return bytes < file.size ? undefined : { reader, bytes };
  } finally {
    for (const { worker } of workers) worker.terminate();
  }
}

/**
 * Takes into a reader the slices of a file that several threads have read, all of them: those of the first
 * thread with the reader's own texts. Returns their bytes.
 */
export function adoptSlices(
  reader: LogReader,
  name: string,
  file: SlicedFile,
  threads: readonly SlicesRead[],
): number {
  reader.name = name;
  const found = threads.flatMap(({ slices, names, ids }, thread) => {
    const renumbered = thread === 0
      ? undefined
      : { names: reader.names.absorb(names), ids: reader.ids.absorb(ids) };
    return slices.map((slice) => ({ slice, renumbered }));
  }).sort((a, b) => a.slice.number - b.slice.number);
  let [bytes, lines, columns] = [0, 0, BASIC_COLUMNS as readonly string[]];
  for (const each of found) {
    const isAsRead = isSame(each.slice.columns, columns);
    const slice = isAsRead ? each.slice : rereadSlice(file, each.slice.number, columns, reader);
    for (const block of slice.blocks) {
      reader.table.adopt(block, isAsRead ? each.renumbered : undefined);
    }
    for (const line of slice.refused) reader.refuse({ ...line, number: lines + line.number });
    bytes += slice.bytes;
    lines += slice.lines;
    columns = slice.lastColumns;
  }
  return bytes;
}

function isSame(columns: readonly string[], others: readonly string[]): boolean {
  return columns.length === others.length && columns.every((name, place) => name === others[place]);
}

/** Cuts a file into slices of about so many bytes. */
export function sliced(path: string, sliceBytes: number): SlicedFile {
  using file = Deno.openSync(path);
  const { dev, ino, size } = file.statSync();
  return {
    path,
    device: dev,
    inode: ino,
    size,
    slices: Math.max(1, Math.ceil(size / sliceBytes)),
    columns: firstColumns(file),
    next: new Int32Array(new SharedArrayBuffer(4)),
  };
}

/** A thread at work, and what it will have read; `undefined` where it can't. */
interface WorkerAtWork {
  readonly worker: Worker;
  readonly read: Promise<SlicesRead | undefined>;
}

function startWorker(file: SlicedFile): WorkerAtWork {
  const worker = new Worker(new URL("./slice_worker.ts", import.meta.url), { type: "module" });
  const { promise: read, resolve } = Promise.withResolvers<SlicesRead | undefined>();
  worker.onmessage = ({ data }: MessageEvent<SlicesRead | undefined>) => resolve(data);
  worker.onerror = (event) => {
    event.preventDefault(); // without threads it takes longer, and no more
    resolve(undefined);
  };
  worker.postMessage(file);
  return { worker, read };
}
