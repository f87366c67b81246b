import { lastedSeconds } from "./call.ts";
import { CallColumns, type Prompts, type RowFigures, type RowTexts } from "./call_columns.ts";
import { numberOf, ONE_PROCESS, REVERSED, RUN, WITHOUT_START } from "./call_state.ts";
import { liveAtStart } from "./cpu/live_at_start.ts";
import type { Pair } from "./pair.ts";
import { Processes } from "./processes.ts";
import { OWN_CLIENT } from "../row/client.ts";
import { RowCursor } from "../row/row_cursor.ts";
import {
  AGENT_ID,
  AGENT_TYPE,
  CLIENT,
  LIVE_CPU_SECONDS,
  PEAK_PROCESS,
  PEAK_PROCESSES,
  PEAK_PSS,
  PEAK_RSS,
  PID,
  PROCESS_SECONDS,
  PROCESS_START,
  PROJECT,
  SESSION_ID,
  STATUS,
  TIMESTAMP,
  TOOL_NAME,
  TOOL_USE_ID,
  WORDS,
} from "../row/row_view.ts";
import type { RowTable } from "../row/row_table.ts";
import { type Sample, STATUSES } from "../row/sample.ts";
import { clientSeconds, isReversed, isSameProcess, waitSeconds, wallSeconds } from "./figures.ts";
import type { SortedPairs } from "./sorted_pairs.ts";

/** The calls of a log's rows. What is not asked of every call is worked out for all of them when it is first asked. */
export class CallTable extends CallColumns {
  /** The numbers of a call's rows; −1 where one is not there. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  override readonly time: Float64Array;
  override readonly endTime: Float64Array;
  override readonly duration: Float64Array;
  override readonly wait: Float64Array;
  override readonly status: Uint8Array;
  override readonly flags: Uint8Array;
  override readonly process: Int32Array;
  override readonly processes: number;
  /** The rows of the calls of the Agent tool that launched a run, by the run. */
  private readonly launches: ReadonlyMap<number, Pair>;
  private readonly dones: ReadonlyMap<number, number>;
  private readonly peaks: ReadonlyMap<number, number>;
  private readonly toolNames: RowTexts;
  private readonly cursor: RowCursor;
  private workSeconds: Float64Array | undefined;
  private readonly figuresByPlace = new Map<number, RowFigures>();
  private readonly textsByPlace = new Map<number, RowTexts>();
  private asked: Prompts | undefined;

  /** @param originals The samples that the rows were made of, where calls are to give these. */
  constructor(
    readonly rows: RowTable,
    pairs: SortedPairs,
    private readonly originals?: readonly Sample[],
  ) {
    super();
    const size = pairs.starts.length;
    this.cursor = new RowCursor(rows);
    this.starts = pairs.starts;
    this.ends = pairs.ends;
    this.launches = pairs.launches;
    this.dones = pairs.dones;
    this.peaks = pairs.peaks;
    this.status = new Uint8Array(size);
    this.flags = pairs.flags;
    this.process = new Int32Array(size);
    this.time = pairs.times;
    this.endTime = new Float64Array(size);
    this.duration = new Float64Array(size);
    this.wait = new Float64Array(size);
    this.toolNames = { numbers: new Int32Array(size), names: rows.names };
    this.processes = this.derive();
  }

  override get size(): number {
    return this.starts.length;
  }

  /** Whether anything is known of what calls' processes came to. */
  get hasPeaks(): boolean {
    return this.peaks.size > 0;
  }

  override get prompts(): Prompts | undefined {
    return this.asked;
  }

  /** Takes for which of its calls the person was asked. */
  setPrompts(prompts: Prompts | undefined): void {
    this.asked = prompts;
  }

  override figures(place: number): RowFigures {
    let found = this.figuresByPlace.get(place);
    if (found === undefined) {
      found = OF_PEAKS.has(place) ? this.peakFigures(place) : {
        start: this.rows.numbersOf(this.starts, place),
        end: this.rows.numbersOf(this.ends, place),
      };
      if (place === LIVE_CPU_SECONDS) found = { ...found, start: liveAtStart(this, found) };
      this.figuresByPlace.set(place, found);
    }
    return found;
  }

