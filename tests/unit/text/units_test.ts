import {
  formatAge,
  formatAgo,
  formatBytes,
  formatCount,
  formatDate,
  formatDuration,
  formatPercent,
  formatTime,
  parseBytes,
  parseDuration,
  parseTime,
  plural,
} from "../../../src/text/units.ts";
import { assertEquals } from "../../std/std_assert.ts";

Deno.test("formatDuration: each unit, rounded half up, carried to the next", () => {
  const cases: [number | undefined, string][] = [
    [undefined, "–"],
    [0, "0ms"],
    [0.0004, "<1ms"],
    [0.0005, "1ms"],
    [0.011, "11ms"],
    [0.0645, "65ms"],
    [0.9994, "999ms"],
    [0.9995, "1.0s"],
    [1.44, "1.4s"],
    [1.45, "1.5s"],
    [59.94, "59.9s"],
    [59.95, "1m0s"],
    [246, "4m6s"],
    [598, "9m58s"],
    [3599.4, "59m59s"],
    [3599.5, "1h0m"],
    [9660, "2h41m"],
    [86_369, "23h59m"],
    [86_370, "1d0h"],
    [3 * 86_400 + 4 * 3600, "3d4h"],
    [-0.25, "-250ms"],
  ];
  for (const [seconds, text] of cases) assertEquals(formatDuration(seconds), text);
});

Deno.test("formatAge and formatAgo: whole units", () => {
  assertEquals([41, 1394, 7500, 0.2].map(formatAge), ["41s", "23m14s", "2h5m", "0s"]);
  assertEquals(
    [0.5, 12.9, 119, 7199, 100_000, 200_000].map(formatAgo),
    ["now", "12s ago", "1m ago", "1h ago", "27h ago", "2d ago"],
  );
});

Deno.test("formatBytes: binary units, one decimal below ten", () => {
  const cases: [number | undefined, string][] = [
    [undefined, "–"],
    [0, "0 B"],
    [1023, "1023 B"],
    [1024, "1.0 KiB"],
    [115_712, "113 KiB"],
    [9.95 * 1024, "10 KiB"],
    [1023.6 * 1024, "1.0 MiB"],
    [310 * 1024 ** 2, "310 MiB"],
    [1.94 * 1024 ** 3, "1.9 GiB"],
    [2000 * 1024 ** 4, "2,000 TiB"],
    [-38 * 1024 ** 2, "-38 MiB"],
  ];
  for (const [bytes, text] of cases) assertEquals(formatBytes(bytes), text);
  assertEquals(formatBytes(38 * 1024 ** 2, "short"), "38 M");
});

Deno.test("formatPercent, formatCount, plural", () => {
  assertEquals(
    [0, 0.004, 0.08888, 0.0996, 0.7149, 0.715, 1].map(formatPercent),
    ["0%", "0.4%", "8.9%", "10%", "71%", "72%", "100%"],
  );
  assertEquals([0, 999, 1000, 4812, 1_234_567].map(formatCount), [
    "0",
    "999",
    "1,000",
    "4,812",
    "1,234,567",
  ]);
  assertEquals([0, 1, 2].map((n) => plural(n, "row")), ["0 rows", "1 row", "2 rows"]);
});

Deno.test("parseDuration: numbers with units, one after the other", () => {
  const cases: [string, number | undefined][] = [
    ["640ms", 0.64],
    ["60s", 60],
    ["1.5h", 5400],
    ["2h41m", 9660],
    ["90d", 7_776_000],
    ["1w", 604_800],
    ["", undefined],
    ["60", undefined],
    ["s", undefined],
    ["5 parsecs", undefined],
    ["-5s", undefined],
  ];
  for (const [text, seconds] of cases) assertEquals(parseDuration(text), seconds, text);
});

Deno.test("parseBytes: powers of 1024, with a bare B powers of 1000", () => {
  const cases: [string, number | undefined][] = [
    ["1024", 1024],
    ["10B", 10],
    ["4GiB", 4 * 1024 ** 3],
    ["512 M", 512 * 1024 ** 2],
    ["1.5k", 1536],
    ["2MB", 2_000_000],
    ["GiB", undefined],
    ["4 gigs", undefined],
  ];
  for (const [text, bytes] of cases) assertEquals(parseBytes(text), bytes, text);
});

const NOON = Date.UTC(2026, 0, 31, 12) / 1000; // a Saturday
const utc = (...parts: [number, number, number, number?, number?, number?]): number =>
  Date.UTC(...parts) / 1000;

Deno.test("parseTime: days, times, zones and durations before now", () => {
  const cases: [string, number | undefined][] = [
    ["2h", NOON - 7200],
    ["7d", NOON - 604_800],
    ["today", utc(2026, 0, 31)],
    ["yesterday", utc(2026, 0, 30)],
    ["2026-01-05", utc(2026, 0, 5)],
    ["2026-01-05T10:20", utc(2026, 0, 5, 10, 20)],
    ["2026-01-05 10:20:30.5", utc(2026, 0, 5, 10, 20, 30) + 0.5],
    ["2026-01-05T10:20Z", utc(2026, 0, 5, 10, 20)],
    ["2026-01-05T10:20+01:30", utc(2026, 0, 5, 8, 50)],
    ["2026-01-05T10:20-0130", utc(2026, 0, 5, 11, 50)],
    ["2026-02-30", undefined],
    ["2026-13-01", undefined],
    ["2026-01-05T25:00", undefined],
    ["2026-01-05T10:61", undefined],
    ["soon", undefined],
    ["", undefined],
  ];
  for (const [text, time] of cases) assertEquals(parseTime(text, NOON, { utc: true }), time, text);
});

Deno.test("parseTime: the end of a day includes the day", () => {
  const at = (text: string): number | undefined =>
    parseTime(text, NOON, { utc: true, endOfDay: true });
  assertEquals(at("2026-01-31"), utc(2026, 1, 1));
  assertEquals(at("yesterday"), utc(2026, 0, 31));
  assertEquals(at("2026-01-31T10:00"), utc(2026, 0, 31, 10));
});

Deno.test("parseTime: without --utc days are local", () => {
  assertEquals(parseTime("2026-01-05", NOON), new Date(2026, 0, 5).getTime() / 1000);
  assertEquals(
    parseTime("2026-07-05T10:20", NOON),
    new Date(2026, 6, 5, 10, 20).getTime() / 1000,
  );
});

Deno.test("formatTime: the weekday for the last six days, else the date", () => {
  assertEquals(formatTime(utc(2026, 0, 31, 11, 2), NOON, true), "Sat 11:02");
  assertEquals(formatTime(utc(2026, 0, 24, 11, 2), NOON, true), "2026-01-24 11:02");
  assertEquals(formatTime(NOON + 60, NOON, true), "2026-01-31 12:01");
  assertEquals(formatDate(utc(2026, 0, 5, 23, 59), true), "2026-01-05");
  assertEquals(formatDate(NaN, true), "–");
});
