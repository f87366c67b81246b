import config from "../../../deno.json" with { type: "json" };
import type { Counters } from "../../calls/counters/counters.ts";
import type { ProcessUsage } from "../../row/sample.ts";
import { isSameProcess } from "../../calls/figures.ts";
import {
  type CountedLog,
  CountersError,
  hasCounters,
  updateCounters,
} from "../../log/counters_file.ts";
import type { LogLocation } from "../../log/location.ts";
import { logSize } from "../../log/status.ts";
import { commandMetrics, type Metric, metricsOf, type Moment } from "./metrics.ts";
import { sampleClients } from "../../sampler/clients.ts";
import { CommandError, EXIT } from "../../cli/command.ts";
import { warn } from "../../cli/output.ts";
import { requireLog } from "../../query/rows.ts";

/**
 * Brings a log's counters up to date and hands all metrics, and when the counters began (seconds
 * since the epoch), to `use`; until that is done no other perfmon counts. Which command a call was is in them
 * only with `withCommands`. Throws a `CommandError`: 66
 * where there is neither a log nor counters, 74 where the counters can't be read or kept.
 */
export async function withMetrics<Result>(
  location: LogLocation,
  { withCommands }: { readonly withCommands: boolean },
  use: (metrics: readonly Metric[], since: number) => Result | Promise<Result>,
): Promise<Result> {
  let usages: readonly ProcessUsage[] = [];
  const complete = async ({ client }: Counters): Promise<void> => {
    usages = await sampleClients(client.clients);
    usages.forEach((usage) => client.add(usage));
  };
  try {
    if (!hasCounters(location)) await requireLog(location);
    return await updateCounters(
      location,
      { now: Date.now() / 1000, withCommands, complete, warn },
      async (counted) => {
        const { counters, badRows, errors } = counted;
        const moment = momentOf(counted, usages, await logSize(location));
        const build = { version: config.version, deno: Deno.version.deno };
        const metrics = metricsOf(counters, { badRows, errors: errors.count }, moment, build);
        if (withCommands) metrics.push(...commandMetrics(counters));
        return await use(metrics, counters.since);
      },
    );
  } catch (error) {
    if (error instanceof CountersError) throw new CommandError(error.message, EXIT.inputOutput);
    throw error;
  }
}

function momentOf(
  { counters, position }: CountedLog,
  usages: readonly ProcessUsage[],
  log: { readonly rows: number; readonly bytes: number },
): Moment {
  const starts = counters.open.filter(({ abandoned }) => !abandoned)
    .flatMap(({ rows }) => rows[0] ?? [])
    .filter((row) => row.pid === undefined || usages.some((usage) => isSameProcess(usage, row)));
  const kibibytes = (of: (usage: ProcessUsage) => number | undefined): number =>
    usages.reduce((sum, usage) => sum + (of(usage) ?? 0), 0);
  return {
    runningCalls: starts.length,
    oldestRunning: starts.length === 0
      ? undefined
      : Math.min(...starts.map(({ timestamp }) => timestamp)),
    clients: usages.length,
    residentMemory: 1024 * kibibytes(({ memoryRss }) => memoryRss),
    treeResidentMemory: 1024 * kibibytes(({ treeRss }) => treeRss),
    logRows: log.rows,
    logBytes: log.bytes,
    lastRow: position?.row?.timestamp || undefined,
  };
}
