/** Whether a tool starts a shell, with processes of its own. Apart, because each hook loads it. */
export function startsShell(toolName: string | undefined): boolean {
  return toolName === "Bash";
}
