import { PLAIN } from "../../../src/text/style.ts";
import { LiveCalls } from "../../../src/live/live_calls.ts";
import type { LiveProcess } from "../../../src/sampler/live_process.ts";
import { type LiveReport, LiveReporter } from "../../../src/commands/top/live_report.ts";
import { type Block, fill } from "../../../src/commands/top/live_blocks.ts";
import { AT_FIRST } from "../../../src/commands/top/live_keys.ts";
import { liveText, type LiveTextOptions } from "../../../src/commands/top/live_text.ts";
import { condense, sparkline } from "../../../src/text/sparkline.ts";
import { textWidth } from "../../../src/text/table.ts";
import { assert, assertEquals, assertMatch, assertStringIncludes } from "../../std/std_assert.ts";
import { call, start } from "../../kit/samples.ts";
import { expectText } from "../../kit/snapshot.ts";

const style = PLAIN;

const OPTIONS: LiveTextOptions = {
  width: 80,
  height: 24,
  style,
  utc: true,
  session: (id) => id.slice(0, 4),
  since: 1000,
  filter: "",
};

function process(
  pid: number,
  command: string,
  cpuSeconds: number,
  rss: number,
  processStart: number,
): LiveProcess {
  return {
    pid,
    command,
    cpuSeconds,
    rss,
    processStart,
    parent: 1,
    client: { pid: 100, processStart: 1 },
  };
}

/** A client with a session of two calls, one of which runs a compiler, looked at twice in 2 s. */
function report(command?: string, memory: readonly number[] = []): LiveReport {
  const live = new LiveCalls(1000, () => true);
  const rest = { sessionId: "7d1f20c4", project: "api" };
  live.add([
    ...call("before", 900, 999, { ...rest, toolName: "Grep" }),
    ...call("a", 1010, 1012, { ...rest, toolName: "Read", durationMs: 1900 }),
    ...call("b", 1013, 1014, { ...rest, status: "error", exitCode: 1, command }),
    start(1015, { ...rest, toolUseId: "c", command }),
  ]);
  const first = [process(100, "claude", 50, 400_000, 1)];
  const second = [
    process(100, "claude", 50.2, 410_000, 1), // 0.2 s
    process(300, "cc1", 1.5, 204_800, 1016), // all its 1.5 s, as it began in between
  ];
  return new LiveReporter(1000).report({
    list: live.list(),
    clients: live.clients(),
    looks: { first, second, seconds: 2, courses: new Map([["c", memory]]) },
    now: 1020,
  });
}

Deno.test("liveText: sessions, running calls, tools, ended calls, each in its place", async (t) => {
  await expectText(t, liveText(report(), OPTIONS).join("\n"));
});

Deno.test("liveText: a session's newest row is named by what it is, where that is no call", () => {
  const live = new LiveCalls(1000, () => true);
  for (const [event, title] of [["prompt", "prompt"], ["stop", "answer"]] as const) {
    live.add([{ ...start(1018, { sessionId: "7d1f20c4" }), event, toolName: "unknown" }]);
    const seen = report();
    const sessions = seen.sessions.map((each) => ({ ...each, newest: live.clients()[0]! }));
    const [, , , line = ""] = liveText({ ...seen, sessions }, OPTIONS);
    assertStringIncludes(line, `  2s: ${title}`);
  }
});

for (const [width, height] of [[80, 24], [120, 30], [200, 50]] as const) {
  Deno.test(`liveText: which command it was, in ${width}x${height}`, async (t) => {
    const lines = liveText(report("npm run build"), { ...OPTIONS, width, height });
    await expectText(t, lines.join("\n"));
  });
}

