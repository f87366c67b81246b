import { type Command, EXIT, type Flag, helpText } from "../cli/command.ts";
import {
  type FlagWith,
  REC_DEFAULTS,
  REC_FLAGS,
  type RecFlag,
  type RecFlagSpec,
} from "../agents/rec_flags.ts";
import { LAYOUTS } from "../row/columns.ts";

type Switch = FlagWith<{ kind: "switch" }>;

/** The help of every flag, in the order in which they are shown; all but switches say what their value is. */
const HELP:
  & Readonly<Record<Switch, Pick<Flag, "help">>>
  & Readonly<Record<Exclude<RecFlag, Switch>, Required<Pick<Flag, "value" | "help">>>> = {
    tool: {
      value: "NAME",
      help: "Tool, where no JSON comes on stdin (or $CLAUDE_TOOL_NAME)",
    },
    pid: {
      value: "PID",
      help: "Process to measure (default: $CLAUDE_PID, else the first ancestor that is no shell)",
    },
    file: {
      value: "FILE",
      help: "Log (default: $PERFMON_FILE, else performance.csv in $CLAUDE_CONFIG_DIR or ~/.claude)",
    },
    layout: {
      value: "LAYOUT",
      help:
        `Layout of a new log; one that is there keeps its own (default: ${REC_DEFAULTS.layout})`,
    },
    params: { help: "Record one redacted line of what the tool was asked to do" },
    command: {
      help: "Record which command it was: of Bash program and subcommand (npm test), of WebFetch " +
        "the host, of Agent and Skill the name; never an argument, path or value",
    },
    watch: {
      help: "Have what a call of Bash starts watched while it runs: its memory at its peak, its " +
        "processes, how long they ran (starts perfmon rec sample, which ends by itself)",
    },
    "max-lines": {
      value: "N",
      help: `Rotate at the end of a call beyond N rows (default: ${REC_DEFAULTS["max-lines"]})`,
    },
    keep: {
      value: "N",
      help: "Rows that stay in the log after a rotation " +
        `(default: ${REC_DEFAULTS.keep}, or half of --max-lines)`,
    },
    history: {
      value: "LIMIT",
      help: "What becomes of rotated rows: kept for an age and up to a size, e.g. 90d,32MiB; " +
        `0 drops them (default: ${REC_DEFAULTS.history})`,
    },
    "alert-duration": {
      value: "TIME",
      help: "At a call's end, tell the person of one that took longer, e.g. 60s",
    },
    "alert-rss": {
      value: "SIZE",
      help: "Tell of Claude Code holding more memory, its processes included, e.g. 4GiB",
    },
    "alert-cpu": {
      value: "PERCENT",
      help:
        "Tell of a call of 1 s or more in which Claude Code and the call's processes used more " +
        "of one core, e.g. 90",
    },
    "alert-peak": {
      value: "SIZE",
      help:
        "Tell of a call whose processes held more memory at its peak, e.g. 8GiB; it is known a " +
        "moment after the call's end, so told at that of the next one (needs --watch)",
    },
    async: {
      help: "The client does not wait for this hook: the call may run, or have ended, already " +
        "(hooks install writes it)",
    },
    strict: { help: "Exit 1 where anything went wrong (for people, never in a hook)" },
  };

const FLAGS: readonly Flag[] = Object.entries<Omit<Flag, "name">>(HELP).map(([name, help]) => {
  const { kind }: RecFlagSpec = REC_FLAGS[name as RecFlag];
  return { name, ...help, ...(kind === "layout" ? { choices: LAYOUTS } : {}) };
});

/**
 * `perfmon rec` as `--help` and the shell completions know it. Recording itself is in rec.ts, which
 * takes the same flags but must not load this table.
 */
export const command: Command = {
  name: "rec",
  summary: "Record one hook event as a row of the log; reads the hook's JSON on stdin",
  operands: "start|end|event|drain|finish",
  maxOperands: 1,
  flags: FLAGS,
  notes: [
    "Always exits 0 and prints nothing on stdout, because hooks call it; only where a call is over an " +
    'alert it answers Claude Code with one line, {"systemMessage": …}, once in ten minutes for each ' +
    "alert and session, if the call's start is in the last 64 KB of the log. An unknown flag is ignored, " +
    "and what went wrong is one line on stderr and in errors.log beside the log. Without start or " +
    "end, hook_event_name in the JSON decides.",
    "rec event is for what is no call's: a prompt, the end of a turn or of a session, a permission " +
    "request, the end of background work. Of a prompt its time and ids are stored, and nothing of its " +
    "text. In the basic layout it writes nothing.",
  ],
  examples: [
    ["rec drain", "take what hooks left in the spool (hooks install --via spool)"],
    ["rec finish", "at a session's end: wait for its hooks, 1 s at most, then drain"],
    ["rec start --tool build --pid $$", "by hand, in a shell: before the work"],
    ["rec end --tool build --pid $$", "and after it"],
  ],
  run(): number {
    // On stderr: nothing that rec does may reach a hook's stdout.
    Deno.stderr.writeSync(new TextEncoder().encode(helpText(command)));
    return EXIT.ok;
  },
};
