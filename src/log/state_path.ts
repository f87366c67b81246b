import type { LogLocation } from "./location.ts";

/** The file in which a log's counters are kept, once an export has begun them. */
export function statePath({ folder }: LogLocation): string {
  return `${folder}/state.json`;
}
