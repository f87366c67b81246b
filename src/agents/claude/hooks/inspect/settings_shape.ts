import type { Json, JsonObject } from "../events.ts";

/** An entry below `hooks` that Claude Code can't read. */
export interface WrongEntry {
  /** Where it stands, e.g. `hooks.PostToolUse[0]`. */
  readonly place: string;
  /** What is wrong about it, e.g. `has no list "hooks"`. */
  readonly problem: string;
}

/**
 * The entries of a settings file's `hooks` that Claude Code can't read. Versions before 2.1.101 pass over
 * the whole file for one of them, silently, current ones at least over the entry (tried: each of these with
 * 2.0.77 and 2.1.330). A key that nobody knows is none.
 */
export function wrongEntries(hooks: Json | undefined): WrongEntry[] {
  if (hooks === undefined) return [];
  if (!isObject(hooks)) return [{ place: "hooks", problem: "is no object" }];
  return Object.entries(hooks).flatMap(([event, groups]) => {
    const place = `hooks.${event}`;
    if (!Array.isArray(groups)) return [{ place, problem: "is no list" }];
    return groups.flatMap((group, index) => wrongInGroup(group, `${place}[${index}]`));
  });
}

function wrongInGroup(group: Json, place: string): WrongEntry[] {
  if (!isObject(group)) return [{ place, problem: "is no object" }];
  const { matcher, hooks } = group;
  if (!Array.isArray(hooks)) return [{ place, problem: 'has no list "hooks"' }];
  if (matcher !== undefined && typeof matcher !== "string") {
    return [{ place, problem: 'has a "matcher" that is no text' }];
  }
  return hooks.flatMap((hook: Json, index) => {
    const problem = problemOf(hook);
    return problem === undefined ? [] : [{ place: `${place}.hooks[${index}]`, problem }];
  });
}

function problemOf(hook: Json): string | undefined {
  if (!isObject(hook)) return "is no object";
  const { type, command, timeout } = hook;
  if (typeof type !== "string") return 'has no "type"';
  if (type === "command" && typeof command !== "string") return 'has no "command" that is a text';
  if (timeout !== undefined && !(typeof timeout === "number" && timeout > 0)) {
    return 'has a "timeout" that is no number of seconds';
  }
  return undefined;
}

function isObject(value: Json): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
