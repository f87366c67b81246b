import type { Call } from "./call.ts";
import { APPROXIMATE, IMPORTED, REVERSED, RUN, SHARED } from "./call_flags.ts";
import { CallTable, type CallView } from "./call_table.ts";
import { RowTable } from "../row/row_table.ts";
import type { Sample } from "../row/sample.ts";
import { StringTexts } from "../row/texts.ts";

/**
 * A table of calls, in order of time, that `toCalls` did not make, such as those of the dashboard's page:
 * their figures are taken as they are, and the table gives these very objects.
 */
export function tableOfCalls(calls: readonly Call[]): CallTable {
  const rows = new RowTable(new StringTexts(), new StringTexts());
  const add = (sample: Sample | undefined): number => {
    if (sample === undefined) return -1;
    const row = rows.nextRow;
    rows.write(sample);
    rows.advance();
    return row;
  };
  const starts = new Int32Array(calls.length);
  const ends = new Int32Array(calls.length);
  const times = new Float64Array(calls.length);
  calls.forEach(({ start, end }, index) => {
    starts[index] = add(start);
    ends[index] = add(end);
    times[index] = (start ?? end)?.timestamp ?? 0;
  });
  const flags = new Uint8Array(calls.length);
  const table = new CallTable(rows, { starts, ends, times, flags, launches: new Map() });
  calls.forEach((call, index) => {
    table.call(index).status = call.status;
    table.flags[index] = flagsOf(call);
    table.endTime[index] = call.endTime ?? NaN;
    table.duration[index] = call.durationSeconds ?? NaN;
    table.wait[index] = call.waitSeconds ?? NaN;
    table.cpu[index] = call.cpuSeconds ?? NaN;
    table.growth[index] = call.memoryGrowth ?? NaN;
    table.tool[index] = rows.names.ofText(call.toolName);
  });
  table.present(calls as readonly CallView[]); // as far as anyone asks them: they are calls
  return table;
}

function flagsOf(call: Call): number {
  return (call.shared ? SHARED : 0) | (call.approximate ? APPROXIMATE : 0) |
    (call.reversed ? REVERSED : 0) | (call.isRun ? RUN : 0) |
    (call.imported === true ? IMPORTED : 0);
}
