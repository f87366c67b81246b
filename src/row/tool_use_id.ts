/** Whether a tool_use_id is given once. Models of other vendors than the client's number theirs anew, each turn or session. */
export function isUniqueId(id: string): boolean {
  return id.startsWith("toolu_");
}
