/** The MCP server of a tool named `mcp__SERVER__TOOL`, `undefined` for all other tools. */
export function serverOf(toolName: string): string | undefined {
  if (!toolName.startsWith("mcp__")) return undefined;
  const end = toolName.indexOf("__", 5);
  return end > 5 ? toolName.slice(5, end) : undefined;
}
