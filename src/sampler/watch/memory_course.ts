/** So many figures at most; a screen has no room for more. */
const MOST = 32;
/** What one figure stands for at first, seconds. */
const STEP = 0.25;

/**
 * The highest figures in equal stretches of time, from the first one to now. When there are too many, each two
 * become one, so that days take no more room than seconds.
 */
export class MemoryCourse {
  readonly values: number[] = [];
  #step = STEP;
  #begin: number | undefined;

  /** Takes the figure of a moment, in seconds; where nobody looked in between, it stood still. */
  take(now: number, value: number): void {
    const age = now - (this.#begin ??= now);
    while (age >= MOST * this.#step) this.#halve();
    const place = Math.max(this.values.length - 1, Math.floor(age / this.#step), 0);
    const last = this.values.at(-1) ?? value;
    while (this.values.length < place) this.values.push(last);
    this.values[place] = Math.max(this.values[place] ?? 0, value);
  }

  #halve(): void {
    const { values } = this;
    const count = Math.ceil(values.length / 2);
    for (let place = 0; place < count; place++) {
      values[place] = Math.max(values[2 * place]!, values[2 * place + 1] ?? 0);
    }
    values.length = count;
    this.#step *= 2;
  }
}
