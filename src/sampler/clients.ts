import type { ProcessName, ProcessUsage } from "../row/sample.ts";
import { isSameProcess } from "../calls/figures.ts";
import { sampleLinux } from "./linux.ts";
import { descendants } from "./tree.ts";

/**
 * What the processes that still live use now, and all below them; perfmon itself is left out. On Linux
 * by /proc, elsewhere by one call of `ps`. Never throws.
 */
export async function sampleClients(clients: readonly ProcessName[]): Promise<ProcessUsage[]> {
  if (clients.length === 0) return [];
  try {
    const sample = Deno.build.os === "linux" ? byProc : await byPs();
    return clients.flatMap((client) => {
      const usage = client.pid === undefined ? undefined : attempt(() => sample(client.pid!));
      return usage !== undefined && isSameProcess(client, usage) ? [usage] : [];
    });
  } catch {
    return [];
  }
}

type Sampler = (pid: number) => ProcessUsage;

function byProc(pid: number): ProcessUsage {
  return sampleLinux(pid, descendants(pid, (each) => each === Deno.pid));
}

async function byPs(): Promise<Sampler> {
  const { parsePs, runPs, samplePs } = await import("./ps.ts");
  const processes = parsePs(runPs());
  return (pid) => samplePs(pid, new Set([Deno.pid]), processes);
}

/** The process that lives by a pid, on Linux; `undefined` where none does. */
export function processOf(pid: number, proc = "/proc"): ProcessName | undefined {
  return attempt(() => sampleLinux(pid, [], proc));
}

/** `undefined` for a process that ended. */
function attempt(sample: () => ProcessUsage): ProcessUsage | undefined {
  try {
    return sample();
  } catch {
    return undefined;
  }
}
