import type { ProcessName } from "../../row/sample.ts";
import type { ProcessGroup } from "./process_group.ts";

/** A process that may begin a group. */
export interface Candidate {
  readonly pid: number;
  /** Its parent, which is a client. */
  readonly client: number;
  /** Its arguments: each with a NUL behind it, or as a line of `ps`. */
  readonly commandLine: string;
}

/** Says of a client's child which command it runs for a call; `undefined` where it is of no call. */
export type Recognizer = (
  candidate: Candidate,
) => { readonly command: string | undefined } | undefined;

/**
 * Looks at all processes now and then. A client's child that a recognizer knows begins a group; what of the others
 * belongs to it each kind of watch says. Moments are seconds since boot, or since the epoch, as the watch has them.
 */
export interface Watch {
  /** The groups that are looked at. */
  readonly groups: ReadonlySet<ProcessGroup>;
  /** Two looks are at least so far apart, milliseconds. */
  readonly interval: number;
  /** Whether it tells moments to a tick and arguments to the letter. */
  readonly isExact: boolean;
  /** Gets what the next look goes by. Throws where that can't be had. */
  read(clients: ReadonlySet<number>): Promise<void>;
  /** Looks at all processes; returns the moment. */
  look(clients: ReadonlySet<number>): number;
  /** Looks no more at a group. */
  drop(group: ProcessGroup): void;
  /** The process that lives by a pid; `undefined` where none does. */
  processOf(pid: number): ProcessName | undefined;
}
