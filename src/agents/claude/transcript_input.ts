import { members } from "./members.ts";
import { taskNotification } from "./task_notification.ts";

/**
 * What a tool was asked to do, as a line of a transcript of Claude Code has it; `undefined` where the line is not that
 * call's.
 */
export function inputOf(line: string, toolUseId: string): unknown {
  if (!line.includes(toolUseId) || !line.includes('"tool_use"')) return undefined;
  try {
    const content = members(members(JSON.parse(line))?.["message"])?.["content"];
    if (!Array.isArray(content)) return undefined;
    const block = content.map(members).find((each) =>
      each?.["type"] === "tool_use" && each["id"] === toolUseId
    );
    return block?.["input"];
  } catch {
    return undefined;
  }
}

/**
 * When the work of a call in the background ended, as a line of a transcript has it, milliseconds since the epoch: the
 * client then queues what it will tell the model. `undefined` where the line is not of that call's end.
 */
export function workEndOf(line: string, toolUseId: string): number | undefined {
  if (!line.includes('"queue-operation"') || !line.includes(toolUseId)) return undefined;
  try {
    const { type, operation, content, timestamp } = members(JSON.parse(line)) ?? {};
    if (type !== "queue-operation" || operation !== "enqueue") return undefined;
    const told = typeof content === "string" ? taskNotification(content) : undefined;
    const time = Date.parse(String(timestamp));
    return told?.toolUseId === toolUseId && !Number.isNaN(time) ? time : undefined;
  } catch {
    return undefined;
  }
}
