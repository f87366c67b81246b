/** A track of a trace on which slices lie behind one another. */
export interface Lane {
  readonly tid: number;
  readonly name: string;
  /** Whether nothing was put on it before. */
  readonly isNew: boolean;
}

/** Spreads what overlaps over tracks, those of one kind beside one another. */
export class Lanes {
  readonly #byKind = new Map<
    string,
    { readonly tid: number; readonly name: string; until: number }[]
  >();

  /** `next`: the number of the first track. */
  constructor(private next: number) {}

  /** The first track of a kind that is free from then on; it is taken up to `to`. */
  of(kind: string, from: number, to: number): Lane {
    const known = this.#byKind.get(kind) ?? [];
    this.#byKind.set(kind, known);
    const free = known.find(({ until }) => until <= from);
    if (free !== undefined) {
      free.until = to;
      return { ...free, isNew: false };
    }
    const name = known.length === 0 ? kind : `${kind} ${known.length + 1}`;
    const lane = { tid: this.next++, name, until: to };
    known.push(lane);
    return { ...lane, isNew: true };
  }
}
