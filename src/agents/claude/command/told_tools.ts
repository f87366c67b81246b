/** The tools of whose calls `commandName` tells something. Apart, because each hook asks. */
const TOLD_TOOLS: readonly string[] = ["Bash", "WebFetch", "Agent", "Task", "Skill"];

/** Whether calls of a tool can have a command. */
export function hasCommand(toolName: string | undefined): boolean {
  return toolName !== undefined && TOLD_TOOLS.includes(toolName);
}
