/** A release of this tree as `tools/release.ts --dry-run` makes it, for the tests of how it is installed. */
import config from "../../../deno.json" with { type: "json" };
import { expectExit, type RunResult } from "../../kit/perfmon.ts";
import { type TemporaryFolder, temporaryFolder } from "../../kit/temporary_folder.ts";

const ROOT = Deno.realPathSync(`${import.meta.dirname}/../../..`);

/** The version of this tree. */
export const VERSION: string = config.version;

/** Makes a release in a temporary folder, by the command that the workflow runs. */
export async function dryRun(): Promise<TemporaryFolder> {
  const folder = temporaryFolder();
  const flags = ["--dry-run", "--repository", "me/perfmon", "--output", folder.path];
  const deno = ["run", "-A", "--lock=deno.lock", "--frozen", "tools/release.ts"];
  expectExit(await execute([Deno.execPath(), ...deno, ...flags], { cwd: ROOT }), 0);
  return folder;
}

/** How a program is run. */
interface Execution {
  readonly cwd?: string;
  /** The whole environment; that of the tests unless told. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs a program to its end, three minutes at most. */
export async function execute(
  [program = "", ...args]: readonly string[],
  { cwd, env }: Execution = {},
): Promise<RunResult> {
  const { code, stdout, stderr } = await new Deno.Command(program, {
    args,
    ...(cwd === undefined ? {} : { cwd }),
    ...(env === undefined ? {} : { clearEnv: true, env }),
    stdin: "null",
    signal: AbortSignal.timeout(180_000),
  }).output();
  const decoder = new TextDecoder();
  return {
    args: [program, ...args],
    code,
    stdout: decoder.decode(stdout),
    stderr: decoder.decode(stderr),
  };
}
