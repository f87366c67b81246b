import { settingOf } from "../claude_settings.ts";
import { isExecutable } from "../../../../files/programs.ts";
import type { Surroundings } from "../scopes.ts";
import type { SettingsReport } from "./settings_report.ts";
import { untrustedFolder } from "./trust.ts";

/** What keeps hooks from running, or makes them run twice or otherwise than they should. */
export const KINDS = {
  unreadable: "fails",
  wrongEntry: "fails",
  disableAllHooks: "fails",
  allowManagedHooksOnly: "fails",
  bare: "fails",
  programMissing: "fails",
  twice: "advises",
  recipes: "advises",
  outdated: "advises",
  untrusted: "advises",
} as const;

/** Something that stands in the way of the hooks. */
export interface Obstacle {
  readonly kind: keyof typeof KINDS;
  /** The file that it is in. */
  readonly path: string;
  /** One sentence for a person, without a final period. */
  readonly message: string;
  /** The command that mends it, where there is one. */
  readonly remedy?: string;
}

/** Whether nothing is recorded for it, or not everything. */
export function isGrave({ kind }: Obstacle): boolean {
  return KINDS[kind] === "fails";
}

/** What an obstacle says where its remedy has no line of its own. */
export function sentenceOf({ message, remedy }: Obstacle): string {
  return remedy === undefined ? message : `${message}; run "${remedy}"`;
}

/** What stands in the way in one settings file with this text. */
export function obstaclesIn(report: SettingsReport, text: string): Obstacle[] {
  return [
    ...missingPrograms(report),
    ...wrongEntries(report),
    ...recipes(report),
    ...outdated(report),
    ...switchedOff(report, text),
  ];
}

function missingPrograms({ scope, path, programs }: SettingsReport): Obstacle[] {
  return programs.filter((program) => !isExecutable(program)).map((program) => ({
    kind: "programMissing",
    path,
    message: `The hooks in "${path}" name "${program}", which is no program any more`,
    remedy: `perfmon hooks install --scope ${scope}`,
  }));
}

function wrongEntries({ path, wrongEntries: [first, ...others] }: SettingsReport): Obstacle[] {
  if (first === undefined) return [];
  const more = others.length === 0 ? "" : ` (and ${others.map(({ place }) => place).join(", ")})`;
  const message = `${first.place} in "${path}" ${first.problem}${more}: Claude Code passes over ` +
    "it, many versions over the whole file, silently; mend it, or take it out";
  return [{ kind: "wrongEntry", path, message }];
}

function recipes({ scope, path, recipeEvents, likeRecipeEvents }: SettingsReport): Obstacle[] {
  const what = (events: readonly string[]): string =>
    `Old shell recipes in "${path}" record too (${events.join(", ")}): each call counts twice, ` +
    "and a log that they began keeps their five columns";
  const remedy = `perfmon hooks install --scope ${scope} --replace-recipes`;
  return [
    ...(recipeEvents.length > 0
      ? [{ kind: "recipes", path, message: what(recipeEvents), remedy } as const]
      : []),
    ...(likeRecipeEvents.length > 0
      ? [
        {
          kind: "recipes",
          path,
          message: `${what(likeRecipeEvents)}; they are not the known ones: take them out by hand`,
        } as const,
      ]
      : []),
  ];
}

function outdated({ scope, path, outdatedEvents }: SettingsReport): Obstacle[] {
  if (outdatedEvents.length === 0) return [];
  return [{
    kind: "outdated",
    path,
    message:
      `The hooks in "${path}" are of an older perfmon: they record, but not as this one would`,
    remedy: `perfmon hooks install --scope ${scope}`,
  }];
}

function switchedOff({ scope, path }: SettingsReport, text: string): Obstacle[] {
  const isOn = (key: string): boolean => settingOf(text, key) === true;
  return [
    ...(isOn("disableAllHooks")
      ? [
        {
          kind: "disableAllHooks",
          path,
          message: `"disableAllHooks" in "${path}" turns all hooks off: take it out`,
        } as const,
      ]
      : []),
    ...(scope === "managed" && isOn("allowManagedHooksOnly")
      ? [
        {
          kind: "allowManagedHooksOnly",
          path,
          message: `"allowManagedHooksOnly" in "${path}" turns all hooks but managed ones off`,
          remedy: "perfmon hooks install --scope managed",
        } as const,
      ]
      : []),
  ];
}

/** What stands in the way outside of the settings: what the person trusts, and the environment. */
export function obstaclesAround(surroundings: Surroundings): Obstacle[] {
  const folder = untrustedFolder(surroundings);
  const variable = ["CLAUDE_CODE_SIMPLE", "CLAUDE_CODE_SAFE_MODE"]
    .find((name) => /^(1|true|yes|on)$/i.test(surroundings.environment(name) ?? ""));
  return [
    ...(folder === undefined ? [] : [
      {
        kind: "untrusted",
        path: folder,
        message: `Claude Code runs no hooks in "${folder}" until you say there that you trust it`,
        remedy: "claude",
      } as const,
    ]),
    ...(variable === undefined ? [] : [
      {
        kind: "bare",
        path: variable,
        message: `$${variable} is set: as with --bare, Claude Code runs no hooks`,
        remedy: `unset ${variable}`,
      } as const,
    ]),
  ];
}

/**
 * The obstacle of two registrations: every row is written twice; readers drop the second, but it
 * costs its time.
 */
export function registeredTwice(settings: readonly SettingsReport[]): Obstacle[] {
  const places = settings.flatMap(({ scope, path, state, foreignEvents, enablesPlugin }) => [
    ...(state === "on" ? [{ path, place: `${scope} settings` }] : []),
    ...(foreignEvents.length > 0 ? [{ path, place: byHand(scope, foreignEvents) }] : []),
    ...(enablesPlugin ? [{ path, place: `the plugin (${scope} settings)` }] : []),
  ]);
  const [, second] = places;
  if (second === undefined) return [];
  const message = `The hooks are registered ${places.length} times: ` +
    `${places.map(({ place }) => place).join(", ")}; keep one`;
  return [{ kind: "twice", path: second.path, message, remedy: "perfmon hooks remove --scope …" }];
}

function byHand(scope: string, events: readonly string[]): string {
  return `a hook by hand in ${scope} settings (${events.join(", ")})`;
}
