import type { Call } from "../calls/call.ts";
import type { Slope } from "../stats/trend.ts";
import {
  formatAge,
  formatBytes,
  formatCount,
  formatDecimal,
  formatDuration,
  formatPercent,
  formatTime,
  plural,
  UNKNOWN,
} from "../text/units.ts";
import type { Findings } from "./findings.ts";
import type { Growth } from "./growth.ts";
import { printable } from "../text/printable.ts";
import { holdsOrAsks } from "../row/tool_name.ts";
import type { Report, Summary } from "./summary.ts";

/** One line of the report's head: what it is about, what there is to say, where to look further. */
export type Answer = readonly [label: string, answer: string, hint?: string];

/** What the client's checks and hooks alone explain is nothing to say. */
const LEAST_GATE_SECONDS = 1;

/** What answers need besides the report. */
export interface AnswerOptions {
  readonly findings?: Findings | undefined;
  /** The short form of a session's id. */
  readonly session?: ((id: string) => string) | undefined;
  /** Times in UTC and not in the local zone. */
  readonly utc?: boolean | undefined;
  /** What `changes` compare with: `the week before`. */
  readonly before?: string | undefined;
}

/** A report, of open calls only what answers say of them. */
export type Answerable = Omit<Report, "running"> & {
  readonly running: readonly (
    & Pick<Call, "toolName" | "startTime">
    & Partial<Pick<Call, "command">>
  )[];
};

/** What a person asks first; only what the figures have something to say about. */
export function answers(report: Answerable, now: number, options: AnswerOptions = {}): Answer[] {
  const { all, groups, running } = report;
  const found: Answer[] = [];
  const able = groups.filter((group) => !isSetApart(group));
  const slowest = largest(able, (group) => group.totalSeconds);
  if (slowest !== undefined && (slowest.totalSeconds ?? 0) > 0) {
    const longest = slowest.maxSeconds === undefined
      ? ""
      : `; longest ${formatDuration(slowest.maxSeconds)}`;
    found.push([
      "Slow",
      `${printable(slowest.name)}: ${
        able.length < groups.length ? formatDuration(slowest.totalSeconds) : share(slowest, all)
      }${longest}`,
      "perfmon top",
    ]);
  }
  if ((all.gateSeconds ?? 0) >= LEAST_GATE_SECONDS) {
    const share = shareOf(groups, (group) => group.gateSeconds, all.gateSeconds);
    const gate = formatDuration(all.gateSeconds);
    found.push([
      "Gate",
      `${gate} between request and run${share && `, ${share}`}`,
      "perfmon top --by gate",
    ]);
  }
  const failing = failures(groups);
  if (failing !== "") found.push(["Failing", failing, ...failingHint(groups)]);
  if ((all.cpuSeconds ?? 0) > 0) {
    const share = shareOf(groups, (group) => group.cpuSeconds, all.cpuSeconds);
    found.push([
      "CPU",
      `${formatDuration(all.cpuSeconds)} in processes of tools${share && `, ${share}`}`,
      "perfmon top --by cpu",
    ]);
  }
  const growth = options.findings?.growth;
  if (growth !== undefined) found.push(memory(growth, now, options));
  const oldest = running[0];
  if (oldest !== undefined) {
    const age = formatAge(now - (oldest.startTime ?? now));
    const what = `${oldest.toolName} ${oldest.command ?? ""}`.trimEnd();
    const whose = running.length === 1 ? `, for ${age}` : `, the oldest for ${age}`;
    found.push([
      "Running",
      `${plural(running.length, "call")}${whose}: ${printable(what)}`,
      "perfmon running",
    ]);
  }
  const changed = changes(options.findings, options.before ?? "the time before");
  if (changed !== "") found.push(["Changed", changed]);
  return found;
}

/** A session that was seen within that many seconds may still go on. */
const RECENT_SECONDS = 3600;

function memory(growth: Growth, now: number, options: AnswerOptions): Answer {
  const { sessionId, slope, gain, seconds, until } = growth;
  const id = printable((options.session ?? ((each) => each))(sessionId));
  const isRecent = now - until < RECENT_SECONDS;
  const when = isRecent ? "" : `, until ${formatTime(until, now, options.utc ?? false)}`;
  return [
    isRecent ? "Growing" : "Grew",
    `session ${id}: ${growthText(slope, gain, seconds)}${when}`,
    `perfmon report ${id}`,
  ];
}

