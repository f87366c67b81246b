import type { Profile, ToolProfile } from "./profile.ts";
import type { FlatRecord } from "../summary/records.ts";

/** The version of the profiles' file format: raised when a key changes its meaning or goes. */
const VERSION = 1;

/**
 * The keys of a tool in a profile's file, base units in their names, with the figures that they
 * stand for.
 */
const FIGURES:
  readonly (readonly [key: string, figure: Exclude<keyof ToolProfile, "name" | "durations">])[] = [
    ["calls", "calls"],
    ["failed", "failed"],
    ["timed", "timed"],
    ["p50_seconds", "p50Seconds"],
    ["p95_seconds", "p95Seconds"],
    ["p99_seconds", "p99Seconds"],
    ["max_seconds", "maxSeconds"],
    ["total_seconds", "totalSeconds"],
    ["cpu_seconds", "cpuSeconds"],
    ["cpu_calls", "cpuCalls"],
    ["rss_mean_kib", "rssMean"],
    ["rss_max_kib", "rssMax"],
  ];

/** The keys of `toolRecord`, in order. */
export const PROFILE_COLUMNS: readonly string[] = ["tool", ...FIGURES.map(([key]) => key)];

/** The figures of a tool in a profile, without its durations, by the file's keys. */
export function toolRecord(profile: ToolProfile): FlatRecord {
  const figures = FIGURES.map(([key, figure]) => [key, rounded(profile[figure])] as const);
  return { tool: profile.name, ...Object.fromEntries(figures) };
}

/** The text of a profile's file: versioned JSON, `null` for what is not known. */
export function profileJson(profile: Profile): string {
  const { created, log, covers, from = null, until = null, calls, tools } = profile;
  const times = { created_timestamp: created, first_timestamp: from, last_timestamp: until };
  const head = { profile_version: VERSION, ...times, log, covers, calls };
  // By hand, a tool a line: indented, each duration would stand on a line of its own.
  const lines = tools.map((each) =>
    JSON.stringify({ ...toolRecord(each), durations_seconds: each.durations.map(rounded) })
  );
  const text = JSON.stringify(head, null, 2).slice(0, -2);
  return `${text},\n  "tools": [${lines.map((line) => `\n    ${line}`).join(",")}\n  ]\n}\n`;
}

/** A figure to its sixth decimal, seconds to the microsecond; `null` for what is not known. */
function rounded(value: number | undefined): number | null {
  return value === undefined ? null : Math.round(value * 1e6) / 1e6;
}

/** Reads a profile's file; throws an `Error` that says in words what is wrong with it. */
export function parseProfile(text: string): Profile {
  const file = record(parseJson(text));
  const version = file["profile_version"];
  if (typeof version !== "number") throw new Error("it is no profile of perfmon");
  if (version !== VERSION) {
    throw new Error(`it has version ${version}, and this perfmon reads version ${VERSION}`);
  }
  const tools = file["tools"];
  if (!Array.isArray(tools)) throw new Error("it lacks tools");
  return {
    created: figure(file, "created_timestamp") ?? 0,
    log: String(file["log"] ?? ""),
    covers: String(file["covers"] ?? ""),
    from: figure(file, "first_timestamp"),
    until: figure(file, "last_timestamp"),
    calls: figure(file, "calls") ?? 0,
    tools: tools.map((each) => toolProfile(record(each))),
  };
}

type Members = Readonly<Record<string, unknown>>;

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error("it is not JSON");
  }
}

function record(value: unknown): Members {
  if (typeof value !== "object" || value === null) throw new Error("it is no profile of perfmon");
  return value as Members;
}

function figure(members: Members, key: string): number | undefined {
  const value = members[key];
  if (value === null || value === undefined) return undefined;
  if (typeof value !== "number") throw new Error(`its "${key}" is no number`);
  return value;
}

function toolProfile(members: Members): ToolProfile {
  const name = members["tool"];
  const durations = members["durations_seconds"];
  if (typeof name !== "string") throw new Error("a tool in it has no name");
  if (!Array.isArray(durations) || durations.some((each) => typeof each !== "number")) {
    throw new Error(`the durations of "${name}" in it are no numbers`);
  }
  const figures = Object.fromEntries(FIGURES.map(([key, name]) => [name, figure(members, key)]));
  return {
    ...figures as Omit<ToolProfile, "name" | "calls" | "timed" | "durations">,
    name,
    calls: figure(members, "calls") ?? 0,
    timed: figure(members, "timed") ?? 0,
    durations: durations.toSorted((a, b) => a - b),
  };
}
