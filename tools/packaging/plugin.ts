import { DEFAULT_OPTIONS } from "../../src/agents/claude/hooks/command_line.ts";
import {
  type ClientVersion,
  groupOf,
  type HookPlan,
  type JsonObject,
  wantedRegistrations,
} from "../../src/agents/claude/hooks/events.ts";

/**
 * `hooks/hooks.json` of a Claude Code plugin: what install puts into settings.json, with perfmon
 * from PATH.
 */
export interface PluginHooks {
  readonly description: string;
  readonly hooks: Readonly<Record<string, readonly JsonObject[]>>;
}

/**
 * The version from which on the plugin records: one file is for all clients, and those that don't know one
 * of its events pass over all (tried: 2.0.77 with StopFailure).
 */
export const PLUGIN_SINCE: ClientVersion = [2, 0, 56];

/** The plugin's hooks, from the same registrations as `perfmon hooks install`. */
export function pluginHooks(): PluginHooks {
  const hooks: Record<string, JsonObject[]> = {};
  const plan: HookPlan = { options: DEFAULT_OPTIONS, version: PLUGIN_SINCE };
  for (const registration of wantedRegistrations(plan)) {
    (hooks[registration.event] ??= []).push(groupOf(registration));
  }
  return { description: "Records the time, CPU and memory of every tool call", hooks };
}

const NAME = "perfmon";
const DESCRIPTION = "Records what every Claude Code tool call costs; needs perfmon on PATH";
const AUTHORS = { name: "the perfmon authors" };

/** The plugin's manifest, `.claude-plugin/plugin.json`. */
export function pluginManifest(version: string): JsonObject {
  return { name: NAME, version, description: DESCRIPTION, author: AUTHORS, license: "MIT" };
}

/** The marketplace that has the plugin, `.claude-plugin/marketplace.json` at the top of the sources. */
export function pluginMarketplace(): JsonObject {
  return {
    name: NAME,
    description: "What every Claude Code tool call costs: time, CPU, memory",
    owner: AUTHORS,
    plugins: [{ name: NAME, description: DESCRIPTION, source: "./examples/plugin" }],
  };
}
