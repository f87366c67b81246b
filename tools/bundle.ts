/** Bundles the sources before they are compiled: a start of the binary then loads two modules, not twenty. */

/** The entry of the bundle, in the folder that {@linkcode bundle} was given. */
export const BUNDLE_ENTRY = "main.js";

/** What hooks run; all that it imports statically is parsed at each of their starts. */
const RECORDER = "src/commands/rec.ts";

/** What the dashboard's page is made of: its frame, and the module that imports all else. */
const PAGE_FRAME = "src/page/page.html";
const PAGE_ENTRY = "src/page/main.ts";

/** The page in the folder that {@linkcode bundle} was given; the calls are still to be put in. */
export const BUNDLE_PAGE = "page.html";

const FLAGS = [
  "bundle",
  "--quiet",
  // Packages then come as ES modules. As CommonJS, what "deno" would take, they need node:module, which
  // the bundler hoists into every chunk: 30 ms more for each command.
  "--platform=browser",
  "--minify",
];

/** Runs Deno with these arguments in the project's folder, and returns its standard output. */
export type RunDeno = (args: string[]) => Promise<string>;

/** A bundle can't be made; the message is for people. */
export class BundleError extends Error {
  override readonly name = "BundleError";
}

/**
 * Writes the bundled program into a folder: `main.js`, one module for the hot path (`rec`), one for
 * each module that the hot path imports in need only, and a chunk for each other command. The hot
 * path and what it imports in need are bundled apart from the rest and from each other, so that no
 * shared code becomes a further module to load.
 */
export async function bundle(folder: string, runDeno: RunDeno): Promise<void> {
  const lazy = await findLazyImports(runDeno);
  await runDeno([
    ...FLAGS,
    "--check",
    "--code-splitting",
    `--external=./${RECORDER}`,
    `--outdir=${folder}`,
    "main.ts",
  ]);
  const externals = [...lazy.keys()].map((specifier) => `--external=${specifier}`);
  await runDeno([...FLAGS, ...externals, `--output=${folder}/${RECORDER}`, RECORDER]);
  for (const [specifier, source] of lazy) {
    // The specifiers stay as they are written, and are resolved from the recorder's bundle.
    const output = new URL(specifier, `file://${folder}/${RECORDER}`).pathname;
    await runDeno([...FLAGS, `--output=${output}`, source]);
  }
  await bundlePage(folder, runDeno);
  for (const file of [BUNDLE_ENTRY, RECORDER]) {
    if (/["']node:/.test(await Deno.readTextFile(`${folder}/${file}`))) {
      throw new BundleError(`"${file}" imports a node: module: keep packages off the hot path`);
    }
  }
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
    .replace('<script type="module">', () => `<script type="module">${script}`);
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

/** What the recorder and its static imports import dynamically: the specifier as written → the file. */
async function findLazyImports(runDeno: RunDeno): Promise<Map<string, string>> {
  const { modules }: ModuleInfo = JSON.parse(await runDeno(["info", "--json", RECORDER]));
  const lazy = new Map<string, string>();
  const reached = new Set(
    modules.map(({ specifier }) => specifier).filter((each) => each.endsWith(`/${RECORDER}`)),
  );
  for (const module of reached) { // grows while it is walked
    const found = modules.find(({ specifier }) => specifier === module);
    for (const { specifier, isDynamic, code } of found?.dependencies ?? []) {
      if (code === undefined) continue; // types only
      if (isDynamic !== true) reached.add(code.specifier);
      else if (lazy.get(specifier) !== undefined && lazy.get(specifier) !== code.specifier) {
        throw new BundleError(`"${specifier}" means two files on the hot path: rename one`);
      } else lazy.set(specifier, code.specifier);
    }
  }
  return lazy;
}
