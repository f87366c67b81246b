/** The newest figures of things that come and go, oldest first, a few of each. */
export class Trails {
  readonly #byKey = new Map<string, number[]>();

  /** `length`: how many figures are kept of each. */
  constructor(private readonly length: number) {}

  /** Takes the next figure of each thing; what is not among them is forgotten. */
  push(figures: ReadonlyMap<string, number>): void {
    for (const key of this.#byKey.keys()) if (!figures.has(key)) this.#byKey.delete(key);
    for (const [key, figure] of figures) {
      const trail = this.#byKey.get(key);
      if (trail === undefined) this.#byKey.set(key, [figure]);
      else if (trail.push(figure) > this.length) trail.shift();
    }
  }

  get(key: string): readonly number[] {
    return this.#byKey.get(key) ?? [];
  }
}
