/**
 * What is changed in the sources before they are bundled, and in the bundles after that: text in, text
 * out. Paths are from the project's folder, or from that of the bundles, which are laid out alike.
 */
import type { Import } from "./module_graph.ts";

/** Begins the specifier of each module that is imported in need only, so that it is left out of bundles. */
export const IN_NEED = "in-need:";

/** Stands after each `using` while a bundle is made. */
const GUARD = "debugger;";

/** A bundle can't be made; the message is for people. */
export class BundleError extends Error {
  override readonly name = "BundleError";
}

/** The part of deno.json that the program reads, from the top of the sources. */
export const VERSION_FILE = "version.json";

/**
 * Returns a source as it is to be bundled: with names for what it imports in need, with guards, and
 * with the version alone of deno.json, which would be in each bundle whole.
 */
export function prepareSource(path: string, text: string, imports: readonly Import[]): string {
  const versioned = text.replace(/\/deno\.json(?=" with )/, `/${VERSION_FILE}`);
  return guardUsing(path, nameInNeed(path, versioned, imports));
}

/** Returns a bundle as it is to be compiled; `path` is its own. */
export function finishBundle(path: string, code: string): string {
  return resolveNames(path, removeGuards(path, code));
}

/**
 * Returns a source in which each `import("./x.ts")` has the imported module's path for a name: the
 * bundler leaves an import out by what is written, and one specifier may mean two files.
 */
function nameInNeed(path: string, text: string, imports: readonly Import[]): string {
  for (const { to, kind, written } of imports) {
    if (kind !== "dynamic") continue;
    const call = `import("${written}")`;
    if (!text.includes(call)) throw new BundleError(`"${path}" lacks ${call}`);
    text = text.replaceAll(call, `import("${IN_NEED}${to}")`);
  }
  return text;
}

/** Returns a bundle that imports by their paths the bundles of what `nameInNeed` gave a name. */
function resolveNames(path: string, code: string): string {
  const up = "../".repeat(path.split("/").length - 1) || "./";
  return code.replaceAll(
    new RegExp(`"${IN_NEED}([^"]+)"`, "g"),
    (_, source) => `"${up}${outputOf(source)}"`,
  );
}

/**
 * Returns a source with a statement after each `using` that the bundler neither moves nor drops.
 * Without it the minifier (esbuild 0.25.5, that of Deno 2.9.6) writes a variable that is read once, in
 * the statement after its declaration, in place of the read: the declaration is gone, and what was to
 * be disposed of stays open (https://github.com/evanw/esbuild/issues/4482).
 */
export function guardUsing(path: string, text: string): string {
  const guarded = text.replaceAll(/^ *(?:await )?using \w+ = .*?;$/gms, `$& ${GUARD}`);
  const code = guarded.replaceAll(/\/\*.*?\*\/|\/\/.*$/gms, "");
  if (countUsing(code) !== count(code, /\bdebugger\b/g)) {
    throw new BundleError(`"${path}" has a "using" that does not begin a line and end with one`);
  }
  return guarded;
}

/** Returns a bundle without the guards; throws where not each follows a `using`. */
export function removeGuards(path: string, code: string): string {
  const [guards, declarations] = [count(code, /\bdebugger\b/g), countUsing(code)];
  if (guards !== declarations) {
    throw new BundleError(`"${path}" has ${declarations} "using", its sources have ${guards}`);
  }
  return code.replaceAll(/\bdebugger\b;?/g, "");
}

/** Returns how many variables a code declares by `using` or `await using`. */
export function countUsing(code: string): number {
  return count(code, /\busing [\w$]+ ?=/g);
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}

/** Returns the path of a module's bundle: `src/log/rotate.js` for `src/log/rotate.ts`. */
export function outputOf(source: string): string {
  return source.replace(/\.ts$/, ".js");
}

/** Returns the path of the folder that a file is in; empty for one at the top. */
export function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}

/** Returns the longest path of folders that all these files have in common. */
export function commonFolder(paths: readonly string[]): string {
  const folders = paths.map((path) => parentOf(path).split("/"));
  const [first = []] = folders;
  const differs = first.findIndex((name, depth) => folders.some((other) => other[depth] !== name));
  return first.slice(0, differs < 0 ? undefined : differs).join("/");
}
