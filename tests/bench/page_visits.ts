/** Visits to the dashboard's page in Chromium, and what is measured on them. */
import type { TestBrowser } from "../kit/browser.ts";
import { writeBigLog } from "./big_log.ts";

/** What is filtered by: a tool, a tool and a status, few calls, nearly all calls, nothing. */
export const FILTERS = ["#tool=Bash", "#tool=Read&status=ok", "#status=error", "#status=ok", "#"];

/** Milliseconds of one visit. */
export interface Visit {
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

/** The figures of a visit, by the names under which they are shown. */
export const FIGURES: readonly (readonly [name: string, of: (visit: Visit) => number])[] = [
  ["first paint", ({ paint }) => paint],
  ["what was found", ({ answered }) => answered],
  ["all drawn", ({ drawn }) => drawn],
  ["filter, median", ({ filters }) => median(filters)],
  ["filter, slowest", ({ filters }) => Math.max(...filters)],
  ["filter, all of the page", ({ wholes }) => median(wholes)],
  ["the same, slowest", ({ wholes }) => Math.max(...wholes)],
];

/** Has a binary write the page of so many calls into a folder, which is made, and returns its path. */
export async function writePage(binary: string, folder: string, calls: number): Promise<string> {
  await Deno.mkdir(folder, { recursive: true });
  const log = `${folder}/${calls}.csv`;
  await writeBigLog(log, 2 * calls);
  const page = `${folder}/${calls}.html`;
  const args = ["dashboard", "--all", "--file", log, "-o", page];
  const { success } = await new Deno.Command(binary, { args }).spawn().status;
  if (!success) throw new Error(`"${binary}" wrote no page of ${calls} calls`);
  return page;
}

/** Opens each page in turn, `runs` times after once to warm up, and returns the visits by page. */
export async function visitInTurn(
  browser: TestBrowser,
  pages: readonly string[],
  runs: number,
): Promise<Visit[][]> {
  const visits = pages.map((): Visit[] => []);
  for (let run = -1; run < runs; run++) {
    for (const [index, page] of pages.entries()) {
      const result = await visit(browser, page);
      if (run >= 0) visits[index]?.push(result);
    }
  }
  return visits;
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

/** Returns the middle one of the values, NaN where there are none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}
