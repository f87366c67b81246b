import type { ProcessUsage } from "../row/sample.ts";
import { findMonitored, type Lookup } from "./ancestry.ts";

/** A stretch of time, seconds since the epoch. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** A sample, and in one sentence what went wrong on the way to it. */
export interface SampleResult {
  readonly usage?: ProcessUsage | undefined;
  readonly problem?: string | undefined;
  /** When the hook can have begun. */
  readonly began?: Range | undefined;
  /** The process whose descendants have a perfmon among them that is long at work, if they do. */
  readonly slow?: number | undefined;
  /** Whether it stays so for all processes here, and is to be said once. */
  readonly isLasting?: boolean;
}

/** The first of the wanted processes that is alive, else an ancestor. */
export function findProcess(
  wanted: readonly number[],
  lookup: Lookup,
): { pid: number; problem?: string } {
  for (const pid of wanted) if (lookup(pid) !== undefined) return { pid };
  const pid = findMonitored(Deno.ppid, lookup);
  if (wanted.length === 0) return { pid };
  return { pid, problem: `process ${wanted.join(", ")} is not alive; took ${pid} instead` };
}
