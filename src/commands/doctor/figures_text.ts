import { formatBytes, formatDuration, UNKNOWN } from "../../text/units.ts";
import { type Column, layOut } from "../../text/table.ts";

/** What perfmon says of something, and what is true. */
export interface Figure {
  readonly name: string;
  readonly unit: string;
  /** `undefined` where perfmon does not know it here. */
  readonly measured: number | undefined;
  /** `undefined` where it could not be brought about here. */
  readonly truth: number | undefined;
}

/** An error of so much of the truth is much, and of less than this no error, by unit. */
const MUCH = 0.1;
const SLACK: Readonly<Record<string, number>> = { seconds: 0.1, bytes: 16 << 20 };

/** Whether a figure is wrong: off by more than a tenth, and by more than the looks and processes around it. */
export function isOff({ unit, measured, truth }: Figure): boolean {
  if (measured === undefined || truth === undefined) return false;
  const error = Math.abs(measured - truth);
  return error > MUCH * truth && error > (SLACK[unit] ?? 0);
}

/** A line for each figure, with its error in per cent. */
export function figuresText(figures: readonly Figure[], isSpool: boolean): string {
  const format = ({ unit }: Figure, value: number | undefined): string =>
    unit === "bytes" ? formatBytes(value) : formatDuration(value);
  const columns: Column<Figure>[] = [
    { header: "FIGURE", cell: ({ name }) => name, isText: true },
    { header: "PERFMON", cell: (figure) => format(figure, figure.measured) },
    { header: "TRUTH", cell: (figure) => format(figure, figure.truth) },
    { header: "ERROR", cell: errorOf },
  ];
  const { lines } = layOut(columns, figures, 80);
  const isUnknown = figures.some(({ measured, truth }) =>
    measured === undefined || truth === undefined
  );
  const why = isSpool ? "the spool starts nothing that could see it" : "not to be had here";
  return [...lines, ...(isUnknown ? ["", `${UNKNOWN} ${why}`] : [])].join("\n") + "\n";
}

function errorOf({ measured, truth }: Figure): string {
  if (measured === undefined || truth === undefined || truth === 0) return UNKNOWN;
  const percent = 100 * (measured - truth) / truth;
  return `${percent >= 0.05 ? "+" : ""}${percent.toFixed(1)}%`;
}
