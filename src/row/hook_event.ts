import type { CallInfo, EventKind } from "./sample.ts";

/** What an agent's hook says of a call, as far as a row has a place for it: the same for every agent. */
export interface HookEvent extends Omit<CallInfo, "toolName"> {
  readonly toolName?: string | undefined;
  /** What the hook's own event means for a row; `undefined` for an event that perfmon does not record. */
  readonly event?: EventKind | undefined;
}
