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
import { commandLine, type Flags } from "../text/command_line.ts";
import { printable } from "../text/printable.ts";
import { isRestOfShell } from "./command_groups.ts";
import { holdsOrAsks, toolTitle } from "../row/tool_name.ts";
import type { Report, Summary } from "./summary.ts";

/** One finding: what it is about, what there is to say, the command line that shows just those calls. */
export type Answer = readonly [label: string, answer: string, command?: string];

/** Less memory, KiB, few machines lack: the table says it. */
const LEAST_PEAK_KIB = 4 << 20;
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
  /** The flags that ask for the calls of the report: the commands of its findings have them, too. */
  readonly flags?: Flags | undefined;
}

/** A report, of open calls only what answers say of them. */
export type Answerable = Omit<Report, "running"> & {
  readonly running: readonly (
    & Pick<Call, "toolName" | "startTime">
    & Partial<Pick<Call, "command">>
  )[];
};

/** What stands out, most telling first; only what the figures have something to say about. */
export function answers(report: Answerable, now: number, options: AnswerOptions = {}): Answer[] {
  const { flags = {} } = options;
  const groups = report.groups.filter((group) => !isRestOfShell(group));
  const slow = slowest(report, groups, flags);
  return [
    ...failing(groups, flags),
    ...slow?.answer === undefined ? [] : [slow.answer],
    ...gate(report.all, groups, flags),
    ...cpu(report.all, groups, slow?.group, flags),
    ...peak(groups, flags),
    ...growth(options, now),
    ...running(report, now, flags),
    ...changed(options),
  ];
}

/** The flags that ask for the calls of one group among those that others ask for. */
function only({ kind, name }: Pick<Summary, "kind" | "name">, flags: Flags): Flags {
  return kind === "command" ? { ...flags, command: name } : { ...flags, tool: name };
}

function slowest(
  { all, groups: every }: Answerable,
  groups: readonly Summary[],
  flags: Flags,
): { readonly group: Summary; readonly answer: Answer } | undefined {
  const able = groups.filter((group) => !isSetApart(group));
  const group = largest(able, ({ totalSeconds }) => totalSeconds);
  if (group === undefined) return undefined;
  const longest = group.maxSeconds === undefined
    ? ""
    : `; longest ${formatDuration(group.maxSeconds)}`;
  const isWhole = !every.some(isSetApart);
  const time = isWhole ? share(group, all) : formatDuration(group.totalSeconds);
  // A person who was away must not look like a slow tool: a transcript does not tell the two apart.
  const besides = group.imported > 0 ? "; prompts and gates included" : "";
  const answer: Answer = [
    "Slow",
    `${printable(group.name)}: ${time}${longest}${besides}`,
    commandLine("top", only(group, flags)),
  ];
  return { group, answer };
}

function gate(all: Summary, groups: readonly Summary[], flags: Flags): Answer[] {
  const group = largest(groups, ({ gateSeconds }) => gateSeconds);
  if (group === undefined || (all.gateSeconds ?? 0) < LEAST_GATE_SECONDS) return [];
  return [[
    "Gate",
    `${partOf(group, group.gateSeconds, all.gateSeconds)} between request and run`,
    commandLine("top --by gate", only(group, flags)),
  ]];
}

/** Names the group that took most CPU; one that is named as the slowest already is no news. */
function cpu(
  all: Summary,
  groups: readonly Summary[],
  slow: Summary | undefined,
  flags: Flags,
): Answer[] {
  const group = largest(groups, ({ cpuSeconds }) => cpuSeconds);
  if (group === undefined || group === slow) return [];
  return [[
    "CPU",
    `${partOf(group, group.cpuSeconds, all.cpuSeconds)} in processes of tools`,
    commandLine("top --by cpu", only(group, flags)),
  ]];
}