  /** What only rows `peak` say, of the call as a whole, stands as a figure of its end. */
  private peakFigures(place: number): RowFigures {
    const unknown = new Float64Array(this.size).fill(NaN);
    if (this.peaks.size === 0) return { start: unknown, end: unknown };
    const end = unknown.slice();
    for (const [call, row] of this.peaks) end[call] = this.numberIn(row, place);
    return { start: unknown, end };
  }

  private numberIn(row: number, place: number): number {
    return row < 0 ? NaN : this.cursor.at(row).number(place);
  }

  override figureOf(place: number, call: number): readonly [start: number, end: number] {
    if (place === LIVE_CPU_SECONDS) return super.figureOf(place, call);
    if (OF_PEAKS.has(place)) return [NaN, this.numberIn(this.peaks.get(call) ?? -1, place)];
    return [this.numberIn(this.starts[call]!, place), this.numberIn(this.ends[call]!, place)];
  }

  override get lasted(): Float64Array {
    if (this.dones.size === 0) return this.duration;
    return this.workSeconds ??= this.duration.map((seconds, call) =>
      this.dones.has(call) ? lastedSeconds(this.call(call)) ?? NaN : seconds
    );
  }

  override texts(place: number): RowTexts {
    if (place === TOOL_NAME) return this.toolNames;
    let found = this.textsByPlace.get(place);
    if (found === undefined) {
      const { names, ids } = this.rows;
      found = { numbers: this.textNumbers(place), names: place === TOOL_USE_ID ? ids : names };
      this.textsByPlace.set(place, found);
    }
    return found;
  }

  private textNumbers(place: number): Int32Array {
    const numbers = this.rows.textsOf(this.starts, place);
    if (!this.rows.hasTexts(place)) return numbers;
    const weak = this.weakText(place);
    const mayBeOfOthers = place === PEAK_PROCESS || this.launches.size > 0;
    for (let call = 0; call < numbers.length; call++) {
      const number = numbers[call]!;
      if (mayBeOfOthers || number === 0 || number === weak) {
        numbers[call] = this.textNumber(place, call, weak);
      }
    }
    if (place === PROJECT) this.takeFirstOfSession(numbers);
    return numbers;
  }

  private textNumber(place: number, call: number, weak: number): number {
    const { cursor, ends } = this;
    const peak = place === PEAK_PROCESS ? this.peaks.get(call) : undefined;
    if (peak !== undefined) return cursor.at(peak).text(place);
    const isOfAgent = place === AGENT_ID || place === AGENT_TYPE;
    // Whose run it is the launch does not say.
    const isLaunch = isOfAgent && this.launches.get(call)?.start === this.starts[call];
    const start = isLaunch ? -1 : this.starts[call]!;
    const text = start < 0 ? 0 : cursor.at(start).text(place);
    const isFinal = text !== 0 && text !== weak || ends[call]! < 0;
    return isFinal ? text : cursor.at(ends[call]!).text(place) || text;
  }

  /** The number of the text that an end row may overrule: some clients tell only there that they are another. */
  private weakText(place: number): number {
    return place === CLIENT ? this.rows.names.ofText(OWN_CLIENT) : 0;
  }

  override textOf(place: number, call: number): string | undefined {
    const isColumn = place === TOOL_NAME || place === PROJECT || this.textsByPlace.has(place);
    if (isColumn) return super.textOf(place, call);
    const { names, ids } = this.rows;
    const number = this.textNumber(place, call, this.weakText(place));
    return (place === TOOL_USE_ID ? ids : names).text(number);
  }

  /** A session's project is that of its first call: a `cd` leads to no other. */
  private takeFirstOfSession(projects: Int32Array): void {
    const sessions = this.texts(SESSION_ID).numbers;
    const first = new Int32Array(this.rows.names.size + 1);
    for (let call = 0; call < projects.length; call++) {
      const session = sessions[call]!;
      if (session > 0) projects[call] = first[session]! || (first[session] = projects[call]!);
    }
  }

  override start(call: number): Sample | undefined {
    return this.sample(this.starts[call]!);
  }

  override end(call: number): Sample | undefined {
    return this.sample(this.ends[call]!);
  }

  override done(call: number): Sample | undefined {
    return this.sample(this.dones.get(call) ?? -1);
  }

