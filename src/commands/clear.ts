import { messageOf } from "../core/message.ts";
import { formatBytes, plural } from "../core/units.ts";
import { clearLog } from "../log/clear.ts";
import { logStatus } from "../log/status.ts";
import { type Arguments, type Command, CommandError, EXIT } from "./command.ts";
import { write } from "./output.ts";
import { FILE_FLAG, locate, missingLog } from "./selection.ts";

export const command: Command = {
  name: "clear",
  summary: "Remove all recorded rows, also those in the history",
  flags: [
    { name: "yes", short: "y", help: "Do not ask" },
    FILE_FLAG,
  ],
  notes: [
    "It asks first; where there is no terminal to ask on, it does nothing without --yes. Recording " +
    "goes on afterwards. Imported calls (perfmon import --remove) and saved profiles stay.",
  ],
  examples: [
    ["clear", "say what would go, and ask"],
    ["clear --yes", "remove it without asking"],
  ],
  run,
};

async function run(args: Arguments): Promise<number> {
  const location = locate(args);
  const status = await logStatus(location);
  if (!status.exists && status.historySegments === 0) throw missingLog(location.path);
  const history = status.historySegments === 0
    ? ""
    : ` and its history (${plural(status.historyRows, "row")}, ${
      formatBytes(status.historyBytes)
    })`;
  const what = `"${location.path}" (${plural(status.rows, "row")}, ${
    formatBytes(status.bytes)
  })${history}`;
  if (!args.has("yes") && !isConfirmed(what)) {
    write("Nothing removed\n");
    return EXIT.no;
  }
  try {
    await clearLog(location);
  } catch (error) {
    throw new CommandError(messageOf(error), EXIT.no);
  }
  write(`Removed ${what}\n`);
  return EXIT.ok;
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
