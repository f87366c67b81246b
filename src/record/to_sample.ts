import type { HookEvent } from "../row/hook_event.ts";
import type { ProcessUsage, Sample } from "../row/sample.ts";

/** What is known of a row beside what the hook's JSON and the operating system say. */
export interface Occasion extends Pick<Sample, "timestamp" | "event" | "clientVersion"> {
  /** `undefined` where nothing tells the tool. */
  readonly toolName: string | undefined;
}

/** Makes the row of one hook event; what is not known of it is left out. */
export function toSample(
  occasion: Occasion,
  usage: ProcessUsage | undefined,
  hook: HookEvent | undefined,
): Sample {
  // A start says nothing of how the call ended, even where the hook is registered for the wrong event.
  const outcome = occasion.event !== "start"
    ? {}
    : { status: undefined, exitCode: undefined, durationMs: undefined, outputBytes: undefined };
  return {
    ...hook,
    ...outcome,
    ...usage,
    ...occasion,
    toolName: occasion.toolName ?? "unknown",
  };
}
