/// <reference lib="dom" />
/** What a person does on the dashboard's page, by mouse, keys and fingers, in a real browser. */
import { assert, assertEquals, assertStringIncludes } from "../../std/std_assert.ts";
import { expectExit, perfmon } from "../../kit/perfmon.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { testWith } from "../../kit/tools.ts";
import { filter, makePage, SAMPLE_LOG, TestBrowser } from "../../kit/browser.ts";

const SESSION = filter("Session");
const STATUS = filter("Status");

testWith("chromium", "dashboard: filters, zoom, sorting and keys", async (test) => {
  using folder = temporaryFolder();
  const file = await makePage(folder.path, SAMPLE_LOG);
  await using browser = await TestBrowser.launch();
  await using opened = await browser.open(file);
  const { page } = opened;

  /**
   * What `report` says with flags, as the page's table has it: a row for each tool, and of Bash some, by command,
   * that come to what it has.
   */
  const expectReport = async (...flags: string[]): Promise<void> => {
    const args = ["report", "--by", "tool", "--json", "--file", SAMPLE_LOG, ...flags];
    const { all, groups } = JSON.parse(expectExit(await perfmon(args), 0).stdout);
    const tools = new Map<string, { calls: number; failed: number }>();
    await opened.ready(); // a table that is not on the screen comes later
    const rows = await page.locator("#tools .report tbody tr").evaluateAll((rows) =>
      rows.map((row) => Array.from(row.querySelectorAll("th, td"), (cell) => cell.textContent))
    );
    for (const [name = "", calls, failed] of rows) {
      const first = name.split(" ")[0]!;
      const tool = groups.some((each: { name: string }) => each.name === first) ? first : "Bash";
      const sums = tools.get(tool) ?? { calls: 0, failed: 0 };
      tools.set(tool, {
        calls: sums.calls + Number(calls),
        failed: sums.failed + Number(failed),
      });
    }
    const expected = new Map(
      groups.map(({ name, calls, failed }: Record<string, unknown>) => [name, { calls, failed }]),
    );
    assertEquals(tools, expected);
    const total = await opened.texts("#tools .report tfoot td");
    assertEquals(total[0], String(all.calls));
    assertStringIncludes(await opened.text("h1"), `: ${all.calls} call`);
  };

  await test.step("a tool, a session, a status: figures as report has them, all in the address", async () => {
    await page.selectOption(filter("Tool"), "Bash");
    await expectReport("--all", "--tool", "Bash");
    await page.selectOption(SESSION, { index: 3 });
    await expectReport("--tool", "Bash", "--session", "7d1f");
    await opened.address("#tool=Bash&session=7d1f20c4-");
    await page.selectOption(STATUS, "error");
    assertEquals(await opened.text("#filters output"), "2 of 130 calls");
    await page.reload();
    await opened.ready();
    assertEquals(await opened.text("#filters output"), "2 of 130 calls");
    await page.click("th[data-rank=cpu] button");
    await page.reload();
    await opened.ready();
    assertEquals(await opened.attribute("th[data-rank=cpu]", "aria-sort"), "descending");
    await page.click("text=Clear filters");
    await expectReport("--all");
  });

  await test.step("an address that names what is not there shows no call, and no error", async () => {
    await opened.follow(() => page.goto(`file://${file}#session=nobody&chart=nobody`));
    assertEquals(await opened.text("#filters output"), "0 of 130 calls");
    assertStringIncludes(await opened.text("#findings"), "No calls");
    await page.click("text=Clear filters");
    await expectReport("--all");
  });

  await test.step("a zoom by mouse narrows all of the page to that time, a double click widens it", async () => {
    /** Where the timeline is. */
    const stage = async (): Promise<{ x: number; y: number }> => {
      const box = await page.locator(".stage").boundingBox();
      if (box === null) throw new Error("no timeline");
      return box;
    };
    await page.locator(".stage").evaluate((stage) => stage.scrollIntoView({ block: "center" }));
    const box = await stage();
    await page.mouse.move(box.x + 5, box.y + 60);
    await page.mouse.down();
    await page.mouse.move(box.x + 400, box.y + 60, { steps: 4 });
    await page.mouse.up();
    await page.waitForURL(/from=|to=/);
    const state = new URLSearchParams(new URL(page.url()).hash.slice(1));
    const time = (name: string): string =>
      new Date(Number(state.get(name)) * 1000).toISOString().replace("Z", "");
    await expectReport("--utc", "--since", time("from"), "--until", time("to"));
    const zoomed = await stage();
    assertEquals(zoomed.y, box.y, "the timeline moved from under the pointer");
    await page.mouse.dblclick(zoomed.x + 200, zoomed.y + 60);
    await page.waitForURL((url) => !url.hash.includes("from="));
    await expectReport("--all");
  });

  await test.step("keys zoom, move, and go from call to call", async () => {
    await page.focus(".stage");
    await page.keyboard.press("Escape"); // the call that the double click may have met
    await page.keyboard.press("+");
    await page.waitForURL(/from=/);
    const before = page.url();
    await page.keyboard.press("ArrowRight");
    await page.waitForURL((url) => url.href !== before);
    await page.keyboard.press("0");
    await page.waitForURL((url) => !url.hash.includes("from="));
    await page.keyboard.press("ArrowDown");
    await page.waitForURL(/call=0\b/);
    await page.keyboard.press("ArrowDown");
    await page.waitForURL(/call=1\b/);
    assertEquals(await opened.count(".details"), 1);
    await page.keyboard.press("Escape");
    assertEquals(await opened.count(".details"), 0);
  });

  await test.step("a click on a bar shows the call", async () => {
    await page.locator(".stage").scrollIntoViewIfNeeded();
    const box = await page.locator(".stage").boundingBox();
    if (box === null) throw new Error("no timeline");
    for (let x = 10; x < 60 && await opened.count(".details") === 0; x += 2) {
      await page.mouse.click(box.x + x, box.y + 65);
    }
    const terms = await opened.texts(".details dt");
    for (const term of ["Took", "Gate", "Started", "Ended", "Memory", "Session"]) {
      assert(terms.includes(term), `${term} of ${terms.join(", ")}`);
    }
    await page.click(".details button");
  });

  await test.step("headings sort, by mouse and by keys", async () => {
    const names = (): Promise<string[]> => opened.texts("#tools .report tbody th");
    await page.click("th[data-sort=calls] button");
    assertEquals((await names())[0], "Read");
    assertEquals(await opened.attribute("th[data-sort=calls]", "aria-sort"), "descending");
    await page.keyboard.press("Enter");
    assertEquals(await opened.attribute("th[data-sort=calls]", "aria-sort"), "ascending");
    assertEquals((await names())[0], "github ‡");
    await opened.address("sort=-calls");
  });

  await test.step("a finding leads to where it shows", async () => {
    await opened.follow(() => page.click("#findings a[data-label=Grew]"));
    assertEquals(await opened.focused(), "resources");
  });
  opened.expectClean();
});

