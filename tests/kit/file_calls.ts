/** Calls of the file system that fail, or do something besides, on request. */
import { io } from "../../src/files/io.ts";

/** Replaces file calls until the end of the block. */
export function replaceIo(changes: Partial<typeof io>): Disposable {
  const original = { ...io };
  Object.assign(io, changes);
  return { [Symbol.dispose]: () => void Object.assign(io, original) };
}

/** How many bytes the writing path reads meanwhile. */
export async function bytesRead(run: () => Promise<unknown>): Promise<number> {
  let bytes = 0;
  const open = Deno.openSync;
  using _ = replaceIo({
    open: (path, options) => {
      const file = open(path, options);
      const read = file.readSync.bind(file);
      file.readSync = (buffer) => {
        const count = read(buffer);
        bytes += count ?? 0;
        return count;
      };
      return file;
    },
  });
  await run();
  return bytes;
}
