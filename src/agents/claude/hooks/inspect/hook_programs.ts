import { isExecutable, programsOnPath } from "../../../../files/programs.ts";
import { leadToSameFile, versionText } from "../programs.ts";
import type { HooksReport } from "./inspect.ts";
import type { SettingsReport } from "./settings_report.ts";

/** A perfmon with its version, such as `0.1.0`. */
export interface Program {
  readonly path: string;
  /** What it says of itself; `undefined` where it does not within 5 s. */
  readonly version: string | undefined;
}

/**
 * Returns the programs that the hooks in force start, each once. The running one is known by its file,
 * the others are asked for their version; not those that only a project's settings name, because anybody's
 * repository can name one. `path` is the PATH of who asks.
 */
export async function hookPrograms(
  { settings }: HooksReport,
  running: Program,
  path: string,
): Promise<Program[]> {
  const [onPath] = programsOnPath("perfmon", path);
  const found = new Set(settings.flatMap((each) => startedBy(each) ?? onPath ?? []));
  return await Promise.all([...found].map(async (each) => ({
    path: each,
    version: leadToSameFile(each, running.path) ? running.version : await askVersion(each),
  })));
}

/** The programs that one file's hooks start by their paths; `undefined` where they look on PATH. */
function startedBy(settings: SettingsReport): readonly string[] | undefined {
  const { scope, state, programs, foreignEvents, enablesPlugin } = settings;
  if (state !== "on") return foreignEvents.length > 0 || enablesPlugin ? undefined : [];
  if (scope !== "user" && scope !== "managed") return programs.length > 0 ? [] : undefined;
  const there = programs.filter(isExecutable);
  return there.length > 0 ? there : undefined;
}

async function askVersion(program: string): Promise<string | undefined> {
  return /^perfmon (\d[\w.+-]{0,40}) /.exec(await versionText(program))?.[1];
}
