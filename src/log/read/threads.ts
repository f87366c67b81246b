import { isHeader, parseHeader } from "../../row/parse_row.ts";
import { BASIC_COLUMNS } from "../../row/columns.ts";
import { LogReader } from "./log_reader.ts";
import { readSlices, type SlicedFile, type SlicesRead } from "./slices.ts";

const SLICE_BYTES = 4 << 20;
/** A thread takes some 20 MB besides its rows. */
const MAX_THREADS = 4;
/** A first line that is longer is no header. */
const HEADER_BYTES = 4096;

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
    const [names, ids] = reader.texts;
    const own = readSlices(file, names, ids);
    const others = await Promise.all(workers.map(({ read }) => read));
    if (own === undefined || !others.every((each) => each !== undefined)) return undefined;
    const bytes = reader.adopt(name, file, [
      { slices: own, names: names.texts, ids: ids.texts },
      ...others,
    ]);
    return bytes < file.size ? undefined : { reader, bytes };
  } finally {
    for (const { worker } of workers) worker.terminate();
  }
}

/** Cuts a file into slices of about so many bytes. */
export function sliced(path: string, sliceBytes: number): SlicedFile {
  using file = Deno.openSync(path);
  const { dev, ino, size } = file.statSync();
  const bytes = new Uint8Array(HEADER_BYTES);
  const [line = ""] = new TextDecoder().decode(bytes.subarray(0, file.readSync(bytes) ?? 0))
    .split(/\r?\n/, 1);
  return {
    path,
    device: dev,
    inode: ino,
    size,
    slices: Math.max(1, Math.ceil(size / sliceBytes)),
    columns: isHeader(line) ? parseHeader(line) : BASIC_COLUMNS,
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
