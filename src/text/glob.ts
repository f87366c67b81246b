/**
 * A glob that names are held to: `*` stands for any characters, `?` for one; upper and lower case are
 * the same. Takes time in proportion to glob × name at most, whatever stands in them: a regular
 * expression of several `.*` goes back and forth for ever on a name that nearly fits.
 */
export class Glob {
  readonly #wanted: readonly string[];

  constructor(glob: string) {
    this.#wanted = [...glob.toLowerCase()];
  }

  /** Whether the whole of a name fits the glob. */
  fits(name: string): boolean {
    const wanted = this.#wanted;
    const given = [...name.toLowerCase()];
    let [at, place] = [0, 0];
    // Where to go on when what follows the last star does not fit: one character of the name later.
    let [star, retry] = [-1, 0];
    while (place < given.length) {
      if (wanted[at] === "*") [star, retry, at] = [at, place, at + 1];
      else if (wanted[at] === "?" || wanted[at] === given[place]) [at, place] = [at + 1, place + 1];
      else if (star >= 0) [at, place, retry] = [star + 1, retry + 1, retry + 1];
      else return false;
    }
    return wanted.slice(at).every((character) => character === "*");
  }
}
