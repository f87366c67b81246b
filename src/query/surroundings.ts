import { pathVariable } from "../files/environment.ts";
import type { Surroundings } from "../agents/claude/hooks/scopes.ts";
import { logPath } from "../log/location.ts";
import { resolveLog } from "../log/resolve.ts";
import { CommandError, EXIT } from "../cli/command.ts";

/** The process's own environment, folder and system. */
export function surroundings(): Surroundings {
  return {
    environment: pathVariable,
    folder: Deno.cwd(),
    platform: Deno.build.os,
  };
}

/**
 * The path of the hooks' ledger: `hooks.json` in the folder beside the log. Throws a `CommandError`
 * where nothing tells where the log is.
 */
export function ledgerPath(): string {
  const path = logPath(undefined, pathVariable);
  if (path === undefined) throw noHome();
  return `${resolveLog(path).folder}/hooks.json`;
}

/** The error (64) for an environment in which nothing tells where the settings are. */
export function noHome(): CommandError {
  return new CommandError(
    "Cannot tell where the settings are: set HOME or CLAUDE_CONFIG_DIR",
    EXIT.usage,
  );
}
