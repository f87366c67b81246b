import type { CallOptions } from "../to_calls.ts";
import type { StreamedCall } from "./streamed_call.ts";

/** Whether the process of a call without an end still lives, asked once a process; where none is known it does. */
export function aliveness(
  isAlive: CallOptions["isAlive"],
): (call: StreamedCall) => boolean {
  const known = new Map<string, boolean>();
  return ({ start }) => {
    const { pid, processStart } = start?.sample ?? {};
    if (pid === undefined) return true;
    const key = `${pid} ${processStart ?? ""}`;
    const lives = known.get(key) ?? isAlive?.(pid, processStart) ?? true;
    known.set(key, lives);
    return lives;
  };
}
