import { messageOf } from "../text/message.ts";
import { formatBytes, formatDate, parseTime, plural } from "../text/units.ts";
import { clearBefore, clearLog } from "../log/clear.ts";
import { logStatus } from "../log/status.ts";
import { type Arguments, type Command, CommandError, EXIT } from "../cli/command.ts";
import { UTC_FLAG, write } from "../cli/output.ts";
import { FILE_FLAG, locate, missingLog } from "../query/selection.ts";

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
  if (!status.exists && status.historySegments === 0) throw missingLog(location.path);
  const history = status.historySegments === 0
    ? ""
    : ` and its history (${plural(status.historyRows, "row")}, ${
      formatBytes(status.historyBytes)
    })`;
  const part = before === undefined ? "" : `rows before ${formatDate(before, args.has("utc"))} of `;
  const what = `${part}"${location.path}" (${plural(status.rows, "row")}, ${
    formatBytes(status.bytes)
  })${history}`;
  if (!args.has("yes") && !isConfirmed(what)) {
    write("Nothing removed\n");
    return EXIT.no;
  }
  try {
    if (before === undefined) await clearLog(location);
    else await clearBefore(location, before);
  } catch (error) {
    throw new CommandError(messageOf(error), EXIT.no);
  }
  write(`Removed ${what}\n`);
  return EXIT.ok;
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
  return confirm(`Remove ${what}?`);
}
