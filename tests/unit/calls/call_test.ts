import { hasEnded, serverOf } from "../../../src/calls/call.ts";
import { assert, assertEquals } from "../../std/std_assert.ts";
import { call, end, seedRow, start } from "../../kit/samples.ts";
import { type Case, testCases } from "./call_cases.ts";
import { toCalls } from "../../../src/calls/to_calls.ts";
import { cpuMilliseconds } from "../../kit/processes.ts";
import { inQuietMoment } from "../../kit/waits.ts";

const PAIRING: Case[] = [
  {
    name: "pairs by id, whatever the order of the ends",
    samples: [
      start(10, { toolUseId: "a" }),
      start(11, { toolUseId: "b" }),
      end(12, { toolUseId: "a" }),
      end(15, { toolUseId: "b" }),
    ],
    calls: [
      { startTime: 10, endTime: 12, durationSeconds: 2, status: "ok", approximate: false },
      { startTime: 11, endTime: 15, durationSeconds: 4, status: "ok", approximate: false },
    ],
  },
  {
    name: "an end may stand before its start in the file (async hooks)",
    samples: [end(12, { toolUseId: "a" }), start(10, { toolUseId: "a" })],
    calls: [{ startTime: 10, endTime: 12, durationSeconds: 2, reversed: false }],
  },
  {
    name: "the same id in two sessions is two calls",
    samples: [
      ...call("a", 10, 11),
      ...call("a", 20, 23, { sessionId: "other" }),
    ],
    calls: [{ sessionId: "s", durationSeconds: 1 }, { sessionId: "other", durationSeconds: 3 }],
  },
  {
    name: "of a doubly registered hook the earliest start and the earliest end count",
    samples: [
      start(10.002, { toolUseId: "a" }),
      start(10, { toolUseId: "a" }),
      end(12, { toolUseId: "a" }),
      end(12.003, { toolUseId: "a" }),
    ],
    calls: [{ startTime: 10, endTime: 12, durationSeconds: 2 }],
  },
  {
    name: "without ids an end takes the newest start: one denied call shifts nothing",
    // Denied at 10; then three calls of 1 s. First-in-first-out would give 11, 21, 31 s.
    samples: [
      start(10),
      start(20),
      end(21),
      start(30),
      end(31),
      start(40),
      end(41),
    ],
    calls: [
      { startTime: 10, status: "abandoned", durationSeconds: undefined },
      // The first end could be that of the call at 10; later ones could not.
      { startTime: 20, durationSeconds: 1, approximate: true },
      { startTime: 30, durationSeconds: 1, approximate: false },
      { startTime: 40, durationSeconds: 1, approximate: false },
    ],
  },
  {
    name: "without ids calls of one tool that overlap are approximate, both",
    samples: [start(10), start(11), end(13), end(16)],
    // The end at 13 takes the start at 11, that at 16 the start at 10.
    calls: [
      { startTime: 10, endTime: 16, approximate: true },
      { startTime: 11, endTime: 13, approximate: true },
    ],
  },
  {
    name: "without ids another tool, agent or session is another key",
    samples: [
      start(10),
      start(11, { toolName: "Read" }),
      start(12, { agentId: "sub" }),
      start(13, { sessionId: "other" }),
      end(20),
      end(21, { toolName: "Read" }),
      end(22, { agentId: "sub" }),
      end(23, { sessionId: "other" }),
    ],
    calls: [10, 11, 12, 13].map((time) => ({
      startTime: time,
      durationSeconds: 10,
      approximate: false,
    })),
  },
  {
    name: "without a session the process is the key: two old clients side by side",
    samples: [
      start(10, { sessionId: undefined, pid: 100 }),
      start(11, { sessionId: undefined, pid: 200 }),
      end(12, { sessionId: undefined, pid: 100 }),
      end(14, { sessionId: undefined, pid: 200 }),
    ],
    calls: [
      { startTime: 10, durationSeconds: 2, approximate: false },
      { startTime: 11, durationSeconds: 3, approximate: false },
    ],
  },
  {
    name: "rows of the seed's shell hooks: no ids, no tool, no status, no CPU time",
    samples: [seedRow(10, "start"), seedRow(10.5, "end"), seedRow(11, "start")],
    calls: [
      {
        toolName: "unknown",
        status: "unknown",
        durationSeconds: 0.5,
        waitSeconds: undefined,
        cpuSeconds: undefined,
        memoryGrowth: undefined,
      },
      { status: "running" },
    ],
  },
  {
    name: "a log that begins in the middle of a call: an end without a start counts its duration",
    samples: [end(12, { toolUseId: "a", durationMs: 1500 }), end(13, { toolName: "Read" })],
    calls: [
      { startTime: undefined, endTime: 12, durationSeconds: 1.5, waitSeconds: undefined },
      { toolName: "Read", startTime: undefined, durationSeconds: undefined },
    ],
  },
];

