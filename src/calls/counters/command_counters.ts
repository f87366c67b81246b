import type { CallView } from "../call_columns.ts";
import { END_STATUSES, type EndStatus } from "../call_state.ts";

/** What the calls of one command have come to. */
export interface CommandCounter {
  readonly tool: string;
  /** `npm test`; `other` for those of a tool behind the first hundred. */
  readonly command: string;
  readonly calls: Record<EndStatus, number>;
  /** Without background calls, as `cpuSeconds` by the rules of the tool's. */
  durationSeconds: number;
  cpuSeconds: number;
}

/** So many commands are told apart, first come first served; those of others are `OTHER` of their tool. */
const MAX_COMMANDS = 100;
const OTHER = "other";

/** Counts calls that say which command they were, by tool and command. No figure of it ever goes down. */
export class CommandCounters {
  readonly #byName = new Map<string, CommandCounter>();

  /** All of them, in the order in which they came. */
  get counters(): CommandCounter[] {
    return [...this.#byName.values()];
  }

  /** Counts a call that ended, with the CPU that is its own, seconds; one without a command is none's. */
  add({ toolName, command, status, durationSeconds }: CallView, cpuSeconds: number): void {
    if (command === undefined) return;
    const counter = this.of(toolName, command);
    counter.calls[END_STATUSES.find((each) => each === status) ?? "unknown"]++;
    counter.cpuSeconds += cpuSeconds;
    if (status !== "background") counter.durationSeconds += Math.max(0, durationSeconds ?? 0);
  }

  /** The counter of a command, begun at 0 where it was not there. */
  of(tool: string, command: string): CommandCounter {
    const known = this.#byName.get(`${tool}\n${command}`);
    if (known !== undefined) return known;
    if (command !== OTHER && this.#byName.size >= MAX_COMMANDS) return this.of(tool, OTHER);
    const calls = { ok: 0, error: 0, interrupted: 0, background: 0, unknown: 0 };
    const counter = { tool, command, calls, durationSeconds: 0, cpuSeconds: 0 };
    this.#byName.set(`${tool}\n${command}`, counter);
    return counter;
  }
}
