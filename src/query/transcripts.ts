import type { DescribeInput } from "../agents/claude/event.ts";
import { type TranscriptCall, TranscriptReader } from "../agents/claude/transcript.ts";
import { warn } from "../cli/output.ts";
import { Progress } from "../cli/progress.ts";
import type { KnownCalls } from "../log/imported.ts";
import { readAgentType, readLines, type Transcript } from "../log/transcripts.ts";
import type { Sample } from "../row/sample.ts";
import { messageOf } from "../text/message.ts";

/** What transcripts tell. */
export interface Found {
  /** The calls that are not known yet. */
  readonly calls: readonly TranscriptCall[];
  /** How many are known. */
  readonly known: number;
  /** Where turns begin and end, of those that are not known yet. */
  readonly events: readonly Sample[];
  /** Lines that could not be read. */
  readonly malformed: number;
}

/**
 * Reads transcripts for what is not known yet, and makes it known; `command` says which command a call was. What
 * can't be read is said on stderr, and how far it is where that is a terminal and takes longer than a moment.
 */
export function readTranscripts(
  transcripts: readonly Transcript[],
  known: KnownCalls,
  command: DescribeInput | undefined,
): Found {
  const calls: TranscriptCall[] = [];
  const events: Sample[] = [];
  let [knownCalls, malformed] = [0, 0];
  const progress = new Progress("Transcript", transcripts.map(({ size }) => size));
  for (const transcript of transcripts) {
    const { path, isSubagent } = transcript;
    const reader = new TranscriptReader(readAgentType(transcript), command, !isSubagent);
    const own: Sample[] = [];
    try {
      for (const lines of readLines(path)) {
        for (const call of lines.flatMap((line) => reader.add(line))) {
          if (known.has(call)) knownCalls++;
          else {
            known.addImported(call.start);
            calls.push(call);
          }
        }
        own.push(...reader.takeEvents());
      }
    } catch (error) {
      warn(`Cannot read "${path}" to its end: ${messageOf(error)}`);
    }
    for (const event of [...own, ...reader.takeEvents(true)]) {
      if (known.hasEvent(event)) continue;
      known.addImported(event);
      events.push(event);
    }
    malformed += reader.malformed;
    progress.next();
  }
  progress.end();
  return { calls, known: knownCalls, events, malformed };
}

/** The rows of what was found, as the log would have them. */
export function rowsOf({ calls, events }: Found): Sample[] {
  return [...calls.flatMap(({ start, end }) => [start, end]), ...events];
}
