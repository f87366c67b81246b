/// <reference lib="dom" />
/** The dashboard's table of calls, its tables by something else, its days and its search, in a real browser. */
import { logText } from "../../kit/log_files.ts";
import type { Sample } from "../../../src/row/sample.ts";
import { formatDuration } from "../../../src/text/units.ts";
import { expectExit, perfmon } from "../../kit/perfmon.ts";
import { call, end, start } from "../../kit/samples.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { testWith } from "../../kit/tools.ts";
import { assert, assertEquals, assertStringIncludes } from "../../std/std_assert.ts";
import { filter, makePage, SAMPLE_LOG, TestBrowser, type TestPage } from "../../kit/browser.ts";

const ROWS = "#calls tbody tr[data-call]";

/** What `report` says of the sample log in JSON. */
async function report(...flags: string[]): Promise<{
  groups: { name: string; calls: number }[];
  all: { calls: number };
}> {
  const args = ["report", "--all", "--utc", "--json", "--file", SAMPLE_LOG, ...flags];
  return JSON.parse(expectExit(await perfmon(args), 0).stdout);
}

/** The places of the calls that have rows, in their order. */
async function places(opened: TestPage): Promise<number[]> {
  await opened.ready();
  return await opened.page.locator(ROWS).evaluateAll((rows) =>
    rows.map((row) => Number((row as HTMLElement).dataset["call"]))
  );
}

testWith(
  "chromium",
  "dashboard: the table of calls sorts, and follows filters and timeline",
  async (test) => {
    using folder = temporaryFolder();
    const file = await makePage(folder.path, SAMPLE_LOG);
    await using browser = await TestBrowser.launch();
    await using opened = await browser.open(file);
    const { page } = opened;

    await test.step("the longest first, as top has them", async () => {
      const args = ["top", "--all", "--json", "-n", "12", "--file", SAMPLE_LOG];
      const { calls } = JSON.parse(expectExit(await perfmon(args), 0).stdout);
      const took = await opened.texts(`${ROWS} td:nth-child(5)`);
      const seconds = calls.map(({ duration_seconds }: { duration_seconds: number }) =>
        formatDuration(duration_seconds)
      );
      assertEquals(took.slice(0, 12), seconds);
      const [{ command }] = calls;
      assertEquals(await opened.text(`${ROWS} button`), `Bash ${command}`);
    });

    await test.step("a heading sorts, once more the other way round", async () => {
      await page.click("th[data-rank=time] button");
      assertEquals((await places(opened)).slice(0, 3), [129, 128, 127]);
      await page.keyboard.press("Enter");
      assertEquals((await places(opened)).slice(0, 3), [0, 1, 2]);
      await opened.address("rank=-time");
    });

    await test.step("a search leaves what has the words, all over the page", async () => {
      await page.fill("#filters input[type=search]", "npm web");
      await page.waitForURL(/search=/);
      const { all } = await report("--project", "web", "--command", "npm*");
      assert(all.calls > 0);
      assertEquals(await opened.count(ROWS), all.calls);
      assertEquals(await opened.text("#filters output"), `${all.calls} of 130 calls`);
      assertEquals(await opened.text("#tools .report tfoot td"), String(all.calls));
      await page.fill("#filters input[type=search]", "nothing has this");
      await page.waitForURL(/search=nothing/);
      assertStringIncludes(await opened.text("#calls tbody"), "No calls");
      await page.click("text=Clear filters");
      assertEquals(await page.inputValue("#filters input[type=search]"), "");
    });

    await test.step("a project leaves its calls, also the timeline's", async () => {
      await page.selectOption(filter("Project"), "web");
      const { all } = await report("--project", "web");
      assertEquals(await opened.text("#tools .report tfoot td"), String(all.calls));
      await using other = await browser.open(file, { fragment: "#project=web" });
      await page.click("text=Clear filters");
      await opened.ready();
      assert(await other.inked(".stage canvas") < await opened.inked(".stage canvas"));
    });

    await test.step("a zoom of the timeline leaves the calls of that time", async () => {
      await page.focus(".stage");
      await page.keyboard.press("+");
      await page.waitForURL(/from=/);
      await opened.ready();
      const all = await opened.text("#tools .report tfoot td");
      assert(Number(all) > 0 && Number(all) < 130, all);
      assertEquals(
        await opened.attribute("#calls table", "aria-rowcount"),
        String(Number(all) + 1),
      );
      await page.click("text=Clear filters");
    });

    await test.step("a row opens its call, and is marked", async () => {
      await page.click(`${ROWS} button >> nth=3`);
      const [place] = (await places(opened)).slice(3);
      await opened.address(`call=${place}`);
      assertEquals(await opened.attribute(`${ROWS}.selected`, "data-call"), String(place));
      await page.click("text=On the timeline");
      const top = await page.locator(".stage").evaluate((each) => each.getBoundingClientRect().top);
      assert(top > 0 && top < 900, String(top));
      await page.keyboard.press("Escape");
    });
    opened.expectClean();
  },
);

