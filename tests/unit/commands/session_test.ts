import { PLAIN } from "../../../src/text/style.ts";
import type { LiveProcess } from "../../../src/sampler/live_process.ts";
import type { Sample } from "../../../src/row/sample.ts";
import { findLeftBehind } from "../../../src/live/left_behind.ts";
import { sessionRecord } from "../../../src/live/session/session_data.ts";
import { sessionStory } from "../../../src/live/session/session_story.ts";
import { sessionText, type SessionTextOptions } from "../../../src/live/session/session_text.ts";
import { sparkline } from "../../../src/text/sparkline.ts";
import { textWidth } from "../../../src/text/table.ts";
import { COMMANDS_NOW, commandSamples, end, start } from "../../kit/samples.ts";
import { assert, assertEquals } from "../../std/std_assert.ts";
import { toCallList, toCalls } from "../../../src/calls/to_calls.ts";
import { expectText } from "../../kit/snapshot.ts";

const MIB = 1024;
const of = (id: string, rest: Partial<Sample>): Partial<Sample> => ({
  toolUseId: id,
  sessionId: "7d1f20c4-0000",
  project: "api",
  clientVersion: "2.1.330",
  ...rest,
});

/**
 * Seen at 200; span 100 → 200. Bash runs 2 s of the 22 s from 100 to 122 (20 s waiting), Read 4 s from
 * 130 to 134 and fails, Grep beside it from 132 to 136; Bash runs from 190 on; one Edit was denied.
 * Bins of 90 / 16 s: 400 in three, 450 from 122 on, 440 in the last.
 * In tools: 2 + 6 = 8 s. Running: 10 s. Waiting: 20 s. Else: 62 s.
 * The client's CPU: 1 s from 100 to 122 (during), 2 s to 130 (between), 0.5 s to 136 (during), none to
 * 180 (between), 0.5 s to 190 (between; the Edit is abandoned): 4 s, 2.5 of it in 8 + 44 + 10 s.
 */
const SAMPLES: readonly Sample[] = [
  start(100, of("a", { cpuSeconds: 10, childCpuSeconds: 1, memoryRss: 400 * MIB, children: 0 })),
  end(
    122,
    of("a", {
      cpuSeconds: 11,
      childCpuSeconds: 2.5,
      memoryRss: 450 * MIB,
      durationMs: 2000,
      children: 1,
    }),
  ),
  start(130, of("b", { toolName: "Read", cpuSeconds: 13, memoryRss: 450 * MIB })),
  start(132, of("c", { toolName: "Grep", cpuSeconds: 13.2 })),
  end(134, of("b", { toolName: "Read", cpuSeconds: 13.4, status: "error", durationMs: 4000 })),
  end(136, of("c", { toolName: "Grep", cpuSeconds: 13.5, durationMs: 4000 })),
  start(150, of("d", { toolName: "Edit", cpuSeconds: 13.5 })),
  start(190, of("e", { cpuSeconds: 14, memoryRss: 440 * MIB })),
];

const story = sessionStory(toCallList(SAMPLES), { now: 200, isLive: true });

/** What the first Bash began, and what that began. */
const PROCESSES: readonly LiveProcess[] = [
  {
    pid: 7,
    parent: 100,
    command: "vite",
    processStart: 121,
    cpuSeconds: 0,
    rss: 1,
    client: { pid: 100, processStart: 1 },
  },
  {
    pid: 8,
    parent: 7,
    command: "esbuild",
    processStart: 121.5,
    cpuSeconds: 0,
    rss: 1,
    client: { pid: 100, processStart: 1 },
  },
];

const OPTIONS: SessionTextOptions = {
  width: 80,
  now: 200,
  utc: true,
  style: PLAIN,
  leftBehind: findLeftBehind(toCalls(SAMPLES), PROCESSES),
};

Deno.test("sessionStory: the parts of the time add up to the span", () => {
  assertEquals(story.time, {
    span: 100,
    tools: 8,
    running: 10,
    prompts: 0,
    waiting: 20,
    other: 62,
  });
});

Deno.test("sessionStory: the client's CPU between calls", () => {
  const { clientCpuSeconds = NaN, idleCpuSeconds = NaN, idleSeconds } = story;
  assertEquals([clientCpuSeconds.toFixed(6), idleCpuSeconds.toFixed(6)], ["4.000000", "2.500000"]);
  assertEquals(idleSeconds, 62);
});

Deno.test("sessionText: the story, then the slowest and the failed calls", async (t) => {
  await expectText(t, sessionText(story, OPTIONS));
});

for (const width of [80, 120, 200]) {
  Deno.test(`sessionText: which command it was, in ${width} columns`, async (t) => {
    const samples = commandSamples().filter(({ sessionId }) => sessionId === "7d1f20c4");
    const list = toCallList(samples, { isAlive: () => true });
    const told = sessionStory(list, { now: COMMANDS_NOW, isLive: true });
    await expectText(
      t,
      sessionText(told, { ...OPTIONS, width, now: COMMANDS_NOW, leftBehind: [] }),
    );
  });
}

Deno.test("sessionText: fits 60, 80 and 300 columns", () => {
  for (const width of [60, 80, 300]) {
    const lines = sessionText(story, { ...OPTIONS, width }).split("\n");
    assert(Math.max(...lines.map(textWidth)) <= width, lines.join("\n"));
  }
});

Deno.test("sessionText: says what the rows don't know", async (t) => {
  const bare = sessionStory(toCallList([start(10), end(12, { status: undefined })]), {
    now: 5000,
    isLive: false,
  });
  await expectText(t, sessionText(bare, { ...OPTIONS, now: 5000, leftBehind: [] }));
});

Deno.test("sessionStory: a clock that was set back gives no negative time", () => {
  const early = sessionStory(toCallList([start(100)]), { now: 40, isLive: true });
  assertEquals(early.time, { span: 0, tools: 0, running: 0, prompts: 0, waiting: 0, other: 0 });
});

Deno.test("sessionText: a single row, and a long series that was thinned", () => {
  const one = sessionStory(toCallList([start(10, { memoryRss: MIB })]), { now: 20, isLive: true });
  assert(
    sessionText(one, OPTIONS).includes("Memory   1 → 1 MiB in 0s: too short to tell a leak\n"),
  );
  const rows = Array.from({ length: 600 }, (_, index) => {
    const rest = { toolUseId: `t${index}`, memoryRss: MIB * (400 + index) };
    return [start(60 * index, rest), end(60 * index + 1, rest)];
  }).flat();
  const long = sessionText(sessionStory(toCallList(rows), { now: 40_000, isLive: false }), OPTIONS);
  assert(
    /Memory +400 → 999 MiB in 9h59m, \+60 ± \d+ MiB\/h:\s+steady, likely a leak/.test(long),
    long,
  );
  assert(/slope rests on \d+ medians of 1,200 rows/.test(long), long);
});

Deno.test("sessionRecord: base units, null for what is not known", () => {
  const record = sessionRecord(story);
  assertEquals(
    [record["span_seconds"], record["client_cpu_between_seconds"], record["rss_verdict"]],
    [100, 2.5, "too few"],
  );
  assertEquals([record["rss_first_kib"], record["rss_biggest_step_kib"]], [409_600, 51_200]);
});

Deno.test("sparkline: from the least to the greatest", () => {
  assertEquals(sparkline([0, 1, 2, 3, 4, 5, 6, 7]), "▁▂▃▄▅▆▇█");
  assertEquals(sparkline([5, 5]), "▁▁");
  assertEquals(sparkline([-10, 10, 0]), "▁█▅");
});
