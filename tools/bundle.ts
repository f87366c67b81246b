/**
 * Bundles the sources before they are compiled. A start of the binary then loads one module: a second
 * one would cost each hook 0.8 ms.
 */

import { ensureDir, walkSync } from "@std/fs";
import { compileEagerly } from "./eager.ts";

/** The entry of the program and, as `main.js`, of the bundle. */
const ENTRY = "main.ts";
export const BUNDLE_ENTRY = "main.js";

/** The module that imports each command but `rec` and `report` when it is called. */
const COMMANDS = "src/commands/commands.ts";

/** A thread that reads large logs; its bundle keeps this name, by which it is started. */
export const BUNDLE_WORKER = "src/log/read/slice_worker.ts";

/** What the dashboard's page is made of: its frame, and the module that imports all else. */
const PAGE_FRAME = "src/page/page.html";
const PAGE_ENTRY = "src/page/main.ts";

/** The page, beside the command that reads it; the calls are still to be put in. */
export const BUNDLE_PAGE = "src/commands/dashboard/page.html";

/** A module that is imported in need only has this name in the bundles until all of them are made. */
const IN_NEED = "in-need:";

const FLAGS = [
  "bundle",
  "--quiet",
  // Packages then come as ES modules. As CommonJS, what "deno" would take, they need node:module, which
  // the bundler hoists into every chunk: 30 ms more for each command.
  "--platform=browser",
  "--minify",
  `--external=${IN_NEED}*`,
];

/** Runs Deno with these arguments in the project's folder, and returns its standard output. */
export type RunDeno = (args: string[], env?: Record<string, string>) => Promise<string>;

/** A bundle can't be made; the message is for people. */
export class BundleError extends Error {
  override readonly name = "BundleError";
}

/**
 * Writes the bundled program into a folder, each module under the path that it has in the sources:
 * `main.js`, which is the hot path (`rec`) and the choice of a command; a module for `report` and for
 * each that it or `rec` imports in need only, bundled apart from each other, so that each is one module
 * to load (a report took 4 ms longer with what commands share in 14 chunks); and all other commands,
 * which share such chunks, so that the binary is 1 MB smaller. A class may be there more than once:
 * `instanceof` tells nothing of what another module made.
 */
