/**
 * The dashboard's page of 500,000 calls beside one of 1,000, in Chromium: from opening the file to what
 * was found, and to a page that is drawn; from a filter to all that is on the screen (1280 x 900) drawn
 * anew, and to the rest of the page too. Interleaved, medians, ratios; run it on a quiet machine with
 * `deno run -A tests/bench/page.ts [RUNS]`.
 */
import { TestBrowser } from "../kit/browser.ts";
import { binary } from "../kit/perfmon.ts";
import { temporaryFolder } from "../kit/temporary_folder.ts";
import { writeBigLog } from "./big_log.ts";

const SIZES = [1000, 500_000];

/** What is filtered by: a tool, a tool and a status, few calls, nearly all calls, nothing. */
const FILTERS = ["#tool=Bash", "#tool=Read&status=ok", "#status=error", "#status=ok", "#"];

/** Milliseconds of one visit. */
interface Visit {
  /** To the first thing that is painted: title and frame of the page. */
  readonly paint: number;
  /** To the sentences with what was found. */
  readonly answered: number;
  /** To the table and all charts. */
  readonly drawn: number;
  /** For each of `FILTERS`, from choosing it to what is on the screen being painted. */
  readonly filters: readonly number[];
  /** To all of the page being painted. */
  readonly wholes: readonly number[];
}

async function makePage(folder: string, calls: number): Promise<string> {
  const log = `${folder}/${calls}.csv`;
  await writeBigLog(log, 2 * calls);
  const page = `${folder}/${calls}.html`;
  const args = ["dashboard", "--all", "--file", log, "-o", page];
  const { success } = await new Deno.Command(binary, { args }).spawn().status;
  if (!success) throw new Error(`No page of ${calls} calls`);
  return page;
}

async function visit(browser: TestBrowser, file: string): Promise<Visit> {
  await using opened = await browser.open(file);
  return await opened.page.evaluate(async (fragments) => {
    const frame = (): Promise<number> =>
      new Promise((resolve) =>
        requestAnimationFrame(() => setTimeout(() => resolve(performance.now())))
      );
    const time = (name: string): number | undefined =>
      performance.getEntriesByName(name)[0]?.startTime;
    while (time("prepared") === undefined) await frame();
    const filters: number[] = [];
    const wholes: number[] = [];
    for (const fragment of fragments) {
      await new Promise((resolve) => setTimeout(resolve, 300));
      const before = performance.now();
      location.hash = fragment;
      filters.push(await frame() - before);
      while (document.documentElement.dataset["ready"] === undefined) await frame();
      wholes.push(await frame() - before);
    }
    const [paint, answered, drawn] = ["first-contentful-paint", "answered", "drawn"].map(time);
    return { paint: paint ?? NaN, answered: answered ?? NaN, drawn: drawn ?? NaN, filters, wholes };
  }, FILTERS);
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}

const runs = Number(Deno.args[0] ?? "5");
using folder = temporaryFolder();
const pages = await Promise.all(SIZES.map((calls) => makePage(folder.path, calls)));
const visits: Visit[][] = SIZES.map(() => []);
await using browser = await TestBrowser.launch();
for (let run = -1; run < runs; run++) { // the first run warms up the caches
  for (const [index, page] of pages.entries()) {
    const result = await visit(browser, page);
    if (run >= 0) visits[index]?.push(result);
  }
}
const figures: readonly (readonly [name: string, of: (visit: Visit) => number])[] = [
  ["first paint", ({ paint }) => paint],
  ["what was found", ({ answered }) => answered],
  ["all drawn", ({ drawn }) => drawn],
  ["filter, median", ({ filters }) => median(filters)],
  ["filter, slowest", ({ filters }) => Math.max(...filters)],
  ["filter, all of the page", ({ wholes }) => median(wholes)],
  ["the same, slowest", ({ wholes }) => Math.max(...wholes)],
  ...FILTERS.map((fragment, place) =>
    [fragment, ({ filters }: Visit) => filters[place] ?? NaN] as const
  ),
];
for (const [name, of] of figures) {
  const [small = NaN, large = NaN] = visits.map((each) => median(each.map(of)));
  console.log(
    `${name.padEnd(24)} ${small.toFixed(0).padStart(6)} ms ${large.toFixed(0).padStart(6)} ms  x${
      (large / small).toFixed(2)
    }`,
  );
}
