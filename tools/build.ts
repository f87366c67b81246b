/**
 * Compiles the binary: `deno task build [--target TRIPLE] [--output FILE]
 * [--official-runtime-only]`. Exit status 0 built, 1 failed, 64 wrong usage.
 */
import { ensureDir } from "@std/fs";
import { bundle, BUNDLE_ENTRY, BUNDLE_PAGE, BUNDLE_WORKER } from "./bundle.ts";
import { BundleError } from "./bundle_text.ts";
import { compileProgram } from "./compile.ts";
import { DenortError, sha256 } from "./denort.ts";
import { trustSystemCertificates } from "./npm_registry.ts";
import { allowedOrigins, DENO_VERSION, findRuntime, type Runtime } from "./runtime.ts";
import { hashInputs, isUpToDate, readStamp, type Stamp } from "./stamp.ts";

const ROOT = Deno.realPathSync(`${import.meta.dirname}/..`);
const BINARY = `${ROOT}/dist/perfmon`;
const STAMP = `${ROOT}/dist/stamp.json`;

/** The triples that a release is built for. */
export const TARGETS: readonly string[] = [
  "x86_64-unknown-linux-gnu",
  "aarch64-unknown-linux-gnu",
  "x86_64-apple-darwin",
  "aarch64-apple-darwin",
];

/** The build can't go on; the message is for people. */
class BuildError extends Error {
  override readonly name = "BuildError";
}

/** The arguments are wrong; the message is for people. */
class UsageError extends Error {
  override readonly name = "UsageError";
}

/** The arguments of a build. */
export interface BuildOptions {
  /** The triple to compile for; the machine's own unless told. */
  target?: string;
  /** The file to write; `dist/perfmon` unless told. */
  output?: string;
  /** Whether only Deno's own download of the runtime may be used, as for a release. */
  isOfficialOnly?: boolean;
}

/**
 * Compiles the binary, unless `dist/perfmon` is there, made of the same inputs. Returns whether
 * it worked; one line on stderr tells the result, or what went wrong.
 */
export async function build(options: BuildOptions = {}): Promise<boolean> {
  try {
    await buildOrThrow(options);
    return true;
  } catch (error) {
    // Errors of the system (a full disk, no permission) carry a code and name the file.
    const isExpected = error instanceof BuildError || error instanceof BundleError ||
      error instanceof DenortError ||
      error instanceof Error && "code" in error;
    if (!isExpected) throw error;
    console.error(`error: ${error.message}`);
    return false;
  }
}

async function buildOrThrow(options: BuildOptions): Promise<void> {
  const started = performance.now();
  const { target = Deno.build.target, output = BINARY, isOfficialOnly = false } = options;
  requireDenoVersion();
  trustSystemCertificates();
  const origins = await allowedOrigins(isOfficialOnly);
  using _lock = await lockBuilds();
  const inputs = await hashInputs(ROOT, target);
  if (output === BINARY && await isUpToDate(BINARY, await readStamp(STAMP), inputs, origins)) {
    return console.error(`${shortPath(output)} is up to date`);
  }
  await using runtime = await findRuntime(target, origins);
  await compile(target, output, runtime);
  const binary = await sha256(await Deno.readFile(output));
  const stamp: Stamp = { inputs, runtime: runtime.origin, binary };
  if (output === BINARY) await Deno.writeTextFile(STAMP, `${JSON.stringify(stamp, null, 2)}\n`);

  const size = `${Math.round((await Deno.stat(output)).size / 1e6)} MB`;
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.error(`Built ${shortPath(output)} (${size}) for ${target} in ${seconds} s`);
}

function requireDenoVersion(): void {
  if (Deno.version.deno === DENO_VERSION) return;
  throw new BuildError(
    `The build needs Deno ${DENO_VERSION}, this is ${Deno.version.deno}: ` +
      `run it as "npx -y deno@${DENO_VERSION} task build"`,
  );
}

