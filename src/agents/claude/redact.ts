import { SECRETS } from "./secrets.ts";

/** The longest line of parameters, UTF-16 units. */
const LINE_LIMIT = 200;

const HIDDEN = "[redacted]";

/** The members of a tool's input that say what a tool worked on, the most telling first. */
const TELLING = ["file_path", "notebook_path", "path", "pattern", "query", "url", "description"];

/**
 * Says what a tool was asked to do as one redacted line: for file tools the path, for Bash the command's
 * first line, for others their most telling member. Nothing else of `tool_input` is used. Redaction
 * is by shape, so a secret that looks like a word stays.
 */
export function redactParameters(
  toolName: string | undefined,
  input: unknown,
): string | undefined {
  const line = telling(toolName, input);
  return line === undefined ? undefined : redact(line).slice(0, LINE_LIMIT);
}

function telling(toolName: string | undefined, input: unknown): string | undefined {
  if (typeof input !== "object" || input === null) return undefined;
  const members = new Map(Object.entries(input));
  const keys = toolName === "Bash" ? ["command"] : TELLING;
  for (const key of keys) {
    const value: unknown = members.get(key);
    if (typeof value === "string" && value.trim() !== "") return firstLine(value);
  }
  return undefined;
}

function firstLine(text: string): string {
  // Cut generously before redacting, so that a secret at the limit is still seen whole.
  return text.trimStart().slice(0, 10 * LINE_LIMIT).split(/[\r\n]/, 1)[0] ?? "";
}

/** The text with whatever looks like a secret replaced by `[redacted]`. */
export function redact(text: string): string {
  const shaped = SECRETS.reduce((line, shape) => line.replace(shape, `$1${HIDDEN}`), text);
  return shaped.replace(/[A-Za-z0-9+/_=-]{32,}/g, (word) => isRandom(word) ? HIDDEN : word);
}

/**
 * Whether a word is a long run that mixes cases and digits and is no path: a key, not a commit hash
 * (hex) or a uuid.
 */
function isRandom(word: string): boolean {
  if (/^[0-9a-f-]+$/i.test(word)) return false;
  if (!/\d/.test(word) || !/[a-z]/.test(word) || !/[A-Z]/.test(word)) return false;
  const parts = word.split(/[/_-]/);
  // Secret keys of AWS: 40 characters, slashes among them. A path has a part in lower case.
  if (word.length === 40 && !parts.some((part) => /^[a-z]+$/.test(part))) return true;
  const hasLongPart = parts.some((part) => part.length >= 24);
  // Names have few digits, and these together: `SomeLongClassName2Test`.
  const digitEdges = word.match(/[A-Za-z](?=\d)|\d(?=[A-Za-z])/g)?.length ?? 0;
  return hasLongPart && digitEdges >= 4;
}