testWith("chromium", "dashboard: fingers on a phone", async (test) => {
  using folder = temporaryFolder();
  const file = await makePage(folder.path, SAMPLE_LOG);
  await using browser = await TestBrowser.launch();
  const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
  await using opened = await browser.open(file, phone);
  const { page } = opened;
  /** Where the timeline is by now: what is above it changes with the filter. */
  const stage = async (): Promise<{ left: number; top: number; width: number }> => {
    await opened.ready();
    await page.locator(".stage").scrollIntoViewIfNeeded();
    const box = await page.locator(".stage").boundingBox();
    if (box === null) throw new Error("no timeline");
    return { left: box.x, top: box.y, width: box.width };
  };
  /** The time that is chosen, seconds since the epoch. */
  const chosen = (): { from: number; to: number } => {
    const state = new URLSearchParams(new URL(page.url()).hash.slice(1));
    return { from: Number(state.get("from")), to: Number(state.get("to")) };
  };

  /** The same, once the address says what the last gesture came to: it is written with some delay. */
  const settled = async (): Promise<{ from: number; to: number }> => {
    for (let last = chosen();;) {
      await page.waitForTimeout(500);
      const { from, to } = chosen();
      if (Object.is(from, last.from) && Object.is(to, last.to)) return last;
      last = { from, to };
    }
  };

  await test.step("two fingers zoom: what was between them stays there", async () => {
    const { left, top, width } = await stage();
    const [x, y] = [left + width / 2, top + 60];
    await opened.fingers([[x - 40, y], [x + 40, y]], [[x - 120, y], [x + 120, y]]);
    await page.waitForURL(/from=.*to=/);
    const { from, to } = chosen();
    assert(to > from);
  });

  await test.step("one finger moves, and what is shown stays as long", async () => {
    const before = await settled();
    const { left, top } = await stage();
    await opened.fingers([[left + 100, top + 60]], [[left + 200, top + 60]]);
    await page.waitForURL((url) => !url.hash.includes(`from=${before.from}`));
    const after = await settled();
    assert(after.from < before.from && after.to < before.to, JSON.stringify({ before, after }));
  });

  await test.step("a tap shows a call, and moves nothing", async () => {
    const before = await settled();
    const { left, top } = await stage();
    // Two taps in a row would show the whole: the first has to hit.
    const x = await page.locator(".stage canvas").evaluate((canvas) => {
      const { width } = canvas as HTMLCanvasElement;
      const context = (canvas as HTMLCanvasElement).getContext("2d");
      const row = context?.getImageData(0, 60 * devicePixelRatio, width, 1).data ?? [];
      const bar = Array.from({ length: width }, (_, pixel) => row[4 * pixel + 3]).indexOf(255, 10);
      return bar / devicePixelRatio;
    });
    await page.touchscreen.tap(left + x + 1, top + 60);
    await page.waitForSelector(".details .status");
    assertEquals(await opened.count(".details"), 1);
    assertEquals(chosen(), before);
    await page.tap(".details button");
  });

  await test.step("a finger that goes down scrolls the page", async () => {
    const before = await page.evaluate(() => scrollY);
    const { from } = await settled();
    const { left, top } = await stage();
    await opened.fingers([[left + 100, top + 100]], [[left + 102, top - 150]]);
    await page.waitForFunction((top) => scrollY > top, before);
    assertEquals(chosen().from, from);
  });
  opened.expectClean();
});