testWith(
  "chromium",
  "dashboard: CPU of calls at the same time is marked in the table of calls, as top marks it",
  async () => {
    using folder = temporaryFolder();
    const log = `${folder.path}/performance.csv`;
    const cpu = (childCpuSeconds: number): Partial<Sample> => ({ childCpuSeconds });
    const rows = [
      ...[start(0, { toolUseId: "a", ...cpu(0) }), start(1, { toolUseId: "b", ...cpu(0) })],
      ...[end(3, { toolUseId: "b", ...cpu(0.2) }), end(5, { toolUseId: "a", ...cpu(0.2) })],
      ...[start(6, { toolUseId: "c", ...cpu(0.2) }), end(7, { toolUseId: "c", ...cpu(0.3) })],
    ];
    Deno.writeTextFileSync(log, logText(rows));
    await using browser = await TestBrowser.launch();
    await using opened = await browser.open(await makePage(folder.path, log));
    assertEquals(await opened.texts(`${ROWS} td:nth-child(7)`), ["~200ms", "~200ms", "100ms"]);
  },
);

testWith(
  "chromium",
  "dashboard: of a long table only what is seen has rows, and paper the first 5,000",
  async () => {
    using folder = temporaryFolder();
    const rows = Array.from(
      { length: 5100 },
      (_, index) => call(`t${index}`, 10 * index, 10 * index + 1 + index / 1000),
    );
    const log = `${folder.path}/performance.csv`;
    Deno.writeTextFileSync(log, logText(rows.flat()));
    await using browser = await TestBrowser.launch();
    await using opened = await browser.open(await makePage(folder.path, log));
    const { page } = opened;
    assert(await opened.count(ROWS) < 60);
    assertEquals((await places(opened))[0], 5099);
    const scroll = page.locator("#calls .scroll");
    await scroll.evaluate((each) => each.scrollTop = each.scrollHeight);
    await page.waitForSelector('#calls tr[aria-rowindex="5101"]');
    assertEquals((await places(opened)).at(-1), 0);
    const last = page.locator('#calls tr[aria-rowindex="5101"]');
    const isInside = await last.evaluate((row) => {
      const box = row.closest(".scroll")!.getBoundingClientRect();
      const { top, bottom } = row.getBoundingClientRect();
      return top >= box.top && bottom <= box.bottom + 1;
    });
    assert(isInside, "the last row is not where the end is");
    await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
    assertEquals(await opened.count(ROWS), 5000);
    const said = "The first 5,000 of 5,100 calls; perfmon export csv has all.";
    assertEquals(await opened.text(".printed"), said);
    await page.evaluate(() => dispatchEvent(new Event("afterprint")));
    assert(await opened.count(ROWS) < 60);
    opened.expectClean();
  },
);

testWith(
  "chromium",
  "dashboard: tables by command, project, session, day and version, as report has them",
  async (test) => {
    using folder = temporaryFolder();
    const file = await makePage(folder.path, SAMPLE_LOG);
    await using browser = await TestBrowser.launch();
    await using opened = await browser.open(file);
    const { page } = opened;
    for (const by of ["command", "project", "session", "day", "version"]) {
      await test.step(by, async () => {
        await page.click(`.choices button:text-is("${by[0]!.toUpperCase()}${by.slice(1)}")`);
        await opened.address(`by=${by}`);
        const { groups, all } = await report("--by", by);
        await opened.ready();
        const shown = await page.locator("#tools .report tbody tr").evaluateAll((rows) =>
          rows.map((row) => {
            const calls = [...row.querySelectorAll("td")].map((cell) => cell.textContent);
            return Number(calls.find((each) => /^[\d,]+$/.test(each)));
          })
        );
        assertEquals(shown.toSorted(), groups.map(({ calls }) => calls).toSorted());
        const first = page.locator("#tools .report tbody th button").first();
        const calls = await page.locator("#tools .report tbody tr >> nth=0").locator("td")
          .filter({ hasText: /^\d+$/ }).first().textContent();
        await first.click();
        assertEquals(await opened.text("#filters output"), `${calls} of ${all.calls} calls`);
        await page.click("text=Clear filters");
      });
    }

    await test.step("sessions have their dates", async () => {
      await page.click('.choices button:text-is("Session")');
      const cells = await opened.texts("#tools .report tbody tr:first-child td");
      assertEquals(cells.slice(0, 2), ["16 Nov 2026, 09:00", "16 Nov 2026, 09:12"]);
    });
    opened.expectClean();
  },
);

testWith("chromium", "dashboard: a bar for each day, and a click leaves that day", async () => {
  using folder = temporaryFolder();
  await using browser = await TestBrowser.launch();
  await using opened = await browser.open(await makePage(folder.path, SAMPLE_LOG));
  const { page } = opened;
  const { groups } = await report("--by", "day");
  const days = page.locator("#days .day");
  assertEquals(await days.count(), groups.length);
  for (const [place, { calls }] of groups.toSorted((a, b) => a.name < b.name ? -1 : 1).entries()) {
    assertStringIncludes(await days.nth(place).getAttribute("aria-label") ?? "", `, ${calls} call`);
  }
  await days.nth(1).click();
  assertEquals(await opened.text("#tools .report tfoot td"), String(groups[1]?.calls));
  assertEquals(await days.count(), 1);
  opened.expectClean();
});
