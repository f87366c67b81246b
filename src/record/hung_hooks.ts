import { readCommand } from "../agents/claude/hooks/command_line.ts";
import { parseUptime, readStat, TICKS } from "../sampler/linux.ts";
import { descendants } from "../sampler/tree.ts";

/** The age, seconds, from which a hook that nobody waits for hangs; on a busy machine one took 3 s. */
const HANGS_AFTER = 20;
/** The age, seconds, from which it is worth a second look. */
const IS_SLOW_AFTER = 1;

/** The time, seconds, in which a hook's shell ends when what it waited for was killed, on a busy machine too. */
const SHELL_ENDS_IN = 5;

/** What watches one process for so many seconds, and then kills it. */
const WATCH = "n=0; while kill -0 $1 && [ $((n+=1)) -le $2 ]; do sleep 1; done; kill -9 $1";

/**
 * Kills the hooks of a client that nobody waits for and that hang: the client holds them to no timeout
 * before its end. At the end of a turn, after which there may be no other hook for hours, what may hang is
 * left to watchers. On Linux alone: elsewhere they go with the client. Never throws.
 */
export function endHungHooks(client: number, isLastOfTurn: boolean): void {
  if (Deno.build.os !== "linux") return;
  try {
    const uptime = parseUptime(Deno.readTextFileSync("/proc/uptime"));
    for (const pid of descendants(client, (each) => each === Deno.pid || each === Deno.ppid)) {
      const age = uptime - startOf(pid);
      if (age < IS_SLOW_AFTER || !isHook(pid)) continue;
      if (age >= HANGS_AFTER) end(pid);
      else if (isLastOfTurn) watch(pid);
    }
  } catch {
    // It is none of the hook's own work.
  }
}

/** Seconds from boot to a process's start; infinite where it is gone. */
function startOf(pid: number): number {
  try {
    return readStat(pid, "/proc").startTicks / TICKS;
  } catch {
    return Infinity;
  }
}

/** Whether a process is the shell or the perfmon of a hook that nobody waits for, by all of its command line. */
function isHook(pid: number): boolean {
  try {
    const [program = "", ...args] = Deno.readTextFileSync(`/proc/${pid}/cmdline`).split("\0");
    const [rec, moment, flag] = args;
    if (/(^|\/)perfmon$/.test(program) && rec === "rec") {
      return flag === "--async" && /^(start|end|event)$/.test(moment ?? "");
    }
    return args.some((each) => readCommand(each)?.isAsync === true);
  } catch {
    return false;
  }
}

/** Kills what a hook's shell waits for, after which it ends in its own way; where it waits for nothing, itself. */
function end(pid: number): void {
  const below = descendants(pid, isZombie);
  for (const each of below.length > 0 ? below : [pid]) {
    try {
      Deno.kill(each, "SIGKILL");
    } catch {
      // It has ended meanwhile.
    }
  }
}

function isZombie(pid: number): boolean {
  try {
    return readStat(pid, "/proc").isZombie;
  } catch {
    return true;
  }
}

/** Has a hook killed if it goes on: what its shell waits for first, after which that ends in its own way. */
function watch(pid: number): void {
  for (const each of descendants(pid, isZombie)) killAfter(each, HANGS_AFTER);
  killAfter(pid, HANGS_AFTER + SHELL_ENDS_IN);
}

function killAfter(pid: number, seconds: number): void {
  new Deno.Command("/bin/sh", {
    args: ["-c", WATCH, "-", String(pid), String(seconds)],
    cwd: "/",
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn().unref();
}
