/**
 * Columns of whole numbers as bytes, each in zigzag form plus 1 (0: not known), seven bits a byte, the
 * lowest first, as LEB128 has it. A column of which nothing is known is no bytes at all.
 */

/** More bytes than a number takes: the largest are differences of times to 2^53 s, in microseconds. */
const MOST_BYTES = 12;

/** Writes a column of numbers below 2^80; one that is not known is `NaN`. */
export function encodeIntegers(values: Float64Array): Uint8Array {
  if (values.every(Number.isNaN)) return new Uint8Array();
  let bytes = new Uint8Array(2 * values.length + 16);
  let length = 0;
  for (const value of values) {
    if (length + MOST_BYTES > bytes.length) {
      const grown = new Uint8Array(2 * bytes.length);
      grown.set(bytes);
      bytes = grown;
    }
    let rest = Number.isNaN(value) ? 0 : value >= 0 ? 2 * value + 1 : -2 * value;
    while (rest >= 0x80) {
      bytes[length++] = rest % 0x80 + 0x80;
      rest = Math.floor(rest / 0x80); // numbers beyond 32 bits have no shift
    }
    bytes[length++] = rest;
  }
  return bytes.subarray(0, length);
}

/** Numbers of so many bits have room for seven more in the 32 of bit operations. */
const SMALL_BITS = 21;

/** Reads a column of so many numbers. */
export function decodeIntegers(bytes: Uint8Array, count: number): Float64Array {
  const values = new Float64Array(count);
  if (bytes.length === 0) return values.fill(NaN);
  let at = 0;
  for (let place = 0; place < count; place++) {
    let byte = bytes[at++]!;
    let small = byte & 0x7f;
    let bits = 7;
    for (; byte >= 0x80 && bits <= SMALL_BITS; bits += 7) {
      byte = bytes[at++]!;
      small |= (byte & 0x7f) << bits;
    }
    if (byte < 0x80) {
      values[place] = small === 0 ? NaN : (small & 1) === 1 ? small >> 1 : -(small >> 1);
      continue;
    }
    let large = small;
    for (let weight = 2 ** bits; byte >= 0x80; weight *= 0x80) {
      byte = bytes[at++]!;
      large += (byte & 0x7f) * weight;
    }
    values[place] = large % 2 === 1 ? (large - 1) / 2 : large / -2;
  }
  return values;
}
