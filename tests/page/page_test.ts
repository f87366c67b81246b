/// <reference lib="dom" />
/** The dashboard's page in a real browser, opened from a file as people get it. */
import { formatRow, FULL_COLUMNS, FULL_HEADER } from "../../src/core/row.ts";
import { end, start } from "../core/call_cases.ts";
import { assert, assertEquals, assertStringIncludes } from "../std_assert.ts";
import { expectExit, perfmon, temporaryFolder, testWith } from "../support.ts";
import { TestBrowser } from "./browser.ts";

const SAMPLE_LOG = `${import.meta.dirname}/../../examples/performance.csv`;

/** Writes the page of a log and returns its path. */
async function makePage(folder: string, log: string, ...flags: string[]): Promise<string> {
  const page = `${folder}/page.html`;
  const args = ["dashboard", "--all", "--file", log, "-o", page, ...flags];
  expectExit(await perfmon(args), 0);
  return page;
}

testWith("chromium", "dashboard: the page of a log in a browser", async (test) => {
  using folder = temporaryFolder();
  const file = await makePage(folder.path, SAMPLE_LOG);
  await using browser = await TestBrowser.launch();

  await test.step("opens from a file without an error and without a request", async () => {
    await using opened = await browser.open(file);
    assertEquals(await opened.text("h1"), "Whole log: 130 calls, 3 sessions, 2 projects");
    opened.expectClean();
  });

  await test.step("draws every chart", async () => {
    await using opened = await browser.open(file);
    for (const canvas of [".stage canvas", ".overview canvas", ".uplot canvas"]) {
      assert(await opened.inked(canvas) > 500, canvas);
    }
    assertEquals(await opened.page.locator(".uplot canvas").count(), 2);
    assertEquals(await opened.page.locator("svg.strip").count(), 6);
    assertEquals(await opened.page.locator("#failures .bar").count(), 3);
    assertEquals(await opened.page.locator("#waits .bar").count(), 6);
    opened.expectClean();
  });

  await test.step("numbers and dates are in the reader's language", async () => {
    await using opened = await browser.open(file, { locale: "de-DE" });
    assertStringIncludes(await opened.text("#findings"), "longest 6,0s");
    assertStringIncludes(await opened.text("#subtitle"), "16.11.2026");
    opened.expectClean();
  });

  await test.step("says what report says, and shows its table", async () => {
    await using opened = await browser.open(file);
    const env = { LANG: "C.UTF-8" };
    const { stdout } = expectExit(
      await perfmon(["report", "--all", "--file", SAMPLE_LOG], { env }),
      0,
    );
    const squeezed = stdout.replace(/ +/g, " ");
    for (const sentence of await opened.texts("#findings dd")) {
      assertStringIncludes(squeezed, sentence);
    }
    for (const row of await opened.page.locator("#tools .report tr").all()) {
      const cells = (await row.locator("th, td").allTextContents()).filter((cell) => cell !== "");
      assertStringIncludes(squeezed, cells.join(" "));
    }
    const oneLine = stdout.replace(/\s+/g, " ");
    const notes = await opened.texts("#tools .caveats p");
    assert(notes.length > 1);
    for (const note of notes) assertStringIncludes(oneLine, note.replace(/\s+/g, " "));
  });
});

testWith("chromium", "dashboard: a file that was cut off still says what was found", async () => {
  using folder = temporaryFolder();
  const file = await makePage(folder.path, SAMPLE_LOG);
  const text = Deno.readTextFileSync(file);
  Deno.writeTextFileSync(file, text.slice(0, text.indexOf('id="columns">') + 1000));
  await using browser = await TestBrowser.launch();
  await using opened = await browser.open(file, { isReady: false });
  await opened.page.waitForSelector("#notes:not(:empty)");
  assertStringIncludes(await opened.text("#notes"), "cut off");
  assertStringIncludes(await opened.text("h1"), "130 calls");
  assertEquals(await opened.page.locator("#findings dd").count(), 5);
});

