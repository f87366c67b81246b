/**
 * Columns of whole numbers as bytes. A number that is not known is `NaN`. Each becomes the difference
 * to what was to be expected, in zigzag form plus 1 (0: not known), seven bits a byte, the lowest
 * first, as LEB128 has it.
 */

/** What bytes are written to, one number after the other. */
export class IntegerWriter {
  private bytes = new Uint8Array(1024);
  private length = 0;

  /** Appends a difference; `NaN` stands for a value that is not known. */
  write(value: number): void {
    if (this.length + 10 > this.bytes.length) {
      const grown = new Uint8Array(2 * this.bytes.length);
      grown.set(this.bytes);
      this.bytes = grown;
    }
    let rest = Number.isNaN(value) ? 0 : value >= 0 ? 2 * value + 1 : -2 * value;
    while (rest >= 0x80) {
      this.bytes[this.length++] = rest % 0x80 + 0x80;
      rest = Math.floor(rest / 0x80); // numbers beyond 32 bits have no shift
    }
    this.bytes[this.length++] = rest;
  }

  /** What was written so far. */
  take(): Uint8Array {
    return this.bytes.subarray(0, this.length);
  }
}

/** Reads what an `IntegerWriter` wrote. */
export class IntegerReader {
  private at = 0;

  constructor(private readonly bytes: Uint8Array) {}

  /** The next difference; `NaN` for a value that is not known. */
  read(): number {
    let byte = this.bytes[this.at++] ?? 0;
    let value = byte & 0x7f;
    for (let weight = 0x80; byte >= 0x80; weight *= 0x80) {
      byte = this.bytes[this.at++] ?? 0;
      value += (byte & 0x7f) * weight;
    }
    if (value === 0) return NaN;
    return value % 2 === 1 ? (value - 1) / 2 : -value / 2;
  }
}