const TIMES: Case[] = [
  {
    name: "wait is what the interval exceeds the client's figure by",
    samples: [start(10, { toolUseId: "a" }), end(40, { toolUseId: "a", durationMs: 2500 })],
    calls: [{ durationSeconds: 2.5, waitSeconds: 27.5 }], // 30 s − 2.5 s
  },
  {
    name: "wait is never below 0, and unknown without the client's figure",
    samples: [
      start(10, { toolUseId: "a" }),
      end(10.02, { toolUseId: "a", durationMs: 31 }),
      ...call("b", 20, 21),
    ],
    calls: [{ durationSeconds: 0.031, waitSeconds: 0 }, {
      durationSeconds: 1,
      waitSeconds: undefined,
    }],
  },
  {
    name: "a clock set back: no negative duration, but the client's where there is one",
    samples: [
      ...call("a", 100, 40),
      start(101, { toolUseId: "b" }),
      end(41, { toolUseId: "b", durationMs: 700 }),
    ],
    calls: [
      { durationSeconds: undefined, waitSeconds: undefined, reversed: true },
      { durationSeconds: 0.7, waitSeconds: undefined, reversed: true },
    ],
  },
  {
    name: "a clock set back or forward by an hour: the process's start tells by how much",
    samples: [
      start(10_000, { toolUseId: "a", processStart: 9000 }),
      end(13_605, { toolUseId: "a", processStart: 12_600, durationMs: 2000 }),
      start(20_000, { toolUseId: "b", processStart: 12_600 }),
      end(16_405, { toolUseId: "b", processStart: 9000 }),
    ],
    calls: [
      { durationSeconds: 2, waitSeconds: 3, reversed: true, shared: false },
      { durationSeconds: 5, waitSeconds: undefined, reversed: true, shared: false },
    ],
  },
  {
    name: "a time of 0, or beyond 2038: no duration of years, but the client's where there is one",
    samples: [
      ...call("a", 0, 1_795_357_610),
      start(0.5, { toolUseId: "b" }),
      end(1_795_357_611, { toolUseId: "b", durationMs: 700 }),
      ...call("c", 2_147_483_647.5, 2_147_483_648.75),
      ...call("d", 99_999_999_998, 99_999_999_999),
    ],
    calls: [
      { durationSeconds: undefined, waitSeconds: undefined, reversed: true },
      { durationSeconds: 0.7, waitSeconds: undefined, reversed: true },
      { durationSeconds: 1.25, reversed: false },
      { durationSeconds: 1, reversed: false },
    ],
  },
  {
    name: "a negative figure of the client is none",
    samples: [start(1, { toolUseId: "a" }), end(3, { toolUseId: "a", durationMs: -1 })],
    calls: [{ durationSeconds: 2, waitSeconds: undefined, reversed: false }],
  },
  {
    name: "rows of two processes with one pid say nothing of the clock",
    samples: [start(10, { processStart: 9 }), end(5000, { processStart: 4000 })],
    calls: [{ durationSeconds: 4990, reversed: false }],
  },
  {
    name: "statuses are those of the end rows",
    samples: [
      start(1, { toolUseId: "a" }),
      end(2, { toolUseId: "a", status: "error", exitCode: 3 }),
      start(3, { toolUseId: "b" }),
      end(4, { toolUseId: "b", status: "interrupted" }),
      start(5, { toolUseId: "c" }),
      end(5.01, { toolUseId: "c", status: "background" }),
    ],
    calls: [{ status: "error" }, { status: "interrupted" }, { status: "background" }],
  },
];

const NAMES: Case[] = [
  {
    name: "the project is that of the session's first call: a cd leads to no other",
    samples: [
      ...call("b", 20, 21, { project: "src" }),
      ...call("a", 10, 11, { project: "shop" }),
      ...call("c", 30, 31, { project: "blog", sessionId: "other" }),
      ...call("d", 40, 41, { project: undefined }),
      ...call("e", 50, 51, { project: "src", sessionId: undefined }),
    ],
    calls: ["shop", "shop", "blog", "shop", "src"].map((project) => ({ project })),
  },
  {
    name: "the client is the other one, if one of its rows says so, and perfmon's own if none does",
    samples: [
      ...call("a", 10, 11),
      ...call("b", 20, 21, { client: "claude" }),
      ...call("c", 30, 31, { client: "copilot" }),
      start(40, { toolUseId: "d", client: "claude" }),
      end(41, { toolUseId: "d", client: "copilot" }),
      start(50, { toolUseId: "e", client: "cursor" }),
    ],
    calls: ["claude", "claude", "copilot", "copilot", "cursor"].map((client) => ({ client })),
  },
];

testCases([...NAMES, ...PAIRING, ...TIMES]);

/** What pairing so many overlapping calls without ids takes, milliseconds of CPU: the best of three times. */
function pairingTime(count: number): number {
  const times = Array.from({ length: count }, (_, index) => index);
  const samples = [...times.map((time) => start(time)), ...times.map((time) => end(time + 1e6))];
  return Math.min(
    ...[1, 2, 3].map(() =>
      cpuMilliseconds(() => assertEquals(toCalls(samples).filter(hasEnded).length, count))
    ),
  );
}

Deno.test(
  "toCalls: ten times as many overlapping calls without ids take no hundred times as long",
  inQuietMoment(() => {
    pairingTime(1000); // compiled by then
    assert(pairingTime(50_000) < 40 * pairingTime(5000), "linear is 10, quadratic 100");
  }),
);

Deno.test("serverOf: the server of an MCP tool, also one with underscores", () => {
  assertEquals(serverOf("mcp__github__get_file"), "github");
  assertEquals(serverOf("mcp__my_server__get__it"), "my_server");
  assertEquals(serverOf("mcp__"), undefined);
  assertEquals(serverOf("Bash"), undefined);
});
