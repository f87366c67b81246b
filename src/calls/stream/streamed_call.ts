import { endOfRun, isStopOfFork } from "../launches.ts";
import type { RowPair } from "../pair.ts";
import type { RowReader } from "../row_reader.ts";
import type { Sample } from "../../row/sample.ts";
import { isAgentTool, isSubagentRun } from "../../row/tool_name.ts";

/** A row of a stream. */
export interface StreamedRow {
  readonly sample: Sample;
  /** How many rows of the stream came before it. */
  readonly place: number;
  /** The number of its process in the stream; 0 where that is not known. */
  readonly process: number;
}

/** A call of a stream, or a run of a subagent; what is known of it changes with further rows. */
export class StreamedCall implements RowPair<StreamedRow> {
  start: StreamedRow | undefined;
  end: StreamedRow | undefined;
  approximate = false;
  /** The call of the Agent tool that launched this run: the two are one call. */
  launch: StreamedCall | undefined;
  /** The run that this call of the Agent tool launched. */
  run: StreamedCall | undefined;

  /** The row that says when its work ended, which went on in the background. */
  done: StreamedRow | undefined;

  /** The row that says what its processes came to. */
  peak: StreamedRow | undefined;

  /** The session that it is of, once a row has told it. */
  session: string | undefined;

  /** Takes these rows for its own; returns whether that changes anything. One without rows is no more. */
  change(
    start: StreamedRow | undefined,
    end: StreamedRow | undefined,
    approximate: boolean,
  ): boolean {
    const isSame = this.start === start && this.end === end && this.approximate === approximate;
    Object.assign(this, { start, end, approximate });
    return !isSame;
  }

  /** False for what is no call: its rows turned out to be another's, or it is the stop of a fork. */
  get isThere(): boolean {
    if (this.start === undefined && this.end === undefined) return false;
    return !isStopOfFork(this, STREAMED_ROWS);
  }
  /** The row that it began with: of a run that only its stop tells of, its launch's. */
  get beginning(): StreamedRow | undefined {
    return this.start ?? this.launch?.start;
  }
  /** The row that it ended with; `undefined` where it has not. */
  get ending(): StreamedRow | undefined {
    return endOfRun(this, this.launch, STREAMED_ROWS) ?? this.launch?.done;
  }
  /** All rows that it is made of, those of its launch too. */
  get rows(): Sample[] {
    const { start, end, launch } = this;
    return [launch?.start, start, launch?.end, end].flatMap((row) => row?.sample ?? []);
  }
  /** True for a subagent's run. */
  get isRun(): boolean {
    const row = this.start ?? this.end;
    return row !== undefined && isSubagentRun(row.sample);
  }
  /** True for a subagent's run, and for a call of the tool that launches them. */
  get isAgent(): boolean {
    const row = this.start ?? this.end;
    return row !== undefined && isAgentTool(row.sample.toolName);
  }
  /** When it began, or else ended, seconds since the epoch. */
  get time(): number {
    return (this.beginning ?? this.end)?.sample.timestamp ?? 0;
  }
  /** That of its first row. */
  get place(): number {
    if (this.start === undefined && this.launch !== undefined) return this.launch.place;
    return Math.min(this.start?.place ?? Infinity, this.end?.place ?? Infinity);
  }
  /** That of its last row, its launch's rows included. */
  get lastPlace(): number {
    const { start, end, launch } = this;
    return Math.max(start?.place ?? 0, end?.place ?? 0, launch?.lastPlace ?? 0);
  }
}

/** The order of calls in time; those of the same time as their first rows came. */
export function compareCalls(a: StreamedCall, b: StreamedCall): number {
  return a.time - b.time || a.place - b.place;
}

/** How pairing reads the rows of a stream. */
export const STREAMED_ROWS: RowReader<StreamedRow> = {
  isStart: ({ sample }) => sample.event === "start",
  isSubagentRun: ({ sample }) => isSubagentRun(sample),
  isAgent: ({ sample }) => isAgentTool(sample.toolName),
  isBackground: ({ sample }) => sample.status === "background",
  hasSameFigures: ({ sample: a }, { sample: b }) =>
    a.status === b.status && a.exitCode === b.exitCode && a.durationMs === b.durationMs,
  time: ({ sample }) => sample.timestamp,
  toolName: ({ sample }) => sample.toolName || "unknown",
  session: ({ sample }) => sample.sessionId,
  agent: ({ sample }) => sample.agentId,
  agentType: ({ sample }) => sample.agentType,
  process: ({ process }) => process,
};
