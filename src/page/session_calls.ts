import type { CallColumns } from "./data/columns.ts";

/** The calls of each session of a page, in order of time. */
export class SessionCalls {
  /** Places of all calls, those of a session side by side, and where each session's begin. */
  private readonly places: Uint32Array;
  private readonly begins: Uint32Array;

  constructor({ session }: CallColumns, private readonly count: number) {
    this.places = new Uint32Array(session.length);
    this.begins = new Uint32Array(count + 2);
    for (let call = 0; call < session.length; call++) this.begins[session[call]! + 2]!++;
    for (let place = 1; place < count + 2; place++) {
      this.begins[place]! += this.begins[place - 1]!;
    }
    const next = this.begins.slice();
    for (let call = 0; call < session.length; call++) {
      this.places[next[session[call]! + 1]!++] = call;
    }
  }

  /** Places of the calls of a session; -1: of those without one. */
  of(session: number): Uint32Array {
    if (session < -1 || session >= this.count) return new Uint32Array();
    return this.places.subarray(this.begins[session + 1], this.begins[session + 2]);
  }

  /** The sessions that there are, -1 for calls without one. */
  sessions(): number[] {
    return Array.from({ length: this.count + 1 }, (_, place) => place - 1)
      .filter((session) => this.of(session).length > 0);
  }
}
