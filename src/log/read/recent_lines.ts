/** How many lines a rotation may leave twice, and more: it doubles what it keeps. */
const DEFAULT_CAPACITY = 1 << 20;

/**
 * Tells a line that was there before, among at least as many newest lines as its capacity; older
 * ones are forgotten. It holds 64-bit hashes in two generations of fixed size (32 MiB together by
 * default), so that a log of any length can be read through it: among ten million lines the chance
 * that a new one is taken for a known one is below one in ten thousand.
 */
export class RecentLines {
  #young: HashTable;
  #old: HashTable;

  constructor(private readonly capacity = DEFAULT_CAPACITY) {
    this.#young = new HashTable(capacity);
    this.#old = new HashTable(capacity);
  }

  /** Remembers a line; true where it is new. */
  add(line: string): boolean {
    const [low, high] = hash(line);
    if (this.#old.has(low, high) || !this.#young.add(low, high)) return false;
    if (this.#young.size >= this.capacity) {
      this.#old = this.#young;
      this.#young = new HashTable(this.capacity);
    }
    return true;
  }
}

/** A set of 64-bit hashes: open addressing, linear probing, never more than half full. */
class HashTable {
  size = 0;
  readonly #mask: number;
  readonly #cells: Uint32Array;

  constructor(capacity: number) {
    const places = 2 ** Math.ceil(Math.log2(2 * capacity));
    this.#mask = places - 1;
    this.#cells = new Uint32Array(2 * places);
  }

  has(low: number, high: number): boolean {
    return this.#cells[this.#find(low, high)] !== 0;
  }

  /** False where it is there already. */
  add(low: number, high: number): boolean {
    const cell = this.#find(low, high);
    if (this.#cells[cell] !== 0) return false;
    this.#cells[cell] = low;
    this.#cells[cell + 1] = high;
    this.size++;
    return true;
  }

  /** The cell where a hash stands, or the empty one where it belongs. */
  #find(low: number, high: number): number {
    for (let place = high & this.#mask;; place = (place + 1) & this.#mask) {
      const known = this.#cells[2 * place];
      if (known === 0 || known === low && this.#cells[2 * place + 1] === high) return 2 * place;
    }
  }
}

/** What a line is known again by: 16 hexadecimal digits, as good as unique. */
export function fingerprint(line: string): string {
  return hash(line).map((half) => half.toString(16).padStart(8, "0")).join("");
}

/** Two 32-bit halves, the first never 0: two multiplicative hashes, mixed as murmur3 ends. */
function hash(text: string): [low: number, high: number] {
  let a = 0xdeadbeef;
  let b = 0x41c6ce57;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    a = Math.imul(a ^ code, 0x9e3779b1);
    b = Math.imul(b ^ code, 0x5f356495);
  }
  a = Math.imul(a ^ a >>> 16, 0x85ebca6b) ^ Math.imul(b ^ b >>> 13, 0xc2b2ae35);
  b = Math.imul(b ^ b >>> 16, 0x85ebca6b) ^ Math.imul(a ^ a >>> 13, 0xc2b2ae35);
  return [a >>> 0 || 1, b >>> 0];
}