/** Keeps two builds of this tree from running at once; a killed one gives its lock up. */
async function lockBuilds(): Promise<Disposable> {
  await ensureDir(`${ROOT}/dist`);
  const file = await Deno.open(`${ROOT}/dist/build.lock`, { write: true, create: true });
  if (!await file.tryLock(true)) {
    console.error("Waiting for another build of this tree");
    await file.lock(true);
  }
  for (const { name } of Deno.readDirSync(`${ROOT}/dist`)) { // what killed builds left
    if (/^\.build-\d+\.tmp$/.test(name)) {
      await Deno.remove(`${ROOT}/dist/${name}`, { recursive: true });
    }
  }
  return { [Symbol.dispose]: () => file.close() };
}

/** Compiles in a folder beside the output, then renames, so that the output is never half done. */
async function compile(target: string, output: string, runtime: Runtime): Promise<void> {
  const work = `${output.slice(0, output.lastIndexOf("/"))}/.build-${Deno.pid}.tmp`;
  await ensureDir(work);
  try {
    await bundle(ROOT, `${work}/app`, runDeno);
    const include = [BUNDLE_PAGE, BUNDLE_WORKER].map((file) => `${work}/app/${file}`);
    const program = { entry: `${work}/app/${BUNDLE_ENTRY}`, include, target };
    await compileProgram(program, `${work}/perfmon`, runtime, work, runDeno);
    await Deno.rename(`${work}/perfmon`, output);
  } finally {
    await Deno.remove(work, { recursive: true });
  }
}

/**
 * Compiles the module `entry` to the file `output` as perfmon is compiled: with the same flags and the
 * same runtime. For benchmarks, which compare with an empty program.
 */
export async function compileAlike(entry: string, output: string): Promise<void> {
  const target = Deno.build.target;
  await using runtime = await findRuntime(target, await allowedOrigins(false));
  const work = output.slice(0, output.lastIndexOf("/"));
  await compileProgram({ entry, include: [], target }, output, runtime, work, runDeno);
}

/** Runs Deno in the project's folder and returns its standard output; throws where it fails. */
async function runDeno(args: string[], env: Record<string, string> = {}): Promise<string> {
  const { success, stdout } = await new Deno.Command(Deno.execPath(), {
    args,
    cwd: ROOT,
    env,
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).output();
  if (!success) throw new BuildError(`"deno ${args[0]}" failed: see the messages above`);
  return new TextDecoder().decode(stdout);
}

function shortPath(path: string): string {
  return path.startsWith(`${ROOT}/`) ? path.slice(ROOT.length + 1) : path;
}

function parseArguments(args: string[]): BuildOptions {
  const options: BuildOptions = {};
  const rest = args.flatMap((arg) => /^--\w+=/.test(arg) ? arg.split(/=(.*)/s, 2) : [arg]);
  for (let flag = rest.shift(); flag !== undefined; flag = rest.shift()) {
    if (flag === "--official-runtime-only") options.isOfficialOnly = true;
    else if (flag === "--target") options.target = parseTarget(rest.shift());
    else if (flag === "--output") options.output = parseOutput(rest.shift());
    else throw new UsageError(`Unknown argument "${flag}"`);
  }
  return options;
}

function parseTarget(value: string | undefined): string {
  if (value !== undefined && TARGETS.includes(value)) return value;
  throw new UsageError(`Unknown target "${value ?? ""}": use one of ${TARGETS.join(", ")}`);
}

function parseOutput(value: string | undefined): string {
  if (!value || value.endsWith("/")) throw new UsageError(`"--output" needs the name of a file`);
  return value.startsWith("/") ? value : `${Deno.cwd()}/${value}`;
}

async function main(args: string[]): Promise<number> {
  try {
    return await build(parseArguments(args)) ? 0 : 1;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(`error: ${error.message}`);
    console.error(
      "usage: deno task build [--target TRIPLE] [--output FILE] [--official-runtime-only]",
    );
    return 64;
  }
}

if (import.meta.main) Deno.exit(await main(Deno.args));
