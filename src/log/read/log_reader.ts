import { Interner, lineHash } from "../../row/interner.ts";
import { RowParser } from "../../row/byte_parser.ts";
import { RowList, RowTable } from "../../row/row_table.ts";
import type { Sample } from "../../row/sample.ts";
import type { SegmentRows } from "./segment_rows.ts";
import { type ByteLine, readRows, readRowsAsTheyCome, type RowSink } from "./row_reader.ts";

const NEWLINE = 0x0a;

/** Rows that could not be read. */
export interface BadRows {
  /** Without doubles. */
  readonly badRows: number;
  /** Where the first of them stands, `FILE:LINE`. */
  readonly firstBad: string | undefined;
}

/**
 * Reads the files of one log into one table. A row that stands there twice is one row, and so is a line
 * that can't be read.
 */
export class LogReader implements RowSink {
  /** The texts of the table. */
  readonly names: Interner = new Interner();
  readonly ids: Interner = new Interner();
  /** The rows that were read so far. */
  readonly table: RowTable = new RowTable(this.names, this.ids);
  /** The name of the file that is being read, for `firstBad`. */
  name = "";
  private readonly parser = new RowParser(this.table, this.names, this.ids);
  private badLines: Interner | undefined;
  private bad: BadRows = NONE;

  /** Reads a file, whose bytes are given in pieces; returns how many these are. */
  read(name: string, pieces: Iterable<Uint8Array>): number {
    this.name = name;
    return readRows(pieces, this.parser, this).nextOffset;
  }

  /** The same of pieces that come one by one; what came before one that throws is read. */
  async readAsItComes(name: string, pieces: AsyncIterable<Uint8Array>): Promise<number> {
    this.name = name;
    return (await readRowsAsTheyCome(pieces, this.parser, this)).nextOffset;
  }

  /** Takes what another thread has read of a file. Of its rows with a tool_use_id no line is known. */
  adopt(name: string, { blocks, names, ids, refused }: SegmentRows): void {
    this.name = name;
    const renumbered = { names: this.names.absorb(names), ids: this.ids.absorb(ids) };
    for (const block of blocks) this.table.adopt(block, renumbered);
    for (const line of refused) this.refuse(line);
  }

  /** How many rows were read so far. */
  get size(): number {
    return this.table.size;
  }

  /** All rows; those before the row of this number last. */
  rows(last: number): Iterable<Sample> {
    return new RowList(this.table, last, this.table.nextRow);
  }

  /** The bad rows since the last time. */
  takeBadRows(): BadRows {
    const { bad } = this;
    this.bad = NONE;
    return bad;
  }

  take({ bytes, start, end }: ByteLine): void {
    this.table.take(this.table.needsLine ? lineHash(bytes, start, end) : 0);
  }

  refuse({ bytes, start, end, number }: ByteLine): void {
    const badLines = this.badLines ??= new Interner();
    const known = badLines.size;
    // With its end, so that an empty line is a text too; CR is no part of it.
    const hash = lineHash(bytes, start, end);
    bytes[end] = NEWLINE;
    if (badLines.ofBytes(bytes, start, end + 1, hash) <= known) return;
    const { badRows, firstBad = `${this.name}:${number}` } = this.bad;
    this.bad = { badRows: badRows + 1, firstBad };
  }
}

const NONE: BadRows = { badRows: 0, firstBad: undefined };
