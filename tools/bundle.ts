/**
 * Bundles the sources before they are compiled. A start of the binary then loads one module: a second
 * one would cost each hook 0.8 ms.
 */

import { compileEagerly } from "./eager.ts";

/** The entry of the program and, as `main.js`, of the bundle. */
const ENTRY = "main.ts";

/** The module that imports each command but `rec` and `report` when it is called. */
const COMMANDS = "src/commands/commands.ts";
export const BUNDLE_ENTRY = "main.js";

/** A thread that reads large logs. */
const WORKER = "src/log/read/slice_worker.ts";

/** The same in the folder that {@linkcode bundle} was given, to be included in the binary. */
export const BUNDLE_WORKER = "commands/slice_worker.ts";

/** What the dashboard's page is made of: its frame, and the module that imports all else. */
const PAGE_FRAME = "src/page/page.html";
const PAGE_ENTRY = "src/page/main.ts";

/** The page in the folder that {@linkcode bundle} was given; the calls are still to be put in. */
export const BUNDLE_PAGE = "commands/page.html";

const FLAGS = [
  "bundle",
  "--quiet",
  // Packages then come as ES modules. As CommonJS, what "deno" would take, they need node:module, which
  // the bundler hoists into every chunk: 30 ms more for each command.
  "--platform=browser",
  "--minify",
];

/** Runs Deno with these arguments in the project's folder, and returns its standard output. */
export type RunDeno = (args: string[], env?: Record<string, string>) => Promise<string>;

/** A bundle can't be made; the message is for people. */
export class BundleError extends Error {
  override readonly name = "BundleError";
}

/**
 * Writes the bundled program into a folder: `main.js`, which is the hot path (`rec`) and the choice of
 * a command; a module for `report` and for each that it or `rec` imports in need only, bundled apart
 * from each other, so that each is one module to load (a report took 4 ms longer with what commands
 * share in 14 chunks); and all other commands, which share such chunks, so that the binary is 1 MB
 * smaller. A class may be there more than once: `instanceof` tells nothing of what another module made.
 */
