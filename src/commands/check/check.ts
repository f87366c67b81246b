import type { Call } from "../../calls/call.ts";
import { FileError } from "../../files/file_error.ts";
import { readTextFile, type TextFile } from "../../files/text_file.ts";
import { checkCalls, type Finding } from "./check_calls.ts";
import { CHECK_COLUMNS, checkRecord, checkText, verdictText } from "./check_text.ts";
import { jsonHead, toJson } from "../../summary/json.ts";
import type { Rules } from "./rules.ts";
import { THRESHOLD_NAMES, type ThresholdName, thresholdOf, THRESHOLDS } from "./thresholds.ts";
import { plural } from "../../text/units.ts";
import { type Arguments, type Command, CommandError, EXIT } from "../../cli/command.ts";
import { OUTPUT_FLAGS, outputFormat, screen, warn, write, writeText } from "../../cli/output.ts";
import { emptinessText, select, type Selection } from "../../query/selection.ts";
import { SELECTION_FLAGS } from "../../query/selection_flags.ts";
import { shortener } from "../../text/shortener.ts";

export const command: Command = {
  name: "check",
  readsLog: true,
  summary: "Hold the log to thresholds, for scripts and cron: exits 1 where one is broken",
  flags: [
    ...THRESHOLD_NAMES.map((name) => ({
      name,
      value: THRESHOLDS[name].value,
      help: `${THRESHOLDS[name].help}; e.g. ${THRESHOLDS[name].example}`,
    })),
    {
      name: "min-calls",
      value: "N",
      help: "Tools with fewer calls are not judged by --max-failures and --max-p95 (default: 1)",
    },
    {
      name: "rules",
      value: "FILE",
      help: "Thresholds from a YAML file, or a .json one; of single tools, too. Flags win over it",
    },
    {
      name: "quiet",
      short: "q",
      help: "Say nothing unless a threshold is broken or can't be known",
    },
    ...SELECTION_FLAGS,
    ...OUTPUT_FLAGS,
  ],
  notes: [
    "Exits 0 where all thresholds hold, 1 where one is broken, 65 where the rows lack what one needs, " +
    "or the rules file is wrong, 66 where there is no log, 74 where reading fails. A threshold " +
    "with too few calls to judge it says so and breaks nothing.",
    "CPU is (Δ cpu_seconds + Δ child_cpu_seconds) / Δ time between rows of the calls asked for, " +
    "never the average over the life of the process. MCP servers are not in it. What returned to go " +
    "on in the background, and what was imported, has no duration to check.",
    "The runs of agents, which are other calls' time, and questions to the person are left out where durations are " +
    "checked: --tool Agent asks for them, or a limit of their own in a rules file.",
    "A rules file maps the flags' names to limits, and under tools globs of tools or MCP servers to " +
    "limits of their own (null: none); the first glob that fits counts: " +
    "examples/monitoring/check.yaml, and check.schema.json for editors.",
    "pass holds, fail is over its limit by what it says; few has too few calls, or none, to judge it by, which " +
    "breaks nothing; of unknown the rows lack what it takes.",
  ],
  examples: [
    ["check --max-duration 5m --max-rss 4GiB", "is anything out of hand?"],
    ["check --rules check.yaml --since 1h -q", "for cron: a mail where something is wrong"],
    ["check --max-p95 30s --tool Bash --json", "for a program"],
  ],
  run,
};

async function run(args: Arguments): Promise<number> {
  const format = outputFormat(args);
  const rules = await rulesOf(args);
  const selection = await selectOrFail(args);
  const isRecorded = ({ imported }: Call): boolean => imported !== true;
  const findings = checkCalls({
    calls: selection.calls.filter(isRecorded),
    open: selection.matching.filter(({ status }) => status === "running"),
    rules,
    isOfTools: args.text("tool") !== undefined,
    now: selection.now,
  });
  const states = new Set(findings.map(({ state }) => state));
  const worst = states.has("fail") ? "fail" : states.has("unknown") ? "unknown" : "pass";
  if (format === "json") {
    const checks = findings.map(checkRecord);
    write(toJson({ ...jsonHead(selection.context), passed: worst === "pass", checks }));
  } else if (format === "csv") {
    const { recordsCsv } = await import("../../summary/csv.ts");
    write(recordsCsv(findings.map(checkRecord), CHECK_COLUMNS));
    if (selection.badRows !== undefined) warn(selection.badRows);
  } else if (worst !== "pass" || !args.has("quiet")) printText(args, findings, selection);
  return { fail: EXIT.no, unknown: EXIT.data, pass: EXIT.ok }[worst];
}

