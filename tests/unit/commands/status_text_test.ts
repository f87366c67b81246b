import {
  type StatusFigures,
  statusRecord,
  statusText,
} from "../../../src/commands/status/status_text.ts";
import { assertEquals } from "../../std/std_assert.ts";
import { expectText } from "../../kit/snapshot.ts";

const FIGURES: StatusFigures = {
  isRecording: true,
  hooks: [
    {
      scope: "user",
      path: "/home/ada/.claude/settings.json",
      exists: true,
      state: "on",
      events: ["PreToolUse", "PostToolUse"],
      options: ["--max-lines 2000"],
      ways: ["binary"],
      enablesPlugin: false,
    },
    {
      scope: "local",
      path: "/home/ada/api/.claude/settings.local.json",
      exists: false,
      state: "absent",
      events: [],
      options: [""],
      ways: [],
      enablesPlugin: false,
    },
  ],
  otherLogs: [],
  obstacles: [],
  path: "/home/ada/.claude/performance.csv",
  exists: true,
  folder: "/home/ada/.claude/performance.d",
  layout: "full",
  rows: 731,
  bytes: 115_712,
  historyRows: 47_214,
  historyBytes: 1_572_864,
  historyLimit: "90d",
  historyRemoved: 0,
  spool: {
    folder: "/home/ada/.claude/performance.d/spool",
    exists: false,
    records: 0,
    bad: 0,
    oldest: undefined,
  },
  badRows: 1,
  errors: 2,
  lastError: "2026-01-30T10:00:00Z rec: stdin is no JSON object",
  lock: "free",
  samplerObstacle: undefined,
  sampler: {
    pid: 4711,
    since: Date.UTC(2026, 0, 31) / 1000 - 90,
    cpuSeconds: 0.42,
    memoryRss: 51_200,
    isStopped: false,
  },
  calls: 23_931,
  imported: 0,
  open: 83,
  liveSessions: 2,
  firstTime: Date.UTC(2025, 9, 18) / 1000,
  lastTime: Date.UTC(2026, 0, 31) / 1000,
  lastCallTime: Date.UTC(2026, 0, 31) / 1000,
  rowsWithParams: 0,
  cost: { time: Date.UTC(2026, 0, 20) / 1000, startSeconds: 0.0124, endSeconds: 0.0126 },
  version: "0.1.0",
  hookPrograms: [{ path: "/usr/bin/perfmon", version: "0.1.0" }],
  clientVersion: "2.1.330",
};

const OPTIONS = {
  width: 80,
  now: Date.UTC(2026, 0, 31, 0, 0, 12) / 1000,
  utc: true,
  home: "/home/ada",
};

Deno.test("statusText: one line a question, long ones broken", async (t) => {
  await expectText(t, statusText(FIGURES, OPTIONS));
});

Deno.test("statusText: an empty log", () => {
  const empty = {
    ...FIGURES,
    rows: 0,
    bytes: 0,
    historyRows: 0,
    historyLimit: "",
    cost: undefined,
    firstTime: undefined,
    lastTime: undefined,
    clientVersion: undefined,
  };
  const lines = statusText(empty, OPTIONS).split("\n");
  assertEquals(lines[0], "Recording  on: user settings; no row yet");
  assertEquals(lines[4], "History    none yet");
  assertEquals(lines[5], "Covers     nothing yet");
  assertEquals(
    lines.find((each) => each.startsWith("Cost")),
    "Cost       not measured yet (perfmon bench)",
  );
});

Deno.test("statusText: hooks that are off, missing or shadowed, with what to do", () => {
  const first = (figures: Partial<StatusFigures>): string =>
    statusText({ ...FIGURES, isRecording: false, ...figures }, OPTIONS).split(";")[0] ?? "";
  const [user] = FIGURES.hooks;
  assertEquals(
    first({ hooks: [{ ...user!, state: "off" }] }),
    'Recording  off: user settings ("perfmon hooks enable")',
  );
  assertEquals(first({ hooks: [] }), 'Recording  off: no hooks ("perfmon hooks install")');
  assertEquals(first({ obstacles: ["All are off"] }), "Recording  off: something is in the way");
});

Deno.test("statusRecord: base units in the names", () => {
  assertEquals(statusRecord(FIGURES)["history_bytes"], 1_572_864);
  assertEquals(statusRecord({ ...FIGURES, lastError: undefined })["last_error"], null);
});
