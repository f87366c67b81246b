/** The calls that a report is on, those that ended, and which line of it each belongs to. */
export interface EndedCalls {
  /** Places of calls, ascending: in order of time. */
  readonly places: Uint32Array;
  /** By call of the page whether it is one of them: 1 or 0. */
  readonly isOne: Uint8Array;
  /** How many lines there are, and by tool the number of its line. */
  readonly lines: number;
  readonly lineOf: Int32Array;
  /** By line, how many of the calls are its. */
  readonly sizes: Uint32Array;
  /** By call the number of its pid, and how many pids there are. */
  readonly pids: Uint32Array;
  readonly pidCount: number;
}
