import { followLinks } from "../../../files/paths.ts";

/** The places where Claude Code looks for settings: all files count, their hooks add up. */
export const SCOPES = ["user", "project", "local", "managed"] as const;

/** A place where Claude Code looks for settings. */
export type Scope = (typeof SCOPES)[number];

/** What tells where the settings files are. */
export interface Surroundings {
  environment(name: string): string | undefined;
  /** The working folder. */
  readonly folder: string;
  /** The operating system, by the names of `Deno.build.os`. */
  readonly platform: string;
}

/**
 * The settings file of a scope; `undefined` for the user's where neither `CLAUDE_CONFIG_DIR` nor
 * `HOME` is set.
 */
export function settingsPath(scope: Scope, surroundings: Surroundings): string | undefined {
  switch (scope) {
    case "user": {
      const folder = configFolder(surroundings);
      return folder === undefined ? undefined : `${folder}/settings.json`;
    }
    case "project":
      return `${projectFolder(surroundings)}/.claude/settings.json`;
    case "local":
      return `${projectFolder(surroundings)}/.claude/settings.local.json`;
    case "managed":
      return surroundings.platform === "darwin"
        ? "/Library/Application Support/ClaudeCode/managed-settings.json"
        : "/etc/claude-code/managed-settings.json";
  }
}

/** The path of the project's `.claude/hooks.yaml`, which Claude Code never reads. */
export function hooksYamlPath(surroundings: Surroundings): string {
  return `${projectFolder(surroundings)}/.claude/hooks.yaml`;
}

/**
 * The nearest folder from the working folder up with a `.claude` or `.git` in it, else the working
 * folder. The home folder is no project: its `.claude` is the user's.
 */
export function projectFolder(surroundings: Surroundings): string {
  const home = followLinks(surroundings.environment("HOME") ?? "");
  const users = followLinks(configFolder(surroundings) ?? "");
  for (let at = surroundings.folder; at !== "" && at !== home; at = at.replace(/\/[^/]*$/, "")) {
    if (exists(`${at}/.claude`) && followLinks(`${at}/.claude`) !== users) return at;
    if (exists(`${at}/.git`)) return at;
  }
  return surroundings.folder;
}

/** Whether something is at a path, as far as that can be seen; symbolic links are followed. */
function exists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
}

function configFolder({ environment }: Surroundings): string | undefined {
  const home = environment("HOME");
  return environment("CLAUDE_CONFIG_DIR") || (home ? `${home}/.claude` : undefined);
}
