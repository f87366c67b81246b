import { allHooks, settingOf } from "./claude_settings.ts";
import {
  isRecording,
  mentionsPerfmon,
  readCommand,
  type Way,
  writeOptions,
} from "./command_line.ts";
import { HooksError } from "./errors.ts";
import type { Registration } from "./events.ts";
import { readText } from "./text_files.ts";
import { yamlHooks } from "./yaml/hooks_yaml.ts";
import { type Ledger, readLedger } from "./ledger.ts";
import { isExecutable } from "./programs.ts";
import { hooksYamlPath, type Scope, SCOPES, settingsPath, type Surroundings } from "./scopes.ts";

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
  /** The logs into whose spools they record, as `--file` names them; empty for the one that the environment tells. */
  readonly spoolFiles: readonly string[];
  /** The options that the hooks carry, as typed; different ones are all listed. */
  readonly options: readonly string[];
  /** The programs that the hooks try before `perfmon` on PATH. */
  readonly programs: readonly string[];
  /** The events with a hook that records with perfmon, but was not installed by it. */
  readonly foreignEvents: readonly string[];
  /** Whether the plugin is switched on in this file. */
  readonly enablesPlugin: boolean;
}

/** Something that keeps hooks from running, or makes them run twice. */
export interface Obstacle {
  readonly kind:
    | "unreadable"
    | "disableAllHooks"
    | "allowManagedHooksOnly"
    | "twice"
    | "programMissing";
  /** The file that it is in. */
  readonly path: string;
  /** One sentence for a person, without a final period. */
  readonly message: string;
}

/** All that is known of perfmon's hooks on this machine, seen from the working folder. */
export interface HooksReport {
  readonly settings: readonly SettingsReport[];
  /** The hooks of `.claude/hooks.yaml`, which Claude Code never reads; `undefined` where there is none. */
  readonly yaml: { path: string; on: readonly string[]; off: readonly string[] } | undefined;
  readonly obstacles: readonly Obstacle[];
  /** Whether at least one file has hooks and nothing keeps them from running. */
  readonly isRecording: boolean;
}

/** Looks at every settings file. Never throws for a file's content: what is unreadable is an obstacle. */
export function inspectHooks(surroundings: Surroundings, ledger: string): HooksReport {
  const obstacles: Obstacle[] = [];
  const known: Ledger = attempt(obstacles, ledger, () => readLedger(ledger)) ?? new Map();
  const settings: SettingsReport[] = [];
  for (const scope of SCOPES) {
    const path = settingsPath(scope, surroundings);
    // In the home folder the project's settings are the user's.
    if (path === undefined || settings.some((known) => known.path === path)) continue;
    const text = attempt(obstacles, path, () => readText(path)?.text);
    const isOff = (known.get(path)?.waiting ?? []).length > 0;
    const report = attempt(obstacles, path, () => inspectSettings(scope, path, text, isOff));
    if (report === undefined) continue;
    settings.push(report);
    obstacles.push(...obstaclesIn(report, text ?? ""));
  }
  obstacles.push(...registeredTwice(settings));
  const yamlPath = hooksYamlPath(surroundings);
  return {
    settings,
    yaml: attempt(obstacles, yamlPath, () => inspectYaml(yamlPath)),
    obstacles,
    isRecording: canRecord(settings, obstacles),
  };
}

function inspectSettings(
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
  const plugins = settingOf(text ?? "", "enabledPlugins");
  return {
    scope,
    path,
    exists: text !== undefined,
    state: ours.length > 0 ? "on" : isWaiting ? "off" : "absent",
    events: unique(ours.map(({ event }) => event)),
    ways: unique(records.map(({ command }) => command.via ?? "binary")),
    spoolFiles: unique(
      records.filter(({ command }) => command.via === "spool")
        .map(({ command }) => String(command.options.file ?? "")),
    ),
    options: withoutBeginnings(unique(records.map(({ command }) => writeOptions(command.options)))),
    programs: unique(ours.flatMap(({ command }) => command.program ?? [])),
    foreignEvents: unique(foreign.map(({ event }) => event)),
    enablesPlugin: Object.entries(plugins ?? {})
      .some(([name, isOn]) => name.startsWith("perfmon@") && isOn === true),
  };
}

function obstaclesIn({ scope, path, programs, ways }: SettingsReport, text: string): Obstacle[] {
  const obstacles: Obstacle[] = programs.filter((program) => !isExecutable(program))
    .map((program) => ({
      kind: "programMissing",
      path,
      message: `The hooks in "${path}" name "${program}", which is no program any more: ` +
        `run "perfmon hooks install --scope ${scope}${
          ways.includes("spool") ? " --via spool" : ""
        }"`,
    }));
  if (settingOf(text, "disableAllHooks") === true) {
    const message = `"disableAllHooks" in "${path}" turns all hooks off: take it out`;
    obstacles.push({ kind: "disableAllHooks", path, message });
  }
  if (scope === "managed" && settingOf(text, "allowManagedHooksOnly") === true) {
    const message = `"allowManagedHooksOnly" in "${path}" turns all hooks but managed ones off: ` +
      `run "perfmon hooks install --scope managed"`;
    obstacles.push({ kind: "allowManagedHooksOnly", path, message });
  }
  return obstacles;
}

/**
 * The obstacle of two registrations: every row is written twice; readers drop the second, but it
 * costs its time.
 */
function registeredTwice(settings: readonly SettingsReport[]): Obstacle[] {
  const places = settings.flatMap(({ scope, path, state, foreignEvents, enablesPlugin }) => [
    ...(state === "on" ? [{ path, place: `${scope} settings` }] : []),
    ...(foreignEvents.length > 0 ? [{ path, place: `a hook by hand in ${scope} settings` }] : []),
    ...(enablesPlugin ? [{ path, place: `the plugin (${scope} settings)` }] : []),
  ]);
  const [, second] = places;
  if (second === undefined) return [];
  const message = `The hooks are registered ${places.length} times: ` +
    `${places.map(({ place }) => place).join(", ")}; keep one ("perfmon hooks remove --scope …")`;
  return [{ kind: "twice", path: second.path, message }];
}

function inspectYaml(path: string): HooksReport["yaml"] {
  const text = readText(path)?.text;
  if (text === undefined) return undefined;
  const hooks = yamlHooks(text);
  const names = (isEnabled: boolean): string[] =>
    hooks.filter((hook) => hook.isEnabled === isEnabled).map((hook) => hook.name);
  return { path, on: names(true), off: names(false) };
}

function canRecord(settings: readonly SettingsReport[], obstacles: readonly Obstacle[]): boolean {
  if (obstacles.some(({ kind }) => kind === "disableAllHooks")) return false;
  const onlyManaged = obstacles.some(({ kind }) => kind === "allowManagedHooksOnly");
  return settings.some(({ scope, state, foreignEvents, enablesPlugin }) =>
    (state === "on" || foreignEvents.length > 0 || enablesPlugin) &&
    (!onlyManaged || scope === "managed")
  );
}

function attempt<T>(obstacles: Obstacle[], path: string, read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof HooksError)) throw error;
    const message = error.message.includes(path) ? error.message : `"${path}": ${error.message}`;
    obstacles.push({ kind: "unreadable", path, message });
    return undefined;
  }
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
