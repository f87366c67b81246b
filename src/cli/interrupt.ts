/** Turns Ctrl-C and other requests to end into a flag, and cuts a pause short. */
export class Interrupt {
  isRaised = false;
  #wake: () => void = () => {};
  readonly raise = (): void => {
    this.isRaised = true;
    this.#wake();
  };
  /** Ends a pause that is under way, without asking for the end. */
  readonly wake = (): void => this.#wake();

  /**
   * Listens to the signals. SIGHUP ends the process anyway, under nohup too (Deno's runtime sees to
   * it): only a screen that is to be left minds it.
   */
  constructor(private readonly signals: readonly Deno.Signal[] = ["SIGINT", "SIGTERM"]) {
    for (const signal of signals) Deno.addSignalListener(signal, this.raise);
  }

  /** Waits, but no longer than until the next interrupt or `wake`. */
  async pause(milliseconds: number): Promise<void> {
    if (this.isRaised) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      timer = setTimeout(resolve, milliseconds);
    });
    clearTimeout(timer);
  }

  [Symbol.dispose](): void {
    for (const signal of this.signals) Deno.removeSignalListener(signal, this.raise);
  }
}
