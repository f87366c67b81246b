import { HooksError } from "../errors.ts";
import { readText } from "../text_files.ts";
import { yamlHooks } from "../yaml/hooks_yaml.ts";
import { type Ledger, readLedger } from "../ledger.ts";
import { hooksYamlPath, SCOPES, settingsPath, type Surroundings } from "../scopes.ts";
import { type Obstacle, obstaclesAround, obstaclesIn, registeredTwice } from "./obstacles.ts";
import { inspectSettings, type SettingsReport } from "./settings_report.ts";

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
  obstacles.push(...registeredTwice(settings), ...obstaclesAround(surroundings));
  const yamlPath = hooksYamlPath(surroundings);
  return {
    settings,
    yaml: attempt(obstacles, yamlPath, () => inspectYaml(yamlPath)),
    obstacles,
    isRecording: canRecord(settings, obstacles),
  };
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
  if (obstacles.some(({ kind }) => kind === "disableAllHooks" || kind === "bare")) return false;
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
