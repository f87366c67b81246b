import type { CallColumns, RowTexts } from "../../calls/call_columns.ts";
import { WITHOUT_START } from "../../calls/call_state.ts";
import type { CallList } from "../../calls/call_list.ts";
import { PID, PROCESS_START } from "../../row/row_view.ts";
import { FIGURES, recordOf, type StoredColumns, TEXT_KEYS, TEXTS } from "./columns.ts";
import type { PageHead, ProcessId } from "./head.ts";

/** The columns of a page, and the lists that they number. */
export interface Collected extends Pick<PageHead, "texts" | "processes"> {
  readonly columns: StoredColumns;
}

/** Puts calls into the columns of a page, without the commands where these are to stay out of it. */
export function collect({ columns, indices }: CallList, hasCommands = true): Collected {
  const { time, endTime, duration, wait, prompts, status, flags } = columns;
  const floats = (values: Float64Array): Float64Array =>
    Float64Array.from(indices, (call) => values[call]!);
  const integers = (values: Uint8Array): Int32Array =>
    Int32Array.from(indices, (call) => values[call]!);
  const texts = recordOf(TEXT_KEYS, (key) => {
    const { place } = TEXTS.find((each) => each.key === key)!;
    return !hasCommands && (key === "command" || key === "peakProcess")
      ? { list: [], numbers: new Int32Array(indices.length) }
      : listed(columns.texts(place), indices);
  });
  const processes = processesOf(columns, indices);
  const wall = Float64Array.from(indices, (call) => {
    return hasStart(columns, call) ? rounded(endTime[call]!) - rounded(time[call]!) : NaN;
  });
  return {
    columns: {
      numbers: {
        status: integers(status),
        flags: integers(flags),
        process: processes.numbers,
      },
      texts: recordOf(TEXT_KEYS, (key) => texts[key].numbers),
      times: {
        ...{ time: floats(time), wall, duration: floats(duration), wait: floats(wait) },
        prompt: Float64Array.from(indices, (call) => prompts?.seconds[call] || NaN),
      },
      figures: FIGURES.map(({ place }) => {
        const { start, end } = columns.figures(place);
        return { start: floats(start), end: floats(end) };
      }),
    },
    texts: recordOf(TEXT_KEYS, (key) => texts[key].list),
    processes: processes.list,
  };
}

function hasStart({ flags }: CallColumns, call: number): boolean {
  return (flags[call]! & WITHOUT_START) === 0;
}

/** To microseconds. */
function rounded(seconds: number): number {
  return Math.round(seconds * 1e6) / 1e6;
}

/** What some calls have, each once, in the order in which it first comes; and by call its number there, from 1. */
interface Listed<Value> {
  readonly list: Value[];
  readonly numbers: Int32Array;
}

function listed({ numbers, names }: RowTexts, indices: Int32Array): Listed<string> {
  const list: string[] = [];
  const known = new Int32Array(names.size + 1);
  return {
    list,
    numbers: Int32Array.from(indices, (call) => {
      const number = numbers[call]!;
      if (number === 0) return 0;
      return known[number] ||= list.push(names.text(number) ?? "");
    }),
  };
}

/** The processes by pid and start. */
function processesOf(columns: CallColumns, indices: Int32Array): Listed<ProcessId> {
  const pids = columns.figures(PID);
  const begins = columns.figures(PROCESS_START);
  const list: ProcessId[] = [];
  const known = new Map<string, number>();
  return {
    list,
    numbers: Int32Array.from(indices, (call) => {
      const row = hasStart(columns, call) ? "start" : "end";
      const pid = pids[row][call]!;
      const begin = begins[row][call]!;
      if (Number.isNaN(pid)) return 0;
      const key = `${pid} ${begin}`;
      const number = known.get(key) ??
        list.push({ pid, processStart: Number.isNaN(begin) ? undefined : begin });
      known.set(key, number);
      return number;
    }),
  };
}
