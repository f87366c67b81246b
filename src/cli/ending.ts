/** The signals by which a person, or who runs a program for one, asks it to end. */
const ENDING: readonly Deno.Signal[] = ["SIGINT", "SIGTERM", "SIGHUP"];

/** A signal has come in within so many milliseconds; where it takes longer, what was done stands all the same. */
const SIGNAL_MS = 20;

/**
 * Does something also where a signal ends the process before its block is left: takes away what lies around
 * until then. The process ends by that very signal, as it would have. It is only when something is waited for
 * that a signal comes in: `letSignalsIn`.
 */
export class AtEnd implements Disposable {
  readonly #listeners = new Map<Deno.Signal, () => void>();

  constructor(private readonly act: () => void) {
    for (const signal of ENDING) {
      const listener = (): void => {
        this[Symbol.dispose]();
        Deno.kill(Deno.pid, signal);
      };
      this.#listeners.set(signal, listener);
      Deno.addSignalListener(signal, listener);
    }
  }

  /** Does it now, once. */
  [Symbol.dispose](): void {
    if (this.#listeners.size === 0) return;
    for (const [signal, listener] of this.#listeners) Deno.removeSignalListener(signal, listener);
    this.#listeners.clear();
    this.act();
  }
}

/** Makes a folder for a while, among other temporary ones; it goes with the block, or with a signal before. */
export function temporaryFolder(prefix: string): Disposable & { readonly path: string } {
  const made: string[] = [];
  const atEnd = new AtEnd(() => made.forEach((path) => Deno.removeSync(path, { recursive: true })));
  const path = Deno.makeTempDirSync({ prefix });
  made.push(path);
  return { path, [Symbol.dispose]: () => atEnd[Symbol.dispose]() };
}

/**
 * Does something at once that is not to be broken off half-way, such as to write settings and their backup. A
 * signal that comes meanwhile ends the process after it.
 */
export async function uninterrupted<Result>(act: () => Result): Promise<Result> {
  using _ = new AtEnd(() => {});
  try {
    return act();
  } finally {
    await letSignalsIn(SIGNAL_MS);
  }
}

/** Waits so many milliseconds, in which signals that have come are dealt with. */
export function letSignalsIn(milliseconds = 0): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
