/// <reference lib="dom" />
/** The findings of the dashboard's page: those of `report`, and each leads to what it speaks of. */
import { expectExit, perfmon } from "../../kit/perfmon.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { testWith } from "../../kit/tools.ts";
import { assert, assertEquals, assertStringIncludes } from "../../std/std_assert.ts";
import { filter, makePage, SAMPLE_LOG, TestBrowser } from "../../kit/browser.ts";

/** What findings are called, among the first words of the report's lines. */
const LABELS = new Set([
  ...["Time", "Prompts", "Failing", "Slow", "Gate", "CPU", "Memory", "Growing", "Grew"],
  ...["Running", "Changed"],
]);

/** How many calls a command line of a finding is about, run on the sample log. */
async function callsOf(line: string): Promise<number> {
  const words = (line.match(/'[^']*'|\S+/g) ?? []).map((word) => word.replaceAll("'", ""));
  const all = words[1] === "top" ? ["-n", "1000"] : [];
  const args = [...words.slice(1), ...all, "--json", "--file", SAMPLE_LOG];
  const said = JSON.parse(expectExit(await perfmon(args), 0).stdout);
  return said.calls?.length ?? said.all?.calls ?? said.session?.calls?.length;
}

testWith(
  "chromium",
  "dashboard: findings are those of report, with their command lines",
  async (test) => {
    using folder = temporaryFolder();
    const file = await makePage(folder.path, SAMPLE_LOG);
    await using browser = await TestBrowser.launch();
    await using opened = await browser.open(file);
    const { page } = opened;
    const env = { LANG: "C.UTF-8" };
    const args = ["report", "--all", "--utc", "--file", SAMPLE_LOG];
    const { stdout } = expectExit(await perfmon(args, { env }), 0);
    const oneLine = stdout.replace(/\s+/g, " ");
    const lines = await opened.texts("#findings code");
    assert(lines.length >= 3);
    const labels = stdout.match(/^[A-Z][a-z]+(?= {2})/gm)?.filter((label) => LABELS.has(label));

    await test.step("they are all that the report has", async () => {
      assertEquals(await opened.texts("#findings dt"), labels);
      assert(labels?.includes("Failing") && labels.includes("Time"));
    });

    await test.step("each sentence and line is in the report", async () => {
      assertEquals(await opened.count("#findings a"), lines.length);
      for (const text of await opened.texts("#findings a")) assertStringIncludes(oneLine, text);
      for (const text of await opened.texts("#findings dd")) {
        assertStringIncludes(oneLine, text.split("perfmon")[0]!.trim());
      }
      for (const line of lines) assertStringIncludes(oneLine, line);
    });

    for (const [place, line] of lines.entries()) {
      await test.step(`a click leaves the calls of ${line}`, async () => {
        await opened.follow(() => page.locator("#findings a").nth(place).click());
        const count = await opened.attribute("#calls table", "aria-rowcount");
        if (/--by (turn|permission)/.test(line)) return; // of no calls
        assertEquals(Number(count) - 1, await callsOf(line));
        await page.click("text=Clear filters");
      });
    }

    await test.step("what is filtered stands in the line", async () => {
      await page.selectOption(filter("Project"), "api");
      const [line = ""] = await opened.texts("#findings code");
      assertStringIncludes(line, "--project api");
      await opened.follow(() => page.locator("#findings a").first().click());
      const count = await opened.attribute("#calls table", "aria-rowcount");
      assertEquals(Number(count) - 1, await callsOf(line));
      await page.click("text=Clear filters");
    });

    await test.step("the line is copied", async () => {
      await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
      await page.locator("#findings .command button").first().click();
      await page.waitForSelector("text=Copied");
      assertEquals(await page.evaluate(() => navigator.clipboard.readText()), lines[0]);
    });
    opened.expectClean();
  },
);
