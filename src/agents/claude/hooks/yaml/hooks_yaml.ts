/** Reads perfmon's hooks in hooks.yaml, a file that Claude Code itself never reads. */
import { parse, YamlSyntaxError } from "../../../../std/yaml.ts";
import { HooksError } from "../errors.ts";
import { withinDepth } from "../../../../text/nesting.ts";

/** A hook of perfmon in hooks.yaml. */
export interface YamlHook {
  readonly name: string;
  readonly isEnabled: boolean;
}

/** The names under which perfmon's examples and the original hooks stand in hooks.yaml. */
const NAMES = ["performance-monitor-pre", "performance-monitor-post"];

/** The hooks of perfmon in the text of hooks.yaml. Throws a `HooksError` that names the line. */
export function yamlHooks(text: string): YamlHook[] {
  const find = (): YamlHook[] =>
    hooksIn(parseHooks(text))
      .filter(({ name, command }) => isOurs(name, command))
      .map(({ name, enabled }) => ({ name: String(name), isEnabled: enabled !== false }));
  return withinDepth(find, tooDeep);
}

/** Returns that hooks.yaml is nested too deeply to be read. */
export function tooDeep(): HooksError {
  return new HooksError("Invalid YAML: it is nested too deeply", "data");
}

/** Whether a hook of this name and command is perfmon's. */
export function isOurs(name: unknown, command: unknown): boolean {
  return NAMES.includes(String(name)) || /^perfmon rec (start|end)\b/.test(String(command));
}

type YamlMap = Readonly<Record<string, unknown>>;

function parseHooks(text: string): YamlMap {
  let document: unknown;
  try {
    document = parse(text, { schema: "core" }) ?? {};
  } catch (error) {
    if (!(error instanceof YamlSyntaxError)) throw error;
    const [what] = error.message.split(/ at line |\n/);
    const message = `Invalid YAML at line ${error.line}, column ${error.column}: ${what}`;
    throw new HooksError(message, "data");
  }
  if (!isMap(document)) {
    throw new HooksError(`Expected a map with the key "hooks" at line 1`, "data");
  }
  return document;
}

/** The hooks of a list of hooks, or of a map of lists. */
function hooksIn({ hooks }: YamlMap): YamlMap[] {
  const lists = Array.isArray(hooks) ? [hooks] : isMap(hooks) ? Object.values(hooks) : [];
  return lists.flatMap((list) => Array.isArray(list) ? list.filter(isMap) : []);
}

function isMap(value: unknown): value is YamlMap {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