/** What its processes held, where that is much. */
function peak(groups: readonly Summary[], flags: Flags): Answer[] {
  const group = largest(groups, ({ peakMemory }) => peakMemory);
  const { peakMemory: kib = 0, peakProcess } = group ?? {};
  if (group === undefined || kib < LEAST_PEAK_KIB) return [];
  const whose = peakProcess === undefined ? "" : `, most of it ${printable(peakProcess)}`;
  return [[
    "Memory",
    `${printable(group.name)}: ${formatBytes(1024 * kib)} at its peak${whose}`,
    commandLine("top --by memory", only(group, flags)),
  ]];
}

/** `Read: 25.0s of 1m14s`. */
function partOf(group: Summary, part: number | undefined, whole: number | undefined): string {
  return `${printable(group.name)}: ${formatDuration(part)} of ${formatDuration(whole)}`;
}

function running({ running }: Answerable, now: number, flags: Flags): Answer[] {
  const [oldest] = running;
  if (oldest === undefined) return [];
  const age = formatAge(now - (oldest.startTime ?? now));
  const what = `${toolTitle(oldest.toolName)} ${oldest.command ?? ""}`.trimEnd();
  const whose = running.length === 1 ? `, for ${age}` : `, the oldest for ${age}`;
  return [[
    "Running",
    `${plural(running.length, "call")}${whose}: ${printable(what)}`,
    commandLine("running", flags),
  ]];
}

/** A session that was seen within that many seconds may still go on. */
const RECENT_SECONDS = 3600;

function growth({ findings, session, utc, flags }: AnswerOptions, now: number): Answer[] {
  if (findings?.growth === undefined) return [];
  const { sessionId, slope, gain, seconds, until } = findings.growth;
  const id = printable(session?.(sessionId) ?? sessionId);
  const isRecent = now - until < RECENT_SECONDS;
  const when = isRecent ? "" : `, until ${formatTime(until, now, utc ?? false)}`;
  return [[
    isRecent ? "Growing" : "Grew",
    `session ${id}: ${growthText(slope, gain, seconds)}${when}`,
    commandLine("report", { ...flags, session: undefined }, id),
  ]];
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
function changed({ findings, before = "the time before", flags }: AnswerOptions): Answer[] {
  return (findings?.changes ?? []).slice(0, 2).map(({ name, before: old, now }) => {
    const ratio = now / old - 1;
    const per = `${ratio > 0 ? "+" : "-"}${formatPercent(Math.abs(ratio))}`;
    const since = `${printable(name)} p50 ${formatDuration(now)}, was ${
      formatDuration(old)
    } ${before}`;
    return [
      "Changed",
      `${since} (${per}, clear)`,
      commandLine("report --by day", { ...flags, tool: name }),
    ];
  });
}

/** What part of the time in tools was a group's; its calls may overlap for longer than that. */
function share(group: Summary, all: Summary): string {
  const own = formatDuration(group.totalSeconds);
  return (group.totalSeconds ?? 0) > (all.totalSeconds ?? 0) + 0.0005
    ? `${own}, several at once`
    : `${own} of ${formatDuration(all.totalSeconds)} in tools`;
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

/** Agents hold the calls that can be made faster, and questions take as long as the person does. */
function isSetApart({ name, kind }: Summary): boolean {
  return (kind === "tool" || kind === "agent") && holdsOrAsks(name);
}

/** A single failure is no news, even of two calls. */
const LEAST_FAILURES = 2;

/** The two tools or commands that failed most often. */
function failing(groups: readonly Summary[], flags: Flags): Answer[] {
  return groups.filter(({ failed = 0 }) => failed >= LEAST_FAILURES)
    .sort((a, b) => (b.failed ?? 0) - (a.failed ?? 0))
    .slice(0, 2)
    .map((group) => {
      const { name, failed = 0, calls } = group;
      const count = `${formatCount(failed)} of ${formatCount(calls)}`;
      return [
        "Failing",
        `${printable(name)}: ${count} (${formatPercent(failed / calls)})`,
        commandLine("top", { ...only(group, flags), status: "error" }),
      ];
    });
}
