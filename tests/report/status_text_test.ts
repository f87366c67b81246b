import { type StatusFigures, statusRecord, statusText } from "../../src/report/status_text.ts";
import { assertEquals } from "../std_assert.ts";

const FIGURES: StatusFigures = {
  path: "/home/ada/.claude/performance.csv",
  folder: "/home/ada/.claude/performance.d",
  layout: "full",
  rows: 731,
  bytes: 115_712,
  historyRows: 47_214,
  historyBytes: 1_572_864,
  historyLimit: "90d",
  badRows: 1,
  errors: 2,
  lastError: "2026-01-30T10:00:00Z rec: stdin is no JSON object",
  lock: "free",
  calls: 23_931,
  open: 83,
  liveSessions: 2,
  firstTime: Date.UTC(2025, 9, 18) / 1000,
  lastTime: Date.UTC(2026, 0, 31) / 1000,
  rowsWithParams: 0,
  version: "0.1.0",
  clientVersion: "2.1.330",
};

const OPTIONS = {
  width: 80,
  now: Date.UTC(2026, 0, 31, 0, 0, 12) / 1000,
  utc: true,
  home: "/home/ada",
};

Deno.test("statusText: one line a question, long ones broken", () => {
  assertEquals(
    statusText(FIGURES, OPTIONS),
    `\
Recording  last row 12s ago, 2 live sessions
Log        ~/.claude/performance.csv   731 rows, 113 KiB, full layout
History    ~/.claude/performance.d/history   47,214 rows, 1.5 MiB (kept 90d)
Covers     2025-10-18 to 2026-01-31; 23,931 calls, 83 starts without an end
Health     1 bad row, 2 errors, lock free; last error: 2026-01-30T10:00:00Z rec:
           stdin is no JSON object
Parameters off
Network    never used
Versions   perfmon 0.1.0, Claude Code 2.1.330
`,
  );
});

Deno.test("statusText: an empty log", () => {
  const empty = {
    ...FIGURES,
    rows: 0,
    bytes: 0,
    historyRows: 0,
    historyLimit: "",
    firstTime: undefined,
    lastTime: undefined,
    clientVersion: undefined,
  };
  const lines = statusText(empty, OPTIONS).split("\n");
  assertEquals(lines[0], "Recording  no row yet");
  assertEquals(lines[2], "History    none yet");
  assertEquals(lines[3], "Covers     nothing yet");
});

Deno.test("statusRecord: base units in the names", () => {
  assertEquals(statusRecord(FIGURES)["history_bytes"], 1_572_864);
  assertEquals(statusRecord({ ...FIGURES, lastError: undefined })["last_error"], null);
});
