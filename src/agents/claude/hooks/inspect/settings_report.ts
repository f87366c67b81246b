import { allHooks, settingOf } from "../claude_settings.ts";
import {
  type HookCommand,
  isOutdated,
  isRecording,
  mentionsPerfmon,
  readCommand,
  type Way,
  writeOptions,
} from "../command_line.ts";
import { type HookPlan, type Json, recordedEvents, type Registration } from "../events.ts";
import { plural } from "../../../../text/units.ts";
import type { Scope } from "../scopes.ts";
import { isLikeRecipe, isRecipe } from "./recipes.ts";
import { wrongEntries, type WrongEntry } from "./settings_shape.ts";

/** What stands of perfmon in one settings file. */
export interface SettingsReport {
  readonly scope: Scope;
  readonly path: string;
  readonly exists: boolean;
  /** Whether hooks of perfmon are in it; `off`: they wait for `enable`. */
  readonly state: "on" | "off" | "absent";
  /** The events with a hook that perfmon installed. */
  readonly events: readonly string[];
  /** How the hooks record: by starting perfmon, or into the spool. */
  readonly ways: readonly Way[];
  /** The logs that they record into, as `--file` names them; empty for the one that the environment tells. */
  readonly files: readonly string[];
  /** Those of `files` into whose spools they record. */
  readonly spoolFiles: readonly string[];
  /** The options that the hooks carry, as typed; different ones are all listed. */
  readonly options: readonly string[];
  /** The programs that the hooks try before `perfmon` on PATH. */
  readonly programs: readonly string[];
  /** The events with a hook as an older perfmon installed it. */
  readonly outdatedEvents: readonly string[];
  /** The events with a shell hook that perfmon replaces, and those with one that was made from it. */
  readonly recipeEvents: readonly string[];
  readonly likeRecipeEvents: readonly string[];
  /** Entries that Claude Code can't read, whoever put them there. */
  readonly wrongEntries: readonly WrongEntry[];
  /** The events with a hook that records with perfmon, but was not installed by it. */
  readonly foreignEvents: readonly string[];
  /** Whether the plugin is switched on in this file. */
  readonly enablesPlugin: boolean;
}

/** Whether hooks have calls watched while they run, as the plugin's do. */
export function isWatching(
  { options, enablesPlugin }: Pick<SettingsReport, "options" | "enablesPlugin">,
): boolean {
  return enablesPlugin || options.some((each) => /--watch\b/.test(each));
}

/** Looks at the text of a settings file. Throws a `HooksError` where it is no JSON object. */
export function inspectSettings(
  scope: Scope,
  path: string,
  text: string | undefined,
  isWaiting: boolean,
): SettingsReport {
  const hooks = allHooks(text ?? "").map((hook) => ({ ...hook, line: lineOf(hook) }));
  const ours = hooks.flatMap(({ event, line }) => {
    const command = readCommand(line);
    return command === undefined ? [] : [{ event, command }];
  });
  const records = ours.filter(({ command }) => isRecording(command.moment));
  const foreign = hooks.filter(({ line }) => readCommand(line) === undefined)
    .filter(({ line }) => mentionsPerfmon(line));
  const eventsWith = (isMeant: (line: string) => boolean): string[] =>
    unique(hooks.filter(({ line }) => isMeant(line)).map(({ event }) => event));
  const plugins = settingOf(text ?? "", "enabledPlugins");
  return {
    scope,
    path,
    exists: text !== undefined,
    state: ours.length > 0 ? "on" : isWaiting ? "off" : "absent",
    events: unique(ours.map(({ event }) => event)),
    ways: unique(records.map(({ command }) => command.via ?? "binary")),
    files: unique(records.map(fileOf)),
    spoolFiles: unique(records.filter(({ command }) => command.via === "spool").map(fileOf)),
    options: withoutBeginnings(unique(records.map(({ command }) => writeOptions(command.options)))),
    programs: unique(ours.flatMap(({ command }) => command.program ?? [])),
    outdatedEvents: eventsWith(isOutdated),
    recipeEvents: eventsWith(isRecipe),
    likeRecipeEvents: eventsWith(isLikeRecipe),
    wrongEntries: wrongEntries(settingOf(text ?? "", "hooks") as Json | undefined),
    foreignEvents: unique(foreign.map(({ event }) => event)),
    enablesPlugin: Object.entries(plugins ?? {})
      .some(([name, isOn]) => name.startsWith("perfmon@") && isOn === true),
  };
}

/** The plan that the hooks of a settings file show, as far as it decides on their events. */
export function planSeen(
  { ways, options }: Pick<SettingsReport, "ways" | "options">,
): Pick<HookPlan, "way" | "options"> {
  const isBasic = options.some((each) => each.includes("--layout basic"));
  return {
    way: ways.includes("spool") ? "spool" : "binary",
    options: isBasic ? { layout: "basic" } : {},
  };
}

/** `10 events`, or `9 of 10 events` where hooks of some are left out. */
export function eventsWords(report: Pick<SettingsReport, "events" | "ways" | "options">): string {
  const all = recordedEvents(planSeen(report));
  const isMissing = all.some((each) => !report.events.includes(each));
  return isMissing
    ? `${report.events.length} of ${plural(all.length, "event")}`
    : plural(report.events.length, "event");
}

function fileOf({ command }: { readonly command: HookCommand }): string {
  return String(command.options.file ?? "");
}

function lineOf({ hook }: Registration): string {
  return typeof hook["command"] === "string" ? hook["command"] : "";
}

/**
 * Leaves out texts that others begin with: hooks at a call's end have the options of those at its
 * start, and more.
 */
function withoutBeginnings(texts: readonly string[]): string[] {
  return texts.filter((text) => !texts.some((other) => other.startsWith(`${text} `)));
}

function unique<T extends string>(texts: readonly T[]): T[] {
  return [...new Set(texts)];
}
