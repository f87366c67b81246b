import type { Call } from "../calls/call.ts";
import { formatClock, formatDuration, UNKNOWN } from "../text/units.ts";
import { cpuCell, signed, statusCell } from "../summary/calls_text.ts";
import { printable } from "../text/printable.ts";
import { clip, textWidth } from "../text/table.ts";

/** One column of a table whose lines are printed before all of its rows are known. */
interface FixedColumn {
  readonly header: string;
  readonly width: number;
  readonly isText?: boolean;
  readonly cell: (call: Call) => string;
}

/** The lines of ended calls, as they come: each stands under the header whatever comes later. */
export class FollowText {
  readonly #columns: readonly FixedColumn[];

  /** `width`: columns of the terminal. */
  constructor(width: number, utc: boolean) {
    this.#columns = columnsFor(width, utc);
  }

  header(): string {
    return this.#line((column) => column.header);
  }

  line(call: Call): string {
    return this.#line((column) => printable(column.cell(call)));
  }

  #line(cell: (column: FixedColumn) => string): string {
    return this.#columns.map((column) => {
      const text = clip(cell(column), column.width);
      const blanks = " ".repeat(column.width - textWidth(text));
      return column.isText === true ? text + blanks : blanks + text;
    }).join("  ").trimEnd();
  }
}

/** Room for the session's id, eight characters, from this width on. */
const WIDTH_WITH_SESSION = 72;

function columnsFor(width: number, utc: boolean): FixedColumn[] {
  const fixed: FixedColumn[] = [
    {
      header: "TIME",
      width: 8,
      isText: true,
      cell: ({ endTime = 0 }) => formatClock(endTime, utc),
    },
    { header: "DURATION", width: 8, cell: (call) => duration(call) },
    { header: "CPU", width: 7, cell: cpuCell },
    { header: "RSS +", width: 7, cell: ({ memoryGrowth }) => signed(memoryGrowth) },
    { header: "STATUS", width: 11, isText: true, cell: statusCell },
  ];
  if (width >= WIDTH_WITH_SESSION) {
    const session = ({ sessionId }: Call): string => sessionId?.slice(0, 8) ?? UNKNOWN;
    fixed.push({ header: "SESSION", width: 8, isText: true, cell: session });
  }
  const left = width - fixed.reduce((sum, column) => sum + column.width + 2, 0);
  const tool = ({ toolName }: Call): string => toolName;
  return [...fixed, { header: "TOOL", width: Math.max(8, left), isText: true, cell: tool }];
}

function duration({ approximate, durationSeconds }: Call): string {
  return (approximate ? "~" : "") + formatDuration(durationSeconds);
}
