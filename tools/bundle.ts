/**
 * Bundles the sources before they are compiled. A start of the binary then loads one module: a second
 * one would cost each hook 0.8 ms.
 */
import { ensureDir, walkSync } from "@std/fs";
import { numberChunks } from "./bundle_names.ts";
import { assemblePage, PAGE_FRAME } from "./bundle_page.ts";
import {
  BundleError,
  commonFolder,
  finishBundle,
  IN_NEED,
  outputOf,
  parentOf,
  prepareSource,
  VERSION_FILE,
} from "./bundle_text.ts";
import { compileEagerly } from "./eager.ts";
import { importedInNeed, type ModuleGraph, parseModuleGraph } from "./module_graph.ts";

/** The entry of the program and, as `main.js`, of the bundle. */
const ENTRY = "main.ts";
export const BUNDLE_ENTRY = "main.js";

/** The module that imports each command but `rec` and `report` when it is called. */
const COMMANDS = "src/commands/commands.ts";

/** What most hooks of Bash load besides. */
const USUAL_IN_REC: readonly string[] = [
  "src/agents/claude/command/command_name.ts",
  "src/record/ensure_sampler.ts",
];

/** A thread that reads long histories; its bundle keeps this name, by which it is started. */
export const BUNDLE_WORKER = "src/log/read/segment_worker.ts";

/** The dashboard's page: the module that imports all of its script, and where the command reads it. */
const PAGE_ENTRY = "src/page/main.ts";
export const BUNDLE_PAGE = "src/commands/dashboard/page.html";

/** The arguments of Deno by which it takes the packages that are locked, and fetches no other. */
const LOCKED: readonly string[] = ["--lock=deno.lock", "--frozen"];

/** The arguments of Deno that each bundle is made with. */
export const BUNDLE_FLAGS: readonly string[] = [
  "bundle",
  "--quiet",
  ...LOCKED,
  // Packages then come as ES modules. As CommonJS, what "deno" would take, they need node:module, which
  // the bundler hoists into every chunk: 30 ms more for each command.
  "--platform=browser",
  "--minify",
  `--external=${IN_NEED}*`,
];

/** Runs Deno with these arguments in the project's folder, and returns its standard output. */
export type RunDeno = (args: string[], env?: Record<string, string>) => Promise<string>;

/**
 * Writes the bundled program into the folder `output`, each module under the path that it has in the
 * sources of the project in the folder `root`:
 *
 * - `main.js`, which is the hot path (`rec`) and the choice of a command;
 * - a module for `report` and for each that it or `rec` imports in need only, bundled apart from each
 *   other, so that each is one module to load (a report took 4 ms longer with 14 shared chunks);
 * - all other commands, which share such chunks, so that the binary is 1 MB smaller;
 * - the worker, and the dashboard's page.
 *
 * The same sources make the same bytes, in whatever folder.
 * A class may be there more than once: `instanceof` tells nothing of what another module made. Throws
 * {@linkcode BundleError} where a bundle would not do what its sources do.
 */
export async function bundle(root: string, output: string, runDeno: RunDeno): Promise<void> {
  await runDeno(["check", "--quiet", ...LOCKED, ENTRY, BUNDLE_WORKER, PAGE_ENTRY]);
  const readGraph = async (entry: string): Promise<ModuleGraph> =>
    parseModuleGraph(await runDeno(["info", "--json", ...LOCKED, entry]), root);
  const graph = await readGraph(ENTRY);
  const copy = `${output}/copy`;
  await copySources(new Map([...graph, ...await readGraph(BUNDLE_WORKER)]), root, copy);

  const bundleAlone = async (source: string, path: string): Promise<void> => {
    await runDeno([...BUNDLE_FLAGS, `--output=${output}/${path}`, `${copy}/${source}`]);
    await edit(`${output}/${path}`, (code) => finishBundle(path, code));
  };
  await bundleAlone(ENTRY, BUNDLE_ENTRY);
  await edit(`${output}/${BUNDLE_ENTRY}`, finishEntry);
  const alone = importedInNeed(graph, ENTRY, COMMANDS);
  for (const source of alone) await bundleAlone(source, outputOf(source));
  for (const source of USUAL_IN_REC) await edit(`${output}/${outputOf(source)}`, compileEagerly);
  await bundleAlone(BUNDLE_WORKER, BUNDLE_WORKER);
  const together = importedInNeed(graph, ENTRY).filter((source) => !alone.includes(source));
  await bundleTogether(output, copy, together, runDeno);
  await bundlePage(root, output, runDeno);
  await Deno.remove(copy, { recursive: true });
  // The compiled program has the times of its files in it: of two builds they are to be the same.
  for (const path of listFiles(output)) await Deno.utime(`${output}/${path}`, 0, 0);
}

