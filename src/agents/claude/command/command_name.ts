import { programOfLine } from "./shell_line.ts";
import { hasCommand } from "./told_tools.ts";

/** The longest name of an agent or a skill that is told, UTF-16 units. */
const NAME_LIMIT = 64;

/**
 * Says in a word or two what a call of a tool does, without anything that could be secret: of Bash program
 * and subcommand of the command that does the work (`npm test`), of WebFetch the host, of Agent and
 * Skill the name. Nothing else of the input is used; `undefined` where it can't be told. Never throws;
 * takes a time that grows with the input's length at most.
 */
export function commandName(toolName: string | undefined, input: unknown): string | undefined {
  if (!hasCommand(toolName) || typeof input !== "object" || input === null) return undefined;
  const members = input as Readonly<Record<string, unknown>>;
  switch (toolName) {
    case "Bash":
      return apply(programOfLine, members["command"]);
    case "WebFetch":
      return apply(hostOf, members["url"]);
    case "Agent":
    case "Task":
      return apply(plainName, members["subagent_type"]);
    case "Skill":
      return apply(plainName, members["skill"]);
    default:
      return undefined;
  }
}

function apply(name: (text: string) => string | undefined, value: unknown): string | undefined {
  return typeof value === "string" ? name(value) : undefined;
}

/**
 * The host of a URL, without user, password and port. A password may hold what ends a host (`/`, `?`):
 * where that can be, nothing is said.
 */
function hostOf(url: string): string | undefined {
  const begin = url.indexOf("://") + 3;
  if (begin < 3 || begin > 12) return undefined;
  const length = url.slice(begin).search(/[/?#\\]/);
  const end = length < 0 ? url.length : begin + length;
  const authority = url.slice(begin, end);
  const host = authority.slice(authority.lastIndexOf("@") + 1);
  const [name = "", port] = host.split(":");
  const mayBeUser = url.includes("@", end) && (port !== undefined || !name.includes("."));
  if (mayBeUser || !/^[a-z0-9](?:[a-z0-9.-]{0,61}[a-z0-9])?$/i.test(name)) return undefined;
  return port === undefined || /^\d{0,5}$/.test(port) ? name.toLowerCase() : undefined;
}

/** A name as it is given, `general-purpose`, `plugin:skill`; `undefined` for any other text. */
function plainName(name: string): string | undefined {
  return name.length <= NAME_LIMIT && /^[a-z][\w:. -]*$/i.test(name) ? name : undefined;
}