export async function bundle(folder: string, runDeno: RunDeno): Promise<void> {
  const info: ModuleInfo = JSON.parse(await runDeno(["info", "--json", ENTRY]));
  await runDeno(["check", "--quiet", ENTRY, BUNDLE_WORKER]);
  const copy = `${folder}/copy`;
  await copySources(info, copy);
  const bundleModule = async (source: string, output: string): Promise<void> => {
    await runDeno([...FLAGS, `--output=${folder}/${output}`, `${copy}/${source}`]);
    await nameImports(folder, output);
  };
  await bundleModule(ENTRY, BUNDLE_ENTRY);
  const apart = lazyModules(info, COMMANDS);
  for (const source of apart) await bundleModule(source, outputOf(source));
  const shared = lazyModules(info).filter((source) => !apart.includes(source));
  await bundleShared(folder, copy, shared, runDeno);
  // Beside the module that starts it, where it finds it as it does in the sources.
  await bundleModule(BUNDLE_WORKER, BUNDLE_WORKER);
  await bundlePage(folder, runDeno);
  await Deno.remove(copy, { recursive: true });

  const main = await Deno.readTextFile(`${folder}/${BUNDLE_ENTRY}`);
  if (/["']node:/.test(main)) {
    throw new BundleError("The hot path imports a node: module: keep packages off it");
  }
  await Deno.writeTextFile(`${folder}/${BUNDLE_ENTRY}`, compileEagerly(main));
}

/**
 * Copies the sources, in which what is imported in need only has a name by its path: the bundler leaves
 * those imports alone, and goes by what is written, in which one name may mean two files.
 */
async function copySources(info: ModuleInfo, copy: string): Promise<void> {
  const root = rootOf(info);
  for (const path of ["main.ts", "deno.json", BUNDLE_WORKER, ...sourcesOf(info)]) {
    let text = await Deno.readTextFile(path);
    const found = info.modules.find(({ specifier }) => specifier === root + path);
    for (const { specifier, isDynamic, code } of found?.dependencies ?? []) {
      if (isDynamic !== true || code === undefined) continue;
      const written = `import("${specifier}")`;
      if (!text.includes(written)) throw new BundleError(`"${path}" lacks ${written}`);
      text = text.replaceAll(written, `import("${IN_NEED}${code.specifier.slice(root.length)}")`);
    }
    await ensureDir(`${copy}/${parentOf(path)}`);
    await Deno.writeTextFile(`${copy}/${path}`, text);
  }
}

/** Bundles modules that are imported in need only; what they share is in chunks of its own. */
async function bundleShared(
  folder: string,
  copy: string,
  sources: readonly string[],
  runDeno: RunDeno,
): Promise<void> {
  const output = `${folder}/shared`;
  const entries = sources.map((source) => `${copy}/${source}`);
  await runDeno([...FLAGS, "--code-splitting", `--outdir=${output}`, ...entries]);
  const base = commonFolder(sources); // what the bundler leaves away
  for (const path of listFiles(output)) {
    await ensureDir(`${folder}/${base}/${parentOf(path)}`);
    await Deno.rename(`${output}/${path}`, `${folder}/${base}/${path}`);
    await nameImports(folder, `${base}/${path}`);
  }
  await Deno.remove(output, { recursive: true });
}

/** Has a bundle import what it needs only at times by the paths of those bundles. */
async function nameImports(folder: string, output: string): Promise<void> {
  const up = "../".repeat(output.split("/").length - 1) || "./";
  const text = await Deno.readTextFile(`${folder}/${output}`);
  const named = text.replaceAll(
    new RegExp(`"${IN_NEED}([^"]+)"`, "g"),
    (_, source) => `"${up}${outputOf(source)}"`,
  );
  await Deno.writeTextFile(`${folder}/${output}`, named);
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

/** The URL of the project's folder, with a slash at its end. */
function rootOf({ modules }: ModuleInfo): string {
  const entry = modules.find(({ specifier }) => specifier.endsWith(`/${ENTRY}`))?.specifier ?? "";
  return entry.slice(0, -ENTRY.length);
}

/** The modules of src, as paths from the project's folder. */
function sourcesOf(info: ModuleInfo): string[] {
  const src = `${rootOf(info)}src/`;
  return info.modules.map(({ specifier }) => specifier)
    .filter((specifier) => specifier.startsWith(src))
    .map((specifier) => specifier.slice(src.length - "src/".length));
}

/**
 * The modules that are imported dynamically by what the entry reaches, as paths; each once. What the
 * module `except` imports dynamically is left out.
 */
function lazyModules(info: ModuleInfo, except?: string): string[] {
  const root = rootOf(info);
  const lazy = new Set<string>();
  const reached = new Set([root + ENTRY]);
  for (const module of reached) { // grows while it is walked
    const found = info.modules.find(({ specifier }) => specifier === module);
    for (const { isDynamic, code } of found?.dependencies ?? []) {
      if (code === undefined) continue; // types only
      if (isDynamic === true && module === `${root}${except}`) continue;
      reached.add(code.specifier);
      if (isDynamic === true) lazy.add(code.specifier.slice(root.length));
    }
  }
  return [...lazy];
}

/** `src/log/rotate.ts` → `src/log/rotate.js`. */
function outputOf(source: string): string {
  return source.replace(/\.ts$/, ".js");
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}

/** The longest path of folders that all these files have in common. */
function commonFolder(paths: readonly string[]): string {
  const folders = paths.map((path) => parentOf(path).split("/"));
  const [first = []] = folders;
  const differs = first.findIndex((name, depth) => folders.some((other) => other[depth] !== name));
  return first.slice(0, differs < 0 ? undefined : differs).join("/");
}

/** The paths of the files below a folder, from there. */
function listFiles(folder: string): string[] {
  return Array.from(walkSync(folder, { includeDirs: false }))
    .map(({ path }) => path.slice(folder.length + 1));
}
