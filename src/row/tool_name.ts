import type { Sample } from "./sample.ts";

/*
 * What reading must know of tools by their names, whichever agent they belong to. An agent that calls
 * them otherwise adds its names here.
 */

/** The tools that launch subagents, so that their calls hold other calls. */
export const AGENT_TOOLS: readonly string[] = ["Agent", "Task"];

/** The tools that ask the person, so that their calls take as long as the answer. */
export const ASKING_TOOLS: readonly string[] = ["AskUserQuestion", "ExitPlanMode"];

/** The tool that ends what goes on in the background. */
export const STOPPING_TOOL = "TaskStop";

/** The tools that an agent brings along, among them those that have names of older versions only. */
export const BUILT_IN_TOOLS: readonly string[] = [
  ...["Agent", "AskUserQuestion", "Bash", "Edit", "ExitPlanMode", "Glob", "Grep", "NotebookEdit"],
  ...["Read", "Skill", "Task", "TodoWrite", "WebFetch", "WebSearch", "Write"],
];

/** The MCP server of a tool named `mcp__SERVER__TOOL`, `undefined` for all other tools. */
export function serverOf(toolName: string): string | undefined {
  if (!toolName.startsWith("mcp__")) return undefined;
  const end = toolName.indexOf("__", 5);
  return end > 5 ? toolName.slice(5, end) : undefined;
}

/** A tool's name for people: of an MCP server's tool first what tells it apart, `create_issue (github)`. */
export function toolTitle(toolName: string): string {
  const server = serverOf(toolName);
  return server === undefined ? toolName : `${toolName.slice(7 + server.length)} (${server})`;
}

/** Whether a name is that of a tool which launches subagents; a subagent's own run has it, too. */
export function isAgentTool(toolName: string): boolean {
  return AGENT_TOOLS.includes(toolName);
}

/**
 * Whether a call takes as long as something other than its tool: the calls that it holds, or the person's
 * answer. Where calls are looked at for being slow these are set apart.
 */
export function holdsOrAsks(toolName: string): boolean {
  return AGENT_TOOLS.includes(toolName) || ASKING_TOOLS.includes(toolName);
}

/** Whether a row is of a subagent's own run: it has the subagent's id, and no call's. */
export function isSubagentRun({ toolName, toolUseId, agentId }: Sample): boolean {
  return isAgentTool(toolName) && toolUseId === undefined && agentId !== undefined;
}