Deno.test("liveText: fits any size of the terminal, the last line is that of the keys", () => {
  const live = report();
  const many = {
    ...live,
    running: Array.from({ length: 50 }, () => live.running[0]!),
    sessions: Array.from({ length: 30 }, () => live.sessions[0]!),
    ended: Array.from({ length: 500 }, () => live.ended[0]!),
  };
  for (const each of [live, many]) {
    for (const [width, height] of [[200, 50], [80, 24], [60, 10], [20, 4], [5, 1]] as const) {
      const lines = liveText(each, { ...OPTIONS, width, height });
      assertEquals(lines.length, height, `${width}×${height}`);
      assertEquals(lines.at(-1)?.startsWith("q: q".slice(0, width - 1)), true);
      if (width >= 60) assert(lines.every((line) => textWidth(line) <= width), lines.join("\n"));
    }
  }
});

const block = (name: string, count: number, rest: Partial<Block> = {}): Block => ({
  header: name,
  rows: Array.from({ length: count }, (_, index) => `${name}${index}`),
  empty: `no ${name}`,
  more: "row",
  ...rest,
});

Deno.test("fill: a long table leaves others their share, and says what it hides", () => {
  assertEquals(fill([block("A", 9), block("B", 1), block("C", 9, { last: "sum" })], 13, style), [
    "A",
    "A0",
    "A1",
    "and 7 more rows",
    "",
    "B",
    "B0",
    "",
    "C",
    "C0",
    "C1",
    "and 7 more rows",
    "sum",
  ]);
});

Deno.test("fill: on a low screen the first table stays, and the rest gives way", () => {
  assertEquals(fill([block("A", 4), block("B", 9), block("C", 9)], 12, style), [
    ...["A", "A0", "A1", "A2", "A3", ""],
    ...["B", "B0", "and 8 more rows", "", "C", "and 9 more rows"],
  ]);
});

Deno.test("liveText: at 50x15 the sessions stay", async (t) => {
  const live = report("npm run build");
  const many = { ...live, sessions: Array.from({ length: 4 }, () => live.sessions[0]!) };
  await expectText(t, liveText(many, { ...OPTIONS, width: 50, height: 15 }).join("\n"));
});

Deno.test("fill: what has no room at all is left out from the end, what is empty is a sentence", () => {
  const blocks = [block("A", 2), block("B", 0), block("C", 3), block("D", 0, { empty: undefined })];
  assertEquals(fill(blocks, 20, style).join(" "), "A A0 A1  no B  C C0 C1 C2");
  assertEquals(fill(blocks, 5, style).join(" "), "A A0 A1  no B");
  assertEquals(fill(blocks, 3, style).join(" "), "A A0 A1");
});

Deno.test("liveText: a running call has its memory as the sampler saw it, in 80 columns and in 50", () => {
  const live = report("npm run build", [4, 8, 64, 128, 256, 512, 384].map((mib) => 1024 * mib));
  for (const [width, height] of [[80, 24], [50, 15]] as const) {
    const lines = liveText(live, { ...OPTIONS, width, height });
    const row = lines.find((line) => line.includes("cc1"));
    assertStringIncludes(row ?? "", "▁▁▂▃▅█▆");
    assert(lines.some((line) => line.startsWith("7d1f ")), lines.join("\n"));
  }
});

Deno.test("liveText: where no sampler runs, a call's memory is that of the screen's own looks", () => {
  const { running } = report();
  assertEquals(running[0]?.memory, [204_800]);
});

Deno.test("liveText: of an open call that runs stands what is known, no signs for what is not", () => {
  const state = { ...AT_FIRST, marked: 0, isOpen: true };
  const text = liveText(report("npm run build"), { ...OPTIONS, state }).join("\n");
  assertMatch(
    text,
    /^Bash npm run build\n\nStatus +running\nBegan +00:16:55\nSession +7d1f20c4, api\n/,
  );
});

Deno.test("condense: the greatest of each part, as many as there is room for", () => {
  assertEquals(condense([1, 5, 2, 3, 9], 2), [5, 9]);
  assertEquals(condense([1, 5], 9), [1, 5]);
  assertEquals(condense([], 9), []);
});

Deno.test("sparkline: between the bounds that are given, or beyond", () => {
  assertEquals(sparkline([0, 50, 100], 0, 100), "▁▅█");
  assertEquals(sparkline([1, 2], 0, 100), "▁▁");
  assertEquals(sparkline([100, 200], 0, 100), "▅█");
});
