import type { StreamedCall } from "../../calls/stream/streamed_call.ts";
import { isSameProcess } from "../../calls/figures.ts";
import type { ProcessName, ProcessPeak, Sample } from "../../row/sample.ts";
import type { ProcessGroup } from "../../sampler/watch/process_group.ts";
import type { CallCourse } from "../../sampler/watch/sampler_lock.ts";
import type { Watch } from "../../sampler/watch/watch.ts";
import { OpenCalls } from "./open_calls.ts";
import { ownGroups } from "./own_groups.ts";

/** A group that is no call's is forgotten so long after its shell's end, seconds. */
const UNCLAIMED_SECONDS = 30;
/** The shell of a call comes so soon after its start's row, seconds, unless a person is asked before. */
const AWAITED_SECONDS = 30;

/** The calls of a log and the processes of each: what is to be said of them when. */
export class Sampling {
  readonly #calls = new OpenCalls();
  /** The clients that live, by pid. */
  readonly #clients = new Map<number, ProcessName>();
  /** Calls whose work goes on in the background, with the groups of which one is theirs. */
  readonly #background = new Map<StreamedCall, readonly ProcessGroup[]>();
  /** Groups that are a call's which goes on in the background, and so no other's. */
  readonly #claimed = new Set<ProcessGroup>();
  #now = 0;
  /** Whether the last look found the shell of an open call or work in the background, or a call began or returned. */
  isBusy = true;

  constructor(readonly watch: Watch, private readonly hasCommands: boolean) {}

  /** Whether a client lives that rows told of. */
  get hasClients(): boolean {
    return this.#clients.size > 0;
  }

  /** How long the youngest group has been there, seconds: 0 while a call may begin, infinite where there is nothing to see. */
  get youngest(): number {
    if (this.#awaitsShell()) return 0;
    let since = -Infinity;
    for (const { origin, living } of this.watch.groups) {
      if (living.length > 0) since = Math.max(since, origin.since);
    }
    return this.#now - since;
  }

  /** Whether a call has just begun of which no shell was seen. */
  #awaitsShell(): boolean {
    const since = Date.now() / 1000 - AWAITED_SECONDS;
    return this.#openCalls().some((call) => call.time > since && this.#groupsOf(call).length === 0);
  }

  #openCalls(): StreamedCall[] {
    return [...this.#calls.open].filter((call) => this.#calls.mayReturn(call));
  }

