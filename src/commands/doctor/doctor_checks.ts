import { exposureOf } from "../../files/ground.ts";
import { pathVariable } from "../../files/environment.ts";
import { formatAgo, formatBytes, plural } from "../../text/units.ts";
import {
  type ClientVersion,
  untoldWithout,
  wantedRegistrations,
} from "../../agents/claude/hooks/events.ts";
import type { HooksReport } from "../../agents/claude/hooks/inspect/inspect.ts";
import type { Program } from "../../agents/claude/hooks/inspect/hook_programs.ts";
import {
  eventsWords,
  planSeen,
  type SettingsReport,
} from "../../agents/claude/hooks/inspect/settings_report.ts";
import { isGrave } from "../../agents/claude/hooks/inspect/obstacles.ts";
import { isShimOf } from "../../agents/claude/hooks/package_program.ts";
import { leadToSameFile, programPath } from "../../agents/claude/hooks/programs.ts";
import { programsOnPath, systemProgram } from "../../files/programs.ts";
import { errorsPath } from "../../log/error_log.ts";
import { locationOf, type LogLocation, logPath } from "../../log/location.ts";
import type { LogContents } from "../../log/read/read.ts";
import { spoolFolders, spoolStatus } from "../../log/spool.ts";
import type { LogStatus } from "../../log/status.ts";
import { installCommand } from "../../query/surroundings.ts";
import { lstatIfThere, statIfThere } from "../../files/if_there.ts";
import { parentOf } from "../../files/paths.ts";
import { quoteForPaste } from "../../text/shell_words.ts";
import { advise, type Check, fail, pass } from "./verdict.ts";

/** Less than this on the log's disk is a reason to look, bytes. */
const LOW_DISK = 100 * 1024 * 1024;
/** A log without a row for this long may mean that recording stopped, seconds. */
const QUIET = 7 * 86_400;

/** The binary is on PATH, and the one that the hooks start. */
export function checkBinary(running: string, path: string, hooks: HooksReport): Check {
  const name = "Binary";
  const [first] = programsOnPath("perfmon", path);
  if (first === undefined) {
    return advise(name, `"${running}" is not on PATH`, `install "${running}" ~/.local/bin/perfmon`);
  }
  const programs = hooks.settings.flatMap((settings) => settings.programs);
  const isShim = isShimOf(first, running);
  const started = isShim ? running : first;
  const other = programs.find((program) => !leadToSameFile(program, started));
  if (other !== undefined) {
    return fail(name, `The hooks start "${other}", PATH has "${first}"`, INSTALL);
  }
  if (!isShim && programPath(running, path) !== first) {
    return advise(
      name,
      `This is "${running}", but PATH has "${first}"`,
      `rm ${quoteForPaste(first)}`,
    );
  }
  if (programs.length === 0) return pass(name, first);
  return pass(
    name,
    `${first}, ${isShim ? "whose binary the hooks start" : "the same as in the hooks"}`,
  );
}

/** The hooks start the version that this is; none where no hooks are. */
export function checkVersion(version: string, programs: readonly Program[]): Check[] {
  const name = "Version";
  const other = programs.find((each) => each.version !== version);
  if (programs.length === 0) return [];
  if (other === undefined) return [pass(name, `${version}, the same as in the hooks`)];
  const theirs = other.version === undefined ? "no perfmon that tells its version" : other.version;
  return [
    advise(name, `This is ${version}, but the hooks start ${theirs}: "${other.path}"`, INSTALL),
  ];
}

/** What installs the hooks anew, with what was chosen before. */
export const INSTALL = "perfmon hooks install";

/**
 * The hooks are there, on, not twice and not shadowed, and of all events that a client of this version
 * knows; one line for each thing in the way, and how they are.
 */
export function checkHooks(hooks: HooksReport, version: ClientVersion | undefined): Check[] {
  const name = "Hooks";
  const obstacles = hooks.obstacles.map((obstacle) =>
    (isGrave(obstacle) ? fail : advise)(name, obstacle.message, obstacle.remedy)
  );
  return hooks.obstacles.some(isGrave)
    ? obstacles
    : [...obstacles, checkState(name, hooks, version)];
}

