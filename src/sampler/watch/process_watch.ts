import { namesInEnvironment } from "../environment_names.ts";
import {
  figureBehind,
  pageKibibytes,
  parseUptime,
  type ProcessStat,
  readStat,
  TICKS,
} from "../linux.ts";
import type { ProcessName } from "../../row/sample.ts";
import { processOf } from "../clients.ts";
import { type GroupMember, type MemberReader, ProcessGroup } from "./process_group.ts";
import type { Recognizer, Watch } from "./watch.ts";

/** So long after its start a client's child may still become what it is going to run, seconds. */
const SETTLES_IN = 1;

/**
 * Looks at all processes now and then, on Linux. A client's child that the recognizer knows begins a
 * group; to it belong all processes of its session (setsid(2)), so also what was orphaned, what one of the group
 * started, though in a session of its own, and what has a session of its own and was orphaned, if its environment
 * names the client and only one group of it is there. A process is known by its pid and its start, and looked at
 * closely when it is new.
 */
export class ProcessWatch implements Watch, MemberReader {
  readonly groups = new Set<ProcessGroup>();
  readonly interval = 0;
  readonly isExact = true;
  /** By pid: the group and the start of a process of one, or nothing for that of none. */
  readonly #known = new Map<number, Known | null>();
  readonly #bySession = new Map<number, ProcessGroup>();
  readonly #page: number;

  constructor(private readonly recognize: Recognizer, private readonly proc = "/proc") {
    this.#page = pageKibibytes(proc);
  }

  /** All that there is lies in /proc. */
  read(): Promise<void> {
    return Promise.resolve();
  }

  processOf(pid: number): ProcessName | undefined {
    return processOf(pid, this.proc);
  }

  /** Looks at all processes; returns the moment, seconds since boot. */
  look(clients: ReadonlySet<number>): number {
    const now = parseUptime(Deno.readTextFileSync(`${this.proc}/uptime`));
    const members = new Map<ProcessGroup, GroupMember[]>();
    for (const group of this.groups) members.set(group, []);
    const fresh = this.#readKnown(members);
    fresh.sort((a, b) => a.stat.startTicks - b.stat.startTicks || a.pid - b.pid);
    const unsettled = new Set<number>();
    for (const { pid, stat } of fresh) {
      const isYoung = now - stat.startTicks / TICKS < SETTLES_IN;
      const group = this.#groupOf(pid, stat, clients);
      if (group !== undefined) {
        this.#known.set(pid, { group, startTicks: stat.startTicks });
        if (!members.has(group)) members.set(group, []);
        this.#addMember(members.get(group)!, pid, stat);
      } else if (
        isYoung &&
        (clients.has(stat.parent) || unsettled.has(stat.session) || unsettled.has(stat.parent))
      ) unsettled.add(pid); // it has not begun its session yet, or its program
      else this.#known.set(pid, null);
    }
    for (const [group, found] of members) group.take(now, found, this);
    return now;
  }

  drop(group: ProcessGroup): void {
    this.groups.delete(group);
    this.#bySession.delete(group.origin.leader);
    for (const [pid, known] of this.#known) if (known?.group === group) this.#known.set(pid, null);
  }

  /** Reads the processes of groups, forgets those that ended, and returns those that are new. */
  #readKnown(members: Map<ProcessGroup, GroupMember[]>): Fresh[] {
    const fresh: Fresh[] = [];
    const there = new Set<number>();
    for (const { name } of Deno.readDirSync(this.proc)) {
      const pid = Number(name);
      if (!(pid > 0)) continue;
      there.add(pid);
      const known = this.#known.get(pid);
      if (known === null) continue;
      const stat = this.#stat(pid);
      if (stat === undefined) continue;
      if (known?.startTicks === stat.startTicks) {
        this.#addMember(members.get(known.group)!, pid, stat);
      } else fresh.push({ pid, stat });
    }
    for (const pid of this.#known.keys()) if (!there.has(pid)) this.#known.delete(pid);
    return fresh;
  }

  #addMember(
    members: GroupMember[],
    pid: number,
    { command, isZombie, residentPages }: ProcessStat,
  ): void {
    if (!isZombie) members.push({ pid, command, rss: residentPages * this.#page });
  }

  #groupOf(pid: number, stat: ProcessStat, clients: ReadonlySet<number>): ProcessGroup | undefined {
    const { session, parent, startTicks } = stat;
    const known = this.#bySession.get(session) ?? this.#known.get(parent)?.group;
    if (known !== undefined || session !== pid) return known;
    if (!clients.has(parent)) return this.#groupByEnvironment(pid, startTicks / TICKS, clients);
    const commandLine = this.#text(pid, "cmdline");
    const found = commandLine && this.recognize({ pid, client: parent, commandLine });
    if (!found) return undefined;
    const { command } = found;
    const group = new ProcessGroup({
      leader: pid,
      since: startTicks / TICKS,
      client: parent,
      command,
    });
    this.groups.add(group);
    this.#bySession.set(pid, group);
    return group;
  }

  #groupByEnvironment(
    pid: number,
    since: number,
    clients: ReadonlySet<number>,
  ): ProcessGroup | undefined {
    const older = [...this.groups].filter(({ origin }) => origin.since <= since);
    if (older.length === 0) return undefined;
    const client = namesInEnvironment(pid, this.proc)?.namedClient;
    if (client === undefined || !clients.has(client)) return undefined;
    const own = older.filter(({ origin }) => origin.client === client);
    return own.length === 1 ? own[0] : undefined;
  }

  highWaterMark(pid: number): number | undefined {
    return figureBehind(this.#text(pid, "status") ?? "", "\nVmHWM:");
  }

  proportionalSet(pid: number): number | undefined {
    return figureBehind(this.#text(pid, "smaps_rollup") ?? "", "\nPss:");
  }

  #stat(pid: number): ProcessStat | undefined {
    try {
      return readStat(pid, this.proc);
    } catch {
      return undefined; // ended meanwhile
    }
  }

  #text(pid: number, file: string): string | undefined {
    try {
      return Deno.readTextFileSync(`${this.proc}/${pid}/${file}`);
    } catch {
      return undefined; // ended meanwhile, or another person's
    }
  }
}

interface Known {
  readonly group: ProcessGroup;
  readonly startTicks: number;
}

interface Fresh {
  readonly pid: number;
  readonly stat: ProcessStat;
}
