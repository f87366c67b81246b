/**
 * No command takes more than n log n in what a log may have many of. Of each block of the sources it is told how
 * often it runs for inputs of four sizes, each twice the one before, and to which power of the size that grows:
 * n log n comes to 1.15, a loop over all in a loop over all to 2. What a block of V8's own does (`indexOf`, `splice`) is
 * not seen.
 */
import { spoolHome } from "../../kit/homes.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { assertEquals } from "../../std/std_assert.ts";
import { type BlockCounts, countBlocks } from "./block_counts.ts";
import { fillSpool, writeCalls, writeTranscript } from "./growing_input.ts";

const SIZES = [600, 1200, 2400, 4800];
const LARGEST_EXPONENT = 1.3;

const KEYS = [
  ...["tool", "session", "project", "agent", "server", "day", "version", "command", "turn"],
  "permission",
];

/** The commands that read a log. */
const READERS: readonly string[][] = [
  ["report", "--all"],
  ...KEYS.map((key) => ["report", "--all", "--by", key]),
  ["report", "--session", "one"],
  ["report", "--all", "--project", "project*"],
  ["top", "--all"],
  ["tail"],
  ["tail", "--raw"],
  ["running"],
  ["status"],
  ["check", "--max-duration", "1h"],
  ["show", "last"],
  ["profile", "save", "figures"],
  ["export", "csv"],
  ["export", "csv", "--calls"],
  ["export", "prometheus"],
  ["dashboard", "-o", "page.html"],
];

/** Its frame is made by the build: from the sources it ends when all but that is done. */
const ENDS: Readonly<Record<string, readonly number[]>> = { dashboard: [74] };

/** The blocks that run more often than n log n, with their counts. */
async function excess(count: (size: number) => Promise<BlockCounts>): Promise<string[]> {
  const counts: BlockCounts[] = [];
  for (const size of SIZES) counts.push(await count(size));
  const largest = SIZES.at(-1)!;
  return Array.from(counts.at(-1)!.blocks()).flatMap(({ name, range }) => {
    if (range.count < largest * Math.log2(largest)) return [];
    // Below once a call it may begin as it likes: a table that is large enough at first is not enlarged.
    const of = counts.map((each, index) => Math.max(SIZES[index]!, each.countOf(name, range)));
    const exponents = of.slice(1).map((count, index) => Math.log2(count / of[index]!));
    // Once only may be another matter: a table that got too wide, or luck of a sort.
    if (exponents.slice(1).some((each) => each <= LARGEST_EXPONENT)) return [];
    return [`${name} ${range.startOffset}-${range.endOffset}: ${of}`];
  });
}

Deno.test("no reading command takes more than n log n", async () => {
  using folder = temporaryFolder();
  const homeOf = (size: number): string => `${folder.path}/${size}`;
  for (const size of SIZES) {
    Deno.mkdirSync(`${homeOf(size)}/.claude`, { recursive: true });
    writeCalls(`${homeOf(size)}/.claude/performance.csv`, size);
  }
  const found: Record<string, string[]> = {};
  for (const args of READERS) {
    const blocks = await excess((size) => countBlocks(args, homeOf(size), ENDS[args[0]!]));
    if (blocks.length > 0) found[args.join(" ")] = blocks;
  }
  assertEquals(found, {});
});

Deno.test("import takes no more than n log n", async () => {
  const found = await excess(async (size) => {
    using home = temporaryFolder();
    const projects = `${home.path}/.claude/projects/-work-api`;
    Deno.mkdirSync(projects, { recursive: true });
    writeTranscript(`${projects}/one.jsonl`, size);
    writeCalls(`${home.path}/.claude/performance.csv`, size);
    return await countBlocks(["import"], home.path);
  });
  assertEquals(found, []);
});

Deno.test("a drain takes no more than n log n", async () => {
  const found = await excess(async (size) => {
    using home = spoolHome();
    await fillSpool(home, size);
    const counts = await countBlocks(["rec", "drain"], home.path);
    assertEquals(home.waiting(), []);
    return counts;
  });
  assertEquals(found, []);
});
