import type { AlertThresholds } from "./alert_thresholds.ts";
import { type ParsedOptions, REC_DEFAULTS, type RecOptions } from "./rec_defaults.ts";

/** `0`, an age such as `90d`, a size such as `32MiB`, or both with a comma. */
const HISTORY = /^(0|\d{1,6}[smhdw](,\d{1,6}[KMG]iB)?|\d{1,6}[KMG]iB)$/;

type Mutable = { -readonly [Key in keyof RecOptions]: RecOptions[Key] };

/**
 * Reads the arguments of `rec` without a package and without ever failing: what can't be used is
 * left out, and named in a sentence for the error log.
 */
export function parseRecOptions(args: readonly string[]): ParsedOptions {
  const options: Mutable = { ...REC_DEFAULTS };
  const problems: string[] = [];
  for (let index = 0; index < args.length; index++) {
    const argument = args[index]!;
    if (argument === "start" || argument === "end") options.event = argument;
    else if (argument === "--params") options.params = true;
    else if (argument === "--strict") options.strict = true;
    else {
      const [name, inline] = splitFlag(argument);
      if (!Object.hasOwn(SETTERS, name)) {
        problems.push(`ignored the unknown argument "${name}"`);
        continue;
      }
      const value = inline ?? args[++index];
      const usable = value !== undefined && SETTERS[name]!(options, value);
      if (!usable) problems.push(`ignored ${name}: "${value ?? ""}" can't be used for it`);
    }
  }
  const keepIsGiven = args.some((argument) => splitFlag(argument)[0] === "--keep");
  if (!keepIsGiven) options.keep = defaultKeep(options.maxLines);
  else if (options.keep >= options.maxLines) {
    problems.push(`--keep ${options.keep} is not below --max-lines ${options.maxLines}`);
    options.keep = Math.max(0, options.maxLines - 1);
  }
  return { options, problems };
}

/** What stays of a log where only its limit is given: 500 rows, or half of a smaller limit. */
export function defaultKeep(maxLines: number): number {
  return Math.min(REC_DEFAULTS.keep, Math.floor(maxLines / 2));
}

function splitFlag(argument: string): [string, string | undefined] {
  const equals = argument.indexOf("=");
  if (!argument.startsWith("--") || equals < 0) return [argument, undefined];
  return [argument.slice(0, equals), argument.slice(equals + 1)];
}

/** Takes a flag's value into the options; false, and nothing taken, where it can't be used. */
const SETTERS: Readonly<Record<string, (options: Mutable, value: string) => boolean>> = {
  "--tool": (options, value) => value !== "" && set(options, "tool", value),
  "--file": (options, value) => value !== "" && set(options, "file", value),
  "--pid": (options, value) =>
    isCount(value) && Number(value) > 0 && set(options, "pid", Number(value)),
  "--max-lines": (options, value) => isCount(value) && set(options, "maxLines", Number(value)),
  "--keep": (options, value) => isCount(value) && set(options, "keep", Number(value)),
  "--layout": (options, value) =>
    (value === "full" || value === "basic") && set(options, "layout", value),
  "--alert-duration": (options, value) => setAlert(options, { duration: value }),
  "--alert-rss": (options, value) => setAlert(options, { rss: value }),
  "--alert-cpu": (options, value) => setAlert(options, { cpu: value }),
  "--history": (options, value) => HISTORY.test(value) && set(options, "history", value),
};

function set<Key extends keyof Mutable>(
  options: Mutable,
  key: Key,
  value: NonNullable<Mutable[Key]>,
): true {
  options[key] = value;
  return true;
}

/** Whether it can be read is for who reads it: most hooks have no alert. */
function setAlert(options: Mutable, threshold: AlertThresholds): true {
  return set(options, "alerts", { ...options.alerts, ...threshold });
}

function isCount(value: string): boolean {
  return /^\d{1,9}$/.test(value);
}
