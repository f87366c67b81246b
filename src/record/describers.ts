import type { Describers } from "../agents/claude/event.ts";
import type { RecOptions } from "../agents/rec_flags.ts";

/**
 * What is told of a tool's input, as the hook's line asks for it; what tells it is loaded
 * only where that is to be recorded.
 */
export async function describers({ params, command }: RecOptions): Promise<Describers> {
  return {
    params: params ? (await import("../agents/claude/redact.ts")).redactParameters : undefined,
    command: command
      ? (await import("../agents/claude/command/command_name.ts")).commandName
      : undefined,
  };
}
