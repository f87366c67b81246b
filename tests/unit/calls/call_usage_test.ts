/** CPU and memory of calls. */
import { call, end, start } from "../../kit/samples.ts";
import { type Case, testCases } from "./call_cases.ts";

const USAGE: Case[] = [
  {
    name: "CPU is the growth of the children's time, client CPU that of its own",
    samples: [
      start(10, {
        toolUseId: "a",
        cpuSeconds: 5,
        childCpuSeconds: 1,
        memoryRss: 1000,
        children: 1,
      }),
      end(12, {
        toolUseId: "a",
        cpuSeconds: 5.25,
        childCpuSeconds: 2.02,
        memoryRss: 900,
        children: 3,
      }),
    ],
    calls: [{
      cpuSeconds: 1.02,
      clientCpuSeconds: 0.25,
      memoryGrowth: -100,
      survivors: 2,
      shared: false,
    }],
  },
  {
    name: "another process at the end (a reused pid) makes usage unknown",
    samples: [
      start(10, {
        toolUseId: "a",
        cpuSeconds: 5,
        childCpuSeconds: 1,
        memoryRss: 1000,
        children: 1,
      }),
      end(12, {
        toolUseId: "a",
        processStart: 11,
        cpuSeconds: 6,
        childCpuSeconds: 2,
        memoryRss: 900,
        children: 3,
      }),
    ],
    calls: [{
      cpuSeconds: undefined,
      clientCpuSeconds: undefined,
      memoryGrowth: undefined,
      survivors: undefined,
    }],
  },
  {
    name: "the start of a process may move by a second: the boot time does",
    samples: [
      start(10, { toolUseId: "a", processStart: 1, childCpuSeconds: 1 }),
      end(12, { toolUseId: "a", processStart: 2, childCpuSeconds: 2 }),
    ],
    calls: [{ cpuSeconds: 1 }],
  },
  {
    name: "CPU of MCP tools is unknown, not 0: their servers are never waited for",
    samples: call("a", 10, 12, {
      toolName: "mcp__github__get_file",
      cpuSeconds: 5,
      childCpuSeconds: 1,
    }),
    calls: [{ cpuSeconds: undefined, clientCpuSeconds: 0 }],
  },
  {
    name: "calls of one process that overlap share their CPU; touching ones and others don't",
    samples: [
      ...call("a", 10, 14),
      ...call("b", 12, 13),
      ...call("c", 14, 15), // begins as `a` ends
      ...call("d", 10, 20, { pid: 200 }),
    ],
    calls: [
      { startTime: 10, shared: true },
      { startTime: 10, shared: false },
      { startTime: 12, shared: true },
      { startTime: 14, shared: false },
    ],
  },
  {
    name: "two processes with one pid (containers that share a home) share nothing",
    samples: [
      ...call("a", 10, 14, { sessionId: "s", processStart: 1 }),
      ...call("b", 12, 16, { sessionId: "t", processStart: 500 }),
    ],
    calls: [{ shared: false, process: 1 }, { shared: false, process: 2 }],
  },
  {
    name: "without a session the start of the process tells two of one pid apart",
    samples: [
      start(10, { sessionId: undefined, processStart: 1 }),
      start(11, { sessionId: undefined, processStart: 500 }),
      end(12, { sessionId: undefined, processStart: 1 }),
      end(14, { sessionId: undefined, processStart: 500 }),
    ],
    calls: [
      { startTime: 10, durationSeconds: 2, approximate: false },
      { startTime: 11, durationSeconds: 3, approximate: false },
    ],
  },
  {
    name: "a long call shares with all that lie in it, not only with the next",
    samples: [...call("a", 10, 20), ...call("b", 11, 12), ...call("c", 13, 14)],
    calls: [{ shared: true }, { shared: true }, { shared: true }],
  },
];

testCases(USAGE);
