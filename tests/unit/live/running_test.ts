import { PLAIN } from "../../../src/text/style.ts";
import type { LiveProcess } from "../../../src/sampler/live_process.ts";
import { findLeftBehind } from "../../../src/live/left_behind.ts";
import { type RunningReport, runningReport } from "../../../src/live/running_report.ts";
import { runningCsv, runningJson } from "../../../src/live/running_data.ts";
import { runningText, type RunningTextOptions } from "../../../src/live/running_text.ts";
import { textWidth } from "../../../src/text/table.ts";
import { end, seedRow, start } from "../../kit/samples.ts";
import { assert, assertEquals } from "../../std/std_assert.ts";
import { toCalls } from "../../../src/calls/to_calls.ts";
import { expectText } from "../../kit/snapshot.ts";

/** A process below client 100 that began at `processStart`. */
function process(pid: number, processStart: number, rest: Partial<LiveProcess> = {}): LiveProcess {
  return {
    pid,
    parent: 100,
    command: `p${pid}`,
    processStart: processStart + 0.01,
    cpuSeconds: 0,
    rss: 1024,
    client: { pid: 100, processStart: 1 },
    ...rest,
  };
}

/** In session s of client 100: Bash from 10 to 20, which gained a child; Bash from 30 on. */
const SAMPLES = [
  start(10, { toolUseId: "a", children: 2, project: "api" }),
  end(20, { toolUseId: "a", children: 3, project: "api" }),
  start(30, { toolUseId: "b", children: 3, project: "api" }),
];
const calls = toCalls(SAMPLES);

const ORPHAN = { client: undefined, parent: 1 };

const LEFT: readonly (readonly [what: string, process: LiveProcess, found: boolean])[] = [
  ["began during the call", process(9, 15), true],
  ["began before it, as an MCP server does", process(9, 5), false],
  ["began after it", process(9, 25), false],
  ["is another client's", process(9, 15, { client: { pid: 101, processStart: 1 } }), false],
  ["has another parent, names the session", process(9, 15, { ...ORPHAN, namedSession: "s" }), true],
  [
    "has another parent, names another session",
    process(9, 15, { ...ORPHAN, namedSession: "t", namedClient: 100 }),
    false,
  ],
  ["has another parent, names the client", process(9, 15, { ...ORPHAN, namedClient: 100 }), true],
  ["has another parent, names nothing", process(9, 15, ORPHAN), false],
  ["whole seconds of ps, a second early", { ...process(9, 9), processStart: 9 }, true],
];

for (const [what, each, found] of LEFT) {
  Deno.test(`findLeftBehind: ${what}: ${found ? "left behind" : "not"}`, () => {
    assertEquals(findLeftBehind(calls, [each]).length, Number(found));
  });
}

Deno.test("findLeftBehind: not of a call that had no more children at its end", () => {
  const none = toCalls([
    start(10, { toolUseId: "a", children: 2 }),
    end(20, { toolUseId: "a", children: 2 }),
  ]);
  assertEquals(findLeftBehind(none, [process(9, 15)]), []);
});

/** Over 0.5 s, node used 0.4 s and its sibling 0.1 s: 100 %; vite, with esbuild below it, nothing. */
const FIRST = [
  process(1, 31, { command: "node", cpuSeconds: 5, rss: 1024 * 1024 }),
  process(2, 32, { command: "cc1", cpuSeconds: 1, rss: 512 * 1024 }),
  process(3, 15, { command: "vite", rss: 300 * 1024 }),
  process(4, 16, { command: "esbuild", rss: 10 * 1024, parent: 3 }),
];
const SECOND = FIRST.map((each) => ({
  ...each,
  cpuSeconds: each.cpuSeconds + (each.command === "node" ? 0.4 : each.command === "cc1" ? 0.1 : 0),
}));

function report(samples = SAMPLES): RunningReport {
  const made = toCalls(samples);
  const looks = { first: FIRST, second: SECOND, seconds: 0.5 };
  return runningReport(made, findLeftBehind(made, SECOND), looks, 1424);
}

const OPTIONS: RunningTextOptions = {
  width: 80,
  now: 1424,
  utc: true,
  covers: "Last 7 days",
  session: (id) => id,
  style: PLAIN,
  listsAbandoned: false,
  notes: [],
};

Deno.test("runningText: what runs, what was left behind, how many were abandoned", async (t) => {
  // 1424 − 30 s; 1424 − 15.01 s.
  await expectText(t, runningText(report(), OPTIONS));
});

