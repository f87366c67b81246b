/*
 * Which results of a transcript say that a call never ran, or was broken off: denied by a rule, a hook, auto
 * mode or the person, cancelled with its neighbour. It is no fault of the tool. Newer clients (2.1.197, not yet
 * 2.1.100) say so in `toolDenialKind`; of older ones the words tell, which are those of the packages 1.0.60,
 * 1.0.128, 2.0.77, 2.1.30, 2.1.100, 2.1.197 and 2.1.330.
 */

/** How refusals begin, in the result's text behind `Error: ` and a tag of the client. */
const WORDS: readonly RegExp[] = [
  // The person.
  /^The user doesn't want to (?:proceed with this tool use|take this action right now)/,
  /^User (?:rejected|denied|aborted)\b/,
  /^Tool call rejected -- /,
  /^The agent proposed a plan that was rejected by the user/,
  /^(?:Permission prompt was aborted|Permission dialog failed|Tool permission (?:request failed|stream closed))/,
  // A rule, a mode, nobody there to ask.
  /^Permission to (?:use|edit|read) .* has been (?:auto-)?denied/s,
  /^Permission for this (?:tool use|action) (?:was|has been) denied/,
  /^Permission denied (?:by (?:\w+ )?hook|for: )/,
  /^MCP tool \S+ has been denied/,
  /^(?:Skill|Slash command|Workflow).* blocked by permission rules/,
  /^Denied by \w+ prompt rule: /,
  /^.{1,300}\bwas blocked by a deny rule/s,
  /^.{1,300}\bwas blocked\. For security, Claude Code may only /s,
  /^\S+ was blocked\. For security, \S+ may only change directories /,
  /^WebFetch denied access to /,
  /^Claude requested permissions? to .* (?:haven't granted it yet|is a sensitive file)/s,
  /^This (?:command|\w+ command|tool|call) requires approval/,
  /^(?:Current permission mode|Permission rule|Classifier|Hook|Tool) .{1,300} requires approval for this /s,
  /^This .{1,40} command contains multiple operations/,
  /, so auto mode cannot determine the safety of /,
  // A hook.
  /^PreToolUse:\S+ hook (?:error|blocking error)/,
  /^\S+ operation blocked by hook:/,
  /^Hook '.{1,200}' blocked this action/,
  /^Hook (?:PreToolUse:\S+ denied|requested permission behavior: deny)/,
  /^Execution stopped by PreToolUse hook/,
  // The turn.
  /^\[(?:Request interrupted|Tool call (?:did not complete|interrupted|skipped|result not in)|Agent call interrupted)/,
  /^(?:Not run|Interrupted): the response that made this tool call was stopped/,
  /^(?:Sibling tool call errored|Cancelled: parallel tool call|Streaming fallback - tool execution discarded)/,
];

/** Whether a result's text says that its call was refused or broken off. */
export function saysRefusal(text: string): boolean {
  const words = text.replace(/^\s*(?:<tool_use_error>)?(?:Error: )?/, "");
  return WORDS.some((pattern) => pattern.test(words));
}
