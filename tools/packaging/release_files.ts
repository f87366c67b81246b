/** What a release is made of, and how its files are named. */
import type { ArchiveEntry } from "./write_tar.ts";

/** All that the archives and packages of one version have in common. */
export interface Release {
  readonly version: string;
  /** `OWNER/NAME` on GitHub. */
  readonly repository: string;
  /** The name of the npm package. */
  readonly npmName: string;
  readonly license: string;
  readonly readme: string;
  readonly manPage: string;
  /** A completion script for each shell. */
  readonly completions: Readonly<Record<Shell, string>>;
}

/** The shells that there are completion scripts for. */
export const SHELLS = ["bash", "zsh", "fish"] as const;

type Shell = (typeof SHELLS)[number];

/** What a completion script is called where its shell looks for it. */
export const COMPLETION_NAMES: Readonly<Record<Shell, string>> = {
  bash: "perfmon.bash",
  zsh: "_perfmon",
  fish: "perfmon.fish",
};

/** The address of a release's files. */
export function downloadUrl({ repository, version }: Release): string {
  return `https://github.com/${repository}/releases/download/v${version}`;
}

/** The name of a target's archive without its ending, by which mise, ubi and aqua find it. */
export function archiveName({ version }: Pick<Release, "version">, target: string): string {
  return `perfmon-${version}-${target}`;
}

/** What is in the archive of a target, in one folder: binary, papers, man page, completions. */
export function archiveEntries(
  release: Release,
  target: string,
  binary: Uint8Array<ArrayBuffer>,
): ArchiveEntry[] {
  const folder = archiveName(release, target);
  return [
    { name: `${folder}/perfmon`, content: binary, isExecutable: true },
    { name: `${folder}/LICENSE`, content: release.license },
    { name: `${folder}/README.md`, content: release.readme },
    { name: `${folder}/perfmon.1`, content: release.manPage },
    ...SHELLS.map((shell) => ({
      name: `${folder}/completions/${COMPLETION_NAMES[shell]}`,
      content: release.completions[shell],
    })),
  ];
}

/** The text of SHA256SUMS, as `sha256sum --check` reads it, from hexadecimal sums by file names. */
export function sumsText(sums: ReadonlyMap<string, string>): string {
  return [...sums].map(([name, sum]) => `${sum}  ${name}\n`).join("");
}

/** Returns `install.sh` for a release out of its source. */
export function installScript(source: string, { version, repository }: Release): string {
  return source.replace("@VERSION@", version).replace("@REPOSITORY@", repository);
}
