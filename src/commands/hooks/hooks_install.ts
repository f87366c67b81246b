import { pathVariable, variable } from "../../files/environment.ts";
import { say, write } from "../../cli/output.ts";
import { ALERTS } from "../../record/alert_thresholds.ts";
import { createTwoFilesPatch, FILE_HEADERS_ONLY } from "diff";
import { installHooks, planInstall } from "../../agents/claude/hooks/actions.ts";
import {
  HOOK_FLAGS,
  type HookOptions,
  type Way,
  WAYS,
} from "../../agents/claude/hooks/command_line.ts";
import {
  type ClientVersion,
  unknownEvents,
  wantedRegistrations,
} from "../../agents/claude/hooks/events.ts";
import type { SettingsChange } from "../../agents/claude/hooks/installation.ts";
import { clientVersion, programPath } from "../../agents/claude/hooks/programs.ts";
import type { Scope } from "../../agents/claude/hooks/scopes.ts";
import { logPath } from "../../log/location.ts";
import { type Arguments, type Command, CommandError, EXIT } from "../../cli/command.ts";
import { asCommand, pathOf, SCOPE_FLAG, scopeOf } from "./hooks_common.ts";
import { makeSpools, settleSpools, spoolLogsAt } from "./hooks_spool.ts";
import { command as rec } from "../../record/rec_help.ts";
import { locate } from "../../query/selection.ts";
import { type HookFlag, isAlertFlag, REC_DEFAULTS } from "../../agents/rec_flags.ts";
import { defaultKeep, parseRecOptions } from "../../record/rec_options.ts";
import { ledgerPath } from "../../query/surroundings.ts";

export const install: Command = {
  name: "hooks install",
  summary: "Put the hooks into a settings.json, or change their options",
  flags: [
    SCOPE_FLAG,
    ...rec.flags.filter(({ name }) => HOOK_FLAGS.some((each) => each === name)),
    {
      name: "via",
      value: "WAY",
      choices: WAYS,
      help:
        "binary: perfmon writes each row at once (default); spool: the shell leaves a record, a " +
        "fraction of the cost, no tree memory, no alerts",
    },
    { name: "dry-run", help: "Print what would change as a unified diff, and write nothing" },
  ],
  notes: [
    "Only perfmon's own entries change. The file as it was before the first install is kept beside " +
    "it as settings.json.before-perfmon until perfmon hooks remove. Running sessions take the hooks " +
    "up at once.",
    "With --alert-… Claude Code shows a line when a call crosses a threshold. The hooks never fail: where perfmon is gone they read their input and exit 0.",
  ],
  examples: [
    ["hooks install", "record all sessions of this user"],
    ["hooks install --scope local --params", "this project only, with redacted parameters"],
    ["hooks install --alert-duration 60s --alert-rss 4GiB", "and be told of what is out of hand"],
    ["hooks install --via spool", "start no program in hooks: a fraction of the cost"],
    ["hooks install --dry-run", "what would change"],
  ],
  async run(args): Promise<number> {
    const scope = scopeOf(args);
    const way = WAYS.find((each) => each === args.text("via")) ?? "binary";
    const options = way === "spool" ? spoolOptions(args, scope) : optionsOf(args, scope);
    const path = pathOf(scope);
    const version = await clientVersion(variable("PATH") ?? "");
    const wanted = wantedRegistrations(options, programFor(scope), version, way);
    if (wanted.length === 0) {
      throw new CommandError(
        `Cannot install: Claude Code ${version?.join(".")} is too old; update it first`,
        EXIT.no,
      );
    }
    if (args.has("dry-run")) return showChange(asCommand(() => planInstall(path, wanted)));
    const spoolsBefore = asCommand(() => spoolLogsAt([path], ledgerPath()));
    makeSpools(wanted);
    const outcome = asCommand(() => installHooks(path, ledgerPath(), wanted));
    const events = wanted.map(({ event }) => event).join(", ");
    say(
      outcome === "changed"
        ? `Installed the hooks in "${path}": ${events}`
        : `The hooks in "${path}" are so already`,
    );
    tellUnknownEvents(version, way);
    return await settleSpools(spoolsBefore, ledgerPath());
  },
};

/** The options that go into the hooks, checked: a hook can tell nobody that one is wrong. */
function optionsOf(args: Arguments, scope: Scope): HookOptions {
  const maxLines = args.count("max-lines", REC_DEFAULTS["max-lines"]);
  const keep = args.count("keep", defaultKeep(maxLines));
  if (keep >= maxLines) {
    throw new CommandError(
      `Cannot use --keep ${keep}: give less than --max-lines, which is ${maxLines}`,
      EXIT.usage,
    );
  }
  const options: { -readonly [Name in keyof HookOptions]: HookOptions[Name] } = {};
  for (const name of HOOK_FLAGS) {
    const value = args.text(name);
    if (args.has(name)) options[name] = true;
    else if (value !== undefined) options[name] = checkedValue(name, value, scope);
  }
  return options;
}

/** A shell line can't answer the client, and resolves no links: a log behind one goes in by its own path. */
function spoolOptions(args: Arguments, scope: Scope): HookOptions {
  const options = optionsOf(args, scope);
  const alert = HOOK_FLAGS.find((name) => isAlertFlag(name) && options[name] !== undefined);
  if (alert !== undefined) {
    throw new CommandError(
      `Cannot use --${alert} with --via spool: only a program can answer; use --via binary`,
      EXIT.usage,
    );
  }
  const path = logPath(args.text("file"), pathVariable);
  if (path === undefined || scope === "project") return options;
  const log = locate(args).path;
  return log === path ? options : { ...options, file: log };
}

function checkedValue(name: HookFlag, value: string, scope: Scope): string {
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

/** The path that the hooks try first; project settings are committed and name none of this machine. */
function programFor(scope: Scope): string | undefined {
  // Run from source, the running program is Deno.
  if (scope === "project" || !Deno.build.standalone) return undefined;
  return programPath(Deno.execPath(), variable("PATH") ?? "");
}

function showChange({ path, before, after }: SettingsChange): number {
  const [from, to] = [before.settings ?? "", after.settings ?? ""];
  if (from === to) say(`The hooks in "${path}" are so already`);
  else {
    const source = before.settings === undefined ? "/dev/null" : path;
    const context = { context: 3, headerOptions: FILE_HEADERS_ONLY };
    const patch = createTwoFilesPatch(source, path, from, to, undefined, undefined, context);
    write(`${patch.trimEnd()}\n`);
  }
  return EXIT.ok;
}

function tellUnknownEvents(version: ClientVersion | undefined, way: Way): void {
  const unknown = unknownEvents(version, way);
  if (unknown.length === 0 || version === undefined) return;
  say(
    `Left out ${unknown.join(", ")}: Claude Code ${version.join(".")} does not know them and may ` +
      "ignore a settings file that has them; run this again after an update",
  );
}
