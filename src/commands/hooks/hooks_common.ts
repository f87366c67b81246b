import { uninterrupted } from "../../cli/ending.ts";
import { say } from "../../cli/output.ts";
import type { Outcome } from "../../agents/claude/hooks/actions.ts";
import { HooksError } from "../../agents/claude/hooks/errors.ts";
import { readLedger } from "../../agents/claude/hooks/ledger.ts";
import { type Scope, SCOPES, settingsPath } from "../../agents/claude/hooks/scopes.ts";
import { type Arguments, CommandError, EXIT, type Flag } from "../../cli/command.ts";
import { ledgerPath, logProblem, noHome, surroundings } from "../../query/surroundings.ts";

export const SCOPE_FLAG: Flag = {
  name: "scope",
  value: "SCOPE",
  choices: SCOPES,
  help: "Whose settings: user, project (committed), local (this project, this machine), managed " +
    "(all users) (default: user)",
};

export const EVERYWHERE_FLAG: Flag = {
  name: "everywhere",
  help: "All scopes, and every project that hooks were installed into",
};

/** Which settings files a command is about. */
export interface Targets {
  readonly paths: readonly string[];
  /** Where hooks that are off wait. */
  readonly ledger: string;
}

/** The scope that was asked for. */
export function scopeOf(args: Arguments): Scope {
  return SCOPES.find((scope) => scope === args.text("scope")) ?? "user";
}

/** The settings file of a scope. Throws a `CommandError` for the user's where nothing tells where it is. */
export function pathOf(scope: Scope): string {
  const path = settingsPath(scope, surroundings());
  if (path === undefined) throw noHome();
  return path;
}

/** The settings files that `--scope` or `--everywhere` mean. Throws a `CommandError` where both are given. */
export function targetsOf(args: Arguments): Targets {
  const ledger = ledgerPath();
  if (!args.has("everywhere")) return { paths: [pathOf(scopeOf(args))], ledger };
  if (args.text("scope") !== undefined) {
    throw new CommandError("Cannot use --scope with --everywhere: give one of them", EXIT.usage);
  }
  const known = asCommand(() => [...readLedger(ledger).keys()]);
  return { paths: [...new Set([...SCOPES.map(pathOf), ...known])], ledger };
}

/**
 * Does something to each settings file and tells on stderr what came of it; a file that fails does not
 * keep the others from their turn, and a signal breaks off none; a log that is none keeps nothing, and is
 * told, too. Returns the outcomes, and the exit code of
 * the last failure or 0.
 */
export function forEachTarget(
  { paths, ledger }: Targets,
  act: (path: string, ledger: string) => Outcome,
  sentence: (outcome: Outcome, path: string) => string | undefined,
): Promise<{ outcomes: readonly Outcome[]; code: number }> {
  const outcomes: Outcome[] = [];
  let code: number = EXIT.ok;
  return uninterrupted(() => {
    for (const path of paths) {
      try {
        const outcome = act(path, ledger);
        outcomes.push(outcome);
        const text = sentence(outcome, path);
        if (text !== undefined) say(text);
      } catch (error) {
        if (!(error instanceof HooksError)) throw error;
        if (paths.length === 1) throw asCommandError(error);
        say(`perfmon: ${error.message}`);
        code = EXIT[error.reason];
      }
    }
    const problem = logProblem();
    if (problem !== undefined) say(`perfmon: ${problem}`);
    return { outcomes, code };
  });
}

/** Runs what may throw a `HooksError` and throws it as the `CommandError` that it is to a person. */
export function asCommand<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof HooksError ? asCommandError(error) : error;
  }
}

function asCommandError(error: HooksError): CommandError {
  return new CommandError(error.message, EXIT[error.reason]);
}