testWith("chromium", "dashboard: of the seed's five columns it shows what they tell", async () => {
  using folder = temporaryFolder();
  const log = `${folder.path}/performance.csv`;
  const rows = Array.from({ length: 30 }, (_, call) => [
    `${1000 + 10 * call}.5,12.5,256780,Read,start`,
    `${1001 + 10 * call}.5,15.3,258920,Read,end`,
  ]);
  Deno.writeTextFileSync(log, `${rows.flat().join("\n")}\n`);
  await using browser = await TestBrowser.launch();
  await using opened = await browser.open(await makePage(folder.path, log));
  assertEquals(await opened.texts(".strip-row .number"), ["1.0s", "1.0s", "p50", "p95"]);
  assert((await opened.page.getAttribute(".strip path", "d") ?? "").length > 10);
  assert(await opened.inked(".stage canvas") > 500);
  assertEquals(await opened.page.locator(".resources select:visible").count(), 0);
  assertEquals(await opened.page.locator(".resources h3:visible").count(), 1);
  assertStringIncludes(await opened.text(".caveats"), "No row says how a call ended");
  opened.expectClean();
});

testWith("chromium", "dashboard: names and parameters stay text", async () => {
  using folder = temporaryFolder();
  const evil = `<script>alert(1)</script><img src=x onerror=alert(2)>`;
  const names = { toolName: evil, sessionId: evil, project: evil, params: `</script>${evil}` };
  const rows = [
    start(1000, { ...names, toolUseId: "a", memoryRss: 1000, cpuSeconds: 1 }),
    end(1002, { ...names, toolUseId: "a", memoryRss: 2000, cpuSeconds: 2, status: "error" }),
  ].map((sample) => formatRow(sample, FULL_COLUMNS));
  const log = `${folder.path}/performance.csv`;
  Deno.writeTextFileSync(log, `${FULL_HEADER}\n${rows.join("")}`);
  await using browser = await TestBrowser.launch();
  await using opened = await browser.open(await makePage(folder.path, log), {
    fragment: "#call=0",
  });
  assertStringIncludes(await opened.text(".details pre"), evil);
  assertEquals(await opened.text(".details h3"), evil);
  assertEquals(await opened.page.locator("img, main script").count(), 0);
  opened.expectClean();
});

