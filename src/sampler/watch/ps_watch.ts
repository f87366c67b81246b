import { PS_COLUMNS } from "../../row/spool_record.ts";
import { isSameProcess } from "../../calls/figures.ts";
import type { ProcessName } from "../../row/sample.ts";
import { CHAIN_LIMIT } from "../ancestry.ts";
import { parsePsLine, type PsProcess, runPsWithin } from "../ps.ts";
import { type GroupMember, type MemberReader, ProcessGroup } from "./process_group.ts";
import type { Recognizer, Watch } from "./watch.ts";

/** A process as the sampler's `ps` tells it. */
interface GroupedProcess extends PsProcess {
  /** The id of its process group: the pid of the process that began it. */
  readonly groupId: number;
}

/** `ps` that takes longer, milliseconds, is ended. */
const PATIENCE = 5000;
/** Two looks are a second apart, more where `ps` takes long: for so many nothing has to be seen of a group. */
const BLIND_SECONDS = 5;
/** So long after its start, seconds, of which the whole ones are known, a client's child may still become what it is going to run. */
const SETTLES_IN = 2;

/** What `ps` does not tell: other figures of memory than resident sets. */
const UNKNOWN: MemberReader = {
  highWaterMark: () => undefined,
  proportionalSet: () => undefined,
};

/**
 * Looks at all processes by one `ps` a second, where there is no /proc. A client's child that leads a process group
 * and that the recognizer knows begins a group; to it belong all processes of that process group, also what was
 * orphaned, and what one of them started. Moments are seconds since the epoch.
 */
export class PsWatch implements Watch {
  readonly groups = new Set<ProcessGroup>();
  readonly interval = 1000;
  readonly isExact = false;
  /** The moment of the last list of processes, and of the one before. */
  #now = 0;
  #before = 0;
  #processes: ReadonlyMap<number, GroupedProcess> = new Map();
  /** The arguments of what may begin a group, by pid. */
  #lines: ReadonlyMap<number, string> = new Map();
  /** By pid: the start of each process of a group, and of those that begin none. */
  #members = new Map<number, Member>();
  #others = new Map<number, ProcessName>();
  readonly #byId = new Map<number, ProcessGroup>();

  constructor(
    private readonly recognize: Recognizer,
    private readonly run = (args: readonly string[]) => runPsWithin(PATIENCE, args),
  ) {}

  /** Throws where `ps` can't be run, or does not end. */
  async read(clients: ReadonlySet<number>): Promise<void> {
    const text = await this.run(["-A", "-o", `pgid=,${PS_COLUMNS}`]);
    this.#processes = parseGrouped(text);
    this.#before = this.#now;
    this.#now = Date.now() / 1000;
    const candidates = [...this.#processes.values()].filter((each) =>
      clients.has(each.parent) && each.groupId === each.pid &&
      !isSameProcess(this.#members.get(each.pid), each) &&
      !isSameProcess(this.#others.get(each.pid), each)
    );
    this.#lines = await this.#readArguments(candidates);
  }

  processOf(pid: number): ProcessName | undefined {
    return this.#processes.get(pid);
  }

  look(clients: ReadonlySet<number>): number {
    const found = new Map<ProcessGroup, GroupMember[]>();
    for (const group of this.groups) found.set(group, []);
    const members = new Map<number, Member>();
    const others = new Map<number, ProcessName>();
    for (const process of this.#processes.values()) {
      const { pid, command, rss, processStart } = process;
      const group = this.#groupOf(process) ?? this.#begin(process, clients);
      if (group !== undefined) {
        members.set(pid, { pid, processStart, group });
        if (!found.has(group)) found.set(group, []);
        if (rss > 0) found.get(group)!.push({ pid, command, rss }); // else it has ended
      } else if (this.#now - processStart > SETTLES_IN) others.set(pid, { pid, processStart });
    }
    this.#members = members;
    this.#others = others;
    for (const [group, each] of found) group.take(this.#now, each, UNKNOWN);
    return this.#now;
  }

  drop(group: ProcessGroup): void {
    this.groups.delete(group);
    this.#byId.delete(group.origin.leader);
    for (const [pid, member] of this.#members) {
      if (member.group !== group) continue;
      this.#members.delete(pid);
      this.#others.set(pid, member);
    }
  }

  /** The arguments of processes, by pid; a blank stands between two. */
  async #readArguments(
    processes: readonly GroupedProcess[],
  ): Promise<ReadonlyMap<number, string>> {
    if (processes.length === 0) return new Map();
    const pids = processes.map(({ pid }) => pid).join(",");
    // It says nothing where all of them have ended meanwhile.
    const text = await this.run(["-ww", "-o", "pid=,args=", "-p", pids]).catch(() => "");
    const lines = text.matchAll(/^\s*(\d+) (.*)$/gm);
    return new Map(Array.from(lines, ([, pid, line]) => [Number(pid), line!]));
  }

  /** The group of a process, or of the nearest of its ancestors that has one. */
  #groupOf(process: GroupedProcess): ProcessGroup | undefined {
    let each: GroupedProcess | undefined = process;
    for (let steps = 0; each !== undefined && steps < CHAIN_LIMIT; steps++) {
      const member = this.#members.get(each.pid);
      const group = isSameProcess(member, each) ? member?.group : this.#byId.get(each.groupId);
      if (group !== undefined) return group;
      each = this.#processes.get(each.parent);
    }
    return undefined;
  }

  #begin(
    { pid, parent, processStart }: GroupedProcess,
    clients: ReadonlySet<number>,
  ): ProcessGroup | undefined {
    const line = clients.has(parent) ? this.#lines.get(pid) : undefined;
    const begun = line && this.recognize({ pid, client: parent, commandLine: line });
    if (!begun) return undefined;
    // What was not there at the look before has begun since.
    const since = Math.max(processStart, this.#before);
    const origin = { leader: pid, since, client: parent, command: begun.command };
    const group = new ProcessGroup(origin, BLIND_SECONDS);
    this.groups.add(group);
    this.#byId.set(pid, group);
    return group;
  }
}

interface Member extends ProcessName {
  readonly group: ProcessGroup;
}

/** The processes of a text of `ps` that has the process group in front of each line. */
function parseGrouped(text: string): Map<number, GroupedProcess> {
  const processes = new Map<number, GroupedProcess>();
  for (const [, groupId, line] of text.matchAll(/^\s*(\d+) (.*)$/gm)) {
    const process = parsePsLine(line!);
    if (process !== undefined) {
      processes.set(process.pid, { ...process, groupId: Number(groupId) });
    }
  }
  return processes;
}
