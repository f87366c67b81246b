import { explain } from "../../cli/words.ts";
import type { Call } from "../../calls/call.ts";
import { isEnded } from "../../calls/call_state.ts";
import {
  type Arguments,
  type Command,
  CommandError,
  EXIT,
  isCommandError,
} from "../../cli/command.ts";
import { OUTPUT_FLAGS, outputFormat, screen, write, writeText } from "../../cli/output.ts";
import { findLeftBehind, type LeftBehind } from "../../live/left_behind.ts";
import { leftBehindRecord } from "../../live/running_data.ts";
import { liveClients } from "../../query/alive.ts";
import { emptinessText, select, type Selection } from "../../query/selection.ts";
import { SELECTION_FLAGS } from "../../query/selection_flags.ts";
import { liveProcesses } from "../../sampler/live.ts";
import { callId } from "../../summary/call_names.ts";
import { rankFigures, setApart } from "../../summary/ranks.ts";
import { jsonHead, toJson } from "../../summary/json.ts";
import { callRecord } from "../../summary/records.ts";
import { shortener } from "../../text/shortener.ts";
import { findInput, findWorkEnd } from "./find_input.ts";
import { showText, type ShowTextOptions } from "./show_text.ts";

export const command: Command = {
  name: "show",
  readsLog: true,
  summary: "One call: all that is known of it, its whole command; or one turn, one session",
  operands: "ID|last|worst|TURN|SESSION",
  completes: "session",
  maxOperands: 1,
  flags: [
    {
      name: "no-transcript",
      help: "Leave out what the client's own transcript says: the whole command, redacted",
    },
    ...SELECTION_FLAGS,
    ...OUTPUT_FLAGS.filter(({ name }) => name !== "csv"),
  ],
  notes: [
    "ID is what top, tail and running print, or the call's tool_use_id. last is the newest call, worst " +
    "the slowest one, of those that the other flags ask for, but of agents and questions to the person only where " +
    "there is no other. TURN is what perfmon report --by turn prints: " +
    "7d1f.14 is turn 14 of session 7d1f. A session is told as by perfmon report SESSION.",
    "The whole command is looked up in the client's transcript (kept 30 days by default), redacted by " +
    "the shapes of secrets, and stored nowhere.",
    "Of a command in the background the log has when the model was told of its end, so that it took no longer " +
    "(≤); its exit code is the client's own. When it ended stands in the transcript.",
    explain("signs"),
    "Ran is from request to end, and how long the tool itself took; Waited and Prompt what stood before it: the gate, " +
    "and how long the person was asked; CPU what its processes used, and the client meanwhile; Peak the most memory " +
    "that its processes held at once, shared pages once where that is known; Disk what they and the client read and " +
    "wrote; Memory the client's resident set before and after; Output what of text the model was given; " +
    "Left what of its processes still runs; Mode what the client asked for then; Id what other commands print and " +
    "the client's own. Of a turn Time is the model's, tools', prompts' and gates' part as perfmon report --help " +
    "defines them.",
  ],
  examples: [
    ["show 9f3a2", "one call of a table"],
    ["show worst --tool Bash --since today", "the slowest command of today"],
    ["show 7d1f.14", "one turn: where its time went, its calls and prompts"],
    ["show last --no-transcript", "the newest call, by what was recorded alone"],
  ],
  run,
};

