/** Texts by number, each distinct one once. Numbers count from 1 in the order of arrival; 0 is no text. */
export interface Texts {
  /** The highest number given so far. */
  readonly size: number;
  /** The number of a text; 0 for the empty one. */
  ofText(text: string): number;
  /** The text of a number; `undefined` for 0. */
  text(number: number): string | undefined;
}

/** Texts that are strings already, as against those of an `Interner`. */
export class StringTexts implements Texts {
  private readonly strings: (string | undefined)[] = [undefined];
  private readonly numbers = new Map<string, number>([["", 0]]);

  get size(): number {
    return this.strings.length - 1;
  }
  ofText(text: string): number {
    let number = this.numbers.get(text);
    if (number === undefined) {
      number = this.strings.push(text) - 1;
      this.numbers.set(text, number);
    }
    return number;
  }
  text(number: number): string | undefined {
    return this.strings[number];
  }
}
