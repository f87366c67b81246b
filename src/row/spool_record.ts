/**
 * The first words of a record in the spool; the number is that of its form. In the first one neither project nor
 * client stood.
 */
export const RECORD_MARK = "perfmon 2";

/** A record as the hook's shell line stores it, taken apart; texts that are not there are `undefined`. */
export interface SpoolRecord {
  /** The hook's own shell: no child of the tool. */
  readonly shell: number;
  /** Flags of `rec` that the hook was installed with, as typed. */
  readonly options: string;
  /** `$AI_AGENT`, which tells the client's version; empty where it was not set. */
  readonly agent: string;
  /** The last part of `$CLAUDE_PROJECT_DIR`; empty where it was not set. */
  readonly project: string;
  /** Whether `$COPILOT_CLI` was set. */
  readonly isCopilot: boolean;
  readonly figures: StoredFigures;
  /** The hook's JSON, from its first brace to the end of the record; not whole while the hook writes. */
  readonly json: string;
}

/** What a hook stored of its client's process. */
export interface StoredFigures {
  /** Seconds since boot, from /proc/uptime. */
  readonly uptime?: string | undefined;
  /** The line of /proc/PID/stat. */
  readonly stat?: string | undefined;
  /** Resident pages, from /proc/PID/statm. */
  readonly resident?: string | undefined;
  /** Nanoseconds that the hook's own shell had used of a CPU, from /proc/PID/schedstat. */
  readonly shellCpu?: string | undefined;
  /** The pids in the lists of children, with blanks between and behind them. */
  readonly children?: string | undefined;
  /** Where there is no /proc: the line of `ps`. */
  readonly ps?: string | undefined;
}

/*
 * One pattern for all of it: draining many records is done before V8 would have compiled a parser.
 */
const RECORD = new RegExp(
  [
    "^perfmon (?:1 (\\d+);([^;\\n]*);(.*)|2 (\\d+);([^;\\n]*);(copilot|);([^;\\n]*);(.*))\\n",
    "(?:(\\d+\\.\\d+) \\d+\\.\\d+\\n)?",
    "(\\d+ \\(.*\\) .*\\n)?",
    "(?:\\d+ (\\d+)(?: \\d+){5}\\n)?",
    "(?:(\\d+) \\d+ \\d+\\n)?",
    "(?:([\\d ]*)|(.*\\n))(?=\\{)",
  ].join(""),
);

/**
 * Takes a record apart; `undefined` where it is none of ours, or not written as far as to its JSON
 * yet. It is a header line (`perfmon 2 SHELL;FLAGS;CLIENT;AGENT;PROJECT`, once `perfmon 1 SHELL;FLAGS;AGENT`),
 * the lines of /proc or that of `ps`, as far as there was a process, and then the JSON.
 */
export function splitRecord(text: string): SpoolRecord | undefined {
  const match = RECORD.exec(text);
  if (match === null) return undefined;
  return {
    shell: Number(match[1] ?? match[4]),
    options: match[2] ?? match[5] ?? "",
    agent: match[3] ?? match[7] ?? "",
    project: match[8] ?? "",
    isCopilot: Boolean(match[6]),
    figures: {
      uptime: match[9],
      stat: match[10],
      resident: match[11],
      shellCpu: match[12],
      children: match[13],
      ps: match[14],
    },
    json: text.slice(match[0].length),
  };
}

/** Columns that the ps of Linux (procps), macOS and the BSDs have in common (POSIX ps, plus rss and lstart). */
export const PS_COLUMNS = "pid=,ppid=,rss=,pcpu=,time=,lstart=,comm=";
