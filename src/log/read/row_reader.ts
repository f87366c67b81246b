import type { RowParser } from "../../row/byte_parser.ts";
import { LogLines } from "../log_lines.ts";

/** A line as bytes: from `start` to `end` (exclusive), where a byte of its line end stands. */
export type ByteLine = Pick<LogLines, "bytes" | "start" | "end" | "number">;

/** What becomes of the lines of a file that are no header. */
export interface RowSink {
  /** The line stands as a row in the free place of the parser's rows. */
  take(line: ByteLine): void;
  /** The line is no row; of a long one it is the beginning. */
  refuse(line: ByteLine): void;
}

/** So many bytes of a line that is no row tell it from others: it is only counted. */
const REFUSED_LIMIT = 4096;

/** Reads the rows of a file, whose bytes are given in pieces, to the end of these; returns the walked lines. */
export function readRows(
  pieces: Iterable<Uint8Array>,
  parser: RowParser,
  sink: RowSink,
): LogLines {
  const lines = begun(parser);
  for (const piece of pieces) readPiece(lines, piece, parser, sink);
  if (lines.finish()) readRow(lines, parser, sink);
  return lines;
}

/** The same of pieces that come one by one. Where there are no more because one throws, the line that it cuts off is left out. */
export async function readRowsAsTheyCome(
  pieces: AsyncIterable<Uint8Array>,
  parser: RowParser,
  sink: RowSink,
): Promise<LogLines> {
  const lines = begun(parser);
  for await (const piece of pieces) readPiece(lines, piece, parser, sink);
  if (lines.finish()) readRow(lines, parser, sink);
  return lines;
}

function begun(parser: RowParser): LogLines {
  const lines = new LogLines();
  parser.setColumns(lines.columns);
  return lines;
}

function readPiece(lines: LogLines, piece: Uint8Array, parser: RowParser, sink: RowSink): void {
  lines.add(piece);
  while (lines.next()) readRow(lines, parser, sink);
}

function readRow(line: LogLines, parser: RowParser, sink: RowSink): void {
  if (line.isHeader) parser.setColumns(line.columns);
  else if (parser.parse(line.bytes, line.start, line.end)) sink.take(line);
  else sink.refuse(beginningOf(line));
}

function beginningOf({ bytes, start, end, number }: ByteLine): ByteLine {
  return { bytes, start, end: Math.min(end, start + REFUSED_LIMIT), number };
}
