import { type Call, lastedSeconds } from "../calls/call.ts";
import { formatClock, UNKNOWN } from "../text/units.ts";
import { cpuCell, lastedCell, signed, statusCell, statusTone } from "../summary/calls_text.ts";
import { callId, titleOf } from "../summary/call_names.ts";
import { printable } from "../text/printable.ts";
import { PLAIN, type Style, type Tone, toneOf } from "../text/style.ts";
import { clip, textWidth } from "../text/table.ts";

/** One column of a table whose lines are printed before all of its rows are known. */
interface FixedColumn {
  readonly header: string;
  readonly width: number;
  readonly isText?: boolean;
  readonly cell: (call: Call) => string;
  readonly tone?: (call: Call) => Tone | undefined;
}

/** How the lines of ended calls are shown. */
export interface FollowOptions {
  /** See `whatOf`. */
  readonly params?: boolean;
  readonly style?: Style;
  /** The short form of a session's id; its first eight characters unless told: which others come is not known yet. */
  readonly session?: (id: string) => string;
}

/** The lines of ended calls, as they come: each stands under the header whatever comes later. */
export class FollowText {
  readonly #columns: readonly FixedColumn[];
  readonly #style: Style;

  /** `width`: columns of the terminal. */
  constructor(width: number, utc: boolean, options: FollowOptions = {}) {
    const { params = false, style = PLAIN, session = (id): string => id.slice(0, 8) } = options;
    this.#columns = columnsFor(width, utc, params, session);
    this.#style = style;
  }

  header(): string {
    return this.#line((column) => column.header);
  }

  line(call: Call): string {
    return this.#line((column) => printable(column.cell(call)), call);
  }

  #line(cell: (column: FixedColumn) => string, call?: Call): string {
    return this.#columns.map((column) => {
      const text = clip(cell(column), column.width);
      const blanks = " ".repeat(column.width - textWidth(text));
      const tone = call && column.tone?.(call);
      const shown = tone === undefined ? text : this.#style[tone](text);
      return column.isText === true ? shown + blanks : blanks + shown;
    }).join("  ").trimEnd();
  }
}

/** Room for the session's id, eight characters, from this width on. */
const WIDTH_WITH_SESSION = 72;
/** Room for what the client grew by. */
const WIDTH_WITH_GROWTH = 100;

function columnsFor(
  width: number,
  utc: boolean,
  params: boolean,
  short: (id: string) => string,
): FixedColumn[] {
  const fixed: FixedColumn[] = [
    { header: "ID", width: 5, isText: true, cell: callId },
    {
      header: "TIME",
      width: 8,
      isText: true,
      cell: ({ endTime = 0 }) => formatClock(endTime, utc),
    },
    {
      header: "DURATION",
      width: 8,
      cell: lastedCell,
      tone: (call) => toneOf(lastedSeconds(call)),
    },
    { header: "CPU", width: 7, cell: cpuCell },
    ...width < WIDTH_WITH_GROWTH
      ? []
      : [{ header: "RSS +", width: 7, cell: (call: Call) => signed(call.memoryGrowth) }],
    { header: "STATUS", width: 11, isText: true, cell: statusCell, tone: statusTone },
  ];
  if (width >= WIDTH_WITH_SESSION) {
    const session = ({ sessionId }: Call): string =>
      sessionId === undefined ? UNKNOWN : short(sessionId);
    fixed.push({ header: "SESSION", width: 8, isText: true, cell: session });
  }
  const left = width - fixed.reduce((sum, column) => sum + column.width + 2, 0);
  const tool = (call: Call): string => titleOf(call, params);
  return [...fixed, { header: "TOOL", width: Math.max(8, left), isText: true, cell: tool }];
}
