/** An environment variable; `undefined` where it is not set, or no UTF-8 text, from which nothing can be read. */
export function variable(name: string): string | undefined {
  try {
    return Deno.env.get(name);
  } catch {
    return undefined;
  }
}

/** One that tells a path. Throws where it is no UTF-8 text: any other path would be a wrong one. */
export function pathVariable(name: string): string | undefined {
  try {
    return Deno.env.get(name);
  } catch {
    throw new Deno.errors.InvalidData(`Cannot use $${name}: it is not UTF-8 text`);
  }
}

/** Whether a folder lies below `$HOME`. */
export function isAtHome(folder: string): boolean {
  const home = variable("HOME") ?? "";
  return home.length > 1 && folder.startsWith(`${home}/`);
}