/** As `select`; a tool or session that is not in the log breaks no threshold: it is bad input (65). */
async function selectOrFail(args: Arguments): Promise<Selection> {
  try {
    return await select(args, { reach: "window" });
  } catch (error) {
    if (!(error instanceof CommandError) || error.code !== EXIT.no) throw error;
    throw new CommandError(error.message, EXIT.data);
  }
}

function printText(args: Arguments, findings: readonly Finding[], selection: Selection): void {
  const { all, calls, covers, now, utc } = selection;
  const target = screen(args);
  const { width, style } = target;
  const shown = args.has("quiet") ? findings.filter(({ state }) => state !== "pass") : findings;
  const session = shortener(all.flatMap((call) => call.sessionId ?? []));
  const text = checkText(shown, { width, style, now, utc, session });
  const notes = emptinessText(selection, width);
  writeText(
    `${covers}: ${plural(calls.length, "call")}, ${verdictText(findings)}\n\n${text}` +
      (notes === "" ? "" : `\n${notes}`),
    target,
  );
}

/** The thresholds of the rules file, under those of the flags. Throws a `CommandError` (64, 65, 66, 74). */
async function rulesOf(args: Arguments): Promise<Rules> {
  const file = args.text("rules");
  const rules = file === undefined ? { limits: {}, tools: [], minCalls: 1 } : await readRules(file);
  const limits: Partial<Record<ThresholdName, number | null>> = { ...rules.limits };
  for (const name of THRESHOLD_NAMES) {
    const text = args.text(name);
    if (text !== undefined) limits[name] = limitOf(name, text);
  }
  if (Object.keys(limits).length === 0 && rules.tools.length === 0) {
    throw new CommandError(
      "Nothing to check: give a threshold, e.g. --max-duration 60s, or --rules FILE; " +
        "see perfmon check --help",
      EXIT.usage,
    );
  }
  return { ...rules, limits, minCalls: args.count("min-calls", rules.minCalls, 1) };
}

function limitOf(name: ThresholdName, text: string): number {
  const { parse, form, example } = thresholdOf(name);
  const limit = parse(text);
  if (limit !== undefined) return limit;
  throw new CommandError(
    `Cannot use "${text}" for --${name}: give ${form}, e.g. ${example}`,
    EXIT.usage,
  );
}

/** Rules are larger only where something else was named, MiB. */
const RULES_LIMIT = 1;

async function readRules(file: string): Promise<Rules> {
  const text = readRulesText(file);
  // Loaded only where there is a file: the YAML parser is large.
  const { parseRules } = await import("./rules_file.ts");
  const parsed = parseRules(text.replace(/^\uFEFF/, ""), file.endsWith(".json"));
  if ("rules" in parsed) return parsed.rules;
  const places = parsed.problems.slice(0, MOST_PROBLEMS)
    .map(({ line, message }) => `${file}:${line}: ${message}`);
  const more = parsed.problems.length - places.length;
  if (more > 0) places.push(`and ${plural(more, "more problem")}`);
  throw new CommandError(
    `Cannot use the rules, nothing was checked\n${places.join("\n")}`,
    EXIT.data,
  );
}

/** So many problems of a file are named. */
const MOST_PROBLEMS = 50;

function readRulesText(file: string): string {
  let rules: TextFile | undefined;
  try {
    rules = readTextFile(file, { alsoOpen: true, limit: RULES_LIMIT });
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    const code = error.kind === "data" ? EXIT.data : EXIT.inputOutput;
    throw new CommandError(`Cannot read the rules "${file}": ${error.reason}`, code);
  }
  if (rules !== undefined) return rules.text;
  throw new CommandError(`Cannot read the rules "${file}": there is no such file`, EXIT.noInput);
}
