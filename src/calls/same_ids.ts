import { compareRows } from "./pair_again.ts";
import { pairAgain } from "./stretches.ts";
import type { TableReader } from "./row_reader.ts";
import type { RowList, RowTable } from "../row/row_table.ts";
import { AGENT_ID, TOOL_NAME } from "../row/row_view.ts";

/**
 * The rows, by their numbers, of calls of ids that came again, as far as there is no place for them among those of a
 * table; −1 where one is not there.
 */
export interface MoreCalls {
  readonly starts: number[];
  readonly ends: number[];
  /** The calls whose rows may be another's, those of the table too. */
  readonly approximate: number[];
}

/**
 * Pairs the rows of those ids of a table that have more than a start and an end, or ends of another tool
 * or agent than their starts: see pair_again.ts. The first call of such an id takes the place of the
 * table's; the others come behind them, from the number `table.calls` on.
 */
export function pairSameIds(
  list: RowList,
  reader: TableReader,
  starts: Int32Array,
  ends: Int32Array,
): MoreCalls {
  const more: MoreCalls = { starts: [], ends: [], approximate: [] };
  const { table } = list;
  const compare = (a: number, b: number): number =>
    compareRows(a, b, reader) || list.placeOf(a) - list.placeOf(b);
  const again = new AgainRows(table);
  for (let call = 0; call < table.calls; call++) {
    const [start, end] = [starts[call]!, ends[call]!];
    const isAgain = again.has(call);
    if (!isAgain && (start < 0 || end < 0 || isOfOneKind(start, end, table))) continue;
    const rows = [start, end, ...again.rows(call)].filter((row) => row >= 0).sort(compare);
    let isFirst = true;
    for (const kind of kindsOf(rows, reader)) {
      const pairs = pairAgain(kind, reader);
      for (let index = 0; index < pairs.starts.length; index++) {
        const [from = -1, to = -1] = [pairs.starts[index], pairs.ends[index]];
        let number = call;
        if (isFirst) [starts[call], ends[call]] = [from, to];
        else {
          number = table.calls + more.starts.push(from) - 1;
          more.ends.push(to);
        }
        isFirst = false;
        if (pairs.approximate[index]) more.approximate.push(number);
      }
    }
  }
  return more;
}

/** By call, its rows in `again` of a table. */
class AgainRows {
  /** 1 + the place in `again` of a call's last row there; 0 is none. */
  private readonly lastOf: Int32Array;
  /** 1 + the place of the row before it of the same call, by place; 0 is none. */
  private readonly before: Int32Array;

  constructor(private readonly table: RowTable) {
    const { again } = table;
    this.lastOf = new Int32Array(again.length === 0 ? 0 : table.calls);
    this.before = new Int32Array(again.length);
    for (let place = 0; place < again.length; place++) {
      const call = table.callOf(again[place]!) - 1;
      this.before[place] = this.lastOf[call]!;
      this.lastOf[call] = place + 1;
    }
  }

  has(call: number): boolean {
    return (this.lastOf[call] ?? 0) > 0;
  }

  *rows(call: number): Generator<number> {
    for (let next = this.lastOf[call] ?? 0; next > 0; next = this.before[next - 1]!) {
      yield this.table.again[next - 1]!;
    }
  }
}

function isOfOneKind(row: number, other: number, table: RowTable): boolean {
  return table.isSameText(TOOL_NAME, row, other) && table.isSameText(AGENT_ID, row, other);
}

/** Rows apart by tool and agent, each in their order. */
function kindsOf(rows: readonly number[], reader: TableReader): Iterable<number[]> {
  return Map.groupBy(rows, (row) => `${reader.toolName(row)} ${reader.agent(row)}`).values();
}
