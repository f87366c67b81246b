import { systemProgram } from "../../../files/programs.ts";
import { allHooks } from "./claude_settings.ts";
import {
  DEFAULT_OPTIONS,
  type Moment,
  optionsAt,
  readCommand,
  withLog,
  writeCommand,
} from "./command_line.ts";
import { leadToSameFile } from "./programs.ts";
import { readText } from "./text_files.ts";
import type { HooksReport } from "./inspect/inspect.ts";

/** The command lines of a call's two hooks, to be tried out. */
export interface HookLines {
  readonly start: string;
  readonly end: string;
  /** Whether they stand so in a settings file or the plugin; otherwise they are what an install would write. */
  readonly isInstalled: boolean;
  /** Whether they record by the spool, which has to be drained. */
  readonly spools: boolean;
  /** Whether they find perfmon by PATH alone: those of a project, and of the plugin. */
  readonly relyOnPath: boolean;
  /** Programs of a project's hooks that are passed over: anybody's repository can name one. */
  readonly passedOver: readonly string[];
}

/** How a run of a hook ended. */
export interface HookRun {
  readonly code: number;
  readonly printed: string;
  /** The time that it took, milliseconds. */
  readonly took: number;
}

/**
 * The installed lines, or those that install would write, with their log replaced by a scratch one if one
 * is given. What a project's settings name is run by Claude Code only after its trust dialog: of these only
 * lines with `program` itself, or a link to it, or with `perfmon` from PATH, are taken.
 */
export function hookLines(
  hooks: HooksReport,
  program: string,
  log: string | undefined,
): HookLines {
  const found = hooks.settings.filter(({ state }) => state === "on")
    .flatMap(({ path, scope }) =>
      allHooks(readText(path)?.text ?? "").flatMap(({ hook }) => {
        const line = String(hook["command"]);
        const command = readCommand(line);
        return command === undefined ? [] : [{ scope, command, line }];
      })
    );
  const isOwn = ({ scope, command }: (typeof found)[number]): boolean =>
    scope === "user" || scope === "managed" || command.program === undefined ||
    leadToSameFile(command.program, program);
  const installed = found.filter(isOwn);
  const isPlugin = found.length === 0 && hooks.settings.some((each) => each.enablesPlugin);
  const others = found.filter((each) => !isOwn(each));
  const line = (moment: Moment): string => {
    const line = installed.find(({ command }) => command.moment === moment)?.line ??
      writeCommand({
        moment,
        ...(isPlugin ? {} : { program }),
        isAsync: true,
        options: optionsAt(moment, DEFAULT_OPTIONS),
      });
    return log === undefined ? line : withLog(line, log);
  };
  return {
    start: line("start"),
    end: line("end"),
    isInstalled: isPlugin || installed.length > 0,
    spools: installed.some(({ command }) => command.via === "spool"),
    relyOnPath: isPlugin || installed.some(({ command }) => command.program === undefined),
    passedOver: [...new Set(others.map(({ command }) => command.program ?? ""))],
  };
}

/**
 * Runs a hook's command line under a shell as Claude Code would, with the JSON of a call on its stdin: one that does
 * nothing, but for the members that are given.
 */
export async function runHook(
  line: string,
  moment: Moment,
  log: string,
  [shell = "", ...flags]: readonly string[],
  env: Readonly<Record<string, string>> = {},
  members: Readonly<Record<string, unknown>> = {},
): Promise<HookRun> {
  const payload = {
    session_id: `perfmon-trial-${shell}`,
    cwd: "/",
    hook_event_name: moment === "start" ? "PreToolUse" : "PostToolUse",
    tool_name: "Trial",
    tool_input: {},
    tool_use_id: "perfmon-trial",
    ...members,
  };
  const begin = performance.now();
  // A client would have its own PATH; what relative folders of this one hold came with the repository.
  const program = systemProgram(shell);
  const child = new Deno.Command(shell === "sh" ? "/bin/sh" : program.path, {
    args: [...flags, "-c", line],
    env: { ...program.env, PERFMON_FILE: log, CLAUDE_PID: String(Deno.pid), ...env },
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const writer = child.stdin.getWriter();
  // A hook that does not read its input is found out by what it records.
  await writer.write(new TextEncoder().encode(JSON.stringify(payload) + "\n"))
    .then(() => writer.close()).catch(() => {});
  const { code, stdout } = await child.output();
  return { code, printed: new TextDecoder().decode(stdout), took: performance.now() - begin };
}
