/**
 * Writes the sample logs, `performance.csv` in the full layout and `performance_basic.csv` in the
 * basic one: the same three made-up sessions, the same bytes each time. A test regenerates and
 * compares them. Run it with `deno run -A examples/sample_log.ts`.
 */
import { BASIC_COLUMNS, formatRow, FULL_COLUMNS, FULL_HEADER } from "../src/row/columns.ts";
import { isCallEvent, type Sample } from "../src/row/sample.ts";

/** Median seconds a call of the tool takes, how much its times spread (as a factor), how often it fails. */
const TOOLS: readonly (readonly [name: string, share: number, median: number, fails: number])[] = [
  ["Read", 40, 0.012, 0.01],
  ["Bash", 30, 1.4, 0.09],
  ["Edit", 14, 0.03, 0.02],
  ["Grep", 10, 0.06, 0],
  ["mcp__github__search_issues", 4, 0.7, 0.05],
  ["WebFetch", 2, 2.2, 0.1],
];

/** What Bash ran, as `rec --command` tells it: some of it more often. */
const COMMANDS = [
  "npm test",
  "npm test",
  "npm run build",
  "git status",
  "git diff",
  "git commit",
  "docker compose",
  "rg",
  "node",
] as const;

/** What the processes of a command hold at most, MiB, how many there are, and the name of the largest. */
const HELD: Readonly<
  Record<typeof COMMANDS[number], readonly [mib: number, processes: number, process: string]>
> = {
  "npm test": [820, 9, "node"],
  "npm run build": [1900, 6, "esbuild"],
  "git status": [18, 2, "git"],
  "git diff": [24, 3, "git"],
  "git commit": [31, 5, "node"],
  "docker compose": [96, 4, "docker-compose"],
  "rg": [44, 2, "rg"],
  "node": [140, 2, "node"],
};
/** A call that is over sooner, seconds, leaves no peak: nobody saw its processes. */
const SEEN_SECONDS = 0.25;
/** A call's shell begins so long after it, and ends so long before, seconds: that is the client's. */
const CLIENT_SECONDS = 0.06;

const SESSIONS = [
  {
    id: "7d1f20c4-0000-4000-8000-000000000001",
    project: "api",
    calls: 60,
    rss: 388_000,
    grows: 1500,
  },
  {
    id: "a02c51b7-0000-4000-8000-000000000002",
    project: "web",
    calls: 40,
    rss: 402_000,
    grows: 60,
  },
  {
    id: "c9e06d12-0000-4000-8000-000000000003",
    project: "api",
    calls: 30,
    rss: 371_000,
    grows: 40,
  },
];

/** How many calls a turn has; the last of a session may have fewer. */
const TURN = 10;

/** The tools of which the person is asked where they wait for more than a second, after the client's checks. */
const ASKED = ["Bash", "Edit"];
const CHECKS_SECONDS = 0.05;

/** Monday, 2026-11-16, 09:00 UTC. */
const BEGIN = 1_794_819_600;

/** A small generator of pseudo-random numbers in [0, 1) (mulberry32), so that the logs never change. */
export function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = state + 0x6d2b79f5 | 0;
    let bits = Math.imul(state ^ state >>> 15, state | 1);
    bits = bits + Math.imul(bits ^ bits >>> 7, bits | 61) ^ bits;
    return ((bits ^ bits >>> 14) >>> 0) / 2 ** 32;
  };
}

/** The samples of all sessions in order of time. */
export function sampleLog(): Sample[] {
  return SESSIONS.flatMap((session, index) => {
    const start = BEGIN + index * 86_400 + 600 * index;
    return withTurns(sessionCalls(session, start, 40_000 + index, generator(index + 1)));
  });
}

