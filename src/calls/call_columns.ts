import type { BackgroundWork, Call } from "./call.ts";
import {
  APPROXIMATE,
  type CallStatus,
  IMPORTED,
  ONE_PROCESS,
  REVERSED,
  RUN,
  SHARED,
  STATUSES,
} from "./call_state.ts";
import {
  cpuOf,
  cpuOfCall,
  differenceOf,
  differences,
  type RowFigures,
  type RowTexts,
} from "./cpu/cumulative.ts";
import { backgroundWork, difference } from "./figures.ts";
import { ProcessFigures } from "./peaks/process_figures.ts";
import { Intervals } from "../stats/intervals.ts";
import { known } from "../row/row_cursor.ts";
import {
  AGENT_ID,
  CLIENT,
  COMMAND,
  MEMORY_RSS,
  PEAK_PSS,
  PEAK_RSS,
  PROJECT,
  TOOL_NAME,
} from "../row/row_view.ts";
import { OWN_CLIENT } from "../row/client.ts";
import type { Sample } from "../row/sample.ts";

/** For which calls the person was asked, by their numbers; of no other call anything says so. */
export interface Prompts {
  /** How long, seconds: from the request to the run of the tool. Of calls that ended; 0 where nobody was asked. */
  readonly seconds: Float64Array;
  /** Since when, seconds since the epoch; of calls without an end. */
  readonly since: ReadonlyMap<number, number>;
}

export type { RowFigures, RowTexts };

/**
 * Calls in order of time as columns, one value a call: a large log has too many for an object each.
 * Wherever the calls come from, a log or a page, what is summed of them is summed from these. In figures NaN
 * is "not known"; numbers of texts and of processes count from 1, 0 is "not known".
 */
export abstract class CallColumns {
  /** How many calls there are. */
  abstract readonly size: number;
  /** When a call began, or else ended, seconds since the epoch. */
  abstract readonly time: Float64Array;
  /** When its end row was written, seconds since the epoch. */
  abstract readonly endTime: Float64Array;
  /** Seconds, see `Call`. */
  abstract readonly duration: Float64Array;
  abstract readonly wait: Float64Array;
  /** By their numbers in `STATUSES`. */
  abstract readonly status: Uint8Array;
  /** The bits of call_state.ts. */
  abstract readonly flags: Uint8Array;
  /** The number of the process of its start row, or else of its end row: of a pid and its start. */
  abstract readonly process: Int32Array;
  /** How many processes there are: the highest of their numbers. */
  abstract readonly processes: number;
  private times: Intervals | undefined;
  private cpuSeconds: Float64Array | undefined;
  private kibibytes: Float64Array | undefined;
  private peakKibibytes: Float64Array | undefined;
  private isPeakKnown: boolean | undefined;
  private readonly views = new Map<number, CallView>();

  /** A column of numbers of the log, by its place in a row (row_view.ts). */
  abstract figures(place: number): RowFigures;

  /** A column of texts of the log, by its place in a row. */
  abstract texts(place: number): RowTexts;

  /** What one call has in a column of texts; of a log that takes no whole column for it. */
  textOf(place: number, call: number): string | undefined {
    const { numbers, names } = this.texts(place);
    return names.text(numbers[call]!);
  }

  /** The same of a column of numbers: of its start row and of its end row, NaN where not known. */
  figureOf(place: number, call: number): readonly [start: number, end: number] {
    const { start, end } = this.figures(place);
    return [start[call]!, end[call]!];
  }

  /** The call's start row; `undefined` where the log has none. */
  abstract start(call: number): Sample | undefined;

  /** The call's end row; `undefined` where the log has none. */
  abstract end(call: number): Sample | undefined;

  /** The row that says when a call's work ended, which went on in the background; a page does not store it. */
  done(_call: number): Sample | undefined {
    return undefined;
  }

  /** For which calls the person was asked; `undefined` where nothing says so of any. */
  get prompts(): Prompts | undefined {
    return undefined;
  }

  /** All rows that a call is made of. */
  rowsOf(call: number): Sample[] {
    return [this.start(call), this.end(call)].filter((row) => row !== undefined);
  }

  toolName(call: number): string {
    return this.textOf(TOOL_NAME, call) ?? "unknown";
  }

  /** The numbers of the tools' names. */
  get tool(): Int32Array {
    return this.texts(TOOL_NAME).numbers;
  }

  /**
   * When calls ran: the own time of a call ends with its end row and began its duration before that, so
   * that waits are not in it. Seconds since the epoch.
   */
  get ownTimes(): Intervals {
    return this.times ??= new Intervals(this.endTime, this.duration);
  }

  /** CPU of the processes that a call started and waited for, seconds; of one of an MCP server the server's. */
  get cpu(): Float64Array {
    return this.cpuSeconds ??= cpuOf(this);
  }

  /** The same of one call. */
  cpuOf(call: number): number {
    return this.cpuSeconds?.[call] ?? cpuOfCall(this, call);
  }