export async function bundle(folder: string, runDeno: RunDeno): Promise<void> {
  const info: ModuleInfo = JSON.parse(await runDeno(["info", "--json", ENTRY]));
  const lazy = findLazyImports(info, ["static"]);
  const externals = lazy.map(({ specifier }) => `--external=${specifier}`);
  await runDeno([...FLAGS, "--check", ...externals, `--output=${folder}/${BUNDLE_ENTRY}`, ENTRY]);
  const commands = lazy.filter(({ importer }) => importer === ENTRY).map(({ source }) => source);
  const reached = findLazyImports(info, ["static", "dynamic"]);
  const sources = new Set(reached.map(({ source }) => source));
  if (new Set([...sources].map(baseName)).size < sources.size) {
    throw new BundleError("Two modules that are imported in need have one name: rename one");
  }
  const apart = findLazyImports(info, ["static", "dynamic"], COMMANDS);
  await bundleApart(folder, apart, reached, runDeno);
  await bundleCommands(folder, apart, reached, runDeno);
  const inNeed = lazy.map(({ source }) => source).filter((each) => !commands.includes(each));
  for (const source of new Set(inNeed)) {
    await runDeno([...FLAGS, `--output=${folder}/${inNeedPath(source)}`, source]);
  }
  // Beside the module that starts it, where it finds it as it does in the sources.
  await runDeno([...FLAGS, "--check", `--output=${folder}/${BUNDLE_WORKER}`, WORKER]);
  await bundlePage(folder, runDeno);

  let main = await Deno.readTextFile(`${folder}/${BUNDLE_ENTRY}`);
  if (/["']node:/.test(main)) {
    throw new BundleError("The hot path imports a node: module: keep packages off it");
  }
  for (const { specifier, source } of lazy) {
    const written = `import("${specifier}")`;
    if (!main.includes(written)) throw new BundleError(`The bundle lacks ${written}`);
    const path = commands.includes(source) ? `commands/${baseName(source)}` : inNeedPath(source);
    main = main.replaceAll(written, `import("./${path}")`);
  }
  await Deno.writeTextFile(`${folder}/${BUNDLE_ENTRY}`, compileEagerly(main));
}

/** Bundles modules that are imported in need only, each with all that it imports. */
async function bundleApart(
  folder: string,
  modules: readonly LazyImport[],
  lazy: readonly LazyImport[],
  runDeno: RunDeno,
): Promise<void> {
  await Deno.mkdir(`${folder}/commands`, { recursive: true });
  for (const path of new Set(modules.map(({ source }) => source))) {
    const externals = lazy.filter(({ source }) => source !== path)
      .map(({ specifier }) => `--external=${specifier}`);
    const output = `${folder}/commands/${baseName(path)}`;
    await runDeno([...FLAGS, ...externals, `--output=${output}`, path]);
    await nameBundles(output, lazy);
  }
}

/** Bundles all other modules that are imported in need only; what they share is in chunks of its own. */
async function bundleCommands(
  folder: string,
  apart: readonly LazyImport[],
  lazy: readonly LazyImport[],
  runDeno: RunDeno,
): Promise<void> {
  const others = lazy.filter(({ source }) => !apart.some((each) => each.source === source));
  const externals = apart.map(({ specifier }) => `--external=${specifier}`);
  const entries = new Set(others.map(({ source }) => source));
  const work = `${folder}/work`;
  await runDeno([...FLAGS, "--code-splitting", ...externals, `--outdir=${work}`, ...entries]);
  for (const { name } of [...Deno.readDirSync(work)]) {
    await Deno.rename(`${work}/${name}`, `${folder}/commands/${name}`);
    await nameBundles(`${folder}/commands/${name}`, apart);
  }
  await Deno.remove(work);
}

/** Has a bundle import the bundles of these modules, in the same folder. */
async function nameBundles(file: string, modules: readonly LazyImport[]): Promise<void> {
  let text = await Deno.readTextFile(file);
  for (const { specifier, source } of modules) {
    text = text.replaceAll(`"${specifier}"`, `"./${baseName(source)}"`);
  }
  await Deno.writeTextFile(file, text);
}

/**
 * Writes the dashboard's page, script and style inside, with a policy that allows these two by their
 * hashes and nothing else: no request, no other script, no text that is read as HTML.
 */
async function bundlePage(folder: string, runDeno: RunDeno): Promise<void> {
  const work = `${folder}/page`;
  await runDeno([...FLAGS, "--check", `--outdir=${work}`, PAGE_ENTRY]);
  const script = (await Deno.readTextFile(`${work}/main.js`)).trim();
  const style = (await Deno.readTextFile(`${work}/main.css`)).trim();
  await Deno.remove(work, { recursive: true });
  if (/<\/script|<!--/i.test(script) || /<\/style/i.test(style)) {
    throw new BundleError("The page's script or style would end too early in HTML");
  }
  const policy = await policyFor(script, style);
  const page = (await Deno.readTextFile(PAGE_FRAME))
    .replace("{{policy}}", () => policy)
    .replace("<style>", () => `<style>${style}`)
    .replace('<script type="module" async>', (tag) => tag + script);
  await Deno.writeTextFile(`${folder}/${BUNDLE_PAGE}`, page);
}

async function policyFor(script: string, style: string): Promise<string> {
  const hash = async (text: string): Promise<string> => {
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
    return `'sha256-${btoa(String.fromCharCode(...new Uint8Array(digest)))}'`;
  };
  return [
    "default-src 'none'",
    `script-src ${await hash(script)}`,
    `style-src ${await hash(style)}`,
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join("; ");
}

/** An import that is done in need only, of a module that each start loads. */
interface LazyImport {
  /** The module that imports, as a path from the project's folder. */
  readonly importer: string;
  /** The specifier as it is written. */
  readonly specifier: string;
  /** The module imported, as a path from the project's folder. */
  readonly source: string;
}

/** The part of the answer of `deno info --json` that matters here. */
interface ModuleInfo {
  readonly modules: readonly {
    readonly specifier: string;
    readonly dependencies?: readonly {
      readonly specifier: string;
      readonly isDynamic?: boolean;
      readonly code?: { readonly specifier: string };
    }[];
  }[];
}

/**
 * What the entry, and what it reaches by these kinds of imports, imports dynamically; each specifier
 * once. What the module `except` imports dynamically is left out.
 */
function findLazyImports(
  { modules }: ModuleInfo,
  follows: readonly ("static" | "dynamic")[],
  except?: string,
): LazyImport[] {
  const entry = modules.find(({ specifier }) => specifier.endsWith(`/${ENTRY}`))?.specifier ?? "";
  const root = entry.slice(0, -ENTRY.length);
  const lazy = new Map<string, LazyImport>();
  const reached = new Set([entry]);
  for (const module of reached) { // grows while it is walked
    const found = modules.find(({ specifier }) => specifier === module);
    for (const { specifier, isDynamic, code } of found?.dependencies ?? []) {
      if (code === undefined) continue; // types only
      if (isDynamic === true && module.slice(root.length) === except) continue;
      if (follows.includes(isDynamic === true ? "dynamic" : "static")) reached.add(code.specifier);
      if (isDynamic !== true) continue;
      const [importer, source] = [module.slice(root.length), code.specifier.slice(root.length)];
      if ((lazy.get(specifier)?.source ?? source) !== source) {
        throw new BundleError(`"${specifier}" means two files: rename one`);
      }
      lazy.set(specifier, { importer, specifier, source });
    }
  }
  // The bundler goes by what is written, and not by the file it means.
  for (const { specifier, code } of modules.flatMap(({ dependencies = [] }) => dependencies)) {
    const source = lazy.get(specifier)?.source;
    if (source !== undefined && code !== undefined && code.specifier !== root + source) {
      throw new BundleError(`"${specifier}" means two files: rename one`);
    }
  }
  return [...lazy.values()];
}

/** `src/log/rotate.ts` → `in_need/log/rotate.js`. */
function inNeedPath(source: string): string {
  return source.replace(/^src/, "in_need").replace(/\.ts$/, ".js");
}

/** `src/commands/top.ts` → `top.js`, as the bundler names the entries of one folder. */
function baseName(source: string): string {
  return source.slice(source.lastIndexOf("/") + 1).replace(/\.ts$/, ".js");
}