testWith("chromium", "dashboard: filters, zoom, sorting and keys", async (test) => {
  using folder = temporaryFolder();
  const file = await makePage(folder.path, SAMPLE_LOG);
  await using browser = await TestBrowser.launch();
  await using opened = await browser.open(file);
  const { page } = opened;

  /** What `report` says with flags, as the page's table has it: the cells of all rows. */
  const expectReport = async (...flags: string[]): Promise<void> => {
    const args = ["report", "--by", "tool", "--json", "--file", SAMPLE_LOG, ...flags];
    const { all, groups } = JSON.parse(expectExit(await perfmon(args), 0).stdout);
    const rows = await page.locator("#tools .report tbody tr").all();
    assertEquals(rows.length, groups.length);
    for (const [index, row] of rows.entries()) {
      const [name, calls, failed] = await row.locator("th, td").allTextContents();
      assertEquals(name?.split(" ")[0], groups[index].name);
      assertEquals([calls, failed], [`${groups[index].calls}`, `${groups[index].failed}`]);
    }
    const total = await opened.texts("#tools .report tfoot td");
    assertEquals(total[0], String(all.calls));
    assertStringIncludes(await opened.text("h1"), `: ${all.calls} call`);
  };

  await test.step("a tool, a session, a status: figures as report has them, all in the address", async () => {
    await page.selectOption("#filters select >> nth=0", "Bash");
    await expectReport("--all", "--tool", "Bash");
    await page.selectOption("#filters select >> nth=1", { index: 3 });
    await expectReport("--tool", "Bash", "--session", "7d1f");
    assertStringIncludes(page.url(), "#tool=Bash&session=7d1f20c4-");
    await page.selectOption("#filters select >> nth=2", "error");
    assertEquals(await opened.text("#filters output"), "2 of 130 calls");
    await page.reload();
    await page.waitForSelector("html[data-ready]");
    assertEquals(await opened.text("#filters output"), "2 of 130 calls");
    await page.selectOption("#longest select", "cpu");
    await page.reload();
    await page.waitForSelector("html[data-ready]");
    assertEquals(await page.inputValue("#longest select"), "cpu");
    await page.click("text=Clear filters");
    await expectReport("--all");
  });

  await test.step("an address that names what is not there shows no call, and no error", async () => {
    await page.goto(`file://${file}#session=nobody&chart=nobody`);
    await page.waitForSelector("html[data-ready]");
    assertEquals(await opened.text("#filters output"), "0 of 130 calls");
    assertStringIncludes(await opened.text("#findings"), "No calls");
    await page.click("text=Clear filters");
    await expectReport("--all");
  });

  await test.step("a zoom by mouse narrows all of the page to that time, a double click widens it", async () => {
    const box = await page.locator(".stage").boundingBox();
    if (box === null) throw new Error("no timeline");
    await page.mouse.move(box.x + 5, box.y + 60);
    await page.mouse.down();
    await page.mouse.move(box.x + 400, box.y + 60, { steps: 4 });
    await page.mouse.up();
    await page.waitForURL(/from=|to=/);
    const state = new URLSearchParams(new URL(page.url()).hash.slice(1));
    const time = (name: string): string =>
      new Date(Number(state.get(name)) * 1000).toISOString().replace("Z", "");
    await expectReport("--utc", "--since", time("from"), "--until", time("to"));
    await page.mouse.dblclick(box.x + 200, box.y + 60);
    await page.waitForURL((url) => !url.hash.includes("from="));
    await expectReport("--all");
  });

  await test.step("keys zoom, move, and go from call to call", async () => {
    await page.focus(".stage");
    await page.keyboard.press("+");
    await page.waitForURL(/from=/);
    const before = page.url();
    await page.keyboard.press("ArrowRight");
    await page.waitForURL((url) => url.href !== before);
    await page.keyboard.press("0");
    await page.waitForURL((url) => !url.hash.includes("from="));
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    assertStringIncludes(page.url(), "call=1");
    assertEquals(await page.locator(".details").count(), 1);
    await page.keyboard.press("Escape");
    assertEquals(await page.locator(".details").count(), 0);
  });

  await test.step("a click on a bar shows the call", async () => {
    const box = await page.locator(".stage").boundingBox();
    if (box === null) throw new Error("no timeline");
    for (let x = 10; x < 60 && await page.locator(".details").count() === 0; x += 2) {
      await page.mouse.click(box.x + x, box.y + 65);
    }
    const terms = await opened.texts(".details dt");
    for (const term of ["Took", "Waited", "Started", "Ended", "Memory", "Session"]) {
      assert(terms.includes(term), `${term} of ${terms.join(", ")}`);
    }
    await page.click(".details button");
  });

  await test.step("behind the timeline is a table of its calls", async () => {
    await page.click("text=Calls as a table");
    await page.waitForSelector("#timeline tbody tr");
    assertEquals(await page.locator("#timeline tbody tr").count(), 100);
    assertStringIncludes(await opened.text("#timeline .fold"), "The first 100 of 130");
    await page.selectOption("#filters select >> nth=2", "error");
    assertEquals(await page.locator("#timeline tbody tr").count(), 5);
    await page.click("#timeline tbody button >> nth=0");
    assertEquals(await page.locator(".details").count(), 1);
    await page.click(".details button");
    await page.click("text=Clear filters");
    await page.click("text=Calls as a table");
  });

  await test.step("headings sort, by mouse and by keys", async () => {
    const names = (): Promise<string[]> => opened.texts("#tools .report tbody th");
    await page.click("th[data-sort=calls] button");
    assertEquals((await names())[0], "Read");
    assertEquals(await page.getAttribute("th[data-sort=calls]", "aria-sort"), "descending");
    await page.keyboard.press("Enter");
    assertEquals(await page.getAttribute("th[data-sort=calls]", "aria-sort"), "ascending");
    assertEquals((await names())[0], "github ‡");
    assertStringIncludes(page.url(), "sort=-calls");
  });

  await test.step("a finding leads to where it shows", async () => {
    await page.click("#findings a[data-label=Memory]");
    assertEquals(await page.evaluate(() => document.activeElement?.id), "resources");
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
    await page.waitForSelector("html[data-ready]");
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

  await test.step("two fingers zoom: what was between them stays there", async () => {
    const { left, top, width } = await stage();
    const [x, y] = [left + width / 2, top + 60];
    await opened.fingers([[x - 40, y], [x + 40, y]], [[x - 120, y], [x + 120, y]]);
    await page.waitForURL(/from=.*to=/);
    const { from, to } = chosen();
    assert(to > from);
  });

  await test.step("one finger moves, and what is shown stays as long", async () => {
    const before = chosen();
    const { left, top } = await stage();
    await opened.fingers([[left + 100, top + 60]], [[left + 200, top + 60]]);
    await page.waitForURL((url) => !url.hash.includes(`from=${before.from}`));
    const after = chosen();
    assert(after.from < before.from && after.to < before.to, JSON.stringify({ before, after }));
  });

  await test.step("a tap shows a call, and moves nothing", async () => {
    const before = chosen();
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
    assertEquals(await page.locator(".details").count(), 1);
    assertEquals(chosen(), before);
    await page.tap(".details button");
  });

  await test.step("a finger that goes down scrolls the page", async () => {
    const before = await page.evaluate(() => scrollY);
    const { from } = chosen();
    const { left, top } = await stage();
    await opened.fingers([[left + 100, top + 100]], [[left + 102, top - 150]]);
    await page.waitForFunction((top) => scrollY > top, before);
    assertEquals(chosen().from, from);
  });
  opened.expectClean();
});

testWith(
  "chromium",
  "dashboard: accessible, in light and dark, on a phone and in print",
  async (test) => {
    using folder = temporaryFolder();
    const file = await makePage(folder.path, SAMPLE_LOG);
    await using browser = await TestBrowser.launch();
    for (const colorScheme of ["light", "dark"] as const) {
      await test.step(`axe-core finds no fault in ${colorScheme}`, async () => {
        // The page's policy keeps scripts out; axe comes in by the browser's own way.
        await using opened = await browser.open(file, { colorScheme, fragment: "#call=3&wide=1" });
        await opened.page.locator("details").evaluateAll((all) =>
          all.forEach((each) => each.setAttribute("open", ""))
        );
        assertEquals(await opened.accessibilityFaults(), []);
        opened.expectClean();
      });
    }

    await test.step("nothing is wider than a phone", async () => {
      const phone = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true };
      await using opened = await browser.open(file, phone);
      const widths = await opened.page.evaluate(() => [
        document.documentElement.scrollWidth,
        document.documentElement.clientWidth,
      ]);
      assertEquals(widths[0], widths[1]);
      opened.expectClean();
    });

    await test.step("print is dark on light, where the screen is light on dark too", async () => {
      await using opened = await browser.open(file, { colorScheme: "dark" });
      await opened.page.emulateMedia({ media: "print", colorScheme: "dark" });
      const darkest = await opened.page.locator(".stage canvas").evaluate((canvas) => {
        const { width } = canvas as HTMLCanvasElement;
        const context = (canvas as HTMLCanvasElement).getContext("2d");
        const axis = context?.getImageData(0, 0, width, 18).data ?? [];
        return Math.min(
          ...Array.from({ length: axis.length / 4 }, (_, at) => 4 * at)
            .filter((at) => axis[at + 3] === 255).map((at) => axis[at] ?? 255),
        );
      });
      assert(darkest < 80, `the days' names are as dark as ${darkest} of 255`);
    });

    await test.step("print has the charts and no controls", async () => {
      await using opened = await browser.open(file);
      await opened.page.emulateMedia({ media: "print" });
      assertEquals(await opened.page.isVisible("#filters"), false);
      assertEquals(await opened.page.isVisible(".stage canvas"), true);
      const pdf = await opened.page.pdf({ format: "A4" });
      assert(pdf.length > 20_000);
    });
  },
);