/** Copies the modules of the project, changed for the bundler, and the configuration. */
async function copySources(graph: ModuleGraph, root: string, copy: string): Promise<void> {
  for (const [path, imports] of new Map([...graph, ["deno.json", []]])) {
    if (path.includes(":")) continue; // a package
    const text = await Deno.readTextFile(`${root}/${path}`);
    await ensureDir(`${copy}/${parentOf(path)}`);
    const prepared = path.endsWith(".ts") ? prepareSource(path, text, imports) : text;
    await Deno.writeTextFile(`${copy}/${path}`, prepared);
  }
  const { version } = JSON.parse(await Deno.readTextFile(`${root}/deno.json`));
  await Deno.writeTextFile(`${copy}/${VERSION_FILE}`, JSON.stringify({ version }));
}

/** Bundles modules that share code; what several of them need is in chunks beside them. */
async function bundleTogether(
  output: string,
  copy: string,
  sources: readonly string[],
  runDeno: RunDeno,
): Promise<void> {
  const work = `${output}/together`;
  const entries = sources.map((source) => `${copy}/${source}`);
  await runDeno([...BUNDLE_FLAGS, "--code-splitting", `--outdir=${work}`, ...entries]);
  const base = commonFolder(sources); // the bundler leaves it away
  const bundles = listFiles(work)
    .map((below): [string, string] => [below, Deno.readTextFileSync(`${work}/${below}`)]);
  for (const [below, code] of numberChunks(new Map(bundles))) {
    const path = `${base}/${below}`;
    await ensureDir(`${output}/${parentOf(path)}`);
    await Deno.writeTextFile(`${output}/${path}`, finishBundle(path, code));
  }
  await Deno.remove(work, { recursive: true });
}

async function bundlePage(root: string, output: string, runDeno: RunDeno): Promise<void> {
  const work = `${output}/page`;
  await runDeno([...BUNDLE_FLAGS, `--outdir=${work}`, PAGE_ENTRY]);
  const frame = await Deno.readTextFile(`${root}/${PAGE_FRAME}`);
  const script = await Deno.readTextFile(`${work}/main.js`);
  const style = await Deno.readTextFile(`${work}/main.css`);
  await Deno.remove(work, { recursive: true });
  const page = await assemblePage(frame, script.trim(), style.trim());
  await Deno.writeTextFile(`${output}/${BUNDLE_PAGE}`, page);
}

/** Returns the entry's bundle so that V8 compiles it at once; throws where it imports a `node:` module. */
function finishEntry(code: string): string {
  if (/["']node:/.test(code)) {
    throw new BundleError("The hot path imports a node: module: keep packages off it");
  }
  return compileEagerly(code);
}

async function edit(file: string, change: (text: string) => string): Promise<void> {
  await Deno.writeTextFile(file, change(await Deno.readTextFile(file)));
}

/** Returns the paths of the files below a folder, from there. */
function listFiles(folder: string): string[] {
  return Array.from(walkSync(folder, { includeDirs: false }))
    .map(({ path }) => path.slice(folder.length + 1));
}
