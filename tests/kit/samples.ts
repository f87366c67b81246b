/** Short forms for samples and calls, and a small log whose figures can be checked by hand. */
import type { Call } from "../../src/calls/call.ts";
import type { Sample } from "../../src/row/sample.ts";

/** A start row of Bash in session `s` of process 100, `time` seconds after the epoch. */
export function start(time: number, rest: Partial<Sample> = {}): Sample {
  return {
    timestamp: time,
    event: "start",
    toolName: "Bash",
    sessionId: "s",
    pid: 100,
    processStart: 1,
    ...rest,
  };
}

/** As `start`, an end row with status `ok`. */
export function end(time: number, rest: Partial<Sample> = {}): Sample {
  return { ...start(time, { status: "ok", ...rest }), event: "end" };
}

/** The start and the end of one call with an id. */
export function call(id: string, from: number, to: number, rest: Partial<Sample> = {}): Sample[] {
  return [start(from, { ...rest, toolUseId: id }), end(to, { ...rest, toolUseId: id })];
}

/** What a row of the seed's shell hooks knows. */
export function seedRow(time: number, event: "start" | "end", toolName = "unknown"): Sample {
  return { timestamp: time, event, toolName, cpuPercent: 12.5, memoryRss: 256_780 };
}

/** What is known of a call, to compare it with another one's. */
export function membersOf(call: Call): Record<string, unknown> {
  const { toolName, status, start, end, durationSeconds, waitSeconds, cpuSeconds } = call;
  const { shared, approximate, reversed, isRun, sessionId, agentId, memoryGrowth } = call;
  const { background, peakMemory, isPeakShared } = call;
  return {
    ...{ toolName, status, start, end, durationSeconds, waitSeconds, cpuSeconds },
    ...{ shared, approximate, reversed, isRun, sessionId, agentId, memoryGrowth, background },
    ...{ peakMemory, isPeakShared },
  };
}

/** The time at which `SAMPLES` are looked at. */
export const NOW = 200;

const bash = (id: string, rest: Partial<Sample>): Partial<Sample> => ({
  toolUseId: id,
  project: "api",
  ...rest,
});

/**
 * By tool, durations as the client gives them:
 * Agent: 100 → 160, 60 s; waited 1 s (its launch: 2 s less 1 s). Holds the second call of Bash.
 * Bash: 2 s (of 22, so 20 s waiting, 1.25 s CPU) and 6 s (of 6, failed, 0.75 s CPU). P50 4 s, total 8 s.
 * github: 640 ms (of 1 s: 360 ms waiting) and 360 ms (of 0.5 s: 140 ms). P50 500 ms.
 * Read: 11 ms (of 111 ms), 0.04 s CPU.
 * Time in tools: 60 (the 6 s in it count once) + 2 + 1 + 0.011 = 63.011 s. One call runs, one was denied.
 */
export const SAMPLES: readonly Sample[] = [
  start(10, bash("b1", { childCpuSeconds: 1, cpuPercent: 10, memoryRss: 1024 })),
  end(32, bash("b1", { childCpuSeconds: 2.25, durationMs: 2000, cpuPercent: 30, memoryRss: 3072 })),
  start(40, { toolName: "mcp__github__get_file", toolUseId: "m1" }),
  end(41, { toolName: "mcp__github__get_file", toolUseId: "m1", durationMs: 640 }),
  start(42, { toolName: "mcp__github__search", toolUseId: "m2" }),
  end(42.5, { toolName: "mcp__github__search", toolUseId: "m2", durationMs: 360 }),
  start(50, { toolName: "Read", toolUseId: "r1", childCpuSeconds: 2.25 }),
  end(50.111, { toolName: "Read", toolUseId: "r1", childCpuSeconds: 2.29, durationMs: 11 }),
  start(60, bash("denied", {})),
  start(99, { toolName: "Agent", toolUseId: "launch" }),
  start(100, { toolName: "Agent", agentId: "sub" }),
  end(101, { toolName: "Agent", toolUseId: "launch", status: "background", durationMs: 1000 }),
  start(120, bash("b2", { agentId: "sub", childCpuSeconds: 3 })),
  end(
    126,
    bash("b2", {
      agentId: "sub",
      childCpuSeconds: 3.75,
      durationMs: 6000,
      status: "error",
      exitCode: 3,
    }),
  ),
  end(160, { toolName: "Agent", agentId: "sub" }),
  start(190, bash("b3", {})),
];

/** The same two calls as rows of the seed's shell hooks. */
export const BASIC_SAMPLES: readonly Sample[] = [
  seedRow(10, "start", "Read"),
  seedRow(10.5, "end", "Read"),
  seedRow(11, "start", "Bash"),
  seedRow(13, "end", "Bash"),
];

/** The time at which `commandSamples` are looked at, seconds since the epoch. */
export const COMMANDS_NOW = 90_000;

/** A tool, a command, and the seconds that its calls took; those below 0 failed. */
const RUNS: readonly [tool: string, command: string | undefined, seconds: readonly number[]][] = [
  ["Bash", "npm test", [62, -58, 271, 40, -598, 65, 61, 70]],
  ["Bash", "cargo build", [28, 184, 400]],
  ["Bash", "git push", [4, 6, 5]],
  ["Bash", "git status", [0.2, 0.3, 0.2, 0.25, 0.2, 0.2]],
  ["Bash", "docker compose", [12]],
  ["Bash", "grep", [0.5, 0.7]],
  ["Bash", "ls", [0.1, 0.1, 0.1]],
  ["Bash", "security find-generic-password", [0.4]],
  ["Bash", undefined, [3]],
  ["WebFetch", "docs.example.com", [2.2, 6.1]],
  ["Read", undefined, [0.01, 0.02, 0.01, 0.03]],
  ["Grep", undefined, [0.06]],
  ["Skill", "plugin:pdf", [9]],
  ["Agent", "Explore", [300]],
  ["mcp__github__create_issue", undefined, [0.6]],
];

/** Rows of calls that say which command they were, one call after the other; one runs at the end. */
export function commandSamples(): Sample[] {
  const samples: Sample[] = [];
  let [time, number] = [1000, 0];
  for (const [toolName, command, runs] of RUNS) {
    for (const seconds of runs) {
      const took = Math.abs(seconds);
      const call = {
        toolName,
        command,
        toolUseId: `t${++number}`,
        sessionId: number % 3 === 0 ? "a02c9911" : "7d1f20c4",
        project: "api",
        params: toolName === "Bash" ? `${command ?? "$RUN"} --token [redacted]` : undefined,
      };
      const cpu = { cpuSeconds: time / 100, memoryRss: 300_000 + number };
      samples.push(start(time, { ...call, ...cpu, childCpuSeconds: time / 2 }));
      time += took;
      const failed = seconds < 0 ? { status: "error" as const, exitCode: 1 } : {};
      samples.push(end(time, {
        ...{ ...call, ...cpu, ...failed },
        childCpuSeconds: (time - took) / 2 + took / 4,
        durationMs: 1000 * took,
        outputBytes: Math.round(1000 * took),
      }));
      time += 10;
    }
  }
  samples.push(start(time, { toolUseId: "r1", command: "npm run dev", sessionId: "7d1f20c4" }));
  return samples;
}
