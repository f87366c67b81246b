/** Calls as plain objects, which assertions can compare. */
import type { Call } from "../../src/calls/call.ts";

/** What is known of a call, to compare it with another one's. */
export function membersOf(call: Call): Record<string, unknown> {
  const { toolName, status, start, end, durationSeconds, waitSeconds, cpuSeconds } = call;
  const { shared, approximate, reversed, isRun, sessionId, agentId, memoryGrowth } = call;
  return {
    ...{ toolName, status, start, end, durationSeconds, waitSeconds, cpuSeconds },
    ...{ shared, approximate, reversed, isRun, sessionId, agentId, memoryGrowth },
  };
}
