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
  });
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