  /** The memory over time of each open call of which it is known which processes are its own. */
  courses(): CallCourse[] {
    return [...this.#calls.open].flatMap((call): CallCourse[] => {
      const id = call.start?.sample.toolUseId;
      const [own, ...others] = this.#groupsOf(call);
      if (id === undefined || own === undefined || others.length > 0) return [];
      return [{ id, rss: own.course.values }];
    });
  }

  /** Gets what the next look goes by, which takes further rows of the log. */
  async read(samples: readonly Sample[]): Promise<void> {
    const named = samples.flatMap(({ pid }) => pid ?? []);
    await this.watch.read(new Set([...this.#clients.keys(), ...named]));
  }

  /** Takes further rows of the log, looks at the processes, and returns the rows that are due. */
  look(samples: readonly Sample[]): Sample[] {
    const named = new Map(samples.map(({ pid, processStart }) => [pid, processStart]));
    for (const [pid, processStart] of named) {
      if (pid !== undefined) this.#addClient({ pid, processStart });
    }
    const { hasBegun, returned, done } = this.#calls.add(samples);
    this.#now = this.watch.look(new Set(this.#clients.keys()));
    const rows = returned.flatMap((call) => this.#settle(call));
    for (const [call, groups] of this.#background) {
      const isOver = done.includes(call) || groups.every(({ living }) => living.length === 0);
      if (!isOver) continue;
      this.#background.delete(call);
      rows.push(...this.#rowOf(call, groups, undefined));
    }
    rows.push(...this.#endWithClients());
    this.#forget();
    this.isBusy = hasBegun || returned.length > 0 || this.#background.size > 0 ||
      this.#openCalls().some((call) => this.#groupsOf(call).some(({ isLed }) => isLed));
    return rows;
  }

  #addClient(client: { pid: number } & ProcessName): void {
    const known = this.#clients.get(client.pid);
    if (isSameProcess(known, client)) return;
    if (isSameProcess(this.watch.processOf(client.pid), client)) {
      this.#clients.set(client.pid, client);
    }
  }

  /** The row of a call that has returned. */
  #settle(call: StreamedCall): Sample[] {
    const groups = this.#groupsOf(call);
    const status = call.end?.sample.status;
    if (status !== "background") return this.#rowOf(call, groups, status);
    if (call.done === undefined && groups.length > 0) {
      this.#background.set(call, groups);
      for (const group of groups) if (groups.length === 1) this.#claimed.add(group);
      return this.#peakRow(call, groups, status);
    }
    return this.#rowOf(call, groups, undefined);
  }

  #groupsOf(call: StreamedCall): ProcessGroup[] {
    const free = [...this.watch.groups].filter((group) => !this.#claimed.has(group));
    const boot = Date.now() / 1000 - this.#now;
    const own = ownGroups(call, free, { boot, hasCommands: this.hasCommands });
    if (own.length > 0 || this.watch.isExact) return own;
    return ownGroups(call, free, { boot, hasCommands: false });
  }

  /** The last row of a call; a group that is its own is looked at no more. */
  #rowOf(call: StreamedCall, groups: readonly ProcessGroup[], status: Sample["status"]): Sample[] {
    const rows = this.#peakRow(call, groups, status);
    if (groups.length === 1) this.#drop(groups[0]!);
    return rows;
  }

  /** Where several groups may be a call's, the largest bounds what it held, if calls side by side are known by that. */
  #peakRow(
    { start, end }: StreamedCall,
    groups: readonly ProcessGroup[],
    status: Sample["status"],
  ): Sample[] {
    let peak: ProcessPeak | undefined;
    if (groups.length > 1 && !this.watch.isExact) return [];
    for (const group of groups) {
      const own = group.peak(this.#now);
      if (own === undefined) return []; // it may be the largest
      if ((own.peakRss ?? 0) > (peak?.peakRss ?? 0)) peak = own;
    }
    const row = (start ?? end)?.sample;
    if (peak === undefined || row === undefined) return [];
    const { toolName, sessionId, agentId, agentType, toolUseId, project, client } = row;
    const { clientVersion, promptId, command, pid, processStart } = row;
    return [{
      ...{ timestamp: Date.now() / 1000, event: "peak", toolName, status, sessionId, agentId },
      ...{ agentType, toolUseId, project, client, clientVersion, promptId, command },
      ...{ pid, processStart, ...peak },
      // A program's name says which command it was.
      ...(this.hasCommands ? {} : { peakProcess: undefined }),
    }];
  }

  /** The rows of calls whose client has ended without them. */
  #endWithClients(): Sample[] {
    const rows: Sample[] = [];
    for (const [pid, client] of this.#clients) {
      if (isSameProcess(this.watch.processOf(pid), client)) continue;
      this.#clients.delete(pid);
      for (const call of this.#calls.open) {
        if (call.start?.sample.pid !== pid) continue;
        rows.push(...this.#rowOf(call, this.#groupsOf(call), undefined));
        this.#calls.open.delete(call);
      }
    }
    return rows;
  }

  #forget(): void {
    const kept = new Set([...this.#background.values()].flat());
    for (const group of this.watch.groups) {
      const { isLed, firstUnled } = group;
      const isLeft = !isLed && this.#now - firstUnled > UNCLAIMED_SECONDS;
      if (isLeft && !kept.has(group)) this.#drop(group);
    }
  }

  #drop(group: ProcessGroup): void {
    this.watch.drop(group);
    this.#claimed.delete(group);
  }
}
