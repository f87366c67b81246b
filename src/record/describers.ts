import type { Describers } from "../agents/claude/event.ts";
import { hasCommand } from "../agents/claude/command/told_tools.ts";
import type { RecOptions } from "../agents/rec_flags.ts";

/**
 * What is told of a tool's input, as the hook's line asks for it; what tells it is loaded only where something is
 * to be recorded. Of any tool where none is given.
 */
export async function describers(
  { params, command }: RecOptions,
  toolName?: string,
): Promise<Describers> {
  const isTold = command && (toolName === undefined || hasCommand(toolName));
  return {
    params: params ? (await import("../agents/claude/redact.ts")).redactParameters : undefined,
    command: isTold
      ? (await import("../agents/claude/command/command_name.ts")).commandName
      : undefined,
  };
}
