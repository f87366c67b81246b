/** Which module imports which, as `deno info` tells it. */

/** Whether a module is loaded with its importer, by `import()` in need only, or for its types alone. */
export type ImportKind = "static" | "dynamic" | "type";

/** An import of a module. */
export interface Import {
  /** The imported module, named as in the graph. */
  readonly to: string;
  readonly kind: ImportKind;
  /** The specifier as it is written in the source. */
  readonly written: string;
}

/**
 * Modules and their imports, in the order of the sources. A module of the project is named by its path
 * from the project's folder (`src/log/clear.ts`), another one by its specifier (`npm:…`).
 */
export type ModuleGraph = ReadonlyMap<string, readonly Import[]>;

/** The part of the answer of `deno info --json` that matters here. */
interface Info {
  readonly modules: readonly {
    readonly specifier: string;
    readonly error?: string;
    readonly dependencies?: readonly {
      readonly specifier: string;
      readonly isDynamic?: boolean;
      readonly code?: { readonly specifier?: string };
      readonly type?: { readonly specifier?: string };
    }[];
  }[];
}

/**
 * Returns the graph out of the answer of `deno info --json`, for a project in the folder `root`. Throws
 * an Error where a module could not be read; style sheets, which Deno does not read, are the exception.
 */
export function parseModuleGraph(json: string, root: string): ModuleGraph {
  const { modules }: Info = JSON.parse(json);
  const prefix = `${new URL(`file://${root}`)}/`;
  const nameOf = (specifier: string): string =>
    specifier.startsWith(prefix) ? specifier.slice(prefix.length) : specifier;
  return new Map(modules.map(({ specifier, error, dependencies = [] }) => {
    if (error !== undefined && !specifier.endsWith(".css")) throw new Error(error);
    const imports = dependencies.flatMap(({ specifier: written, isDynamic, code, type }) => [
      { to: code?.specifier, kind: isDynamic ? "dynamic" as const : "static" as const, written },
      { to: type?.specifier, kind: "type" as const, written },
    ]);
    const known = imports.flatMap(({ to, ...rest }) =>
      to === undefined ? [] : [{ to: nameOf(to), ...rest }]
    );
    return [nameOf(specifier), known];
  }));
}

/** Returns the module `start` and all that it reaches through imports of these kinds, in that order. */
export function reach(
  graph: ModuleGraph,
  start: string,
  follows: readonly ImportKind[],
): Set<string> {
  const reached = new Set([start]);
  for (const module of reached) { // grows while it is walked
    for (const { to, kind } of graph.get(module) ?? []) {
      if (follows.includes(kind)) reached.add(to);
    }
  }
  return reached;
}

/**
 * Returns the modules that `start`, or what it reaches, imports in need only, each once. What the module
 * `except` imports in need is passed over.
 */
export function importedInNeed(graph: ModuleGraph, start: string, except?: string): string[] {
  const inNeed = new Set<string>();
  const reached = new Set([start]);
  for (const module of reached) { // grows while it is walked
    for (const { to, kind } of graph.get(module) ?? []) {
      if (kind === "type" || kind === "dynamic" && module === except) continue;
      reached.add(to);
      if (kind === "dynamic") inNeed.add(to);
    }
  }
  return [...inNeed];
}
