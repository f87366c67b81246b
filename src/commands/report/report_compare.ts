import { compareProfiles } from "../../profiles/profile.ts";
import { comparisonText } from "../../profiles/profile_text.ts";
import { type Arguments, CommandError, EXIT } from "../../cli/command.ts";
import { type OutputFormat, screen, writeText } from "../../cli/output.ts";
import { type NamedProfile, readProfile } from "../../profiles/profile_files.ts";
import { locate } from "../../query/asked_log.ts";
import type { Selection } from "../../query/selection.ts";
import type { Since } from "../../query/window.ts";
import { comparisonObject, comparisonWith, sinceProfile } from "../../profiles/comparison.ts";
import { quoteForPaste } from "../../text/shell_words.ts";

/** What `report --compare` adds to a report. */
export interface ReportComparison {
  /** Members of the JSON answer. */
  readonly members: Readonly<Record<string, unknown>>;
  /** Prints it as text, below the report. */
  readonly print: () => void;
}

/**
 * The profile that `--compare` names, and the time since its end. Throws a `CommandError`: 66 where there is
 * none, 65 where it is broken.
 */
export function baselineOf(args: Arguments): { profile: NamedProfile; since: Since } {
  const profile = readProfile(locate(args), args.text("compare") ?? "");
  return { profile, since: sinceProfile(profile, args.has("utc")) };
}

/**
 * Compares the selected calls with a profile. Throws a `CommandError` (64) with `--csv`, which has room for
 * one table.
 */
export function comparisonFor(
  args: Arguments,
  format: OutputFormat,
  selection: Selection,
  before: NamedProfile,
): ReportComparison {
  if (format === "csv") {
    const given = quoteForPaste(args.text("compare") ?? "");
    throw new CommandError(
      `Cannot print report and comparison as one CSV: see perfmon profile compare ${given} --csv`,
      EXIT.usage,
    );
  }
  const compared = comparisonWith(before, selection);
  return {
    members: { comparison: comparisonObject(compared) },
    print(): void {
      const target = screen(args);
      const tools = compareProfiles(compared.before, compared.after);
      const text = comparisonText(compared, tools, { ...target, utc: args.has("utc") });
      writeText(`\n${text}`, target);
    },
  };
}
