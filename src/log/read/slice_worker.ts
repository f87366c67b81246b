/** A thread that reads slices of a large log: it gets a `SlicedFile` and answers with `SlicesRead`. */
import { Interner } from "../../row/interner.ts";
import { readSlices, type SlicedFile, type SlicesRead } from "./slices.ts";

/** What is used here of a worker's global scope. */
interface WorkerScope {
  onmessage: (event: MessageEvent<SlicedFile>) => void;
  postMessage(message: SlicesRead | undefined, transfer: ArrayBuffer[]): void;
}

const scope = globalThis as unknown as WorkerScope;

scope.onmessage = ({ data: file }) => {
  const [names, ids] = [new Interner(), new Interner()];
  const slices = readSlices(file, { names, ids });
  if (slices === undefined) return scope.postMessage(undefined, []);
  const read: SlicesRead = { slices, names: names.texts, ids: ids.texts };
  const blocks = slices.flatMap((slice) => slice.blocks);
  scope.postMessage(read, [
    ...blocks.flatMap(({ numbers, texts }) => [...numbers, ...texts])
      .flatMap((column) => column?.buffer ?? []),
    ...[read.names, read.ids].flatMap(({ bytes, ends, hashes }) => [
      bytes.buffer,
      ends.buffer,
      hashes.buffer,
    ]),
  ]);
};
