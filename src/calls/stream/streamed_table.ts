import { APPROXIMATE } from "../call_state.ts";
import { CallTable } from "../call_table.ts";
import type { Pair } from "../pair.ts";
import type { StreamedCall, StreamedRow } from "./streamed_call.ts";
import { RowTable } from "../../row/row_table.ts";
import type { Sample } from "../../row/sample.ts";
import { StringTexts } from "../../row/texts.ts";

/**
 * Some calls of a stream, given in order of time, as they are now: with their figures, none marked as
 * shared or abandoned.
 */
export function streamedTable(calls: readonly StreamedCall[]): CallTable {
  const rows = new RowTable(new StringTexts(), new StringTexts());
  const samples: Sample[] = [];
  const add = (row: StreamedRow | undefined): number => {
    if (row === undefined) return -1;
    rows.write(row.sample);
    rows.keep();
    return samples.push(row.sample) - 1;
  };
  const starts = new Int32Array(calls.length);
  const ends = new Int32Array(calls.length);
  const launches = new Map<number, Pair>();
  const dones = new Map<number, number>();
  const peaks = new Map<number, number>();
  calls.forEach(({ beginning, start, ending, launch, done, peak }, index) => {
    starts[index] = add(beginning);
    ends[index] = add(ending);
    if (done !== undefined) dones.set(index, add(done));
    if (peak !== undefined) peaks.set(index, add(peak));
    if (launch === undefined) return;
    const end = launch.end === ending ? ends[index]! : add(launch.end);
    launches.set(index, { start: start === undefined ? starts[index]! : add(launch.start), end });
  });
  const times = Float64Array.from(calls, ({ time }) => time);
  const flags = Uint8Array.from(calls, ({ approximate }) => approximate ? APPROXIMATE : 0);
  return new CallTable(rows, { starts, ends, times, flags, launches, dones, peaks }, samples);
}
