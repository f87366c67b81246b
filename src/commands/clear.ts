import { messageOf } from "../text/message.ts";
import { NO_BREAK } from "../text/table.ts";
import { formatBytes, formatDate, parseTime, plural } from "../text/units.ts";
import { clearBefore, type ClearedRows, clearLog, countBefore } from "../log/clear.ts";
import type { LogLocation } from "../log/location.ts";
import { type LogStatus, logStatus } from "../log/status.ts";
import { type Arguments, type Command, CommandError, EXIT } from "../cli/command.ts";
import { brokenFor, tell, UTC_FLAG, warn } from "../cli/output.ts";
import { locate, missingLog } from "../query/asked_log.ts";
import { FILE_FLAG } from "../query/selection_flags.ts";

export const command: Command = {
  name: "clear",
  readsLog: true,
  summary: "Remove all recorded rows, also those in the history",
  flags: [
    { name: "yes", short: "y", help: "Do not ask" },
    {
      name: "before",
      value: "TIME",
      help: "Only rows before 30d, yesterday, 2026-01-31 or 2026-01-31T10:20",
    },
    UTC_FLAG,
    FILE_FLAG,
  ],
  notes: [
    "It asks first; where there is no terminal to ask on, it does nothing without --yes. Recording " +
    "goes on afterwards. Imported calls (perfmon import --remove) and saved profiles stay. Counters " +
    "for Prometheus begin at 0 again, which it takes for a restart; with --before they go on.",
  ],
  examples: [
    ["clear", "say what would go, and ask"],
    ["clear --yes", "remove it without asking"],
    ["clear --before 30d", "keep the last 30 days"],
  ],
  run,
};

async function run(args: Arguments): Promise<number> {
  const location = locate(args);
  const before = beforeTime(args);
  const status = await logStatus(location);
  if (!status.exists && status.historySegments === 0) throw await missingLog(location.path);
  return before === undefined
    ? await removeAll(args, location, status)
    : await removeBefore(args, location, before);
}

async function removeAll(
  args: Arguments,
  location: LogLocation,
  { rows, bytes, historySegments, historyRows, historyBytes }: LogStatus,
): Promise<number> {
  const history = historySegments === 0
    ? ""
    : ` and its history (${plural(historyRows, "row")}, ${formatBytes(historyBytes)})`;
  const what = `"${location.path}" (${plural(rows, "row")}, ${formatBytes(bytes)})${history}`;
  if (!args.has("yes") && !isConfirmed(what)) return nothingRemoved();
  await orRefuse(() => clearLog(location));
  tell(`Removed ${what}`);
  return EXIT.ok;
}

async function removeBefore(
  args: Arguments,
  location: LogLocation,
  before: number,
): Promise<number> {
  const date = formatDate(before, args.has("utc"));
  const text = ({ log, history }: ClearedRows): string => {
    const part = history === 0 ? "" : ` and its history (${plural(history, "row")})`;
    return `rows before ${date} of "${location.path}" (${plural(log, "row")})${part}`;
  };
  let removed = await countBefore(location, before);
  removed.skippedFiles.forEach(warn);
  if (removed.log + removed.history === 0) {
    tell(`Removed nothing: "${location.path}" has no row before ${date}`);
    return EXIT.ok;
  }
  if (!args.has("yes") && !isConfirmed(text(removed))) return nothingRemoved();
  await orRefuse(async () => {
    removed = await clearBefore(location, before);
  });
  tell(`Removed ${text(removed)}`);
  return EXIT.ok;
}

function nothingRemoved(): number {
  tell("Nothing removed");
  return EXIT.no;
}

/** Makes an answer of what keeps rows from being removed. */
async function orRefuse(act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    throw new CommandError(messageOf(error), EXIT.no);
  }
}

function beforeTime(args: Arguments): number | undefined {
  const text = args.text("before");
  if (text === undefined) return undefined;
  const time = parseTime(text, Date.now() / 1000, { utc: args.has("utc"), endOfDay: false });
  if (time !== undefined) return time;
  throw new CommandError(
    `Cannot read "${text}" as the time for --before: give 30d, yesterday or 2026-01-31`,
    EXIT.usage,
  );
}

function isConfirmed(what: string): boolean {
  if (!Deno.stdin.isTerminal()) {
    throw new CommandError(
      `Cannot ask whether to remove ${what}: stdin is no terminal; give --yes to remove it`,
      EXIT.no,
    );
  }
  const added = "[y/N]"; // by confirm
  const question = brokenFor(Deno.stdout, `Remove ${what}?${NO_BREAK}${added}`);
  return confirm(question.slice(0, -` ${added}`.length));
}
