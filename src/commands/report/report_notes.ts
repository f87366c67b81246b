import { explain } from "../../cli/words.ts";

/** What `perfmon report --help` says of the figures: units, definitions, the rules for verdicts. */
export const REPORT_NOTES: readonly string[] = [
  "TOTAL is run time as the client gives it (duration_ms), else end - start; GATE is what end - " +
  "start exceeds it by: what stands between request and run (the client's checks, auto mode, other " +
  "hooks). PROMPT is the part of that in which the person was asked, as rows of permission say; without " +
  "their hook prompts are in GATE. CPU is that of the processes a tool started " +
  `and waited for. ${explain("peak", "fail")} Over all tools, and for a session, ` +
  "project or day, time in which calls overlap counts once.",
  "Time, and --by turn: a turn goes from a prompt to its answer. Tools are what calls took, those at the " +
  "same time once, of an agent its own calls; prompts what the person was asked, up to the start of the tool; gates " +
  "what else stood between request and run; model is the rest. What went on in the background is in none; between " +
  "turns it is told where its end began the next. " +
  "A prompt of more than 10 min, and as much between turns, is absence. Turns from transcripts (°) have " +
  "the model's time, and tools, prompts and gates together: never split further.",
  "P50, P95, P99 interpolate linearly (type 7, as numpy and R do) and need 1, 20 and 100 calls. " +
  "MAX is the longest call, MEAN their mean, CALLS those that ended. Figures are rounded half up. The tools of an MCP server share a line; --tool NAME gives each " +
  "its own.",
  "With --wide: CPU% is CPU over the time in tools, SHARE a line's part of that time, GROWTH what " +
  "the client's RSS changed by during the calls, RSS END its mean at their ends, RSS MEAN and " +
  "MAX those of all rows, %CPU its CPU over its life as ps shows it, OUTPUT how many bytes of text the model was given.",
  "Slow is what most of the time in tools went to, Gate what most of the time before calls ran; Failing is a tool or command of which many calls fail, Memory what held 4 GiB and more, Left and Growing what wants a look; abandoned is a call " +
  "that has no end and will have none. † is an agent's run, its calls included; ‡ an MCP server, whose CPU is " +
  "known of calls that ran alone; § and = count calls at the same time once; ~ has CPU of calls at the same time; ° from a transcript; - or – not known.",
  "--by turn: ~ is a turn of which no row says how it began or ended, + one that the end of background work began, TOGETHER " +
  "tools, prompts and gates of a turn from a transcript. --by " +
  "permission: ASKED counts requests, RAN those whose tool then ran, WAITED is how long they stood; one that never did is taken to have waited until the next event, which is approximate (~).",
  "Changed compares with as long a time before. It names a tool that became slower or faster by the " +
  "rule of perfmon profile compare (see its --help), where the rank test gives p < 0.01 over the " +
  "number of tools, the medians differ the same way by 10 % or more, and it has 20 calls in both.",
  "SESSION is the beginning of an id, or last. Its memory's slope is Theil and Sen's, with the 95 % " +
  "interval for independent rows, on 500 medians where there are more. It is likely a leak where there are 20 " +
  "points over 10 minutes, the interval is above 0, each quarter's median is above the one before, " +
  "the last is 50 MiB above the first, a sixth of that came in the last quarter, and no single step " +
  "made half of it. --by, --sort and --wide give a session's table.",
  "--compare tells slower and faster by the same rule: a Mann-Whitney rank test at the 1 % level; " +
  "perfmon profile compare --help has the rest.",
];
