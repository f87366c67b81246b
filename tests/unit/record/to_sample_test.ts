import { toSample } from "../../../src/record/to_sample.ts";
import { assertEquals } from "../../std/std_assert.ts";

const HOOK = {
  event: "end",
  toolName: "Bash",
  status: "error",
  exitCode: 7,
  durationMs: 12,
  sessionId: "s",
  toolUseId: "t",
  params: "npm test",
} as const;
const USAGE = { pid: 12, memoryRss: 400_000, cpuSeconds: 1.5 };

Deno.test("toSample: an end row has what hook, process and occasion say", () => {
  const occasion = {
    timestamp: 5,
    event: "end",
    toolName: "Bash",
    clientVersion: "2.1.330",
  } as const;
  assertEquals(toSample(occasion, USAGE, HOOK), { ...HOOK, ...USAGE, ...occasion });
});

Deno.test("toSample: a start row says nothing of an outcome, whatever the hook says", () => {
  const occasion = { timestamp: 5, event: "start", toolName: "Bash" } as const;
  const { event, status, exitCode, durationMs, params } = toSample(occasion, undefined, HOOK);
  assertEquals([event, status, exitCode, durationMs], ["start", undefined, undefined, undefined]);
  assertEquals(params, "npm test");
});

Deno.test("toSample: the tool is that of the occasion, unknown where nothing tells", () => {
  const occasion = { timestamp: 5, event: "end", toolName: "build" } as const;
  assertEquals(toSample(occasion, undefined, HOOK).toolName, "build");
  const nothing = { timestamp: 5, event: "end", toolName: undefined } as const;
  assertEquals(toSample(nothing, undefined, undefined), { ...nothing, toolName: "unknown" });
});
