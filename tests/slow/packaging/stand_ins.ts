/** What stands for a release and its server where a test needs no real one, and what an installation left. */
import type { RunResult } from "../../kit/perfmon.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { execute } from "./dry_run.ts";
import { findProgram } from "../../kit/tools.ts";
import { TARGETS } from "../../../tools/build.ts";
import { writeRelease } from "../../../tools/release.ts";
import type { Release } from "../../../tools/packaging/release_files.ts";
import { writeProgram } from "../../kit/processes.ts";

/** The papers of a release, all empty. */
export function standInRelease(changes: Partial<Release> = {}): Release {
  return {
    version: "0.0.1",
    repository: "me/perfmon",
    npmName: "perfmon",
    license: "",
    readme: "",
    manPage: "",
    completions: { bash: "", zsh: "", fish: "" },
    ...changes,
  };
}

/** Makes a release whose binary is a script that prints its version. */
export async function smallRelease(folder: string): Promise<void> {
  const release = standInRelease();
  const script = `#!/bin/sh\necho "perfmon ${release.version} (a script)"\n`;
  const binaries = TARGETS.map((target): [string, Uint8Array<ArrayBuffer>] => [
    target,
    new TextEncoder().encode(script),
  ]);
  await writeRelease(release, new Map(binaries), folder);
}

/** How a server answers a path: with other bytes, with an error, or not to the end. */
export type Fault = (path: string, file: Uint8Array<ArrayBuffer>) => Response | undefined;

/** A server of a folder's files, until the end of the block. */
export function serveFolder(folder: string, fault: Fault = () => undefined): {
  readonly url: string;
  [Symbol.asyncDispose](): Promise<void>;
} {
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => {
    const path = new URL(request.url).pathname;
    try {
      const file = Deno.readFileSync(folder + path);
      return fault(path, file) ?? new Response(file);
    } catch {
      return new Response(null, { status: 404 });
    }
  });
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

/** An answer that ends before all of a file has come, and the connection with it. */
export function brokenOff(file: Uint8Array<ArrayBuffer>): Response {
  const beginning = new Blob([file.subarray(0, 50)]).stream();
  return new Response(beginning, { headers: { "content-length": String(file.length) } });
}

/** An empty home, and install.sh run in it. */
export interface Home {
  readonly path: string;
  /** Runs the script of a release in a folder with these flags. */
  install(release: string, flags: readonly string[], path?: string): Promise<RunResult>;
  [Symbol.dispose](): void;
}

/** A new home, removed at the end of the block. */
export function emptyHome(): Home {
  const folder = temporaryFolder();
  const { path } = folder;
  return {
    path,
    install: (release, flags, PATH = Deno.env.get("PATH") ?? "") =>
      execute(["/bin/sh", `${release}/install.sh`, ...flags], { env: { HOME: path, PATH } }),
    [Symbol.dispose]: () => folder[Symbol.dispose](),
  };
}

/** A folder with the programs of a PATH that are named, and with scripts in place of others. */
export function programs(
  folder: string,
  names: readonly string[],
  scripts: Readonly<Record<string, string>> = {},
): string {
  for (const name of names) Deno.symlinkSync(findProgram(name) ?? name, `${folder}/${name}`);
  for (const [name, script] of Object.entries(scripts)) {
    writeProgram(`${folder}/${name}`, `#!/bin/sh\n${script}\n`);
  }
  return folder;
}

/** The paths of all files below a folder, from there, sorted. */
export function filesBelow(folder: string): string[] {
  const names = Array.from(Deno.readDirSync(folder)).flatMap(({ name, isDirectory }) =>
    isDirectory ? filesBelow(`${folder}/${name}`).map((each) => `${name}/${each}`) : [name]
  );
  return names.sort();
}

/** The locks of the writers and of the sampler, which ends by itself a while after its last call. */
const LOCK = /^performance\.d\/(lock|sampler-[^/]+\.lock)$/;

/** What perfmon left in the folder of Claude Code of a home besides the log and its locks. */
export function leftBesideLog(home: string): string[] {
  return filesBelow(`${home}/.claude`)
    .filter((path) => path !== "performance.csv" && !LOCK.test(path));
}