function checkState(
  name: string,
  hooks: HooksReport,
  version: ClientVersion | undefined,
): Check {
  const on = hooks.settings.filter(({ state }) => state === "on");
  if (on.length > 0) {
    const [settings] = on as [SettingsReport];
    const finding = `on in ${settings.scope} settings: ${eventsWords(settings)}`;
    const missing = wantedRegistrations({ version, ...planSeen(settings) })
      .map(({ event }) => event).filter((each) => !settings.events.includes(each));
    if (missing.length === 0) return pass(name, finding);
    const untold = untoldWithout(missing);
    return advise(
      name,
      `${finding}, without ${missing.join(", ")}, so not recorded: ${untold}`,
      INSTALL,
    );
  }
  if (hooks.settings.some(({ state }) => state === "off")) {
    return advise(name, "switched off", "perfmon hooks enable");
  }
  if (hooks.isRecording) return pass(name, "on, not installed by perfmon hooks install");
  return fail(name, "not installed: nothing is recorded", installCommand());
}

/** The log's folder exists, can be written, by nobody else, and its disk has room. */
export async function checkFolder(location: LogLocation, hooks: HooksReport): Promise<Check> {
  const name = "Folder";
  const folder = parentOf(location.path);
  try {
    if (!Deno.statSync(folder).isDirectory) return fail(name, `"${folder}" is no folder`);
    const exposure = exposureOf(location.folder);
    if (exposure !== undefined) {
      return fail(name, `${exposure.message}: nothing is recorded there`, exposure.remedy);
    }
    Deno.removeSync(Deno.makeTempFileSync({ dir: folder, prefix: ".perfmon-doctor-" }));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) {
      // Beside its settings file an install makes it.
      const isMade = hooks.settings.some(({ scope, path, state }) =>
        scope === "user" && state === "absent" && parentOf(path) === folder
      );
      const finding = `"${folder}" is not there yet`;
      return isMade
        ? advise(name, `${finding}: ${INSTALL} makes it`)
        : advise(name, finding, `mkdir -p "${folder}"`);
    }
    return fail(name, `"${folder}" can't be written`, `chmod u+rwx "${folder}"`);
  }
  const free = await freeBytes(folder);
  if (free === undefined) return pass(name, `${folder} can be written`);
  const room = `${formatBytes(free)} free`;
  return free < LOW_DISK
    ? advise(name, `${folder} has little room: ${room}`, "perfmon clear")
    : pass(name, `${folder} can be written, ${room}`);
}

/** Free bytes on a folder's disk by df(1) in its POSIX form; `undefined` where it doesn't tell. */
async function freeBytes(folder: string): Promise<number | undefined> {
  try {
    const { path, env } = systemProgram("df");
    const { stdout } = await new Deno.Command(path, {
      args: ["-Pk", folder],
      env,
      stderr: "null",
    }).output();
    const available = new TextDecoder().decode(stdout).trim().split("\n").at(-1)?.split(/\s+/)[3];
    return available === undefined ? undefined : 1024 * Number(available);
  } catch {
    return undefined;
  }
}

/** The lock is free, or held for a moment only. */
export function checkLock(status: LogStatus): Check {
  const name = "Lock";
  if (status.lock === "free") return pass(name, "free");
  if (status.lock === "none") {
    const folder = parentOf(status.path);
    return advise(
      name,
      `the file system of "${folder}" has no locks: rows are written without, and nothing rotates`,
      "export PERFMON_FILE=… on another file system",
    );
  }
  return fail(
    name,
    "held by another process for a second: rows are written without it, and nothing rotates",
    `fuser -v "${status.folder}/lock"`,
  );
}

/** The log can be read, and its rows make sense. */
export function checkLog(status: LogStatus, contents: LogContents | undefined): Check {
  const name = "Log";
  if (contents === undefined || !status.exists) {
    return advise(name, `"${status.path}" is not there yet: use Claude Code, then look again`);
  }
  const figures = `${plural(status.rows, "row")}, ${status.layout} layout`;
  if (contents.badRows > 0) {
    const where = contents.firstBad === undefined ? "" : `, the first at ${contents.firstBad}`;
    return advise(name, `${figures}; ${plural(contents.badRows, "bad row")}${where}`);
  }
  if (contents.skippedFiles.length > 0) return fail(name, contents.skippedFiles[0]!);
  return pass(name, `${figures}, none bad`);
}

