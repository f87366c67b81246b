/**
 * Makes all files of a release in a folder, and uploads nothing:
 * `deno task release --repository OWNER/NAME [--npm-name NAME] [--output DIR] [--dry-run]`.
 * With `--dry-run` only the binary of this machine is built, with any runtime, and stand-ins that say so
 * take the place of the others. Exit status 0 made, 1 failed, 64 wrong usage.
 */
import { ensureDir } from "@std/fs";
import config from "../deno.json" with { type: "json" };
import { parseArgs } from "../src/std/cli.ts";
import { build, TARGETS } from "./build.ts";
import { sha256 } from "./denort.ts";
import { homebrewFormula } from "./packaging/homebrew.ts";
import { mainPackage, platformPackage, tarballName } from "./packaging/npm_packages.ts";
import {
  archiveEntries,
  archiveName,
  installScript,
  type Release,
  SHELLS,
  sumsText,
} from "./packaging/release_files.ts";
import { writeArchive } from "./packaging/write_tar.ts";

const ROOT = Deno.realPathSync(`${import.meta.dirname}/..`);

/** The arguments of Deno by which it takes the packages that are locked, and fetches no other. */
const LOCKED = ["--lock=deno.lock", "--frozen"];

type Bytes = Uint8Array<ArrayBuffer>;

/** The release can't be made; the message is for people. */
class ReleaseError extends Error {
  override readonly name = "ReleaseError";
}

/** Writes the files of a release into the folder `output`, from the binary of each target. */
export async function writeRelease(
  release: Release,
  binaries: ReadonlyMap<string, Bytes>,
  output: string,
): Promise<void> {
  await ensureDir(`${output}/npm`);
  const sums = new Map<string, string>();
  const sumsByTarget = new Map<string, string>();
  const write = async (name: string, content: string | Bytes): Promise<void> => {
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    await Deno.writeFile(`${output}/${name}`, bytes);
    sums.set(name, await sha256(bytes));
  };
  for (const [target, binary] of binaries) {
    const name = `${archiveName(release, target)}.tar.gz`;
    await write(name, await writeArchive(archiveEntries(release, target, binary)));
    sumsByTarget.set(target, sums.get(name) ?? "");
  }
  await write(
    "install.sh",
    installScript(await readProject("tools/packaging/install.sh"), release),
  );
  await write("perfmon.rb", homebrewFormula(release, sumsByTarget));
  await Deno.writeTextFile(`${output}/SHA256SUMS`, sumsText(sums));

  const shim = await readProject("tools/packaging/npm/perfmon.mjs");
  for (
    const { name, entries } of [
      ...Array.from(binaries, ([target, binary]) => platformPackage(release, target, binary)),
      mainPackage(release, TARGETS, shim),
    ]
  ) {
    const path = `${output}/npm/${tarballName(name, release.version)}`;
    await Deno.writeFile(path, await writeArchive(entries));
  }
}

/** What the archives and packages of this tree have in common; `binary` is one that runs here. */
export async function releaseOf(
  binary: string,
  { repository, npmName }: Pick<Release, "repository" | "npmName">,
): Promise<Release> {
  const { version } = config;
  const printed = await outputOf(binary, ["--version"]);
  if (!printed.startsWith(`perfmon ${version} `)) {
    throw new ReleaseError(`"${binary} --version" prints "${printed.trim()}", not ${version}`);
  }
  const scripts = SHELLS.map(async (
    shell,
  ) => [shell, await outputOf(binary, ["completions", shell])]);
  return {
    repository,
    npmName,
    version,
    license: await readProject("LICENSE"),
    readme: await readProject("README.md"),
    manPage: await outputOf(Deno.execPath(), ["run", "-A", ...LOCKED, "tools/man_page.ts"]),
    completions: Object.fromEntries(await Promise.all(scripts)),
  };
}

async function buildAll(output: string, isDryRun: boolean): Promise<Map<string, string>> {
  const here = Deno.build.target;
  const paths = new Map<string, string>();
  for (const target of isDryRun ? [here] : TARGETS) {
    const path = isDryRun ? `${ROOT}/dist/perfmon` : `${output}/binaries/${target}`;
    const options = isDryRun ? {} : { target, output: path, isOfficialOnly: true };
    if (!isDryRun) await ensureDir(`${output}/binaries`);
    if (!await build(options)) throw new ReleaseError(`Cannot build perfmon for ${target}`);
    paths.set(target, path);
  }
  return paths;
}

/** What takes the place of a binary that was not built. */
function standIn(target: string): Bytes {
  const text =
    `#!/bin/sh\necho "This is no perfmon: a dry run did not build it for ${target}" >&2\nexit 1\n`;
  return new TextEncoder().encode(text);
}

async function readBinaries(paths: ReadonlyMap<string, string>): Promise<Map<string, Bytes>> {
  const binaries = TARGETS.map(async (target): Promise<[string, Bytes]> => {
    const path = paths.get(target);
    return [target, path === undefined ? standIn(target) : await Deno.readFile(path)];
  });
  return new Map(await Promise.all(binaries));
}

async function outputOf(program: string, args: readonly string[]): Promise<string> {
  const command = new Deno.Command(program, { args: [...args], cwd: ROOT, stderr: "inherit" });
  const { success, stdout } = await command.output();
  if (!success) throw new ReleaseError(`"${program} ${args.join(" ")}" failed`);
  return new TextDecoder().decode(stdout);
}

async function readProject(path: string): Promise<string> {
  return await Deno.readTextFile(`${ROOT}/${path}`);
}

const USAGE =
  "usage: deno task release --repository OWNER/NAME [--npm-name NAME] [--output DIR] [--dry-run]";

/** The arguments of a release. */
interface ReleaseOptions {
  readonly repository: string;
  readonly npmName: string;
  readonly output: string;
  readonly isDryRun: boolean;
}

/** Returns what the arguments say, or `undefined` where they are wrong. */
function parseOptions(args: string[]): ReleaseOptions | undefined {
  const wrong: string[] = [];
  const given = parseArgs(args, {
    string: ["repository", "npm-name", "output"],
    boolean: ["dry-run"],
    unknown: (arg) => wrong.push(arg),
  });
  const repository = String(given["repository"] ?? "");
  if (wrong.length > 0 || !/^[\w.-]+\/[\w.-]+$/.test(repository)) return undefined;
  const output = String(given["output"] || "release");
  return {
    repository,
    npmName: String(given["npm-name"] || "perfmon"),
    output: output.startsWith("/") ? output : `${Deno.cwd()}/${output}`,
    isDryRun: given["dry-run"] === true,
  };
}

async function main(args: string[]): Promise<number> {
  const options = parseOptions(args);
  if (options === undefined) {
    console.error(USAGE);
    return 64;
  }
  const { output, isDryRun } = options;
  try {
    const paths = await buildAll(output, isDryRun);
    const here = paths.get(Deno.build.target);
    if (here === undefined) throw new ReleaseError(`${Deno.build.target} is no target`);
    await writeRelease(await releaseOf(here, options), await readBinaries(paths), output);
  } catch (error) {
    if (!(error instanceof ReleaseError)) throw error;
    console.error(`error: ${error.message}`);
    return 1;
  }
  const warning = isDryRun ? ", most of it stand-ins: not to be published" : "";
  console.error(`Made the release in ${output}${warning}`);
  return 0;
}

if (import.meta.main) Deno.exit(await main(Deno.args));
