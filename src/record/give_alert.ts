import type { AlertFlag } from "../agents/rec_flags.ts";
import {
  ALERTS,
  alertsOf,
  type AlertThresholds,
  givenAlerts,
  peakAlert,
} from "./alert_thresholds.ts";
import { messageOf } from "../text/message.ts";
import { findOwnStart } from "../calls/own_start.ts";
import type { Sample } from "../row/sample.ts";
import { claimAlerts } from "../log/alerts.ts";
import { oneLine } from "../log/write/errors.ts";
import type { LogLocation } from "../log/location.ts";
import { readLogTail } from "../log/read/log_tail.ts";
import { within } from "../files/within.ts";

/** The bytes at the end of the log in which a call's start is looked for; some 400 rows. */
const TAIL_BYTES = 64 * 1024;
/** The time that a reader of stdout who does not read is waited for, milliseconds. */
const WRITE_MS = 200;

/**
 * Tells the person, through Claude Code, that the call which has ended is over a threshold: one line
 * of JSON on stdout. A threshold is told of once in ten minutes and session. Without the call's start near
 * the end of the log nothing is said. Never throws; returns a sentence about what went wrong.
 */
export async function alert(
  location: LogLocation,
  end: Sample,
  thresholds: AlertThresholds,
): Promise<string | undefined> {
  const unreadable = givenAlerts(thresholds)
    .filter(([flag, threshold]) => ALERTS[flag].parse(threshold) === undefined)
    .map(([flag, threshold]) => `ignored --${flag}: "${threshold}" can't be used for it`);
  try {
    const start = findOwnStart(end, readLogTail(location.path, TAIL_BYTES, nameOfCall(end)));
    const peak = thresholds["alert-peak"];
    const alerts = [
      ...(start === undefined ? [] : alertsOf(start, end, thresholds)),
      ...(peak === undefined
        ? []
        : peakAlert(readLogTail(location.path, TAIL_BYTES, ",peak,"), end, peak)),
    ];
    if (alerts.length > 0) {
      const keyOf = (flag: AlertFlag): string =>
        `${end.sessionId ?? end.pid ?? ""} ${flag.slice("alert-".length)}`;
      const keys = alerts.map(({ flag }) => keyOf(flag));
      const due = await claimAlerts(location.folder, keys, end.timestamp);
      const texts = alerts.filter(({ flag }) => due.includes(keyOf(flag))).map(({ text }) => text);
      if (texts.length > 0) await say(texts.join("; "));
    }
  } catch (error) {
    unreadable.push(`no alert could be given: ${messageOf(error)}`);
  }
  return unreadable.length === 0 ? undefined : unreadable.join("; ");
}

/** A text that stands in both rows of a call. */
function nameOfCall({ toolUseId, agentId, toolName }: Sample): string {
  return toolUseId ?? agentId ?? toolName;
}

/** Prints the answer of a hook that Claude Code shows to the person; throws where it is not taken. */
async function say(text: string): Promise<void> {
  const line = JSON.stringify({ systemMessage: oneLine(`perfmon: ${text}`) }) + "\n";
  const bytes = new TextEncoder().encode(line);
  // A pipe takes as much in one piece; a full one would be waited for without an end.
  const written = await within(WRITE_MS, Deno.stdout.write(bytes));
  if (written !== bytes.length) throw new Error("stdout does not take it");
}
