import type { Sample } from "./sample.ts";

/** The MCP server of a tool named `mcp__SERVER__TOOL`, `undefined` for all other tools. */
export function serverOf(toolName: string): string | undefined {
  if (!toolName.startsWith("mcp__")) return undefined;
  const end = toolName.indexOf("__", 5);
  return end > 5 ? toolName.slice(5, end) : undefined;
}

/** True for a call of the tool that launches subagents (both names it has had), and for a subagent's run. */
export function isAgentTool(toolName: string): boolean {
  return toolName === "Agent" || toolName === "Task";
}

/** True for a row of SubagentStart or SubagentStop: it has the subagent's id, and no call's. */
export function isSubagentRun({ toolName, toolUseId, agentId }: Sample): boolean {
  return isAgentTool(toolName) && toolUseId === undefined && agentId !== undefined;
}
