import type { NamedProfile } from "./profile_files.ts";
import { IMPORTED } from "../calls/call_state.ts";
import type { CallList } from "../calls/call_list.ts";
import { formatClock, formatDate } from "../text/units.ts";
import { type Compared, comparisonRecord } from "./profile_text.ts";
import { compareProfiles, endOf, overlap, type Profile, toProfile } from "./profile.ts";

/** The calls of a log that a profile is made of. */
export interface ProfiledCalls {
  readonly list: CallList;
  /** Which calls they are, for people: `Last 7 days, Bash`. */
  readonly covers: string;
  readonly location: { readonly path: string };
  /** The time of the comparison, seconds since the epoch. */
  readonly now: number;
}

/** The time since a saved profile: what is compared with it unless another time is asked for. */
export function sinceProfile(
  { name, profile }: NamedProfile,
  utc: boolean,
): { readonly time: number; readonly covers: string } {
  const time = endOf(profile);
  const at = `${formatDate(time, utc)} ${formatClock(time, utc)}`;
  return { time, covers: `Since the end of ${name}, ${at}` };
}

/** Puts a saved profile beside the profile of what the log holds now. */
export function comparisonWith(
  { name, profile }: NamedProfile,
  selection: ProfiledCalls,
): Compared {
  return { before: profile, beforeName: name, after: presentProfile(selection), afterName: "" };
}

/** A comparison as the members of a JSON answer: `before`, `after` (`null`: the present log), `tools`. */
export function comparisonObject(compared: Compared): Readonly<Record<string, unknown>> {
  const { before, beforeName, after, afterName } = compared;
  return {
    before: { profile: beforeName, covers: before.covers, calls: before.calls },
    after: { profile: afterName || null, covers: after.covers, calls: after.calls },
    overlap: overlap(before, after),
    tools: compareProfiles(before, after).map(comparisonRecord),
  };
}

/** The profile of the recorded calls that were selected. */
export function presentProfile({ list, covers, location, now }: ProfiledCalls): Profile {
  const { flags } = list.columns;
  return toProfile(list.filter((call) => (flags[call]! & IMPORTED) === 0), {
    created: now,
    log: location.path,
    covers,
  });
}
