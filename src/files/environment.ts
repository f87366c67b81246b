/** Looks up an environment variable, `HOME`; `undefined` where it is not set. */
export type Environment = (name: string) => string | undefined;

/** An environment variable; `undefined` where it is not set, or no UTF-8 text, from which nothing can be read. */
export function variable(name: string): string | undefined {
  try {
    return Deno.env.get(name);
  } catch {
    return undefined;
  }
}

/** Those that tell a person's own folders: a relative one would lie in whatever repository is worked in. */
const ABSOLUTE = ["HOME", "CLAUDE_CONFIG_DIR"];

/**
 * One that tells a path. Throws where it is no UTF-8 text, or tells a person's own folder by a relative path:
 * any other path would be a wrong one.
 */
export function pathVariable(name: string): string | undefined {
  let value: string | undefined;
  try {
    value = Deno.env.get(name);
  } catch {
    throw new Deno.errors.InvalidData(`Cannot use $${name}: it is not UTF-8 text`);
  }
  if (value && !value.startsWith("/") && ABSOLUTE.includes(name)) {
    throw new Deno.errors.InvalidData(`Cannot use $${name}: "${value}" is no absolute path`);
  }
  return value;
}

/** Whether a folder lies below `$HOME`. */
export function isAtHome(folder: string): boolean {
  const home = variable("HOME") ?? "";
  return home.length > 1 && folder.startsWith(`${home}/`);
}
