/** By line, the sum of the values that are known, their number and the greatest. */
export class Sums {
  private readonly sums: Float64Array;
  private readonly counts: Uint32Array;
  private readonly most: Float64Array;

  constructor(lines: number) {
    this.sums = new Float64Array(lines);
    this.counts = new Uint32Array(lines);
    this.most = new Float64Array(lines).fill(-Infinity);
  }

  add(line: number, value: number): void {
    this.sums[line]! += value;
    this.counts[line]!++;
    if (value > this.most[line]!) this.most[line] = value;
  }

  /** Adds what one line has to another. */
  addTo(line: number, other: number): void {
    this.sums[line]! += this.sums[other]!;
    this.counts[line]! += this.counts[other]!;
    this.most[line] = Math.max(this.most[line]!, this.most[other]!);
  }

  /** `undefined` where no value is known. */
  sum(line: number): number | undefined {
    return this.counts[line] === 0 ? undefined : this.sums[line];
  }
  mean(line: number): number | undefined {
    return this.counts[line] === 0 ? undefined : this.sums[line]! / this.counts[line]!;
  }
  max(line: number): number | undefined {
    return this.counts[line] === 0 ? undefined : this.most[line];
  }
}
