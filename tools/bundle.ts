/** Bundles the sources before they are compiled: a start of the binary then loads two modules, not twenty. */

/** The entry of the bundle, in the folder that {@linkcode bundle} was given. */
export const BUNDLE_ENTRY = "main.js";

const RECORDER = "src/commands/rec.ts";

const FLAGS = ["bundle", "--quiet", "--check", "--platform=deno", "--minify"];

/** Runs Deno with these arguments in the project's folder; true where it succeeded. */
export type RunDeno = (args: string[]) => Promise<boolean>;

/**
 * Writes the bundled program into a folder: `main.js`, one module for the hot path (`rec`, which
 * hooks run), and a chunk for each command that is imported when it is called. The hot path is
 * bundled apart, so that what it shares with other commands costs it no further module; under its
 * own name, because that is what `main.js` imports. Returns a sentence where it failed.
 */
export async function bundle(folder: string, runDeno: RunDeno): Promise<string | undefined> {
  const commands = await runDeno([
    ...FLAGS,
    "--code-splitting",
    `--external=./${RECORDER}`,
    `--outdir=${folder}`,
    "main.ts",
  ]);
  const recorder = await runDeno([...FLAGS, `--output=${folder}/${RECORDER}`, RECORDER]);
  if (!commands || !recorder) return `Bundling "main.ts" failed: see the messages above`;
  for (const file of [BUNDLE_ENTRY, RECORDER]) {
    // A package in CommonJS makes the bundler hoist node:module, which costs every hook 30 ms.
    if (/["']node:/.test(await Deno.readTextFile(`${folder}/${file}`))) {
      return `The bundle of "${file}" imports a node: module: keep packages away from the hot path`;
    }
  }
  return undefined;
}
