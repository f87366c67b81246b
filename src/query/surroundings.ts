import { pathVariable } from "../files/environment.ts";
import { packageProgram } from "../agents/claude/hooks/package_program.ts";
import type { Surroundings } from "../agents/claude/hooks/scopes.ts";
import { locationOf, logPath } from "../log/location.ts";
import { resolveLog } from "../log/resolve.ts";
import { CommandError, EXIT } from "../cli/command.ts";
import { messageOf } from "../text/message.ts";

/** The process's own environment, folder and system. */
export function surroundings(): Surroundings {
  return {
    environment: pathVariable,
    folder: Deno.cwd(),
    platform: Deno.build.os,
  };
}

/**
 * The path of the hooks' ledger: `hooks.json` in the folder beside the log, which hooks come and go
 * without: beside its name where it can't be one. Throws a `CommandError` where nothing tells where it is.
 */
export function ledgerPath(): string {
  return `${ownLog().folder}/hooks.json`;
}

/** Why the log can't be one, a sentence; `undefined` where it can. Throws as `ledgerPath`. */
export function logProblem(): string | undefined {
  return ownLog().problem;
}

function ownLog(): { readonly folder: string; readonly problem?: string } {
  const path = logPath(undefined, pathVariable);
  if (path === undefined) throw noHome();
  try {
    return resolveLog(path);
  } catch (error) {
    return { folder: locationOf(path).folder, problem: messageOf(error) };
  }
}

/** What a person types to install the hooks: where this perfmon goes with npx's cache, after one that stays. */
export function installCommand(): string {
  const inPackage = packageProgram(Deno.execPath());
  const first = inPackage?.isGlobal === false ? `npm install -g ${inPackage.name} && ` : "";
  return `${first}perfmon hooks install`;
}

/** The error (64) for an environment in which nothing tells where the settings are. */
export function noHome(): CommandError {
  return new CommandError(
    "Cannot tell where the settings are: set HOME or CLAUDE_CONFIG_DIR",
    EXIT.usage,
  );
}
