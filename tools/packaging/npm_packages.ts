/**
 * The npm packages: one for people, with a small program of Node that starts the binary, and one for
 * each platform, with the binary. npm installs the one that fits; nothing runs at the installation.
 */
import { nodePlatform } from "./platforms.ts";
import type { Release } from "./release_files.ts";
import type { ArchiveEntry } from "./write_tar.ts";

const SHIM = "bin/perfmon.mjs";

/** The oldest Node that runs the shim. */
const NODE = ">=18";

/** A package to be packed. */
export interface NpmPackage {
  readonly name: string;
  readonly entries: readonly ArchiveEntry[];
}

/** The package with the binary of a target: `perfmon-linux-x64`. */
export function platformPackage(
  release: Release,
  target: string,
  binary: Uint8Array<ArrayBuffer>,
): NpmPackage {
  const { os, cpu } = nodePlatform(target);
  return packageOf({
    ...commonFields(release, platformName(release, target)),
    description: `The binary of ${release.npmName} for ${target}`,
    os: [os],
    cpu: [cpu],
    ...(os === "linux" ? { libc: ["glibc"] } : {}),
    // Yarn keeps packages zipped otherwise.
    preferUnplugged: true,
  }, [
    { name: "bin/perfmon", content: binary, isExecutable: true },
    { name: "LICENSE", content: release.license },
  ]);
}

/** The package that a person installs: `perfmon`. `shim` is the text of its program. */
export function mainPackage(
  release: Release,
  targets: readonly string[],
  shim: string,
): NpmPackage {
  const { version, license, readme, manPage } = release;
  return packageOf({
    ...commonFields(release, release.npmName),
    description: "What every Claude Code tool call costs: time, CPU, memory",
    keywords: ["claude-code", "performance", "monitoring", "hooks"],
    bin: { perfmon: SHIM },
    man: ["./perfmon.1"],
    engines: { node: NODE },
    optionalDependencies: Object.fromEntries(
      targets.map((target) => [platformName(release, target), version]),
    ),
  }, [
    { name: SHIM, content: shim, isExecutable: true },
    { name: "perfmon.1", content: manPage },
    { name: "README.md", content: readme },
    { name: "LICENSE", content: license },
  ]);
}

/** The name of a package's file, as `npm pack` has it: `@me/perfmon` is `me-perfmon-0.1.0.tgz`. */
export function tarballName(name: string, version: string): string {
  return `${name.replace(/^@/, "").replace("/", "-")}-${version}.tgz`;
}

function platformName({ npmName }: Release, target: string): string {
  const { os, cpu } = nodePlatform(target);
  return `${npmName}-${os}-${cpu}`;
}

function commonFields({ version, repository }: Release, name: string): Record<string, unknown> {
  return {
    name,
    version,
    license: "MIT",
    homepage: `https://github.com/${repository}#readme`,
    repository: { type: "git", url: `git+https://github.com/${repository}.git` },
  };
}

function packageOf(
  fields: Readonly<Record<string, unknown>>,
  entries: readonly ArchiveEntry[],
): NpmPackage {
  const content = `${JSON.stringify(fields, null, 2)}\n`;
  return {
    name: String(fields["name"]),
    entries: [{ name: "package.json", content }, ...entries].map((entry) => ({
      ...entry,
      name: `package/${entry.name}`,
    })),
  };
}