/** Something was recorded lately. */
export function checkNewest(contents: LogContents | undefined, now: number): Check {
  const name = "Newest row";
  const newest = contents?.samples.reduce((time, each) => Math.max(time, each.timestamp), 0);
  if (newest === undefined || newest === 0) return advise(name, "none yet");
  const ago = formatAgo(now - newest);
  return now - newest > QUIET ? advise(name, `${ago}: is it still recording?`) : pass(name, ago);
}

/**
 * Hooks that record into the spool find it, it is the one of this log, and nothing stays in it; none where
 * there is no such hook. Whoever asks has drained it.
 */
export function checkSpool(
  hooks: HooksReport,
  location: LogLocation,
  now: number,
): Check[] {
  const name = "Spool";
  const spool = spoolStatus(location);
  const drained = spoolFolders(location).map((each) => Deno.realPathSync(each));
  for (const { file, folder } of hookSpools(hooks)) {
    if (statIfThere(folder)?.isDirectory !== true) {
      return [
        fail(
          name,
          `"${folder}" is missing: nothing is recorded`,
          `${DRAIN} --file ${quoteForPaste(file)}`,
        ),
      ];
    }
    if (!drained.includes(Deno.realPathSync(folder))) {
      const finding = `the hooks record into "${folder}", which is of another log`;
      return [advise(name, finding, `perfmon doctor --file ${quoteForPaste(file)}`)];
    }
  }
  if (!spool.exists) return [];
  if (spool.oldest === undefined) return [pass(name, "empty")];
  const age = formatAgo(now - spool.oldest);
  const finding = `${plural(spool.records, "record")} not taken in, the oldest ${age}`;
  if (spool.bad > 0) {
    const remedy = `less ${quoteForPaste(errorsPath(location.folder))}`;
    return [advise(name, `${finding}: ${spool.bad} bad, which go after a day`, remedy)];
  }
  // A hook may be writing just now.
  if (now - spool.oldest < STUCK) return [pass(name, finding)];
  return [advise(name, `${finding}: the log is locked, or can't be written`, DRAIN)];
}

/** The spools that the hooks' own lines name, and the logs that these are of. */
function hookSpools({ settings }: HooksReport): { file: string; folder: string }[] {
  return settings.filter(({ state }) => state === "on").flatMap(({ spoolFiles }) => spoolFiles)
    .flatMap((named) => {
      const file = logPath(named, pathVariable);
      return file === undefined ? [] : [{ file, folder: `${locationOf(file).folder}/spool` }];
    });
}

const DRAIN = "perfmon rec drain --strict";
/** A record that is older was not taken in when it should have been, seconds. */
const STUCK = 60;

/** The error log is empty, and can be written. */
export function checkErrors(status: LogStatus): Check {
  const name = "Errors";
  const path = errorsPath(status.folder);
  const info = lstatIfThere(path);
  if (info !== undefined && !info.isFile) {
    return advise(
      name,
      `"${path}" is no regular file: nothing is noted`,
      `mv ${quoteForPaste(path)} /tmp`,
    );
  }
  if (status.errorLines === 0) return pass(name, "none");
  return advise(
    name,
    `${plural(status.errorLines, "line")}; ${status.lastError}`,
    `less ${quoteForPaste(path)}`,
  );
}

/** Claude Code is there and knows the events. */
export function checkClient(version: string | undefined, unknown: readonly string[]): Check {
  const name = "Claude Code";
  if (version === undefined) {
    return advise(
      name,
      `no claude on PATH, so its version is not known, and hooks install leaves out ${
        unknown.join(", ")
      }, so not recorded: ${untoldWithout(unknown)}`,
      `put claude on PATH and run ${INSTALL} again`,
    );
  }
  if (unknown.length === 0) return pass(name, `${version} knows all recorded events`);
  return advise(name, `${version} does not know ${unknown.join(", ")}`, "claude update");
}
