import { assertEquals } from "../../std/std_assert.ts";
import type { Call } from "../../../src/calls/call.ts";
import { call, end, start } from "../../kit/samples.ts";
import { type Case, testCases } from "./call_cases.ts";
import { type CallOptions, toCalls } from "../../../src/calls/to_calls.ts";

const gone: CallOptions = { isAlive: () => false };

const OPEN: Case[] = [
  {
    name: "the last start without an end is running",
    samples: [...call("a", 10, 11), start(20, { toolUseId: "b" })],
    calls: [{ status: "ok" }, { status: "running", endTime: undefined }],
  },
  {
    name: "of a process that is gone it is abandoned (a killed client)",
    samples: [...call("a", 10, 11), start(20, { toolUseId: "b" })],
    options: gone,
    calls: [{ status: "ok" }, { status: "abandoned" }],
  },
  {
    name: "a denied call is abandoned once a later one has ended and another begun",
    samples: [start(10, { toolUseId: "a" }), ...call("b", 12, 13), start(14, { toolUseId: "c" })],
    calls: [{ status: "abandoned" }, { status: "ok" }, { status: "running" }],
  },
  {
    name: "or when one begins long after it, nothing else going on",
    samples: [start(10, { toolUseId: "a" }), start(41, { toolUseId: "b" })],
    calls: [{ status: "abandoned" }, { status: "running" }],
  },
  {
    name: "a slow call of a batch runs on while the others of its batch end",
    samples: [start(10, { toolUseId: "slow" }), ...call("b", 10.1, 11), ...call("c", 10.2, 60)],
    calls: [{ status: "running" }, { status: "ok" }, { status: "ok" }],
  },
  {
    name: "and while a call waits its turn: it starts before all others have ended",
    samples: [
      start(10, { toolUseId: "slow" }),
      ...call("b", 10.1, 50),
      ...call("queued", 45, 46), // `b` is still going on
    ],
    calls: [{ status: "running" }, { status: "ok" }, { status: "ok" }],
  },
  {
    name: "calls of another session or agent say nothing",
    samples: [
      start(10, { toolUseId: "a" }),
      ...call("b", 100, 101, { sessionId: "other" }),
      ...call("c", 200, 201, { sessionId: "other" }),
      ...call("d", 100, 101, { agentId: "sub" }),
      ...call("e", 200, 201, { agentId: "sub" }),
    ],
    calls: [
      { status: "running" },
      { status: "ok" },
      { status: "ok" },
      { status: "ok" },
      { status: "ok" },
    ],
  },
];

const agent = { toolName: "Agent" };
const run = { toolName: "Agent", agentId: "sub" };

