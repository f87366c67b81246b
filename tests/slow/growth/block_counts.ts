/** How often each block of perfmon's sources runs, counted by V8: the same figures on any machine. */
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { assert } from "../../std/std_assert.ts";

const ROOT = `${import.meta.dirname}/../../../`;
const SOURCES = new URL("../../../src/", import.meta.url).href;

/** What V8 tells of a module. */
interface Coverage {
  readonly url: string;
  readonly functions: readonly {
    readonly functionName: string;
    readonly ranges: readonly {
      readonly startOffset: number;
      readonly endOffset: number;
      readonly count: number;
    }[];
  }[];
}

/** A block that runs as often as what it stands in has no range of its own. */
type Range = Coverage["functions"][number]["ranges"][number];

/** How often the blocks of a run's functions ran. */
export class BlockCounts {
  /** By module and function. */
  readonly #ranges = new Map<string, Range[]>();

  constructor(coverages: readonly Coverage[]) {
    for (const { url, functions } of coverages) {
      for (const { functionName, ranges } of functions) {
        const { startOffset } = ranges[0]!;
        this.#ranges.set(`${url.slice(SOURCES.length)} ${functionName}:${startOffset}`, [
          ...ranges,
        ]);
      }
    }
  }

  get size(): number {
    return this.#ranges.size;
  }

  /** The blocks with their counts. */
  *blocks(): Generator<{ name: string; range: Range }> {
    for (const [name, ranges] of this.#ranges) {
      for (const range of ranges) yield { name, range };
    }
  }

  /** How often a block ran, by the least range that holds it; 0 where its function never did. */
  countOf(name: string, { startOffset, endOffset }: Range): number {
    return this.#ranges.get(name)
      ?.filter((each) => each.startOffset <= startOffset && each.endOffset >= endOffset)
      .reduce((least, each) =>
        each.endOffset - each.startOffset <= least.endOffset - least.startOffset ? each : least
      ).count ?? 0;
  }
}

/** Runs perfmon's sources in a home and counts; statuses 0 and 1 are both an answer, `ends` may be, too. */
export async function countBlocks(
  args: readonly string[],
  home: string,
  ends: readonly number[] = [],
): Promise<BlockCounts> {
  using folder = temporaryFolder();
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "-A", "--no-check", `--config=${ROOT}deno.json`, `--lock=${ROOT}tests/deno.lock`],
      ...["--frozen", `--coverage=${folder.path}`, `${ROOT}main.ts`, ...args],
    ],
    cwd: home,
    env: { HOME: home, DENO_DIR: denoDir(), TZ: "UTC", LC_ALL: "C" },
    stdin: "null",
    stdout: "null",
  }).output();
  assert([0, 1, ...ends].includes(code), `${args.join(" ")}: ${new TextDecoder().decode(stderr)}`);
  const coverages = Array.from(
    Deno.readDirSync(folder.path),
    ({ name }): Coverage => JSON.parse(Deno.readTextFileSync(`${folder.path}/${name}`)),
  );
  const counts = new BlockCounts(coverages.filter(({ url }) => url.startsWith(SOURCES)));
  assert(counts.size > 0, "nothing was counted");
  return counts;
}

function denoDir(): string {
  return Deno.env.get("DENO_DIR") ?? `${Deno.env.get("HOME")}/.cache/deno`;
}
