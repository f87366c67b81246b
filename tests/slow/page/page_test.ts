/// <reference lib="dom" />
/** The dashboard's page in a real browser, opened from a file as people get it. */
import { formatRow, FULL_COLUMNS, FULL_HEADER } from "../../../src/row/columns.ts";
import { expectExit, perfmon } from "../../kit/perfmon.ts";
import { logText } from "../../kit/log_files.ts";
import { call, end, start } from "../../kit/samples.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { testWith } from "../../kit/tools.ts";
import { assert, assertEquals, assertStringIncludes } from "../../std/std_assert.ts";
import { filter, makePage, SAMPLE_LOG, TestBrowser } from "../../kit/browser.ts";

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
    assertEquals(await opened.count(".uplot canvas"), 2);
    assertEquals(await opened.count("svg.strip"), 6);
    assertEquals(await opened.count("#failures .bar"), 4);
    assertEquals(await opened.count("#waits .bar"), 12);
    opened.expectClean();
  });

  await test.step("numbers and dates are in the reader's language", async () => {
    await using opened = await browser.open(file, { locale: "de-DE" });
    assertStringIncludes(await opened.text("#findings"), "longest 4,7s");
    assertStringIncludes(await opened.text("#subtitle"), "16.11.2026");
    opened.expectClean();
  });

  await test.step("says what report says, and shows its table", async () => {
    await using opened = await browser.open(file);
    const env = { LANG: "C.UTF-8", COLUMNS: "120" }; // names in full, as on the page
    const { stdout } = expectExit(
      await perfmon(["report", "--all", "--file", SAMPLE_LOG], { env }),
      0,
    );
    const squeezed = stdout.replace(/ +/g, " ");
    for (const sentence of await opened.texts("#findings a")) {
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

  await test.step("a click on a command leaves its calls, on the line of other commands those of Bash", async () => {
    await using opened = await browser.open(file);
    const row = (name: string): string =>
      `#tools .report tbody tr:has(button[title="Only ${name}"])`;
    const calls = await opened.text(`${row("npm test")} td:nth-child(2)`);
    await opened.page.locator(`${row("npm test")} button`).click();
    assertEquals(await opened.text("#tools .report tfoot td:nth-child(2)"), calls);
    assertStringIncludes(await opened.text("#filters .count"), `${calls} of 130 calls`);
    await opened.address("command=npm+test");
    await opened.page.locator("#filters button").click();
    await opened.page.locator("#tools .report button[title^='Only other Bash']").click();
    await opened.address("tool=Bash");
    await opened.page.waitForURL((url) => !url.href.includes("command="));
    opened.expectClean();
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
  assertEquals(await opened.count("#findings dd"), 7);
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
  assert((await opened.attribute(".strip path", "d") ?? "").length > 10);
  assert(await opened.inked(".stage canvas") > 500);
  assertEquals(await opened.count(".resources select:visible"), 0);
  assertEquals(await opened.count(".resources h3:visible"), 1);
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
  assertEquals(await opened.text(".details h2"), evil);
  assertEquals(await opened.count("img, main script"), 0);
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

testWith(
  "chromium",
  "dashboard: calls are counted alike in the title and beside the filters",
  async () => {
    using folder = temporaryFolder();
    const rows = [
      ...Array.from({ length: 3 }, (_, index) => call(`t${index}`, 100 * index, 100 * index + 1)),
      [start(1000, { toolUseId: "open" })],
    ].flat();
    const log = `${folder.path}/performance.csv`;
    Deno.writeTextFileSync(log, logText(rows));
    await using browser = await TestBrowser.launch();
    await using opened = await browser.open(await makePage(folder.path, log));
    assertStringIncludes(await opened.text("h1"), ": 3 calls,");
    assertEquals(await opened.text("#filters .count"), "3 calls, 1 without an end");
    await opened.page.selectOption(filter("Status"), "ok");
    assertEquals(await opened.text("#filters .count"), "3 of 3 calls");
  },
);