  /** How long the work of calls took, seconds, where it went on in the background until it ended. */
  get lasted(): Float64Array {
    return this.duration;
  }

  /** What the processes of a call held at most, KiB: shared pages once where that is known, else the sum of resident sets. */
  get peakMemory(): Float64Array {
    if (this.peakKibibytes !== undefined) return this.peakKibibytes;
    const { end: proportional } = this.figures(PEAK_PSS);
    const { end: resident } = this.figures(PEAK_RSS);
    return this.peakKibibytes = proportional.map((pss, call) =>
      pss === pss ? pss : resident[call]!
    );
  }

  /** Whether that is known of any call. */
  get knowsPeaks(): boolean {
    return this.isPeakKnown ??= this.peakMemory.some((kib) => kib >= 0); // NaN is not
  }

  /** What the client's resident set changed by, KiB. */
  get growth(): Float64Array {
    return this.kibibytes ??= differences(this, MEMORY_RSS);
  }

  /** The same of one call. */
  growthOf(call: number): number {
    return this.kibibytes?.[call] ?? differenceOf(this, MEMORY_RSS, call);
  }

  /** A call as an object, the same one each time. */
  call(index: number): CallView {
    let view = this.views.get(index);
    if (view === undefined) this.views.set(index, view = new CallView(this, index));
    return view;
  }
}

/** A call in columns as an object. */
export class CallView extends ProcessFigures<CallColumns> implements Call {
  private startSample: Sample | undefined;
  private endSample: Sample | undefined;

  /** All rows that it is made of, those of a subagent's launch too. */
  get rows(): readonly Sample[] {
    return this.columns.rowsOf(this.index);
  }
  get start(): Sample | undefined {
    return this.startSample ??= this.columns.start(this.index);
  }
  get end(): Sample | undefined {
    return this.endSample ??= this.columns.end(this.index);
  }
  get toolName(): string {
    return this.columns.toolName(this.index);
  }
  get status(): CallStatus {
    return STATUSES[this.columns.status[this.index]!] ?? "unknown";
  }
  get startTime(): number | undefined {
    return this.start?.timestamp;
  }
  get endTime(): number | undefined {
    return known(this.columns.endTime[this.index]!);
  }
  get durationSeconds(): number | undefined {
    return known(this.columns.duration[this.index]!);
  }
  get background(): BackgroundWork | undefined {
    const done = this.columns.done(this.index);
    return done && backgroundWork(this.start, done, this.waitSeconds);
  }
  get waitSeconds(): number | undefined {
    return known(this.columns.wait[this.index]!);
  }
  get promptSeconds(): number | undefined {
    return this.columns.prompts?.seconds[this.index] || undefined;
  }
  get askedSince(): number | undefined {
    return this.columns.prompts?.since.get(this.index);
  }
  get gateSeconds(): number | undefined {
    const { waitSeconds } = this;
    return waitSeconds && waitSeconds - (this.promptSeconds ?? 0);
  }
  get cpuSeconds(): number | undefined {
    return known(this.columns.cpuOf(this.index));
  }
  get clientCpuSeconds(): number | undefined {
    const { start, end } = this;
    return this.has(ONE_PROCESS) ? difference(start?.cpuSeconds, end?.cpuSeconds) : undefined;
  }
  get memoryGrowth(): number | undefined {
    return known(this.columns.growthOf(this.index));
  }
  get survivors(): number | undefined {
    const [before, after] = [this.start?.children, this.end?.children];
    const isKnown = this.has(ONE_PROCESS) && before !== undefined && after !== undefined;
    return isKnown ? Math.max(0, after - before) : undefined;
  }
  get approximate(): boolean {
    return this.has(APPROXIMATE);
  }
  get reversed(): boolean {
    return this.has(REVERSED);
  }
  get isRun(): boolean {
    return this.has(RUN);
  }
  get imported(): true | undefined {
    return this.has(IMPORTED) || undefined;
  }
  get shared(): boolean {
    return this.has(SHARED);
  }
  set shared(isShared: boolean) {
    if (isShared) this.columns.flags[this.index]! |= SHARED;
    else this.columns.flags[this.index]! &= ~SHARED;
  }
  get process(): number {
    return this.columns.process[this.index]!;
  }
  get sessionId(): string | undefined {
    return this.start?.sessionId ?? this.end?.sessionId;
  }
  get agentId(): string | undefined {
    return this.textOf(AGENT_ID);
  }
  get project(): string | undefined {
    return this.textOf(PROJECT);
  }
  get command(): string | undefined {
    return this.textOf(COMMAND);
  }
  get outputBytes(): number | undefined {
    return this.end?.outputBytes;
  }

  get client(): string {
    return this.textOf(CLIENT) ?? OWN_CLIENT;
  }

  /** What it holds; columns have calls that hold them. */
  toJSON(): Record<string, unknown> {
    const { toolName, status, startTime, endTime, start, end } = this;
    return { toolName, status, startTime, endTime, start, end };
  }
}
