/// <reference lib="dom" />
/** Where the dashboard's page leads, and that all of it is to be seen: on a screen, a phone, on paper. */
import { logText } from "../../kit/log_files.ts";
import { call } from "../../kit/samples.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { testWith } from "../../kit/tools.ts";
import { assert, assertEquals } from "../../std/std_assert.ts";
import { makePage, SAMPLE_LOG, TestBrowser, type TestPage } from "../../kit/browser.ts";

const SCREENS = [
  { viewport: { width: 1280, height: 900 } },
  { viewport: { width: 800, height: 900 } },
  { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
];

/** Pixels between the bar of filters and the section's upper edge, once that has stopped moving. */
async function gapAbove({ page }: TestPage, section: string): Promise<number> {
  return await page.evaluate(async (id) => {
    const frame = (): Promise<number> => new Promise(requestAnimationFrame);
    const gap = (): number => {
      const bar = document.getElementById("filters")!;
      const isSticky = getComputedStyle(bar).position === "sticky";
      const { top } = document.getElementById(id)!.getBoundingClientRect();
      // What is the last thing of the page stands as high as it can.
      if (scrollY + innerHeight >= document.documentElement.scrollHeight - 1) return 0;
      return top - (isSticky ? bar.getBoundingClientRect().bottom : 0);
    };
    while (document.documentElement.dataset["ready"] === undefined) await frame();
    let [last, same] = [NaN, 0];
    while (same < 10) {
      await frame();
      same = gap() === last ? same + 1 : 0;
      last = gap();
    }
    return last;
  }, section);
}

testWith("chromium", "dashboard: links lead below the bar of filters", async (test) => {
  using folder = temporaryFolder();
  const file = await makePage(folder.path, SAMPLE_LOG);
  await using browser = await TestBrowser.launch();
  for (const screen of SCREENS) {
    const { width } = screen.viewport;
    for (const section of ["timeline", "tools", "resources"]) {
      await test.step(`when the page is opened: ${section}, ${width} pixels wide`, async () => {
        await using opened = await browser.open(file, {
          ...screen,
          fragment: `#at=${section}`,
        });
        const gap = await gapAbove(opened, section);
        assert(gap >= 0 && gap < 32, `${gap} pixels`);
        opened.expectClean();
      });
    }

    await test.step(`after a click on each finding, ${width} pixels wide`, async () => {
      await using opened = await browser.open(file, screen);
      const links = await opened.count("#findings a");
      assert(links >= 3);
      for (let link = 0; link < links; link++) {
        await opened.page.evaluate(() => scrollTo(0, 0));
        await opened.follow(() => opened.page.locator("#findings a").nth(link).click());
        const section = await opened.focused();
        const gap = await gapAbove(opened, section);
        assert(gap >= 0 && gap < 32, `${section}: ${gap} pixels`);
        await opened.page.click("text=Clear filters", { force: true });
      }
      opened.expectClean();
    });
  }
});

testWith("chromium", "dashboard: who closes a call is where they were", async () => {
  using folder = temporaryFolder();
  await using browser = await TestBrowser.launch();
  await using opened = await browser.open(await makePage(folder.path, SAMPLE_LOG));
  const { page } = opened;
  const button = page.locator("#calls tbody button").nth(5);
  await button.scrollIntoViewIfNeeded();
  const place = (): Promise<number> => page.evaluate(() => scrollY);
  const before = await place();
  await button.click();
  await page.waitForSelector(".details");
  assertEquals(await place(), before);
  assertEquals(await opened.focused(), "call");
  await page.keyboard.press("Escape");
  assertEquals(await opened.count(".details"), 0);
  assertEquals(await place(), before);
  assert(await button.evaluate((each) => each === document.activeElement));
  opened.expectClean();
});

/** A log with the longest names that people have. */
function longNames(): string {
  const toolName = "mcp__claude_ai_Google_Drive_for_the_Whole_Company__search_all_documents";
  const project = "a-project-with-a-name-that-takes-more-than-a-line-of-a-phone";
  const rows = Array.from({ length: 24 }, (_, index) => {
    const fields = { project, status: "error", ...index % 2 === 0 ? { toolName } : {} } as const;
    return call(`t${index}`, 100 * index, 100 * index + 1.5, fields);
  });
  return logText(rows.flat());
}

testWith("chromium", "dashboard: nothing is wider than a phone, whatever is open", async () => {
  using folder = temporaryFolder();
  const log = `${folder.path}/performance.csv`;
  Deno.writeTextFileSync(log, longNames());
  await using browser = await TestBrowser.launch();
  for (const each of [log, SAMPLE_LOG]) {
    const file = await makePage(folder.path, each);
    for (const width of [320, 390]) {
      const phone = { viewport: { width, height: 740 }, hasTouch: true, isMobile: true };
      await using opened = await browser.open(file, { ...phone, fragment: "#call=3&wide=1" });
      await opened.page.locator("details").evaluateAll((all) =>
        all.forEach((each) => each.setAttribute("open", ""))
      );
      const needed = await opened.page.evaluate(() => document.documentElement.scrollWidth);
      assertEquals(needed, width);
      opened.expectClean();
    }
  }
});

testWith("chromium", "dashboard: times of twelve hours are not cut", async () => {
  using folder = temporaryFolder();
  await using browser = await TestBrowser.launch();
  await using opened = await browser.open(await makePage(folder.path, SAMPLE_LOG), {
    locale: "en-US",
    fragment: "#from=1794867305&to=1794967305",
  });
  for (const input of await opened.page.locator("#filters input[type=datetime-local]").all()) {
    const [width = 0, needed = 0] = await input.evaluate((each) => {
      const width = each.getBoundingClientRect().width;
      each.style.width = "max-content";
      return [width, each.getBoundingClientRect().width];
    });
    assert(width >= needed, `${width} of ${needed} pixels`);
  }
  opened.expectClean();
});

testWith("chromium", "dashboard: paper has each column, and says what is filtered", async () => {
  using folder = temporaryFolder();
  await using browser = await TestBrowser.launch();
  await using opened = await browser.open(await makePage(folder.path, SAMPLE_LOG), {
    viewport: { width: 718, height: 1000 }, // A4 with its margins
    fragment: "#wide=1&tool=Bash&status=error",
  });
  await opened.page.emulateMedia({ media: "print" });
  const wider = await opened.page.locator("main table, main canvas, main svg").evaluateAll((all) =>
    all.filter((each) => each.getBoundingClientRect().right > innerWidth).length
  );
  assertEquals(wider, 0);
  assert((await opened.text("#subtitle")).endsWith(", only Bash · error"));
  opened.expectClean();
});
