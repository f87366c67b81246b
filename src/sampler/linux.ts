import type { ProcessUsage } from "../row/sample.ts";

/** The fields of /proc/PID/stat that perfmon uses (proc_pid_stat(5)); times in clock ticks. */
export interface ProcessStat {
  readonly command: string;
  /** Whether it has ended, and nobody has waited for it yet. */
  readonly isZombie: boolean;
  readonly parent: number;
  /** The id of its session (setsid(2)): the pid of the process that began it. */
  readonly session: number;
  /** Page faults of its waited-for children that had to wait for storage. */
  readonly childMajorFaults: number;
  readonly userTicks: number;
  readonly systemTicks: number;
  readonly childUserTicks: number;
  readonly childSystemTicks: number;
  /** Start of the process after boot. */
  readonly startTicks: number;
  /** A few pages more or less than /proc/PID/statm has. */
  readonly residentPages: number;
}

/** Clock ticks per second in /proc: USER_HZ is 100 on every architecture that Deno runs on (asm/param.h). */
export const TICKS = 100;

/**
 * Parses the text of /proc/PID/stat. The command name may hold spaces and parentheses, so the fields
 * begin after the last `)`. Throws where it is no such text.
 */
export function parseStat(text: string): ProcessStat {
  const open = text.indexOf("(");
  const close = text.lastIndexOf(")");
  const fields = text.slice(close + 2).split(" ", 22);
  if (open < 0 || close < open || fields.length < 20) throw new Error("Malformed /proc/PID/stat");
  // Field 3 of the man page is fields[0].
  const field = (index: number): number => Number(fields[index - 3]);
  return {
    command: text.slice(open + 1, close),
    isZombie: fields[0] === "Z" || fields[0] === "X",
    parent: field(4),
    session: field(6),
    childMajorFaults: field(13),
    userTicks: field(14),
    systemTicks: field(15),
    childUserTicks: field(16),
    childSystemTicks: field(17),
    startTicks: field(22),
    residentPages: field(24),
  };
}

/** Resident pages out of the text of /proc/PID/statm (its second number; exact since Linux 6.16). */
export function parseResidentPages(text: string): number {
  return Number(text.split(" ")[1]);
}

/** Seconds since boot out of the text of /proc/uptime. */
export function parseUptime(text: string): number {
  return Number(text.split(" ")[0]);
}

/** Time of boot, seconds since the epoch, out of the text of /proc/stat; `undefined` where it is not in it. */
export function parseBootTime(text: string): number | undefined {
  const label = text.indexOf("\nbtime ");
  return label < 0 ? undefined : Number.parseInt(text.slice(label + 7, label + 27));
}

/** The page size in KiB out of the bytes of /proc/self/auxv (AT_PAGESZ, getauxval(3)); 4 where it is not in it. */
export function parsePageKibibytes(auxv: Uint8Array): number {
  const words = new DataView(auxv.buffer, auxv.byteOffset, auxv.byteLength);
  for (let offset = 0; offset + 16 <= auxv.byteLength; offset += 16) {
    if (words.getUint32(offset, true) === 6) return words.getUint32(offset + 8, true) / 1024;
  }
  return 4;
}

/** Whether the text of /proc/PID/stat is of a process with a single thread (its field 20). */
export function hasOneThread(text: string): boolean {
  return text.slice(text.lastIndexOf(")") + 2).split(" ")[17] === "1";
}

/** Reads and parses /proc/PID/stat; throws `Deno.errors.NotFound` where there is no such process. */
export function readStat(pid: number, proc: string): ProcessStat {
  return parseStat(Deno.readTextFileSync(`${proc}/${pid}/stat`));
}

/**
 * What the kernel says of a process and of the given descendants. `proc` is the folder of the proc
 * file system, `statOf` tells what was read of a process already. Throws where the process is gone.
 */
export function sampleLinux(
  pid: number,
  descendants: readonly number[],
  proc = "/proc",
  statOf: (pid: number) => ProcessStat = (pid) => readStat(pid, proc),
): ProcessUsage {
  const stat = statOf(pid);
  const page = pageKibibytes(proc);
  const uptime = parseUptime(Deno.readTextFileSync(`${proc}/uptime`));
  const bootTime = parseBootTime(Deno.readTextFileSync(`${proc}/stat`));
  const start = stat.startTicks / TICKS;
  const cpuSeconds = (stat.userTicks + stat.systemTicks) / TICKS;
  const lifetime = uptime - start;
  const memoryRss = residentPages(pid, proc) * page;
  let treeRss = memoryRss;
  let liveTicks = 0;
  for (const descendant of descendants) {
    treeRss += residentPages(descendant, proc) * page;
    liveTicks += cpuTicks(descendant, statOf);
  }
  const io = readIo(pid, proc);
  return {
    pid,
    processStart: bootTime === undefined ? undefined : bootTime + start,
    cpuPercent: lifetime > 0 ? 100 * cpuSeconds / lifetime : 0,
    memoryRss,
    cpuSeconds,
    childCpuSeconds: (stat.childUserTicks + stat.childSystemTicks) / TICKS,
    treeRss,
    children: descendants.length,
    liveCpuSeconds: liveTicks / TICKS,
    readBytes: figureBehind(io, "\nread_bytes: "),
    writeBytes: figureBehind(io, "\nwrite_bytes: "),
    majorFaults: stat.childMajorFaults,
  };
}

/** The whole figure behind a label in the text of a file of /proc/PID; `undefined` where it is not in it. */
export function figureBehind(text: string, label: string): number | undefined {
  const at = text.indexOf(label);
  return at < 0 ? undefined : Number.parseInt(text.slice(at + label.length));
}

/** Empty where the process is another person's, or the kernel keeps no such account. */
function readIo(pid: number, proc: string): string {
  try {
    return Deno.readTextFileSync(`${proc}/${pid}/io`);
  } catch {
    return "";
  }
}

/** 0 for a process that ended meanwhile: what it used is its parent's now. */
function cpuTicks(pid: number, statOf: (pid: number) => ProcessStat): number {
  try {
    const { userTicks, systemTicks } = statOf(pid);
    return userTicks + systemTicks;
  } catch {
    return 0;
  }
}

/** Pages of x86-64 have 4 KiB; those of arm64 have what the kernel was built for. */
export function pageKibibytes(proc: string): number {
  if (Deno.build.arch === "x86_64") return 4;
  return parsePageKibibytes(Deno.readFileSync(`${proc}/self/auxv`));
}

/** 0 for a process that ended meanwhile: it holds no memory any more. */
function residentPages(pid: number, proc: string): number {
  try {
    return parseResidentPages(Deno.readTextFileSync(`${proc}/${pid}/statm`));
  } catch {
    return 0;
  }
}
