import { explain } from "../../cli/words.ts";
import type { Call } from "../../calls/call.ts";
import type { CallList } from "../../calls/call_list.ts";
import { isEnded } from "../../calls/call_state.ts";
import { formatCount, formatDuration, plural } from "../../text/units.ts";
import { topText } from "../../summary/calls_text.ts";
import { isOfTime, type Rank, rankFigures, setApart } from "../../summary/ranks.ts";
import { callsJson } from "../../summary/json.ts";
import { withHint, wrap } from "../../text/table.ts";
import { type Arguments, type Command, EXIT } from "../../cli/command.ts";
import {
  OUTPUT_FLAGS,
  outputFormat,
  PARAMS_FLAG,
  screen,
  warn,
  write,
  writeText,
} from "../../cli/output.ts";
import { emptinessText, select, type Selection } from "../../query/selection.ts";
import { SELECTION_FLAGS } from "../../query/selection_flags.ts";
import { shortener } from "../../text/shortener.ts";

const RANKS: readonly Rank[] = ["duration", "gate", "cpu", "memory", "output"];

const TITLES: Readonly<Record<Rank, string>> = {
  duration: "Slowest",
  gate: "Longest at the gate:",
  cpu: "Most CPU:",
  memory: "Most memory at its peak:",
  rss: "Most memory of Claude Code:",
  output: "Largest output:",
  cpu_percent: "Highest CPU %:",
};

export const command: Command = {
  name: "top",
  readsLog: true,
  summary: "The slowest single calls, or the hungriest; --live: what happens now",
  flags: [
    {
      name: "by",
      value: "FIGURE",
      choices: RANKS,
      former: { wait: "gate" },
      help:
        "duration (default), gate (between request and run), cpu (of the tool's processes), memory " +
        "(of its processes at the peak; where no call's is known the client's RSS) or output (bytes that the model was given)",
    },
    { name: "lines", short: "n", value: "N", help: "How many calls; default 10" },
    {
      name: "live",
      help: "A screen that is drawn anew each second: sessions, running calls, durations by tool",
    },
    PARAMS_FLAG,
    ...SELECTION_FLAGS,
    ...OUTPUT_FLAGS,
  ],
  notes: [
    "By duration, gate or cpu the runs of agents, which are other calls' time, and questions to the person are left out, " +
    "unless --tool asks for them.",
    "RSS + is the change of the client's resident set during the call. CORES is CPU over duration. " +
    "Logs without CPU seconds (basic layout) are ranked by the client's CPU % with --by cpu.",
    "--live covers the calls since it began, or --since. A session's CPU (% of one core, over the last " +
    "second) and TREE are those of its client and all processes below it, RSS the client's own. A trend " +
    "of CPU is full at one core or at its greatest. Imported calls are not in it. Keys: up and down (or k and j) mark a call, Enter opens it and Esc leaves it, s " +
    "sorts the tools by the next column, / keeps the calls that have a text in their tool, command, session or project, p pauses, q or Ctrl-C ends it.",
    explain(
      "id",
      "duration",
      "gate",
      "prompt",
      "cpu",
      "peak",
      "status",
      "session",
      "what",
      "calls",
      "fail",
      "pid",
      "signs",
    ),
    "OUTPUT is how many bytes of text the model was given; LAST is a session's newest row, its age and its tool, or " +
    "that it is a prompt, an answer, the end of background work; AGE is the time since the start of a call that " +
    "runs, NOW what its processes do.",
  ],
  examples: [
    ["top", "the ten slowest calls of the last 7 days"],
    ["top --by memory -n 3 --since today", "the hungriest three of today"],
    ["top --status error", "the calls that failed, the longest first"],
    ["top --live", "what happens now, until q"],
  ],
  run,
};

async function run(args: Arguments): Promise<number> {
  if (args.has("live")) return await (await import("./top_live.ts")).topLive(args);
  const format = outputFormat(args);
  const count = args.count("lines", 10, 1);
  const selection = await select(args, {
    orWhole: true,
    orTranscripts: true,
    reach: "window",
  });
  const { columns } = selection.list;
  const ended = selection.list.filter((index) => isEnded(columns.status[index]!));
  const asked = RANKS.find((rank) => rank === args.text("by")) ?? "duration";
  const knowsCpu = (): boolean => ended.indices.some((index) => columns.cpu[index]! >= 0);
  const knowsPeak = (): boolean => ended.indices.some((index) => columns.peakMemory[index]! >= 0);
  const rank = asked === "cpu" && !knowsCpu()
    ? "cpu_percent"
    : asked === "memory" && !knowsPeak()
    ? "rss"
    : asked;
  const isApart = isOfTime(rank) && args.text("tool") === undefined
    ? setApart(columns)
    : () => false;
  const apart = ended.filter(isApart);
  const others = apart.size === 0 ? ended : ended.filter((index) => !isApart(index));
  const calls = others.greatest(count, rankFigures(columns, rank));
  if (format === "json") write(callsJson(calls, selection.context));
  else if (format === "csv") {
    const { callsCsv } = await import("../../summary/csv.ts");
    write(callsCsv(calls));
    if (selection.badRows !== undefined) warn(selection.badRows);
  } else printText(args, selection, { ended: ended.size, calls, rank, apart });
  return EXIT.ok;
}

interface Ranking {
  readonly calls: readonly Call[];
  readonly rank: Rank;
  /** How many calls there were to choose from. */
  readonly ended: number;
  /** Those that were left out. */
  readonly apart: CallList;
}

/** `3 of Agent, the longest 7m12s`, by tool. */
function apartText({ calls: apart }: CallList): string {
  const parts = [...Map.groupBy(apart, ({ toolName }) => toolName)].map(([name, calls]) => {
    const longest = calls.reduce(
      (most, { durationSeconds = 0 }) => Math.max(most, durationSeconds),
      0,
    );
    return `${formatCount(calls.length)} of ${name}, the longest ${formatDuration(longest)}`;
  });
  return `Left out, as they are other calls' time or yours: ${parts.join("; ")} (--tool NAME)`;
}

/** What was asked for, where another figure takes its place. */
const FIGURES: Partial<Record<Rank, string>> = { rss: "memory", cpu_percent: "cpu" };

function printText(
  args: Arguments,
  selection: Selection,
  { calls, rank, ended, apart }: Ranking,
): void {
  const { badRows, covers, now, sessionIds, utc } = selection;
  const target = screen(args);
  if (selection.list.size === 0) {
    return writeText(emptinessText(selection, target.width), target);
  }
  if (calls.length === 0) {
    const figure = FIGURES[rank] ?? rank;
    return writeText(
      `${covers}: no call's ${figure} is known (${plural(ended, "call")})\n`,
      target,
    );
  }
  const session = shortener(sessionIds());
  const { width, style } = target;
  const covered = covers.charAt(0).toLowerCase() + covers.slice(1);
  const title = `${TITLES[rank]} ${calls.length} of ${plural(ended, "call")}, ${covered}`;
  const text = topText(calls, rank, {
    ...{ width, style, now, utc, session },
    params: args.has("params"),
  });
  const head = withHint(title, "--by duration|gate|cpu|memory|output", width, 2);
  const notes = [
    ...apart.size === 0 ? [] : [apartText(apart)],
    ...badRows === undefined ? [] : [badRows],
  ];
  const lines = notes.flatMap((note) => wrap(note, width, "  ")).map((line) => `${line}\n`);
  writeText([...head, "", text + lines.join("")].join("\n"), target);
}
