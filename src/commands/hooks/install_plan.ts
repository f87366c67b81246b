import { pathVariable, variable } from "../../files/environment.ts";
import { ALERTS } from "../../record/alert_thresholds.ts";
import { choiceOf, type HookChoice } from "../../agents/claude/hooks/choice.ts";
import {
  HOOK_FLAGS,
  type HookOptions,
  type Way,
  WAYS,
  writeOptions,
} from "../../agents/claude/hooks/command_line.ts";
import type { HookPlan } from "../../agents/claude/hooks/events.ts";
import { hooksAt } from "../../agents/claude/hooks/installation.ts";
import { readLedger } from "../../agents/claude/hooks/ledger.ts";
import { managedProgram } from "../../agents/claude/hooks/managed_program.ts";
import { packageProgram, programLink } from "../../agents/claude/hooks/package_program.ts";
import { clientVersion, programPath } from "../../agents/claude/hooks/programs.ts";
import type { Scope } from "../../agents/claude/hooks/scopes.ts";
import { logPath } from "../../log/location.ts";
import { type Arguments, CommandError, EXIT } from "../../cli/command.ts";
import { asCommand } from "./hooks_common.ts";
import { locate } from "../../query/asked_log.ts";
import { type HookFlag, isAlertFlag, REC_DEFAULTS } from "../../agents/rec_flags.ts";
import { defaultKeep, parseRecOptions } from "../../record/rec_options.ts";
import { ledgerPath } from "../../query/surroundings.ts";

/** What is to be installed, and what of it was chosen by an earlier install. */
export interface InstallPlan
  extends
    Omit<HookChoice, "leavesOutCommands" | "leavesOutWatch">,
    Pick<HookPlan, "program" | "version"> {
  /** The options that are kept of those that somebody chose, as typed; empty where none are. */
  readonly kept: string;
}

/** What stands in each line unless it is left out: nobody has to choose it. */
const DEFAULTS: readonly string[] = ["command", "watch"];

/** Works out what to install from the flags, and from what is installed already unless `--reset` is among them. */
export async function planOf(args: Arguments, scope: Scope, path: string): Promise<InstallPlan> {
  if (args.has("wait") && args.has("async")) {
    throw new CommandError("Cannot use --wait with --async: give one of them", EXIT.usage);
  }
  const givenWay = WAYS.find((each) => each === args.text("via"));
  const given = checkedTogether(givenOptions(args, scope), givenWay);
  const before = args.has("reset") ? undefined : chosenBefore(path);
  const way = givenWay ?? before?.way ?? "binary";
  const options = checkedTogether(
    withDefaults(args, { ...before?.options, ...given }, way, before),
    way,
  );
  const kept = Object.fromEntries(
    Object.entries(options).filter(([name]) =>
      !(name in given) && name in (before?.options ?? {}) && !DEFAULTS.includes(name)
    ),
  );
  return {
    way,
    isWaitedFor: args.has("wait") || !args.has("async") && before?.isWaitedFor === true,
    options: way === "spool" ? withoutLinks(options, args, scope) : options,
    program: programFor(scope),
    version: await clientVersion(variable("PATH") ?? ""),
    kept: writeOptions(kept),
  };
}

/** The options, with those that stand in each line unless they are left out: by a flag, or by one of an earlier install. */
function withDefaults(
  args: Arguments,
  options: HookOptions,
  way: Way,
  before: HookChoice | undefined,
): HookOptions {
  const { command: _command, watch: _watch, ...others } = options;
  const hasCommand = hasDefault(args, "command", before?.leavesOutCommands);
  const hasWatch = hasDefault(args, "watch", before?.leavesOutWatch);
  if (way === "spool" && args.has("watch")) {
    throw new CommandError(
      "Cannot use --watch with --via spool: its hooks start no program; use --via binary",
      EXIT.usage,
    );
  }
  return {
    ...others,
    ...(hasCommand ? { command: true } : {}),
    // The seed's format has no place for what is seen.
    ...(hasWatch && way === "binary" && options.layout !== "basic" ? { watch: true } : {}),
  };
}

function hasDefault(args: Arguments, name: "command" | "watch", wasLeftOut = false): boolean {
  if (args.has(name) && args.has(`no-${name}`)) {
    throw new CommandError(
      `Cannot use --${name} with --no-${name}: give one of them`,
      EXIT.usage,
    );
  }
  return args.has(name) || !args.has(`no-${name}`) && !wasLeftOut;
}

