/** The tiers of tests, by what they need to run, and which of them a command line asks for. */

/** Tests that need the same to run, and that may run beside each other. */
export interface Tier {
  readonly name: string;
  readonly folder: string;
  readonly needsBinary: boolean;
  /** Where temporary files go, besides the system's own place. */
  readonly temporary?: string;
}

/** The tiers, in the order in which they run: what fails soonest first. */
export const TIERS: readonly Tier[] = [
  // Thousands of small files that are synced one by one: in memory that costs nothing.
  { name: "unit", folder: "tests/unit", needsBinary: false, temporary: "/dev/shm" },
  { name: "binary", folder: "tests/binary", needsBinary: true },
  { name: "slow", folder: "tests/slow", needsBinary: true },
];

/** What to run: some paths of each tier. */
export interface Plan {
  readonly runs: readonly { readonly tier: Tier; readonly paths: readonly string[] }[];
  /** For `deno test`. */
  readonly options: readonly string[];
  readonly isAll: boolean;
}

/** Reads the arguments; a path that lies in no tier runs with the last one, which has all it may need. */
export function makePlan(args: readonly string[]): Plan {
  const words: string[] = [];
  const options: string[] = [];
  const end = args.includes("--") ? args.indexOf("--") : args.length;
  for (const [index, arg] of args.entries()) {
    const isOption = index >= end || arg.startsWith("-") || args[index - 1] === "--filter";
    (isOption ? options : words).push(arg);
  }
  const names = TIERS.map(({ name }) => name);
  const paths = words.filter((word) => !names.includes(word));
  const runs = TIERS.map((tier) => ({
    tier,
    paths: words.length === 0 || words.includes(tier.name)
      ? [`${tier.folder}/`]
      : paths.filter((path) => tierOf(path) === tier),
  }));
  return { runs: runs.filter((run) => run.paths.length > 0), options, isAll: words.length === 0 };
}

function tierOf(path: string): Tier {
  const place = path.replace(/^\.\//, "") + "/";
  return TIERS.find(({ folder }) => place.startsWith(`${folder}/`)) ?? TIERS.at(-1)!;
}