/** Calls without an end, beside no process: what can be said of each. */
const STATES:
  readonly (readonly [what: string, line: RegExp, sample: Parameters<typeof start>[1]])[] = [
    ["no child", /Edit .* 200 +idle, no child: at the gate\?$/m, {
      toolName: "Edit",
      pid: 200,
    }],
    ["MCP", /y \(x\) .* in its MCP server$/m, { toolName: "mcp__x__y", pid: 200 }],
    ["a subagent", /Agent .* a subagent; see its calls$/m, { toolName: "Agent", pid: 200 }],
  ];

for (const [what, line, rest] of STATES) {
  Deno.test(`runningText: ${what}`, () => {
    const text = runningText(report([start(30, { toolUseId: "b", ...rest })]), OPTIONS);
    assert(line.test(text), text);
  });
}

Deno.test("runningText: the memory of a call that the sampler watches, as bars", () => {
  const looks = { first: FIRST, second: SECOND, seconds: 0.5 };
  const memory = [100, 200, 400, 800].map((mib) => 1024 * mib);
  const calls = toCalls(SAMPLES);
  const watched = runningReport(calls, [], { ...looks, courses: new Map([["b", memory]]) }, 1424);
  const text = runningText(watched, OPTIONS);
  assert(/RSS TREND/.test(text) && text.includes("▂▃▅█"), text);
  assert(Math.max(...text.split("\n").map(textWidth)) <= 80, text);
});

Deno.test("runningText: rows without a pid say so", () => {
  const text = runningText(report([seedRow(30, "start", "Bash")]), OPTIONS);
  assert(
    text.includes("no pid in the log (basic layout), so what the call does can't be seen"),
    text,
  );
});

Deno.test("runningText: calls side by side can't be told apart", () => {
  const text = runningText(report([...SAMPLES, start(30.5, { toolUseId: "c" })]), OPTIONS);
  assert(text.includes("~busy: node +1"), text);
  assert(
    text.includes("~ the client runs several calls: the processes may be another one's"),
    text,
  );
});

Deno.test("runningText: nothing at all is one line", () => {
  assertEquals(
    runningText(report([]), OPTIONS),
    "Last 7 days: none running, none left behind; 0 starts abandoned\n",
  );
});

Deno.test("runningText: abandoned starts, listed where asked for", () => {
  // A call of the same session, begun after the other calls had ended, and long after that start.
  const samples = [
    start(10, { toolUseId: "denied", toolName: "Edit" }),
    start(100, { toolUseId: "a" }),
    end(110, { toolUseId: "a" }),
  ];
  assert(runningText(report(samples), OPTIONS).includes("1 start abandoned (--abandoned)"));
  const listed = runningText(report(samples), { ...OPTIONS, listsAbandoned: true });
  assert(
    /^Abandoned starts\nWHEN .*\n(Thu|1970-01-01) 00:00 +fzcpb +Edit +s +– +100$/m.test(listed),
    listed,
  );
});

for (const width of [80, 120, 200]) {
  Deno.test(`runningText: which command it was, in ${width} columns`, async (t) => {
    const named = SAMPLES.map((row) => ({
      ...row,
      command: "npm run build",
      params: "npm run build -- --token [redacted]",
    }));
    const texts = [false, true].map((params) =>
      runningText(report(named), { ...OPTIONS, width, params })
    );
    await expectText(t, texts.join("\n"));
  });
}

Deno.test("runningText: fits 60, 80 and 300 columns", () => {
  for (const width of [60, 80, 300]) {
    const lines = runningText(report(), { ...OPTIONS, width }).split("\n");
    assert(Math.max(...lines.map(textWidth)) <= width, lines.join("\n"));
  }
});

Deno.test("runningJson and runningCsv: the same figures", () => {
  const context = { log: "l", since: 1, until: undefined, badRows: 0, firstBad: undefined };
  const { running: [running], left_behind: [left], abandoned } = JSON.parse(
    runningJson(report(), false, context),
  );
  assertEquals([running.age_seconds, running.state, running.command, running.processes], [
    1394,
    "children",
    "node",
    2,
  ]);
  assertEquals([running.cpu_percent_now, running.rss_kib], [100, 1_572_864]);
  assertEquals([left.pid, left.processes, left.reparented, left.tool, abandoned], [
    3,
    2,
    false,
    "Bash",
    0,
  ]);
  const [header, first, second, rest] = runningCsv(report(), false).split("\n");
  assert(header?.startsWith("kind,age_seconds,tool,session_id,project,pid,state,command"));
  assertEquals(first, "running,1394,Bash,s,api,100,children,node,2,100,1572864,30,b,r707a,");
  assertEquals(
    second,
    "left_behind,1408.99,Bash,s,api,3,below the client,vite,2,0,317440,10,a,fk3t7,",
  );
  assertEquals(rest, "");
});
