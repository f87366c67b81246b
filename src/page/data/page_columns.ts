import {
  CallColumns,
  type Prompts,
  type RowFigures,
  type RowTexts,
} from "../../calls/call_columns.ts";
import { Processes } from "../../calls/processes.ts";
import { END_STATUSES, isEnded, WITHOUT_START } from "../../calls/call_state.ts";
import { known } from "../../row/row_cursor.ts";
import type { CallEvent, Sample, Status } from "../../row/sample.ts";
import { StringTexts } from "../../row/texts.ts";
import { FIGURES, type StoredColumns, TEXTS } from "./columns.ts";
import type { PageHead, ProcessId } from "./head.ts";

/** The calls of a page. */
export class PageColumns extends CallColumns {
  override readonly time: Float64Array;
  override readonly endTime: Float64Array;
  override readonly duration: Float64Array;
  override readonly wait: Float64Array;
  override readonly status: Uint8Array;
  override readonly flags: Uint8Array;
  override readonly process: Int32Array;
  override readonly processes: number;
  private readonly asked: Prompts | undefined;
  private readonly figuresByPlace: ReadonlyMap<number, RowFigures>;
  private readonly textsByPlace: ReadonlyMap<number, RowTexts>;

  constructor(readonly head: PageHead, readonly stored: StoredColumns) {
    super();
    const { numbers, texts, times, figures } = stored;
    this.time = times.time;
    this.duration = times.duration;
    this.wait = times.wait;
    if (!times.prompt.every(Number.isNaN)) {
      const seconds = times.prompt.map((seconds) => seconds || 0);
      this.asked = { seconds, since: new Map() };
    }
    this.status = new Uint8Array(numbers.status);
    this.flags = new Uint8Array(numbers.flags);
    this.endTime = this.endTimes(times.wall);
    const processes = new Processes();
    const numberOf = Int32Array.from(
      [undefined, ...head.processes],
      (process) => processes.of(process?.pid ?? NaN, process?.processStart ?? NaN),
    );
    this.process = numbers.process.map((process) => numberOf[process]!);
    this.processes = processes.last;
    this.figuresByPlace = new Map(FIGURES.map(({ place }, index) => [place, figures[index]!]));
    this.textsByPlace = new Map(TEXTS.map(({ key, place }) => {
      const names = new StringTexts();
      for (const text of head.texts[key]) names.ofText(text);
      return [place, { numbers: texts[key], names }];
    }));
  }

  /** A call without a start has the time of its end. */
  private endTimes(wall: Float64Array): Float64Array {
    const { time, status, flags } = this;
    const ends = new Float64Array(time.length);
    for (let call = 0; call < ends.length; call++) {
      const seconds = (flags[call]! & WITHOUT_START) === 0 ? wall[call]! : 0;
      ends[call] = isEnded(status[call]!) ? time[call]! + seconds : NaN;
    }
    return ends;
  }

  override get size(): number {
    return this.head.calls;
  }

  override get prompts(): Prompts | undefined {
    return this.asked;
  }

  /** Throws a `RangeError` for a column that a page does not store. */
  override figures(place: number): RowFigures {
    const figures = this.figuresByPlace.get(place);
    if (figures === undefined) throw new RangeError(`No page stores figures in place ${place}`);
    return figures;
  }

  /** Throws a `RangeError` for a column that a page does not store. */
  override texts(place: number): RowTexts {
    const texts = this.textsByPlace.get(place);
    if (texts === undefined) throw new RangeError(`No page stores texts in place ${place}`);
    return texts;
  }

  override start(call: number): Sample | undefined {
    const isThere = (this.flags[call]! & WITHOUT_START) === 0;
    return isThere ? new PageSample(this, call, "start") : undefined;
  }

  override end(call: number): Sample | undefined {
    return isEnded(this.status[call]!) ? new PageSample(this, call, "end") : undefined;
  }
}

interface PageSample extends Sample {}

/** A row of a page's call, without what a page does not store. Its members are getters. */
class PageSample {
  constructor(
    private readonly page: PageColumns,
    private readonly call: number,
    readonly event: CallEvent,
  ) {}

  static {
    FIGURES.forEach(({ key }, index) => {
      Object.defineProperty(this.prototype, key, {
        get(this: PageSample): number | undefined {
          return known(this.page.stored.figures[index]![this.event][this.call]!);
        },
      });
    });
    for (const { key } of TEXTS) {
      Object.defineProperty(this.prototype, key, {
        get(this: PageSample): string | undefined {
          const { head, stored } = this.page;
          return head.texts[key][stored.texts[key][this.call]! - 1];
        },
      });
    }
  }

  get timestamp(): number {
    return (this.event === "start" ? this.page.time : this.page.endTime)[this.call]!;
  }
  get status(): Status | undefined {
    const status = END_STATUSES[this.page.status[this.call]!];
    return this.event === "start" || status === "unknown" ? undefined : status;
  }
  get pid(): number | undefined {
    return this.process?.pid;
  }
  get processStart(): number | undefined {
    return this.process?.processStart;
  }
  get params(): string | undefined {
    return this.page.head.params[this.call];
  }

  private get process(): ProcessId | undefined {
    const { head, stored } = this.page;
    return head.processes[stored.numbers.process[this.call]! - 1];
  }
}