async function run(args: Arguments): Promise<number> {
  const [wanted] = args.operands;
  if (wanted === undefined) {
    throw new CommandError(
      "Cannot show nothing: give the ID that top, tail and running print, last, worst, a turn or a session",
      EXIT.usage,
    );
  }
  const format = outputFormat(args);
  const isRanked = wanted === "last" || wanted === "worst";
  const selection = await select(args, {
    ...(isRanked ? { orWhole: true } : { wholeLog: true }),
    orTranscripts: true,
  });
  const found = isRanked ? ranked(selection, wanted) : findCalls(selection, wanted);
  const call = found.at(-1);
  if (call === undefined) {
    return isRanked ? showNone(args, selection) : await showOther(args, wanted);
  }
  const input = args.has("no-transcript") ? undefined : findInput(call);
  const workEnd = args.has("no-transcript") ? undefined : findWorkEnd(call);
  const leftBehind = await leftBehindBy(call, selection);
  if (format === "json") {
    write(
      toJson({ ...jsonHead(selection.context), ...recordOf(call, { input, workEnd, leftBehind }) }),
    );
    return EXIT.ok;
  }
  const target = screen(args);
  const { width, style } = target;
  const { now, utc, badRows } = selection;
  const notes = [
    ...(found.length > 1 ? [`${found.length} calls have this id: this is the newest`] : []),
    ...(badRows === undefined ? [] : [badRows]),
  ];
  const session = shortener(selection.sessionIds());
  writeText(
    showText(call, { width, style, now, utc, session, input, workEnd, leftBehind, notes }),
    target,
  );
  return EXIT.ok;
}

/** Says why there is none to show. */
function showNone(args: Arguments, selection: Selection): number {
  const target = screen(args);
  if (outputFormat(args) === "text") writeText(emptinessText(selection, target.width), target);
  return EXIT.no;
}

/** The newest call, or the slowest: as in top, of agents and questions only where there is nothing else. */
function ranked({ list }: Selection, wanted: "last" | "worst"): readonly Call[] {
  if (wanted === "last") return list.newest(1);
  const { columns } = list;
  const isApart = setApart(columns);
  const ended = list.filter((index) => isEnded(columns.status[index]!));
  const able = ended.filter((index) => !isApart(index));
  return (able.size > 0 ? able : ended).greatest(1, rankFigures(columns, "duration"));
}

/** The calls with that id, oldest first. */
function findCalls({ calls }: Selection, id: string): Call[] {
  return calls.filter((call) =>
    (call.start ?? call.end)?.toolUseId === id || callId(call) === id.toLowerCase()
  );
}

async function leftBehindBy(call: Call, { all }: Selection): Promise<readonly LeftBehind[]> {
  const calls = all.filter(({ sessionId }) => sessionId === call.sessionId);
  const clients = liveClients(calls);
  if (clients.length === 0) return [];
  const processes = await liveProcesses({ clients, orphansSince: call.startTime });
  return findLeftBehind(calls, processes).filter((each) => each.call === call);
}

function recordOf(
  call: Call,
  { input, workEnd, leftBehind }: Pick<ShowTextOptions, "input" | "workEnd" | "leftBehind">,
): Readonly<Record<string, unknown>> {
  return {
    ...callRecord(call),
    asked: input?.text ?? null,
    asked_unknown: input === undefined || input.text !== undefined ? null : input.why,
    work_end_timestamp: workEnd ?? null,
    left_behind: leftBehind.map(leftBehindRecord),
  };
}

/**
 * Tells a session's story or a turn where the name is one's; throws a `CommandError` (1) where it is nobody's. A
 * session goes first: its name may look like a turn's.
 */
async function showOther(args: Arguments, wanted: string): Promise<number> {
  const options = { orTranscripts: true };
  const selection = await select(args.with("session", wanted), options).catch((error: unknown) => {
    if (!isCommandError(error) || error.code !== EXIT.no) throw error;
  });
  if (selection === undefined) {
    const { showTurn, turnName } = await import("./show_turn.ts");
    const name = turnName(wanted);
    if (name !== undefined) return await showTurn(args, name);
    throw new CommandError(
      `Cannot find a call or a session "${wanted}" in the log: take an ID of perfmon top, tail or running`,
      EXIT.no,
    );
  }
  if (selection.list.size === 0) return showNone(args, selection);
  const { reportSession } = await import("../../query/report_session.ts");
  return await reportSession(args, selection);
}
