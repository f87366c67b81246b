import type { StreamedCall } from "../../calls/stream/streamed_call.ts";
import type { ProcessGroup } from "../../sampler/watch/process_group.ts";

/** A start's row may be so much later than the shell that it tells of, seconds. */
const LATE_START = 2;
/** A shell's end and that of its call are at most so far apart, seconds. */
const LATE_END = 0.5;
/** Times are as fine as the kernel's ticks, seconds. */
const TICK = 0.02;

/** What is known of the moment at which calls are told apart. */
export interface Moment {
  /** What is to be taken from seconds since the epoch to get seconds since boot. */
  readonly boot: number;
  /** Whether rows say which command a call was. */
  readonly hasCommands: boolean;
}

/**
 * The groups of processes of which one is a call's, as far as its rows tell: of the same client and command, begun
 * in its time. Where that is so of several, of those whose shell has ended those that ended when the call did.
 */
export function ownGroups(
  { start, end }: StreamedCall,
  groups: Iterable<ProcessGroup>,
  { boot, hasCommands }: Moment,
): ProcessGroup[] {
  const { pid, command } = (start ?? end)?.sample ?? {};
  const since = (start?.sample.timestamp ?? -Infinity) - boot - LATE_START;
  const until = (end?.sample.timestamp ?? Infinity) - boot + TICK;
  const own = [...groups].filter(({ origin }) =>
    origin.client === pid && origin.since >= since && origin.since <= until &&
    (!hasCommands || origin.command === command)
  );
  if (end === undefined) return own;
  const goesOn = end.sample.status === "background";
  const ended = own.filter(({ isLed }) => goesOn || !isLed);
  if (ended.length < 2 || goesOn) return ended;
  const then = ended.filter(({ lastLed, firstUnled }) =>
    lastLed <= until && firstUnled >= until - LATE_END
  );
  return then.length === 0 ? ended : then;
}