/** What was gained while it was seen, `+90 MiB in 12m`, and what that is an hour where it was as long. */
export function growthText(slope: Slope, gain: number, seconds: number): string {
  const rate = hourlyRate(slope, seconds);
  const seen = `${gain > 0 ? "+" : ""}${formatBytes(1024 * gain)} in ${formatAge(seconds)}`;
  return rate === "" ? seen : `${seen}, ${rate}`;
}

/** A slope of KiB a second by the hour; empty where it was seen for less than one. */
export function hourlyRate(slope: Slope | undefined, seconds: number): string {
  return slope === undefined || seconds < 3600 ? "" : formatSlope(slope);
}

/** A slope of KiB a second as `+413 ± 60 MiB/h`. */
export function formatSlope(slope: Slope | undefined): string {
  if (slope === undefined) return UNKNOWN;
  const perHour = (kib: number): number => kib * 3600 / 1024;
  const half = perHour(Math.max(slope.high - slope.slope, slope.slope - slope.low));
  const exact = perHour(slope.slope);
  const digits = Math.abs(exact) < 10 ? 1 : 0;
  const rate = Math.abs(exact) < 0.05 ? 0 : exact; // no "-0.0"
  const sign = rate > 0 ? "+" : "";
  return `${sign}${grouped(rate, digits)} ± ${grouped(half, digits)} MiB/h`;
}

function grouped(value: number, digits: number): string {
  return digits > 0 ? formatDecimal(value, digits) : formatCount(Math.round(value));
}

/** The two changes that weigh most. */
function changes(found: Findings | undefined, before: string): string {
  return (found?.changes ?? []).slice(0, 2).map(({ name, before: old, now }, index) => {
    const ratio = now / old - 1;
    const per = `${ratio > 0 ? "+" : "-"}${formatPercent(Math.abs(ratio))}`;
    const since = index === 0 ? ` ${before}` : "";
    return `${printable(name)} p50 ${formatDuration(now)}, was ${formatDuration(old)}${since} ` +
      `(${per}, clear)`;
  }).join("; ");
}

/** What part of the time in tools was a group's; its calls may overlap for longer than that. */
function share(group: Summary, all: Summary): string {
  const own = formatDuration(group.totalSeconds);
  const total = formatDuration(all.totalSeconds);
  return (group.totalSeconds ?? 0) > (all.totalSeconds ?? 0) + 0.0005
    ? `${own} side by side within ${total}`
    : `${own} of ${total} in tools`;
}

/** `71% of it Bash`: the group with the largest part. */
function shareOf(
  groups: readonly Summary[],
  figure: (group: Summary) => number | undefined,
  total: number | undefined,
): string {
  const top = largest(groups, figure);
  if (top === undefined || total === undefined || total <= 0) return "";
  const ratio = Math.min(1, (figure(top) ?? 0) / total);
  return `${formatPercent(ratio)} of it ${printable(top.name)}`;
}

/** The first of the groups with the greatest figure above 0. */
function largest(
  groups: readonly Summary[],
  figure: (group: Summary) => number | undefined,
): Summary | undefined {
  return groups.reduce<Summary | undefined>(
    (best, group) => (figure(group) ?? 0) > (best && figure(best) || 0) ? group : best,
    undefined,
  );
}

/** How to see the calls that failed of what failed most often, where that is a command. */
function failingHint(groups: readonly Summary[]): [hint?: string] {
  const [most] = byFailures(groups);
  return most?.kind === "command" && /^[\w.+-]+( [\w.:-]+)*$/.test(most.name)
    ? [`top --command ${quoted(most.name)} --status error`]
    : [];
}

function quoted(command: string): string {
  return command.includes(" ") ? `'${command}'` : command;
}

/** Agents hold the calls that can be made faster, and questions take as long as the person does. */
function isSetApart({ name, kind }: Summary): boolean {
  return (kind === "tool" || kind === "agent") && holdsOrAsks(name);
}

/** A single failure is no news, even of two calls. */
const LEAST_FAILURES = 2;

function byFailures(groups: readonly Summary[]): Summary[] {
  return groups.filter((group) => (group.failed ?? 0) >= LEAST_FAILURES)
    .sort((a, b) => (b.failed ?? 0) - (a.failed ?? 0));
}

/** The two tools that failed most often. */
function failures(groups: readonly Summary[]): string {
  return byFailures(groups)
    .slice(0, 2)
    .map(({ name, failed = 0, calls }) =>
      `${printable(name)} ${formatPercent(failed / calls)} (${formatCount(failed)} of ${
        formatCount(calls)
      })`
    ).join(", ");
}
