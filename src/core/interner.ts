/** The hash of no bytes, which {@linkcode hashByte} goes on from (FNV-1a). */
export const EMPTY_HASH = 0x811c9dc5 | 0;

/** The hash of what `hash` stands for and one more byte. */
export function hashByte(hash: number, byte: number): number {
  return Math.imul(hash ^ byte, 0x01000193);
}

/**
 * Texts by number. Each distinct one is kept once, as UTF-8, and becomes a string only when it is
 * asked for: of a large log most never are. Numbers count from 1 in the order of arrival; 0 is no text.
 */
export class Interner {
  /** All texts, one behind the other. */
  private bytes = new Uint8Array(4096);
  /** Where each text ends in `bytes`; it begins where the one before ends. */
  private ends = new Uint32Array(256);
  private hashes = new Int32Array(256);
  /** An open hash table of numbers, at most half full. */
  private slots = new Int32Array(512);
  private readonly strings: (string | undefined)[] = [];
  private last = 0;

  /** The highest number given so far. */
  get size(): number {
    return this.last;
  }

  /** The number of a text. */
  ofText(text: string): number {
    const bytes = new TextEncoder().encode(text);
    let hash = EMPTY_HASH;
    for (const byte of bytes) hash = hashByte(hash, byte);
    return this.ofBytes(bytes, 0, bytes.length, hash);
  }

  /** The number of the text from `start` to `end` (exclusive), with its hash: `hashByte` over all bytes. */
  ofBytes(bytes: Uint8Array, start: number, end: number, hash: number): number {
    if (start === end) return 0;
    const mask = this.slots.length - 1;
    for (let slot = (hash ^ hash >>> 15) & mask;; slot = slot + 1 & mask) {
      const number = this.slots[slot]!;
      if (number === 0) return this.add(bytes, start, end, hash, slot);
      if (this.hashes[number] === hash && this.isSame(number, bytes, start, end)) return number;
    }
  }

  /** The text of a number; `undefined` for 0. */
  text(number: number): string | undefined {
    if (number === 0) return undefined;
    while (this.strings.length <= this.last) this.strings.push(undefined);
    return this.strings[number] ??= decoder.decode(
      this.bytes.subarray(this.ends[number - 1]!, this.ends[number]!),
    );
  }

  private isSame(number: number, bytes: Uint8Array, start: number, end: number): boolean {
    const from = this.ends[number - 1]!;
    if (this.ends[number]! - from !== end - start) return false;
    const offset = from - start;
    for (let at = start; at < end; at++) if (this.bytes[at + offset] !== bytes[at]) return false;
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
    for (let at = start, target = from; at < end; at++) this.bytes[target++] = bytes[at]!;
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
      let slot = (hash ^ hash >>> 15) & mask;
      while (slots[slot] !== 0) slot = slot + 1 & mask;
      slots[slot] = number;
    }
    this.slots = slots;
  }
}

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

function enlarged<Numbers extends Uint8Array | Uint32Array | Int32Array>(
  from: Numbers,
  to: Numbers,
): Numbers {
  to.set(from);
  return to;
}
