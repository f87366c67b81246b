import { explain } from "../../cli/words.ts";
import { FILTERS } from "../../query/filter.ts";
import { recordsCsv } from "../../summary/csv.ts";
import { compareProfiles } from "../../profiles/profile.ts";
import { type Compared, comparisonRecord, comparisonText } from "../../profiles/profile_text.ts";
import { type Arguments, type Command, CommandError, EXIT } from "../../cli/command.ts";
import {
  LINES_FLAG,
  linesOf,
  OUTPUT_FLAGS,
  outputFormat,
  screen,
  warn,
  write,
  writeText,
} from "../../cli/output.ts";
import { readProfile } from "../../profiles/profile_files.ts";
import { locate } from "../../query/asked_log.ts";
import { select } from "../../query/selection.ts";
import { SELECTION_FLAGS } from "../../query/selection_flags.ts";
import { comparisonObject, comparisonWith, sinceProfile } from "../../profiles/comparison.ts";

/** How it is told whether something changed; for `--help` of all that compare. */
const COMPARISON_NOTE =
  "CHANGE is how much longer a call typically takes: the median of all ratios of a later to an " +
  "earlier duration (Hodges-Lehmann); 99% RANGE holds it with that confidence (Moses). VERDICT says " +
  "slower or faster where a Mann-Whitney rank test (two-sided, ties corrected) tells the two apart " +
  "at the 1 % level and the range agrees, else nothing; of many tools one in a hundred is wrong. It " +
  "needs 8 calls on either side.";

export const compare: Command = {
  name: "profile compare",
  readsLog: true,
  summary: "By how much each tool became slower or faster, and whether the data can tell",
  operands: "BEFORE [AFTER]",
  completes: "profile",
  maxOperands: 2,
  flags: [LINES_FLAG, ...SELECTION_FLAGS, ...OUTPUT_FLAGS],
  notes: [
    "BEFORE and AFTER are names, or files (with a / or .json). Without AFTER it is what the log holds " +
    "since the end of BEFORE, or as far as the flags ask for it. Of two that are of one time in part no " +
    "change is told.",
    COMPARISON_NOTE,
    "A cell is before → after. CPU A CALL is that of the tool's processes, RSS MEAN the client's resident set at the ends " +
    "of calls. " + explain("calls", "fail", "quantiles"),
  ],
  examples: [
    ["profile compare may", "may and what came after it"],
    ["profile compare may june --json", "two profiles, for a program"],
  ],
  run,
};

async function run(args: Arguments): Promise<number> {
  const format = outputFormat(args);
  const compared = await profilesOf(args);
  const tools = compareProfiles(compared.before, compared.after);
  if (format === "json") {
    write(JSON.stringify({ version: 1, ...comparisonObject(compared) }, null, 2) + "\n");
  } else if (format === "csv") {
    const records = tools.map(comparisonRecord);
    write(recordsCsv(records, Object.keys(records[0] ?? { tool: "" })));
  } else {
    const target = screen(args);
    const utc = args.has("utc");
    const shown = tools.slice(0, linesOf(args));
    writeText(comparisonText(compared, shown, { ...target, utc }), target);
  }
  return EXIT.ok;
}

const SELECTING = [...FILTERS, "since", "until"];

async function profilesOf(args: Arguments): Promise<Compared> {
  const [first, second] = args.operands;
  if (first === undefined) {
    throw new CommandError(
      'Missing BEFORE: give a profile, e.g. "perfmon profile compare may"; perfmon profile show lists them',
      EXIT.usage,
    );
  }
  const location = locate(args);
  const before = readProfile(location, first);
  if (second !== undefined) {
    const flag = SELECTING.find((each) => args.text(each) !== undefined);
    if (flag !== undefined) {
      throw new CommandError(`Cannot use --${flag} with two profiles: both are saved`, EXIT.usage);
    }
    const other = readProfile(location, second);
    return {
      before: before.profile,
      beforeName: before.name,
      after: other.profile,
      afterName: other.name,
    };
  }
  const selection = await select(args, { since: sinceProfile(before, args.has("utc")) });
  if (selection.emptiness !== "") warn(selection.emptiness);
  if (selection.badRows !== undefined) warn(selection.badRows);
  return comparisonWith(before, selection);
}
