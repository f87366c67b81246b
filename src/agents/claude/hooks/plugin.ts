import { groupOf, type JsonObject, wantedRegistrations } from "./events.ts";

/**
 * `hooks/hooks.json` of a Claude Code plugin: what install puts into settings.json, with perfmon
 * from PATH.
 */
export interface PluginHooks {
  readonly description: string;
  readonly hooks: Readonly<Record<string, readonly JsonObject[]>>;
}

/** The plugin's hooks, from the same registrations as `perfmon hooks install`. */
export function pluginHooks(): PluginHooks {
  const hooks: Record<string, JsonObject[]> = {};
  for (const registration of wantedRegistrations({ options: { command: true } })) {
    (hooks[registration.event] ??= []).push(groupOf(registration));
  }
  return { description: "Records the time, CPU and memory of every tool call", hooks };
}

/** The plugin's manifest, `.claude-plugin/plugin.json`. */
export function pluginManifest(version: string): Readonly<Record<string, string>> {
  return {
    name: "perfmon",
    version,
    description: "Records what every Claude Code tool call costs; needs perfmon on PATH",
    license: "MIT",
  };
}
