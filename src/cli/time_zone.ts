import { variable } from "../files/environment.ts";
import { CommandError, EXIT } from "./command.ts";
import { type OffsetAt, parsePosixZone } from "../text/posix_zone.ts";

const YEAR = 365.25 * 86_400;
/** So far apart, seconds, are the times by which two zones are compared: no summer time is as short. */
const STEP = 6 * 3600;

/**
 * Makes local times those of `$TZ` also where it is a rule as POSIX has it, `CET-1CEST,M3.5.0,M10.5.0/3`: the
 * JavaScript engine takes most of these for UTC without a word. It then gets a zone by name that has the same
 * hours this year and the last. Throws a `CommandError` (64) where none has, or where no zone is called so.
 */
export function useTimeZone(now: number): void {
  const given = variable("TZ")?.replace(/^:/, "");
  if (!given || given.startsWith("/") || given === "UTC") return;
  const offsetAt = parsePosixZone(given);
  const name = offsetAt === undefined ? nameOf(given) : zoneLike(offsetAt, now);
  if (name === undefined) {
    throw new CommandError(
      `Unknown time zone "${given}" in TZ: give a name, such as Europe/Berlin, or --utc`,
      EXIT.usage,
    );
  }
  if (name !== given) Deno.env.set("TZ", name);
}

/** How the engine writes the name of a zone; `undefined` for that of none. */
function nameOf(given: string): string | undefined {
  // It is UTC that the engine takes for what it does not know. The zones' own texts take some milliseconds.
  if (new Date().getTimezoneOffset() !== 0) return given;
  try {
    return new Intl.DateTimeFormat("en", { timeZone: given }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
}

/** The zone by name, or the present value of `$TZ`, that has such hours; `undefined` where there is none. */
function zoneLike(offsetAt: OffsetAt, now: number): string | undefined {
  const given = variable("TZ") ?? "";
  const names = [given, ...namesFor(offsetAt(now))];
  const found = names.find((name) => {
    Deno.env.set("TZ", name);
    return isLocal(offsetAt, now);
  });
  Deno.env.set("TZ", given);
  return found;
}

/** The zones that may have an offset, seconds east; those of whole hours that never change them first. */
function namesFor(offset: number): string[] {
  const hours = offset / 3600;
  const fixed = Number.isInteger(hours)
    ? [`Etc/GMT${hours > 0 ? "-" : "+"}${Math.abs(hours)}`]
    : [];
  return [...fixed, ...Intl.supportedValuesOf("timeZone")];
}

/** Whether local times are those of a zone. */
function isLocal(offsetAt: OffsetAt, now: number): boolean {
  const local: OffsetAt = (time) => -60 * new Date(time * 1000).getTimezoneOffset();
  if (local(now) !== offsetAt(now)) return false;
  const begin = now - now % STEP - YEAR;
  for (let time = begin; time < begin + 2 * YEAR; time += STEP) {
    if (local(time) !== offsetAt(time)) return false;
  }
  return true;
}
