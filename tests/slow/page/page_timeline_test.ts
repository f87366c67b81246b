/// <reference lib="dom" />
/** What the dashboard's timeline shows besides the calls' bars, in a real browser. */
import { formatRow, FULL_COLUMNS, FULL_HEADER } from "../../../src/row/columns.ts";
import { call, start } from "../../kit/samples.ts";
import type { Sample } from "../../../src/row/sample.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { testWith } from "../../kit/tools.ts";
import { assert, assertEquals, assertMatch, assertStringIncludes } from "../../std/std_assert.ts";
import { AXIS_HEIGHT } from "../../../src/page/timeline/timeline_axis.ts";
import { makePage, SAMPLE_LOG, TestBrowser } from "../../kit/browser.ts";

/** A log with calls of two projects, one of them abandoned, and memory that grows. */
function logOf(folder: string): string {
  const rows = Array.from({ length: 20 }, (_, index): Sample[] => {
    const project = index % 2 === 0 ? "api" : "web";
    const sessionId = `${project}-session`;
    const fields = { project, sessionId, memoryRss: 100_000 * (index + 1), pid: 100 + index % 2 };
    return call(`t${index}`, 1000 + 60 * index, 1020 + 60 * index, fields);
  }).flat();
  const open = { project: "api", sessionId: "api-session", pid: 100, toolUseId: "open" };
  const log = `${folder}/performance.csv`;
  const lines = [...rows, start(1100, open)].map((row) => formatRow(row, FULL_COLUMNS));
  Deno.writeTextFileSync(log, `${FULL_HEADER}\n${lines.join("")}`);
  return log;
}

testWith(
  "chromium",
  "dashboard: the timeline explains abandoned calls, and has memory below the calls",
  async () => {
    using folder = temporaryFolder();
    await using browser = await TestBrowser.launch();
    await using opened = await browser.open(await makePage(folder.path, logOf(folder.path)));
    const { page } = opened;
    const said = "abandoned: begun, without an end: denied, cancelled or killed";
    assertStringIncludes(await opened.text(".legend"), said);
    /** How high the strip is at its begin and at its end. */
    const heights = await page.locator(".stage canvas").evaluate((canvas) => {
      const { width, height } = canvas as HTMLCanvasElement;
      const context = (canvas as HTMLCanvasElement).getContext("2d");
      const strip = context?.getImageData(0, height - 34, width, 34).data ?? [];
      const at = (x: number): number =>
        Array.from({ length: 34 }, (_, y) => strip[4 * (y * width + x) + 3] ?? 0)
          .filter((alpha) => alpha === 255).length;
      return [at(2), at(width - 3)];
    });
    assert(heights[0]! >= 1 && heights[1]! > 30, String(heights));
    await page.selectOption(`#filters label:has(> span:text-is("Status")) select`, "abandoned");
    assertStringIncludes(await opened.text("h1"), ": 1 call without an end,");
    assertEquals(await opened.text("#filters output"), "0 of 20 calls, 1 without an end");
    await page.click("#calls tbody button");
    assertEquals(await opened.text(".details .status"), said);
    opened.expectClean();
  },
);

testWith(
  "chromium",
  "dashboard: a band above the calls says how turns went, and what its colours are",
  async () => {
    using folder = temporaryFolder();
    await using browser = await TestBrowser.launch();
    await using opened = await browser.open(await makePage(folder.path, SAMPLE_LOG));
    const said = await opened.text(".legend.turns");
    for (const part of ["model", "tools", "prompts", "gates", "you"]) {
      assertStringIncludes(
        said,
        part,
      );
    }
    /** Which of the colours of the legend a line of pixels of the canvas has. */
    const found = await opened.page.locator(".stage canvas").evaluate((element) => {
      const canvas = element as HTMLCanvasElement;
      const pixels = canvas.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height).data;
      const dots = [...document.querySelectorAll(".legend.turns .dot")];
      const wanted = dots.map((dot) => getComputedStyle(dot).backgroundColor);
      const rows = Array.from({ length: canvas.height }, (_, y) => {
        const colors = new Set<string>();
        for (let x = 0; x < canvas.width; x++) {
          const [red, green, blue] = pixels?.subarray(4 * (y * canvas.width + x)) ?? [];
          colors.add(`rgb(${red}, ${green}, ${blue})`);
        }
        return wanted.filter((color) => colors.has(color)).length;
      });
      return Math.max(...rows);
    });
    assertEquals(found, 5);
    // The first session's row is below the axis, its band below its name.
    await opened.page.hover(".stage", { position: { x: 20, y: AXIS_HEIGHT + 19 } });
    assertMatch(
      await opened.text(".stage .tip"),
      /^Turn of [\d.]+m?[\d.]*s: model [\d.ms]+, tools [\d.ms]+/,
    );
    opened.expectClean();
  },
);

testWith("chromium", "dashboard: without turns there is no band, and no word of it", async () => {
  using folder = temporaryFolder();
  await using browser = await TestBrowser.launch();
  await using opened = await browser.open(await makePage(folder.path, logOf(folder.path)));
  assertEquals(await opened.count(".legend.turns"), 0);
  opened.expectClean();
});
