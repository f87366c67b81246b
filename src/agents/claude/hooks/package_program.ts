import { io } from "../../../files/io.ts";
import { lstatIfThere, statIfThere } from "../../../files/if_there.ts";
import { nextPath, parentOf } from "../../../files/paths.ts";

/** A perfmon that a package manager of Node keeps in a folder of its own, and may move or remove. */
export interface PackageProgram {
  /** The folder below which the manager keeps its packages; another version is put there, too. */
  readonly prefix: string;
  /** The package that a person installs. */
  readonly name: string;
  /** Whether it was installed for all that the person does, not for a project or for one `npx`. */
  readonly isGlobal: boolean;
}

/** Where pnpm, Yarn and Bun keep what was installed globally. */
const GLOBAL_FOLDER = /\/(pnpm|yarn|install)\/global(\/|$)/;

/** What the path of a binary tells of the package that it is in; `undefined` where it is in none. */
export function packageProgram(program: string): PackageProgram | undefined {
  const inFolder = /^(.*?)\/(?:node_modules|\.pnpm)\//.exec(program);
  const inPackage =
    /\/node_modules\/((?:@[^/]+\/)?[^/]+)-(?:linux|darwin)-(?:x64|arm64)\/bin\/perfmon$/
      .exec(program);
  if (inFolder === null || inPackage === null) return undefined;
  const [prefix = "", name = ""] = [inFolder[1], inPackage[1]];
  return { prefix, name, isGlobal: isGlobal(prefix) };
}

function isGlobal(prefix: string): boolean {
  if (GLOBAL_FOLDER.test(prefix)) return true;
  return prefix.endsWith("/lib") && statIfThere(`${prefix}/package.json`) === undefined;
}

/** A larger file is no wrapper in a shell's language, bytes. */
const WRAPPER_SIZE = 65_536;

/** Whether `found` is the program of Node that starts `running`, or what a package manager wrote to start that. */
export function isShimOf(found: string, running: string): boolean {
  const of = packageProgram(running);
  if (of === undefined) return false;
  const shim = `node_modules/${of.name}/bin/perfmon.mjs`;
  try {
    const path = Deno.realPathSync(found);
    if (path.startsWith(`${of.prefix}/`) && path.endsWith(shim)) return true;
    return Deno.statSync(path).size < WRAPPER_SIZE && Deno.readTextFileSync(path).includes(shim);
  } catch {
    return false;
  }
}

/** The path of the link by which hooks start such a perfmon: beside the ledger, in perfmon's own folder. */
export function programLink(ledger: string): string {
  return `${parentOf(ledger)}/perfmon`;
}

/** Makes a link lead to a program, in one step. Throws where the folder can't be written. */
export function setLink(link: string, program: string): void {
  const temporary = `${parentOf(link)}/.${crypto.randomUUID().replaceAll("-", "")}.perfmon-tmp`;
  Deno.symlinkSync(program, temporary);
  try {
    io.rename(temporary, link);
  } catch (error) {
    io.remove(temporary);
    throw error;
  }
}

/**
 * Makes the link lead to the running program where what it led to is gone, and the manager has put this one
 * below the same folder: an upgrade. Returns whether it did.
 */
export function renewLink(link: string, running: string): boolean {
  const now = packageProgram(running);
  if (now === undefined || !now.isGlobal || lstatIfThere(link)?.isSymlink !== true) return false;
  const before = packageProgram(nextPath(link));
  if (before?.prefix !== now.prefix || statIfThere(link) !== undefined) return false;
  setLink(link, running);
  return true;
}

/** Removes the link, if it is one. */
export function removeLink(link: string): void {
  if (lstatIfThere(link)?.isSymlink === true) io.remove(link);
}
