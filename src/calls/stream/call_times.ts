import { BusyTime, threadKey } from "../busy_time.ts";
import { isReversed } from "../figures.ts";
import { STREAMED_ROWS, type StreamedCall } from "./streamed_call.ts";
import { Ordered, TimeOrder } from "./time_order.ts";

/** The calls of one session and agent. */
interface Thread {
  readonly key: string;
  readonly calls: TimeOrder<Entry>;
  readonly open: TimeOrder<Entry>;
  /** Its calls without an end are abandoned that began up to here. */
  movedOn: number;
  /** What the calls came to that were let go. */
  readonly gone: BusyTime;
}

/** The calls of one monitored process. */
interface Process {
  readonly number: number;
  /** How many there are, whatever became of them. */
  calls: number;
  readonly ended: TimeOrder<Entry>;
  /** The calls without an end that are not abandoned. */
  readonly running: Set<StreamedCall>;
}

/** A call among others. */
class Entry {
  isAbandoned = false;
  readonly inThread: Ordered<Entry>;
  inOpen: Ordered<Entry> | undefined;
  inEnded: Ordered<Entry> | undefined;

  constructor(
    readonly call: StreamedCall,
    readonly thread: Thread,
    readonly process: Process | undefined,
  ) {
    this.inThread = this.ordered();
  }

  ordered(): Ordered<Entry> {
    const { time, place, end } = this.call;
    return new Ordered<Entry>(this, time, place, end?.sample.timestamp ?? NaN);
  }
}

/**
 * Which calls of a stream are abandoned because their session has moved on, and which overlap others of
 * their process: what `markCalls` says of a table, for calls that come, change and are let go one by one.
 */
export class CallTimes {
  private readonly entries = new Map<StreamedCall, Entry>();
  private readonly threads = new Map<string, Thread>();
  private readonly processes = new Map<number, Process>();

  /**
   * Takes calls that are new or have changed, as a `CallStream` returns them; returns what other calls
   * are abandoned because of them, or no longer.
   */
  update(calls: Iterable<StreamedCall>): StreamedCall[] {
    const touched = new Set<Entry>();
    const changed = [...calls];
    // All of them first: a row, and so a place, may have become another call's.
    for (const call of changed.flatMap((call) => [call, call.launch ?? []].flat())) {
      const entry = this.remove(call);
      if (entry !== undefined) touched.add(entry);
    }
    for (const call of changed) {
      const entry = this.add(call);
      if (entry !== undefined) touched.add(entry);
    }
    const marked = [...touched].flatMap(({ thread }) => markAbandoned(thread));
    for (const entry of touched) this.tidy(entry);
    return marked;
  }

  /** Lets go of a call. What it told of others stays known; of several the earliest goes first. */
  delete(call: StreamedCall): void {
    const entry = this.remove(call);
    if (entry === undefined) return;
    entry.thread.gone.addCall(entry.inThread.time, entry.inThread.end);
    this.tidy(entry);
  }

  /** True for a call without an end whose session has moved on; not for a subagent's run. */
  isAbandoned(call: StreamedCall): boolean {
    return this.entries.get(call)?.isAbandoned === true;
  }

  /** True for a call that overlapped another one of its process that has ended, too. */
  isShared(call: StreamedCall): boolean {
    const { inEnded, process } = this.entries.get(call) ?? {};
    if (inEnded === undefined || process === undefined) return false;
    if (process.ended.before(inEnded).until > inEnded.time) return true;
    const next = process.ended.after(inEnded);
    return next !== undefined && next.time < inEnded.end;
  }

  /** The calls of the same process, neither ended nor abandoned, that began before a call ended. */
  *runningBeside(call: StreamedCall): Generator<StreamedCall> {
    const end = call.end?.sample.timestamp ?? -Infinity;
    for (const other of this.entries.get(call)?.process?.running ?? []) {
      if (other.time < end) yield other;
    }
  }

  /** A subagent's run goes on beside its session's calls, and is none of them; nor is its launch, which is one call with it. */
  private add(call: StreamedCall): Entry | undefined {
    const { start, end, run, isRun } = call;
    if (start === undefined || isRun || run !== undefined) return undefined;
    const thread = this.threadOf(threadKey(call, STREAMED_ROWS));
    const process = this.processOf(start.process);
    const entry = new Entry(call, thread, process);
    this.entries.set(call, entry);
    if (process !== undefined) process.calls++;
    thread.calls.add(entry.inThread);
    if (end === undefined) {
      thread.open.add(entry.inOpen = entry.ordered());
      mark(entry, call.time <= thread.movedOn);
    } else if (process !== undefined && !isReversed(start.sample, end.sample)) {
      process.ended.add(entry.inEnded = entry.ordered());
    }
    return entry;
  }

  private remove(call: StreamedCall): Entry | undefined {
    const entry = this.entries.get(call);
    if (entry === undefined) return undefined;
    const { thread, process, inThread, inOpen, inEnded } = entry;
    this.entries.delete(call);
    thread.calls.delete(inThread);
    if (inOpen !== undefined) thread.open.delete(inOpen);
    if (inEnded !== undefined) process?.ended.delete(inEnded);
    if (process === undefined) return entry;
    process.calls--;
    process.running.delete(call);
    return entry;
  }

  /** Lets go of the thread and the process of a call where no call is left in them. */
  private tidy({ thread, process }: Entry): void {
    if (thread.calls.isEmpty) this.threads.delete(thread.key);
    if (process?.calls === 0) this.processes.delete(process.number);
  }

  private threadOf(key: string): Thread {
    let thread = this.threads.get(key);
    if (thread === undefined) {
      const [calls, open] = [new TimeOrder<Entry>(), new TimeOrder<Entry>()];
      thread = { key, calls, open, movedOn: -Infinity, gone: new BusyTime() };
      this.threads.set(key, thread);
    }
    return thread;
  }

  private processOf(number: number): Process | undefined {
    if (number === 0) return undefined;
    let process = this.processes.get(number);
    if (process === undefined) {
      process = { number, calls: 0, ended: new TimeOrder(), running: new Set() };
      this.processes.set(number, process);
    }
    return process;
  }
}

/** Marks the calls of a thread that are abandoned by now, and unmarks those that are no longer; returns both. */
function markAbandoned(thread: Thread): StreamedCall[] {
  const busy = new BusyTime();
  busy.add(thread.gone);
  busy.add(thread.calls.busy);
  const [before, now] = [thread.movedOn, busy.movedOn];
  thread.movedOn = now;
  const marked: StreamedCall[] = [];
  let each = thread.open.firstAfter(Math.min(before, now));
  for (; each !== undefined && each.time <= Math.max(before, now); each = thread.open.after(each)) {
    mark(each.value, each.time <= now);
    marked.push(each.value.call);
  }
  return marked;
}

function mark(entry: Entry, isAbandoned: boolean): void {
  entry.isAbandoned = isAbandoned;
  if (isAbandoned) entry.process?.running.delete(entry.call);
  else entry.process?.running.add(entry.call);
}
