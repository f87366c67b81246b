import { formatRow, FULL_COLUMNS, FULL_HEADER } from "../../row/columns.ts";
import type { Sample } from "../../row/sample.ts";
import { LogReader } from "./log_reader.ts";
import type { LogContents } from "./read.ts";

/** Rows that are in no log, as if they had been imported beside an empty one. */
export function importedContents(rows: readonly Sample[]): LogContents {
  const reader = new LogReader();
  reader.table.importedFrom = 0;
  reader.read("transcripts", piecesOf(rows));
  const rowList = reader.rows(0);
  const { table } = reader;
  return {
    samples: [],
    rowList,
    events: [],
    importedEvents: table.events.map((row) => table.row(row)),
    rows: 0,
    badRows: 0,
    skippedFiles: [],
    unread: 0,
    bytes: 0,
  };
}

/** So many rows are text at once. */
const ROWS = 1000;

function* piecesOf(rows: readonly Sample[]): Generator<Uint8Array> {
  const encoder = new TextEncoder();
  yield encoder.encode(FULL_HEADER + "\n");
  for (let from = 0; from < rows.length; from += ROWS) {
    yield encoder.encode(
      rows.slice(from, from + ROWS).map((row) => formatRow(row, FULL_COLUMNS)).join(""),
    );
  }
}
