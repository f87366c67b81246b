import type { CallColumns } from "../calls/call_columns.ts";
import { SESSION_ID } from "../row/row_view.ts";

/** The calls of each session of a page, in order of time. Sessions go by their numbers, 0 is none. */
export class SessionCalls {
  /** Places of all calls, those of a session side by side, and where each session's begin. */
  private readonly places: Int32Array;
  private readonly begins: Uint32Array;

  constructor(columns: CallColumns) {
    const { numbers, names } = columns.texts(SESSION_ID);
    this.places = new Int32Array(numbers.length);
    this.begins = new Uint32Array(names.size + 2);
    for (let call = 0; call < numbers.length; call++) this.begins[numbers[call]! + 1]!++;
    for (let session = 1; session < this.begins.length; session++) {
      this.begins[session]! += this.begins[session - 1]!;
    }
    const next = this.begins.slice();
    for (let call = 0; call < numbers.length; call++) this.places[next[numbers[call]!]!++] = call;
  }

  /** Places of the calls of a session; 0: of those without one. */
  of(session: number): Int32Array {
    if (session < 0 || session + 1 >= this.begins.length) return new Int32Array();
    return this.places.subarray(this.begins[session], this.begins[session + 1]);
  }

  /** The sessions that there are, 0 for calls without one. */
  sessions(): number[] {
    return Array.from({ length: this.begins.length - 1 }, (_, session) => session)
      .filter((session) => this.of(session).length > 0);
  }
}