  /** All rows that a call is made of, those of a subagent's launch too. */
  override rowsOf(call: number): Sample[] {
    const { start: launch = -1, end = -1 } = this.launches.get(call) ?? {};
    const ending = this.ends[call]!;
    const start = this.starts[call]!;
    return [launch, start === launch ? -1 : start, end === ending ? -1 : end, ending]
      .flatMap((row) => this.sample(row) ?? []);
  }

  private sample(row: number): Sample | undefined {
    return row < 0 ? undefined : this.originals?.[row] ?? this.rows.row(row);
  }

  /** Fills the columns; returns how many processes there are. */
  private derive(): number {
    const { rows, starts, ends, status, flags, endTime } = this;
    const tools = this.toolNames.numbers;
    const start = new RowCursor(rows);
    const end = new RowCursor(rows);
    const processes = new Processes();
    for (let call = 0; call < starts.length; call++) {
      const hasStart = starts[call]! >= 0;
      const hasEnd = ends[call]! >= 0;
      if (hasStart) start.at(starts[call]!);
      else flags[call]! |= WITHOUT_START;
      if (hasEnd) end.at(ends[call]!);
      const first = hasStart ? start : end;
      const name = hasStart ? start.text(TOOL_NAME) : WORDS.unknown;
      tools[call] = name === WORDS.unknown && hasEnd ? end.text(TOOL_NAME) : name;
      this.process[call] = processes.of(first.number(PID), first.number(PROCESS_START));
      endTime[call] = hasEnd ? end.number(TIMESTAMP) : NaN;
      status[call] = hasEnd ? STATUS_OF_WORD[end.text(STATUS)]! : RUNNING;
      if (first.isSubagentRun) flags[call]! |= RUN;
      const hasBoth = hasStart && hasEnd;
      if (hasBoth && isSameProcess(start, end)) flags[call]! |= ONE_PROCESS;
      if (hasBoth && isReversed(start, end)) flags[call]! |= REVERSED;
      const wall = hasBoth ? wallSeconds(start, end) : undefined;
      const own = hasEnd ? clientSeconds(end) : undefined;
      const isRun = (flags[call]! & RUN) !== 0;
      this.duration[call] = (isRun ? undefined : own) ?? wall ?? NaN;
      this.wait[call] = wall === undefined || own === undefined ? NaN : Math.max(0, wall - own);
      if (this.launches.size > 0) this.applyLaunch(call);
    }
    return processes.last;
  }

  /**
   * A run waited as its launch did, and failed where that failed; it takes from its start to its stop.
   * Where only its launch tells when it began it did after the wait.
   */
  private applyLaunch(call: number): void {
    const launch = this.launches.get(call);
    if (launch === undefined) return;
    this.flags[call]! |= RUN;
    const start = new RowCursor(this.rows);
    const end = new RowCursor(this.rows);
    const hasEnd = this.ends[call]! >= 0;
    const seconds = hasEnd
      ? wallSeconds(start.at(this.starts[call]!), end.at(this.ends[call]!))
      : undefined;
    this.duration[call] = seconds ?? NaN;
    this.wait[call] = NaN;
    if (launch.end < 0) return;
    this.wait[call] = waitSeconds(start.at(launch.start), end.at(launch.end)) ?? NaN;
    if (this.starts[call] === launch.start) {
      this.duration[call] = Math.max(0, this.duration[call]! - (this.wait[call]! || 0));
    }
    const status = end.text(STATUS);
    const failed = status === WORDS.error || status === WORDS.interrupted;
    if (hasEnd && failed) this.status[call] = STATUS_OF_WORD[status]!;
  }
}

const RUNNING = numberOf("running");

/** The places of figures that rows `peak` fill. */
const OF_PEAKS: ReadonlySet<number> = new Set([
  PEAK_RSS,
  PEAK_PSS,
  PEAK_PROCESSES,
  PROCESS_SECONDS,
]);

/** By the number of the word in an end row, 0 for none, the number of the status. */
const STATUS_OF_WORD: Uint8Array = new Uint8Array(Object.keys(WORDS).length + 1)
  .fill(numberOf("unknown"));
for (const status of STATUSES) STATUS_OF_WORD[WORDS[status]] = numberOf(status);
