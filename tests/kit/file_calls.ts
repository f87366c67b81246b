/** Calls of the file system that fail, or do something besides, on request. */
import { io } from "../../src/files/io.ts";

/** Replaces file calls until the end of the block. */
export function replaceIo(changes: Partial<typeof io>): Disposable {
  const original = { ...io };
  Object.assign(io, changes);
  return { [Symbol.dispose]: () => void Object.assign(io, original) };
}
