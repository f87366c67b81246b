/**
 * Writes the man page perfmon(1), made of the tables that `--help` is made of:
 * `deno run -A tools/man_page.ts [--date YYYY-MM-DD] > perfmon.1`. The date is the newest commit's
 * unless told. Exit status 0 written, 1 failed.
 */
import config from "../deno.json" with { type: "json" };
import type { Command, Flag } from "../src/cli/command.ts";
import { commands } from "../src/commands/commands.ts";
import {
  EXIT_MEANINGS,
  OVERVIEW_FLAGS,
  SUMMARY,
  WITHOUT_COMMAND,
} from "../src/commands/overview.ts";
import { wrap } from "../src/text/table.ts";

/** A flag that so many commands share is described once. */
const COMMON = 5;

/** What the tables of commands don't have: name and meaning. */
const ENVIRONMENT: readonly (readonly [string, string])[] = [
  ["PERFMON_FILE", "The log; --file goes before it"],
  ["CLAUDE_CONFIG_DIR", "Claude Code's folder, in place of ~/.claude"],
  ["NO_COLOR", "Where it is set, nothing is colored unless --color always is given"],
  ["TZ", "The time zone of times that are shown"],
  ["OTEL_EXPORTER_OTLP_HEADERS", "Headers of export otlp, such as a login"],
];

const FILES: readonly (readonly [string, string])[] = [
  ["~/.claude/performance.csv", "The log: one row an event"],
  ["~/.claude/performance.d/", "Its history, what hooks leave for it, profiles, errors.log"],
  ["~/.claude/settings.json", "Claude Code's settings, which hold the hooks"],
];

/** The man page, in the macros of man(7). `date` is as YYYY-MM-DD. */
export async function manPage(
  { version, date }: { version: string; date: string },
): Promise<string> {
  const all = await Promise.all(
    Object.values(commands).map(async (load) => (await load()).command),
  );
  const common = commonFlags(all);
  return [
    `.TH PERFMON 1 "${date}" "perfmon ${version}" "User Commands"`,
    ".SH NAME",
    `perfmon \\- ${escape(SUMMARY)}`,
    ".SH SYNOPSIS",
    ".B perfmon",
    "[\\fICOMMAND\\fR] [\\fIFLAG\\fR...]",
    ".SH DESCRIPTION",
    ...paragraph(`${SUMMARY}. ${WITHOUT_COMMAND}`),
    ".SH COMMANDS",
    ...all.flatMap((each) => [each, ...each.subcommands ?? []]).flatMap((each) =>
      describeCommand(each, common)
    ),
    ".SH COMMON FLAGS",
    ...[...OVERVIEW_FLAGS, ...common].flatMap(describeFlag),
    ".SH ENVIRONMENT",
    ...ENVIRONMENT.flatMap(([name, meaning]) => entry(bold(name), meaning)),
    ".SH FILES",
    ...FILES.flatMap(([name, meaning]) => entry(italic(name), meaning)),
    ".SH EXIT STATUS",
    ...EXIT_MEANINGS.flatMap(([code, meaning]) => entry(bold(String(code)), meaning)),
    "",
  ].join("\n");
}

/** The flags that many commands have in the same words, in the order in which they come first. */
function commonFlags(all: readonly Command[]): Flag[] {
  const flags = all.flatMap((each) => [each, ...each.subcommands ?? []]).flatMap((each) =>
    each.flags
  );
  return flags.filter((flag, place) =>
    flags.findIndex((other) => isSame(other, flag)) === place &&
    flags.filter((other) => isSame(other, flag)).length >= COMMON
  );
}

function isSame(one: Flag, other: Flag): boolean {
  return one.name === other.name && one.help === other.help && one.value === other.value;
}

function describeCommand(command: Command, common: readonly Flag[]): string[] {
  const operands = command.operands === undefined ? "" : ` ${italic(command.operands)}`;
  const isCommon = (flag: Flag): boolean => common.some((other) => isSame(other, flag));
  const shared = command.flags.filter(isCommon).map(({ name }) => bold(`--${name}`));
  return [
    `.SS perfmon ${escape(command.name)}`,
    `\\fBperfmon ${escape(command.name)}\\fR${operands} [\\fIFLAG\\fR...]`,
    ".PP",
    ...paragraph(`${command.summary}.`),
    ...command.flags.filter((flag) => !isCommon(flag)).flatMap(describeFlag),
    ...(shared.length === 0 ? [] : [".PP", ...wrap(`Common flags: ${shared.join(", ")}.`, 78, "")]),
    ...(command.notes ?? []).flatMap((note) => [".PP", ...paragraph(note)]),
    ".PP",
    command.examples.length === 1 ? "Example:" : "Examples:",
    ...command.examples.flatMap(([line, what]) => entry(bold(`perfmon ${line}`), what)),
  ];
}

function describeFlag(flag: Flag): string[] {
  const short = flag.short === undefined ? "" : `${bold(`-${flag.short}`)}, `;
  const value = flag.value === undefined ? "" : ` ${italic(flag.value)}`;
  return entry(`${short}${bold(`--${flag.name}`)}${value}`, flag.help);
}

/** A tagged paragraph; the tag is roff already. */
function entry(tag: string, text: string): string[] {
  return [".TP", tag, ...paragraph(text)];
}

function bold(text: string): string {
  return `\\fB${escape(text)}\\fR`;
}

function italic(text: string): string {
  return `\\fI${escape(text)}\\fR`;
}

/** What roff takes for something else, or typesets otherwise, and how it is written. */
const ESCAPES: Readonly<Record<string, string>> = {
  "\\": "\\e",
  "-": "\\-",
  "'": "\\(aq",
  "`": "\\(ga",
  "^": "\\(ha",
  "~": "\\(ti",
};

/** A text of one line as roff: nothing in it is an escape or a typographer's dash or quote. */
function escape(text: string): string {
  return text.replace(/[\\\-'`^~]|[^\x20-\x7e]/gu, (character) =>
    ESCAPES[character] ??
      `\\[u${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0")}]`);
}

/** A paragraph as lines of roff, of which none is a request. */
function paragraph(text: string): string[] {
  return wrap(escape(text), 78, "").map((line) => line.startsWith(".") ? `\\&${line}` : line);
}

/** The day of the newest commit, as YYYY-MM-DD; throws where git can't tell. */
async function commitDate(): Promise<string> {
  const { success, stdout } = await new Deno.Command("git", {
    args: ["log", "-1", "--format=%cs"],
    cwd: import.meta.dirname!,
  }).output();
  if (!success) throw new Error("Give --date YYYY-MM-DD: git can't tell the newest commit's");
  return new TextDecoder().decode(stdout).trim();
}

if (import.meta.main) {
  const [flag, date] = Deno.args;
  const given = flag === "--date" ? date : undefined;
  const page = await manPage({ version: config.version, date: given ?? await commitDate() });
  await Deno.stdout.write(new TextEncoder().encode(page));
}