/** The start and the end of each call of a session. */
function sessionCalls(
  session: typeof SESSIONS[number],
  processStart: number,
  pid: number,
  random: () => number,
): [start: Sample, end: Sample][] {
  let time = processStart + 5;
  let cpuSeconds = 2, childCpuSeconds = 0, memoryRss = session.rss;
  const commands = generator(pid);
  return Array.from({ length: session.calls }, (_, index) => {
    const [toolName, , median, fails] = pickTool(random());
    const duration = Math.round(1000 * median * Math.exp(1.6 * (random() + random() - 1))) / 1000;
    const wait = random() < 0.1 ? 8 * random() : 0.004;
    const failed = random() < fails;
    const command = toolName === "Bash"
      ? COMMANDS[Math.floor(COMMANDS.length * commands())]
      : undefined;
    const sample = (timestamp: number, event: Sample["event"]): Sample => ({
      timestamp,
      event,
      toolName,
      pid,
      processStart,
      cpuSeconds,
      childCpuSeconds,
      memoryRss,
      treeRss: memoryRss,
      children: 0,
      cpuPercent: 100 * cpuSeconds / (timestamp - processStart),
      sessionId: session.id,
      toolUseId: `toolu_${session.id.slice(0, 4)}_${String(index + 1).padStart(3, "0")}`,
      project: session.project,
      clientVersion: "2.1.330",
      client: "claude",
      command,
    });
    const start = sample(time, "start");
    time += wait + duration + 0.01;
    cpuSeconds += 0.02 + 0.3 * random() * duration;
    if (toolName === "Bash") childCpuSeconds += 0.8 * random() * duration;
    memoryRss += Math.round(2 * session.grows * random());
    const end: Sample = {
      ...sample(time, "end"),
      status: failed ? "error" : "ok",
      exitCode: failed && toolName === "Bash" ? 1 : undefined,
      durationMs: Math.round(1000 * duration),
    };
    time += 2 + 20 * random();
    return [start, end];
  });
}

/** What is told of a call's processes when it has ended; nothing of one that was over too soon. */
function peakRows(end: Sample, random: () => number): Sample[] {
  const { command, durationMs = 0 } = end;
  const spread = 0.6 + 0.8 * random();
  if (command === undefined || durationMs < 1000 * SEEN_SECONDS) return [];
  const [mib, peakProcesses, peakProcess] = HELD[command as typeof COMMANDS[number]];
  const peakRss = Math.round(1024 * mib * spread);
  const { toolName, status, sessionId, toolUseId, project, clientVersion, client } = end;
  const { pid, processStart, promptId } = end;
  return [{
    ...{ timestamp: end.timestamp + 0.1, event: "peak", toolName, status, sessionId, toolUseId },
    ...{ project, clientVersion, client, promptId, command },
    ...{ pid, processStart, peakRss },
    ...{ peakPss: Math.round(0.9 * peakRss), peakProcesses, peakProcess },
    processSeconds: durationMs / 1000 - CLIENT_SECONDS,
  }];
}

/** A session's rows in order of time: its calls, and what is no call's. */
function withTurns(calls: readonly [start: Sample, end: Sample][]): Sample[] {
  const peaks = generator(calls.length);
  return calls.flatMap(([start, end], index) => {
    const turn = Math.floor(index / TURN);
    const promptId = `${start.sessionId?.slice(0, 8)}-0000-4000-9000-${turn + 1}`.padEnd(36, "0");
    const besides = (timestamp: number, event: Sample["event"], of: Partial<Sample>): Sample => ({
      ...start,
      toolUseId: undefined,
      promptId,
      timestamp,
      event,
      ...of,
    });
    const noCall = { toolName: "unknown", command: undefined };
    const isFirst = index % TURN === 0;
    const isLast = index % TURN === TURN - 1 || index === calls.length - 1;
    const waited = end.timestamp - start.timestamp - (end.durationMs ?? 0) / 1000;
    const isAsked = ASKED.includes(start.toolName) && waited > 1;
    return [
      ...(isFirst ? [besides(start.timestamp - 1, "prompt", noCall)] : []),
      { ...start, promptId },
      ...(isAsked ? [besides(start.timestamp + CHECKS_SECONDS, "permission", {})] : []),
      { ...end, promptId },
      ...peakRows({ ...end, promptId }, peaks),
      ...(isLast ? [besides(end.timestamp + 0.9, "stop", { ...noCall, status: "ok" })] : []),
    ];
  });
}

function pickTool(random: number): typeof TOOLS[number] {
  let left = 100 * random;
  return TOOLS.find(([, share]) => (left -= share) < 0) ?? TOOLS[0]!;
}

/** The two files' names, beside this script, and their texts. */
export function sampleFiles(): Record<string, string> {
  const samples = sampleLog();
  const rows = (columns: readonly string[], samples: readonly Sample[]): string =>
    samples.map((sample) => formatRow(sample, columns)).join("");
  return {
    "performance.csv": `${FULL_HEADER}\n${rows(FULL_COLUMNS, samples)}`,
    "performance_basic.csv": rows(BASIC_COLUMNS, samples.filter(({ event }) => isCallEvent(event))),
  };
}

if (import.meta.main) {
  for (const [name, text] of Object.entries(sampleFiles())) {
    await Deno.writeTextFile(new URL(name, import.meta.url), text);
  }
}
