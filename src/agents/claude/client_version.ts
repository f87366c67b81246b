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
