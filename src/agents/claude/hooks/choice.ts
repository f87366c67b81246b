import {
  type HookCommand,
  type HookOptions,
  isOfFirstRelease,
  isRecording,
  readCommand,
  type Way,
} from "./command_line.ts";
import type { Registration } from "./events.ts";

/** What a person chose for installed hooks, as their command lines say it. */
export interface HookChoice {
  readonly way: Way;
  /** Whether the client is to wait for all of them. */
  readonly isWaitedFor: boolean;
  readonly options: HookOptions;
  /** Whether it was chosen that no row says which command a call was. */
  readonly leavesOutCommands: boolean;
  /** Whether it was chosen that nothing watches what calls start. */
  readonly leavesOutWatch: boolean;
}

/** What was chosen for these hooks; `undefined` where none of them records. */
export function choiceOf(hooks: readonly Registration[]): HookChoice | undefined {
  const lines = hooks.map(({ hook }) => String(hook["command"]));
  const recording = lines.flatMap((line): { line: string; command: HookCommand }[] => {
    const command = readCommand(line);
    return command !== undefined && isRecording(command.moment) ? [{ line, command }] : [];
  });
  if (recording.length === 0) return undefined;
  // The spool starts nothing at a call's start, so nobody chose it there.
  const starting = recording.filter(({ command }) =>
    command.moment === "start" && command.via !== "spool"
  );
  return {
    way: recording.some(({ command }) => command.via === "spool") ? "spool" : "binary",
    // 0.1.0 knew nothing else, so nobody chose it there.
    isWaitedFor: recording.every(({ line, command }) =>
      !command.isAsync && !isOfFirstRelease(line)
    ),
    options: Object.assign({}, ...recording.map(({ command }) => command.options)),
    leavesOutCommands: recording.every(({ line, command }) =>
      command.options.command === undefined && !isOfFirstRelease(line)
    ),
    leavesOutWatch: starting.length > 0 &&
      starting.every(({ line, command }) =>
        command.options.watch === undefined && !isOfFirstRelease(line)
      ),
  };
}
