import { compareProfiles } from "../../profiles/profile.ts";
import { comparisonText } from "../../profiles/profile_text.ts";
import { type Arguments, CommandError, EXIT } from "../../cli/command.ts";
import { type OutputFormat, screen, writeText } from "../../cli/output.ts";
import { readProfile } from "../../profiles/profile_files.ts";
import type { Selection } from "../../query/selection.ts";
import { comparisonObject, comparisonWith } from "../../profiles/comparison.ts";

/** What `report --compare` adds to a report. */
export interface ReportComparison {
  /** Members of the JSON answer. */
  readonly members: Readonly<Record<string, unknown>>;
  /** Prints it as text, below the report. */
  readonly print: () => void;
}

/**
 * Compares the selected calls with the profile that `--compare` names. Throws a `CommandError`: 66 where
 * there is none, 65 where it is broken, 64 with `--csv`, which has room for one table.
 */
export function comparisonFor(
  args: Arguments,
  format: OutputFormat,
  selection: Selection,
): ReportComparison {
  const given = args.text("compare") ?? "";
  if (format === "csv") {
    throw new CommandError(
      `Cannot print report and comparison as one CSV: see perfmon profile compare ${given} --csv`,
      EXIT.usage,
    );
  }
  const compared = comparisonWith(readProfile(selection.location, given), selection);
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
