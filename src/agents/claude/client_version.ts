/** Claude Code's version out of `$AI_AGENT`: `claude-code_2-1-330_…` → `2.1.330`. */
export function clientVersion(agent: string | undefined): string | undefined {
  const [client, version] = agent?.split("_") ?? [];
  return client === "claude-code" ? version?.replaceAll("-", ".") : undefined;
}
