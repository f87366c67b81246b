import config from "../../deno.json" with { type: "json" };
import { messageOf } from "../text/message.ts";
import {
  type AllCommands,
  type Command,
  CommandError,
  EXIT,
  helpText,
  isCommandError,
  parseArguments,
} from "../cli/command.ts";
import { withOwnNames } from "./aliases.ts";
import { commands } from "./commands.ts";
import { overviewText } from "./overview.ts";
import { nearName } from "../cli/near_name.ts";
import { isUtf8, UTC_FLAG, warn, writeText } from "../cli/output.ts";
import { useTimeZone } from "../cli/time_zone.ts";
import { drainFirst, renewHooksLink, tidyHistory } from "../query/tidy.ts";

/** Runs the command that the arguments name and returns its exit code; prints what failed in one line. */
export async function dispatch(args: readonly string[]): Promise<number> {
  try {
    return await run(withOwnNames(args));
  } catch (error) {
    // Whoever reads a long output may stop reading: `perfmon export csv | head -1`.
    if (error instanceof Deno.errors.BrokenPipe) return EXIT.ok;
    return fail(error);
  }
}

async function run(args: readonly string[]): Promise<number> {
  const [first, ...rest] = args;
  if (first === "--version" || first === "-V") return print(`${versionText()}\n`);
  if (first === "--help" || first === "-h") return print(overviewText(await loadAll()));
  // A bare `perfmon`, with or without flags, is the report.
  const name = first === undefined || first.startsWith("-") ? "report" : first;
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (load === undefined) throw unknownCommand(name, Object.keys(commands), "perfmon");
  const { command } = await load();
  return await runCommand(command, name === first ? rest : args, loadAll);
}

async function loadAll(): Promise<readonly Command[]> {
  const loaded = await Promise.all(Object.values(commands).map((load) => load()));
  return loaded.map(({ command }) => command);
}

async function runCommand(
  command: Command,
  args: readonly string[],
  allCommands: AllCommands,
): Promise<number> {
  const [first, ...rest] = args;
  if (command.subcommands !== undefined && first !== undefined && !first.startsWith("-")) {
    const subcommand = command.subcommands.find((each) => each.name === `${command.name} ${first}`);
    const names = command.subcommands.map((each) => each.name.slice(command.name.length + 1));
    if (subcommand === undefined && command.subcommandWord !== undefined) {
      throw unknownAmong(command.subcommandWord, first, names, `perfmon ${command.name}`);
    }
    if (subcommand === undefined) throw unknownCommand(first, names, `perfmon ${command.name}`);
    return await runCommand(subcommand, rest, allCommands);
  }
  const parsed = parseArguments(command, args);
  if (parsed.has("help") && command.name !== "rec") return print(helpText(command));
  if (command.flags.some(({ name }) => name === UTC_FLAG.name) && !parsed.has("utc")) {
    useTimeZone(Date.now() / 1000);
  }
  renewHooksLink();
  if (command.readsLog !== true) return await command.run(parsed, allCommands);
  await drainFirst(parsed);
  const code = await command.run(parsed, allCommands);
  await tidyHistory(parsed);
  return code;
}

/** What takes something away is never guessed. */
const NEVER_GUESSED = ["clear", "remove", "disable"];

function unknownCommand(name: string, names: readonly string[], parent: string): CommandError {
  const near = nearName(name, names.filter((each) => !NEVER_GUESSED.includes(each)));
  const hint = near === undefined ? "" : `: did you mean "${parent} ${near}"?`;
  return new CommandError(
    `Unknown command "${name}"${hint}${hint === "" ? "; see" : " See"} ${parent} --help`,
    EXIT.usage,
  );
}

/** Names the nearest of few, and all of them. */
function unknownAmong(
  word: string,
  name: string,
  names: readonly string[],
  parent: string,
): CommandError {
  const near = nearName(name, names);
  const hint = near === undefined ? "give" : `did you mean "${parent} ${near}"? All are`;
  return new CommandError(
    `Unknown ${word} "${name}": ${hint} ${names.join(", ")}; see ${parent} --help`,
    EXIT.usage,
  );
}

/** perfmon's version, Deno's, and the platform. */
export function versionText(): string {
  return `perfmon ${config.version} (Deno ${Deno.version.deno}, ${Deno.build.target})`;
}

function print(text: string): number {
  writeText(text, { isUtf8: isUtf8() });
  return EXIT.ok;
}

function fail(error: unknown): number {
  const message = messageOf(error);
  const text = isCommandError(error) || isSystemError(error)
    ? message
    : `Internal error, please report it: ${message}`;
  warn(text);
  if (isCommandError(error)) return error.code;
  return isSystemError(error) ? EXIT.inputOutput : EXIT.no;
}

/** True for what the operating system refused, as against a mistake of perfmon's own. */
function isSystemError(error: unknown): boolean {
  // By its name: a class is in each bundle anew.
  return error instanceof Error && ("code" in error || error.name === "FileError") ||
    Object.values(Deno.errors).some((kind) => error instanceof kind);
}