const AGENTS: Case[] = [
  {
    name: "a subagent's run and the call that launched it are one call, of the run's duration",
    // Permission for the launch took 3 s; it returned after 14 ms, the run took 60 s.
    samples: [
      start(10, { ...agent, toolUseId: "launch" }),
      start(13.005, run),
      end(13.014, { ...agent, toolUseId: "launch", status: "background", durationMs: 14 }),
      ...call("inner", 20, 22, { agentId: "sub" }),
      end(73.005, run),
    ],
    calls: [
      {
        toolName: "Agent",
        isRun: true,
        status: "ok",
        durationSeconds: 60,
        waitSeconds: 3,
        agentId: "sub",
      },
      { toolName: "Bash", isRun: false, durationSeconds: 2, shared: false },
    ],
  },
  {
    name: "parallel subagents: each run takes a launch of its own",
    samples: [
      start(10, { ...agent, toolUseId: "one" }),
      start(10.1, { ...agent, toolUseId: "two" }),
      start(10.2, { ...run, agentId: "a1" }),
      start(10.3, { ...run, agentId: "a2" }),
      end(10.4, { ...agent, toolUseId: "one", status: "background" }),
      end(10.5, { ...agent, toolUseId: "two", status: "background" }),
      end(30.2, { ...run, agentId: "a2" }),
      end(50.2, { ...run, agentId: "a1" }),
    ],
    calls: [{ agentId: "a1", durationSeconds: 40 }, { agentId: "a2", durationSeconds: 19.9 }],
  },
  {
    name:
      "a launch that waits for its subagent ends the run where its stop is missing, and gives its status",
    samples: [
      start(10, { ...agent, toolUseId: "launch" }),
      start(10.1, run),
      end(70.1, { ...agent, toolUseId: "launch", status: "error" }),
    ],
    calls: [{ isRun: true, status: "error", durationSeconds: 60 }],
  },
  {
    name: "a launch without rows of its run is a call like any other, Task being the old name",
    samples: [
      start(10, { toolName: "Task", toolUseId: "launch" }),
      end(70, { toolName: "Task", toolUseId: "launch", durationMs: 59_000 }),
    ],
    calls: [{ toolName: "Task", isRun: false, durationSeconds: 59, cpuSeconds: undefined }],
  },
  {
    name: "a resumed subagent runs twice; a doubled hook does not",
    samples: [
      start(10, run),
      start(10.001, run),
      end(20, run),
      end(20.001, run),
      start(30, run),
      end(35, run),
    ],
    calls: [{ durationSeconds: 10 }, { durationSeconds: 5 }],
  },
  {
    name: "a run that TaskStop has ended is over",
    samples: [start(10, run), ...call("stop", 20, 20.1, { toolName: "TaskStop" })],
    calls: [{ status: "abandoned", isRun: true }, { toolName: "TaskStop" }],
  },
  {
    name: "what TaskStop ended can be other work in the background, or another run",
    samples: [
      start(10, run),
      end(12, { toolUseId: "bash", status: "background" }),
      start(10, { ...run, sessionId: "t" }),
      start(11, { ...run, sessionId: "t", agentId: "other" }),
      ...call("stop", 20, 20.1, { toolName: "TaskStop" }),
      ...call("stop", 20, 20.1, { toolName: "TaskStop", sessionId: "t" }),
    ],
    calls: ["running", "running", "running", "background", "ok", "ok"].map((status) => ({
      status: status as Call["status"],
    })),
  },
  {
    name: "stops of forks, which nobody started and which have no type, are no calls",
    samples: [
      start(10, { ...agent, toolUseId: "launch" }),
      start(10.1, { ...run, agentType: "Explore" }),
      end(10.2, { ...agent, toolUseId: "launch", status: "background" }),
      end(12, { ...run, agentId: "fork1" }),
      end(14, { ...run, agentType: "Explore" }),
      end(16, { ...run, agentId: "fork2" }),
    ],
    calls: [{ agentId: "sub", durationSeconds: 3.9 }],
  },
  {
    name: "a background agent whose start nobody told is one call: from its launch to its stop",
    // Permission for the launch took 3 s.
    samples: [
      start(10, { ...agent, toolUseId: "launch" }),
      end(13.014, { ...agent, toolUseId: "launch", status: "background", durationMs: 14 }),
      ...call("inner", 20, 22, { agentId: "sub" }),
      end(73, { ...run, agentType: "Explore" }),
    ],
    calls: [
      {
        toolName: "Agent",
        isRun: true,
        status: "ok",
        startTime: 10,
        durationSeconds: 60,
        waitSeconds: 3,
        agentId: "sub",
      },
      { toolName: "Bash" },
    ],
  },
  {
    name: "a stop without a start ends the launch that waits for it, too",
    samples: [
      start(10, { ...agent, toolUseId: "launch" }),
      end(70, { ...run, agentType: "Explore" }),
      end(70.01, { ...agent, toolUseId: "launch", durationMs: 60_000 }),
    ],
    calls: [{ isRun: true, status: "ok", durationSeconds: 59.99 }],
  },
  {
    name: "a stop whose start and launch were rotated out is a call",
    samples: [end(70, { ...run, agentType: "Explore" })],
    calls: [{ isRun: true, startTime: undefined, durationSeconds: undefined }],
  },
  {
    name: "a run goes on beside its session's calls, and ends with its process",
    samples: [start(10, run), ...call("a", 100, 101), ...call("b", 200, 201)],
    calls: [{ status: "running", isRun: true }, { status: "ok" }, { status: "ok" }],
  },
];

testCases([...OPEN, ...AGENTS]);

Deno.test("toCalls: what is alive is asked once a process", () => {
  const asked: number[] = [];
  toCalls([start(10, { toolUseId: "a" }), start(10.1, { toolUseId: "b" })], {
    isAlive: (pid) => asked.push(pid) > 0,
  });
  assertEquals(asked, [100]);
});