/** What was chosen for the hooks of a settings file, also where they are switched off. */
function chosenBefore(path: string): HookChoice | undefined {
  return asCommand(() =>
    choiceOf(hooksAt(path)) ?? choiceOf(readLedger(ledgerPath()).get(path)?.waiting ?? [])
  );
}

function givenOptions(args: Arguments, scope: Scope): HookOptions {
  const options: { -readonly [Name in keyof HookOptions]: HookOptions[Name] } = {};
  for (const name of HOOK_FLAGS) {
    const value = args.text(name);
    if (args.has(name)) options[name] = true;
    else if (value !== undefined) options[name] = checkedValue(args, name, value, scope);
  }
  return options;
}

/** Throws where options exclude each other: a hook can tell nobody that one is wrong. */
function checkedTogether(options: HookOptions, way: Way | undefined): HookOptions {
  const maxLines = Number(options["max-lines"] ?? REC_DEFAULTS["max-lines"]);
  const keep = Number(options.keep ?? defaultKeep(maxLines));
  if (keep >= maxLines) {
    throw new CommandError(
      `Cannot use --keep ${keep}: give less than --max-lines, which is ${maxLines}`,
      EXIT.usage,
    );
  }
  const alert = HOOK_FLAGS.find((name) => isAlertFlag(name) && options[name] !== undefined);
  if (way === "spool" && alert !== undefined) {
    throw new CommandError(
      `Cannot use --${alert} with --via spool: only a program can answer; use --via binary, ` +
        "or --reset to begin without the options chosen before",
      EXIT.usage,
    );
  }
  return options;
}

/** A shell line resolves no links: a log behind one goes in by its own path. */
function withoutLinks(options: HookOptions, args: Arguments, scope: Scope): HookOptions {
  if (options.file !== undefined && args.text("file") === undefined) return options;
  const path = logPath(args.text("file"), pathVariable);
  if (path === undefined || scope === "project") return options;
  const log = locate(args).path;
  return log === path ? options : { ...options, file: log };
}

function checkedValue(args: Arguments, name: HookFlag, value: string, scope: Scope): string {
  if (name === "max-lines" || name === "keep") return String(args.count(name, 0));
  if (name === "history" && parseRecOptions(["--history", value]).problems.length > 0) {
    throw new CommandError(
      `Cannot use "${value}" for --history: give an age and a size, e.g. 90d,32MiB, or 0`,
      EXIT.usage,
    );
  }
  if (isAlertFlag(name) && ALERTS[name].parse(value) === undefined) {
    throw new CommandError(
      `Cannot use "${value}" for --${name}: give e.g. ${ALERTS[name].example}`,
      EXIT.usage,
    );
  }
  if (name !== "file") return value;
  if (scope === "project" && value.startsWith("/")) {
    throw new CommandError(
      `Cannot commit the path "${value}" of --file into project settings: use --scope local`,
      EXIT.usage,
    );
  }
  return scope === "project" || value.startsWith("/") ? value : `${Deno.cwd()}/${value}`;
}

/**
 * The path that the hooks try first. Project settings are committed and name none of this machine; what
 * everybody runs must be nobody's but root's.
 */
function programFor(scope: Scope): string | undefined {
  // Run from source, the running program is Deno.
  if (scope === "project" || !Deno.build.standalone) return undefined;
  const program = programPath(Deno.execPath(), variable("PATH") ?? "");
  if (scope !== "managed") return stableProgram(program);
  const found = managedProgram(program);
  if ("program" in found) return found.program;
  throw new CommandError(
    `Cannot install for all users: "${found.weak}" is not root's alone, and whoever can change it ` +
      `could change what everybody runs; put perfmon into /usr/local/bin as root`,
    EXIT.no,
  );
}

/** The path for hooks that survives an upgrade: a link to what a package manager of Node keeps where it likes. */
function stableProgram(program: string): string {
  const inPackage = packageProgram(program);
  if (inPackage === undefined) return program;
  if (inPackage.isGlobal) return programLink(ledgerPath());
  throw new CommandError(
    `Cannot install hooks that start "${program}", which goes with npx's cache or the project: ` +
      `run "npm install -g ${inPackage.name}" first, then "perfmon hooks install"`,
    EXIT.no,
  );
}
