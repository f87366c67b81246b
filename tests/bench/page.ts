/**
 * The dashboard's page of 500,000 calls beside one of 1,000, in Chromium: from opening the file to what
 * was found, and to a page that is drawn; from a filter to all that is on the screen (1280 x 900) drawn
 * anew, and to the rest of the page too. Interleaved, medians, ratios; run it on a quiet machine with
 * `deno run -A tests/bench/page.ts [RUNS]`.
 */
import { TestBrowser } from "../kit/browser.ts";
import { binary } from "../kit/perfmon.ts";
import { temporaryFolder } from "../kit/temporary_folder.ts";
import { FIGURES, FILTERS, median, type Visit, visitInTurn, writePage } from "./page_visits.ts";

const SIZES = [1000, 500_000];

const runs = Number(Deno.args[0] ?? "5");
using folder = temporaryFolder();
const pages = await Promise.all(SIZES.map((calls) => writePage(binary, folder.path, calls)));
await using browser = await TestBrowser.launch();
const visits = await visitInTurn(browser, pages, runs);
const figures = [
  ...FIGURES,
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
