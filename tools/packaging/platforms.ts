/** What the platforms of a release are called by others. */

/** A platform by the names of Node and npm. */
export interface NodePlatform {
  /** As `process.platform`. */
  readonly os: "linux" | "darwin";
  /** As `process.arch`. */
  readonly cpu: "x64" | "arm64";
}

/** Returns Node's names for a target triple. Throws a `RangeError` for one that has none. */
export function nodePlatform(target: string): NodePlatform {
  const [arch, , system] = target.split("-");
  const cpu = arch === "x86_64" ? "x64" : arch === "aarch64" ? "arm64" : undefined;
  const os = system === "linux" || system === "darwin" ? system : undefined;
  if (cpu === undefined || os === undefined) throw new RangeError(`Unknown target "${target}"`);
  return { os, cpu };
}
