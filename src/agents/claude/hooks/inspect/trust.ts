import { asHooksErrors } from "../errors.ts";
import { projectFolder, type Surroundings } from "../scopes.ts";
import { readTextFile } from "../../../../files/text_file.ts";

/** Where Claude Code keeps what it remembers, the folders that a person trusts among it. */
function statePath({ environment }: Surroundings): string | undefined {
  const folder = environment("CLAUDE_CONFIG_DIR") || environment("HOME");
  return folder ? `${folder}/.claude.json` : undefined;
}

/**
 * The project's folder where Claude Code has been in it and the person has not said that it is trusted:
 * until then it runs no hook there. `undefined` where that is not so, or not known.
 */
export function untrustedFolder(surroundings: Surroundings): string | undefined {
  const path = statePath(surroundings);
  const projects = path === undefined ? undefined : projectsIn(path);
  const folder = projectFolder(surroundings);
  // What is said of the home folder is forgotten at the session's end.
  if (projects === undefined || folder === surroundings.environment("HOME")) return undefined;
  if (projects[folder] === undefined) return undefined;
  for (let at = folder; at !== ""; at = at.replace(/\/[^/]*$/, "")) {
    if (projects[at]?.hasTrustDialogAccepted === true) return undefined;
  }
  return folder;
}

type Projects = Readonly<Record<string, { readonly hasTrustDialogAccepted?: unknown }>>;

function projectsIn(path: string): Projects | undefined {
  try {
    const text = asHooksErrors(() => readTextFile(path))?.text;
    return text === undefined ? undefined : JSON.parse(text)?.projects ?? undefined;
  } catch {
    return undefined; // it is Claude Code's own, and its form may change
  }
}
