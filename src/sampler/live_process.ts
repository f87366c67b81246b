import type { ProcessName } from "../row/sample.ts";

/** A process that lives at the moment of looking. */
export interface LiveProcess {
  readonly pid: number;
  readonly parent: number;
  /** The program's name. */
  readonly command: string;
  /** Seconds since the epoch. */
  readonly processStart: number;
  /** User + system of the process itself, cumulative. */
  readonly cpuSeconds: number;
  /** Resident set size, KiB. */
  readonly rss: number;
  /** The client that it descends from; `undefined` where it was handed to another parent. */
  readonly client: ProcessName | undefined;
  /** What its environment names as the client's process and session, for those without a client. */
  readonly namedClient?: number | undefined;
  readonly namedSession?: string | undefined;
}
