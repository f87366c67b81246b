import { ONE_PROCESS, PEAK_SHARED } from "../call_state.ts";
import type { RowColumns } from "../cpu/cumulative.ts";
import { difference } from "../figures.ts";
import { known } from "../../row/row_cursor.ts";
import {
  MAJOR_FAULTS,
  PEAK_PROCESS,
  PEAK_PROCESSES,
  PEAK_PSS,
  PEAK_RSS,
  PROCESS_SECONDS,
  READ_BYTES,
  WRITE_BYTES,
} from "../../row/row_view.ts";

/** A call in columns, as far as its processes go: see `Call`. */
export class ProcessFigures<Columns extends RowColumns> {
  constructor(readonly columns: Columns, readonly index: number) {}

  get peakMemory(): number | undefined {
    return this.endFigure(PEAK_PSS) ?? this.endFigure(PEAK_RSS);
  }
  get isPeakProportional(): boolean {
    return this.endFigure(PEAK_PSS) !== undefined;
  }
  get peakProcesses(): number | undefined {
    return this.endFigure(PEAK_PROCESSES);
  }
  get peakProcess(): string | undefined {
    return this.textOf(PEAK_PROCESS);
  }
  get processSeconds(): number | undefined {
    return this.endFigure(PROCESS_SECONDS);
  }
  get isPeakShared(): boolean {
    return this.has(PEAK_SHARED);
  }
  get readBytes(): number | undefined {
    return this.change(READ_BYTES);
  }
  get writeBytes(): number | undefined {
    return this.change(WRITE_BYTES);
  }
  get majorFaults(): number | undefined {
    return this.change(MAJOR_FAULTS);
  }

  /** A text of its rows. */
  protected textOf(place: number): string | undefined {
    return this.columns.textOf(place, this.index);
  }

  /** Whether something is so of it, by a bit of call_state.ts. */
  protected has(flag: number): boolean {
    return (this.columns.flags[this.index]! & flag) !== 0;
  }

  private endFigure(place: number): number | undefined {
    const [, end] = this.columns.figureOf(place, this.index);
    return known(end);
  }

  /** What a cumulative figure of the client grew by. */
  private change(place: number): number | undefined {
    if (!this.has(ONE_PROCESS)) return undefined;
    const [start, end] = this.columns.figureOf(place, this.index);
    return difference(known(start), known(end));
  }
}
