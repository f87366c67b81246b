import type { Texts } from "./texts.ts";

/** The hash of no bytes, which {@linkcode hashByte} goes on from. */
export const EMPTY_HASH = 5381;

/** The hash of what `hash` stands for and one more byte: rotated and mixed, which takes no call and no sum beyond 32 bits. */
export function hashByte(hash: number, byte: number): number {
  return (hash << 5 | hash >>> 27) ^ byte;
}

/** The hash of a line and one end, whatever its end is; never 0. */
export function lineHash(buffer: Uint8Array, start: number, end: number): number {
  let hash = EMPTY_HASH;
  for (let at = start; at < end; at++) hash = hashByte(hash, buffer[at]!);
  return hashByte(hash, NEWLINE) || 1;
}

const NEWLINE = 0x0a;

/** The texts of an interner, for another one. */
export interface InternedTexts {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly ends: Uint32Array<ArrayBuffer>;
  readonly hashes: Int32Array<ArrayBuffer>;
  readonly size: number;
}

/**
 * Texts by number. Each distinct one is kept once, as UTF-8, and becomes a string only when it is
 * asked for: of a large log most never are.
 */
export class Interner implements Texts {
  /** All texts, one behind the other. */
  private bytes = new Uint8Array(1 << 15);
  /** Where each text ends in `bytes`; it begins where the one before ends. */
  private ends = new Uint32Array(1 << 11);
  private hashes = new Int32Array(1 << 11);
  /** An open hash table of numbers, at most half full. */
  private slots = new Int32Array(1 << 12);
  private readonly strings: (string | undefined)[] = [];
  private last = 0;

  get size(): number {
    return this.last;
  }

  ofText(text: string): number {
    const bytes = new TextEncoder().encode(text);
    let hash = EMPTY_HASH;
    for (const byte of bytes) hash = hashByte(hash, byte);
    return this.ofBytes(bytes, 0, bytes.length, hash);
  }

  /** The number of the text from `start` to `end` (exclusive), with its hash: `hashByte` over all bytes. */
  ofBytes(bytes: Uint8Array, start: number, end: number, hash: number): number {
    if (start === end) return 0;
    const { slots, hashes } = this;
    const mask = slots.length - 1;
    for (let slot = placeOf(hash) & mask;; slot = slot + 1 & mask) {
      const number = slots[slot]!;
      if (number === 0) return this.add(bytes, start, end, hash, slot);
      if (hashes[number] === hash && this.isSame(number, bytes, start, end)) return number;
    }
  }

  text(number: number): string | undefined {
    if (number === 0) return undefined;
    while (this.strings.length <= this.last) this.strings.push(undefined);
    return this.strings[number] ??= decoder.decode(
      this.bytes.subarray(this.ends[number - 1]!, this.ends[number]!),
    );
  }

  /** Where a text that stands at `start` ends; −1 where another one stands there. Takes a number above 0. */
  endOf(number: number, bytes: Uint8Array, start: number): number {
    const { bytes: own, ends } = this;
    const to = ends[number]!;
    for (let from = ends[number - 1]!; from < to; from++, start++) {
      if (own[from] !== bytes[start]) return -1;
    }
    return start;
  }

  /** Its texts; it is not to be used any more where they are given away. */
  get texts(): InternedTexts {
    const { bytes, ends, hashes, last: size } = this;
    return { bytes, ends, hashes, size };
  }

  /** Takes the texts of another interner; returns their numbers here by their numbers there. */
  absorb({ bytes, ends, hashes, size }: InternedTexts): Int32Array {
    const numbers = new Int32Array(size + 1);
    for (let number = 1; number <= size; number++) {
      numbers[number] = this.ofBytes(bytes, ends[number - 1]!, ends[number]!, hashes[number]!);
    }
    return numbers;
  }

  private isSame(number: number, bytes: Uint8Array, start: number, end: number): boolean {
    const { bytes: own, ends } = this;
    const from = ends[number - 1]!;
    if (ends[number]! - from !== end - start) return false;
    const offset = from - start;
    for (let at = start; at < end; at++) if (own[at + offset] !== bytes[at]) return false;
    return true;
  }

  private add(bytes: Uint8Array, start: number, end: number, hash: number, slot: number): number {
    const number = ++this.last;
    const from = this.ends[number - 1]!;
    const to = from + end - start;
    if (to > this.bytes.length) {
      this.bytes = enlarged(this.bytes, new Uint8Array(Math.max(2 * this.bytes.length, to)));
    }
    if (number === this.ends.length) {
      this.ends = enlarged(this.ends, new Uint32Array(2 * number));
      this.hashes = enlarged(this.hashes, new Int32Array(2 * number));
    }
    const own = this.bytes;
    for (let at = start, target = from; at < end; at++) own[target++] = bytes[at]!;
    this.ends[number] = to;
    this.hashes[number] = hash;
    this.slots[slot] = number;
    if (2 * number > this.slots.length) this.rehash();
    return number;
  }

  private rehash(): void {
    const slots = new Int32Array(2 * this.slots.length);
    const mask = slots.length - 1;
    for (let number = 1; number <= this.last; number++) {
      const hash = this.hashes[number]!;
      let slot = placeOf(hash) & mask;
      while (slots[slot] !== 0) slot = slot + 1 & mask;
      slots[slot] = number;
    }
    this.slots = slots;
  }
}

/** Spreads hashes over the table: those of texts that count on lie side by side, and each would be looked for behind the others. */
function placeOf(hash: number): number {
  const spread = Math.imul(hash, 0x9e3779b1);
  return spread ^ spread >>> 15;
}

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

function enlarged<Numbers extends Uint8Array | Uint32Array | Int32Array>(
  from: Numbers,
  to: Numbers,
): Numbers {
  to.set(from);
  return to;
}
