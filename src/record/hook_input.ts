/**
 * A hook's stdin as far as one read gives it; what comes in more pieces is rare, and read by
 * read_rest.ts.
 */
export interface HookInput {
  readonly buffer: Uint8Array<ArrayBuffer>;
  /** The bytes that the first read gives, `null` at the end of stdin. */
  readonly firstRead: Promise<number | null>;
  /** Whether nothing more is to come, or nothing that matters. */
  isOver: boolean;
  /** How long it was waited for, milliseconds. */
  waited: number;
}

/**
 * Begins to read stdin, which then goes on while the caller does something else. `Deno.stdin.readSync`
 * would be faster by 0.5 ms, but a client that leaves stdin open and silent hangs it. A stdin that
 * can't be read, a folder for instance, is taken as one that has ended; a terminal is not waited for.
 */
export function openInput(): HookInput {
  const buffer = new Uint8Array(64 * 1024);
  const isOver = Deno.stdin.isTerminal();
  const firstRead = isOver ? Promise.resolve(null) : Deno.stdin.read(buffer).catch(() => null);
  return { buffer, firstRead, isOver, waited: 0 };
}
