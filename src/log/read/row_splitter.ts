import { isHeader, parseHeader } from "../../row/parse_row.ts";
import { BASIC_COLUMNS } from "../../row/columns.ts";

/** One physical line of a log that is no header. */
export interface LogRow {
  /** Without its end. */
  readonly line: string;
  /** The columns of the header in force. */
  readonly columns: readonly string[];
  /** Where it stands; lines count from 1. */
  readonly file: string;
  readonly number: number;
}

/** Makes rows of one file's bytes as they come; headers are followed and left out. */
export class RowSplitter {
  readonly #decoder = new TextDecoder();
  #columns: readonly string[] = BASIC_COLUMNS;
  #number = 0;
  #rest = "";

  constructor(private readonly file: string) {}

  /** The rows that end in these bytes. */
  push(bytes: Uint8Array): LogRow[] {
    const lines = (this.#rest + this.#decoder.decode(bytes, { stream: true })).split("\n");
    this.#rest = lines.pop() ?? "";
    return this.#toRows(lines);
  }

  /** What came after the last line's end, as a row; afterwards it is gone. */
  flush(): LogRow[] {
    const line = this.#rest + this.#decoder.decode();
    this.#rest = "";
    return line === "" ? [] : this.#toRows([line]);
  }

  #toRows(lines: readonly string[]): LogRow[] {
    const rows: LogRow[] = [];
    for (const ended of lines) {
      this.#number++;
      const line = ended.endsWith("\r") ? ended.slice(0, -1) : ended;
      if (isHeader(line)) this.#columns = parseHeader(line);
      else rows.push({ line, columns: this.#columns, file: this.file, number: this.#number });
    }
    return rows;
  }
}
