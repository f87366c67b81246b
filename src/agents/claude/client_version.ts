import { OWN_CLIENT } from "../../row/client.ts";

/**
 * Claude Code's version out of `$AI_AGENT`: `claude-code_2-1-330_…` → `2.1.330`. Another client that it
 * has started inherits the variable.
 */
export function clientVersion(
  agent: string | undefined,
  client: string = OWN_CLIENT,
): string | undefined {
  const [name, version] = agent?.split("_") ?? [];
  return name === "claude-code" && client === OWN_CLIENT
    ? version?.replaceAll("-", ".")
    : undefined;
}

/** The first published version that does not wait for a hook with `async` (tried). */
const ASYNC_SINCE = [2, 1, 23];

/** Whether a client of that version runs a hook beside the tool where the hook asks for it. */
export function knowsAsync(version: string | undefined): boolean {
  if (version === undefined) return false;
  const parts = version.split(".");
  for (const [place, least] of ASYNC_SINCE.entries()) {
    const part = Number(parts[place]);
    if (part !== least) return part > least;
  }
  return true;
}
