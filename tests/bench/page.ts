/**
 * The dashboard's page of 500,000 calls beside one of 1,000, in Chromium: from opening the file to a page
 * that is drawn, and from a filter to all that follows it, drawn. Interleaved, medians, ratios; run it on a
 * quiet machine with `deno run -A tests/bench/page.ts [RUNS]`.
 */
import { TestBrowser } from "../page/browser.ts";
import { binary, temporaryFolder } from "../support.ts";
import { writeBigLog } from "./big_log.ts";

const SIZES = [1000, 500_000];

/** Milliseconds of one visit. */
interface Visit {
  /** To the first thing that is painted: title and frame of the page. */
  readonly paint: number;
  /** To the findings, the table and all charts. */
  readonly drawn: number;
  /** From choosing a tool to everything being drawn anew; the same for a status, and for clearing it. */
  readonly filters: readonly number[];
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
  return await opened.page.evaluate(async () => {
    const frame = (): Promise<number> =>
      new Promise((resolve) =>
        requestAnimationFrame(() => setTimeout(() => resolve(performance.now())))
      );
    const paint = performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? NaN;
    const drawn = performance.getEntriesByName("drawn")[0]?.startTime ?? NaN;
    const filters: number[] = [];
    for (const fragment of ["#tool=Bash", "#tool=Read&status=ok", "#status=error", "#"]) {
      await new Promise((resolve) => setTimeout(resolve, 300));
      const before = performance.now();
      location.hash = fragment;
      filters.push(await frame() - before);
    }
    return { paint, drawn, filters };
  });
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
  ["all drawn", ({ drawn }) => drawn],
  ["filter, slowest of four", ({ filters }) => Math.max(...filters)],
  ["filter, median of four", ({ filters }) => median(filters)],
];
for (const [name, of] of figures) {
  const [small = NaN, large = NaN] = visits.map((each) => median(each.map(of)));
  console.log(
    `${name.padEnd(24)} ${small.toFixed(0).padStart(6)} ms ${large.toFixed(0).padStart(6)} ms  x${
      (large / small).toFixed(2)
    }`,
  );
}
