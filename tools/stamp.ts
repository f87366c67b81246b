/** What `dist/perfmon` was made of, so that nothing is compiled twice. */
import { existsSync, walkSync } from "@std/fs";
import { sha256 } from "./denort.ts";
import type { RuntimeOrigin } from "./runtime.ts";

/** What a finished build was made of and came to. */
export interface Stamp {
  /** What {@linkcode hashInputs} returned before compiling. */
  inputs: string;
  runtime: RuntimeOrigin;
  /** SHA-256 of the compiled file. */
  binary: string;
}

/** The SHA-256 over all that the binary is made of but the runtime: files by path and content. */
export async function hashInputs(root: string, target: string): Promise<string> {
  const parts = [`deno ${Deno.version.deno}`, `target ${target}`];
  for (const path of listInputs(root)) {
    const content = await Deno.readFile(`${root}/${path}`);
    parts.push(`${path} ${await sha256(content)}`);
  }
  return await sha256(new TextEncoder().encode(parts.join("\n")));
}

function listInputs(root: string): string[] {
  const files = ["main.ts", "deno.json", "deno.lock"].filter((each) => isFile(`${root}/${each}`));
  return [...files, ...listFolder(root, "src"), ...listFolder(root, "tools")].sort();
}

function listFolder(root: string, folder: string): string[] {
  return Array.from(walkSync(`${root}/${folder}`, { includeDirs: false }))
    .map(({ path }) => path.slice(root.length + 1)).filter((path) => isFile(`${root}/${path}`));
}

/** Whether `binary` is the file that `stamp` describes, made of these inputs and runtimes. */
export async function isUpToDate(
  binary: string,
  stamp: Stamp | undefined,
  inputs: string,
  origins: RuntimeOrigin[],
): Promise<boolean> {
  if (stamp?.inputs !== inputs || !origins.includes(stamp.runtime) || !isFile(binary)) return false;
  return await sha256(await Deno.readFile(binary)) === stamp.binary;
}

/** Returns the stamp in the file `path`, or undefined where it is missing or broken. */
export async function readStamp(path: string): Promise<Stamp | undefined> {
  try {
    return JSON.parse(await Deno.readTextFile(path));
  } catch {
    return undefined;
  }
}

function isFile(path: string): boolean {
  return existsSync(path, { isFile: true });
}
