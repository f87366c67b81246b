/** What tables by session, day and version say besides their figures, and how many lines tables have. */
import type { Sample } from "../../../src/row/sample.ts";
import { logText, writeLog } from "../../kit/log_files.ts";
import { expectExit, perfmon } from "../../kit/perfmon.ts";
import { call } from "../../kit/samples.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { assertEquals, assertMatch } from "../../std/std_assert.ts";

const DAY = 86_400;

/** Thirty calls of a day, a minute apart, each of so many seconds. */
function calls(day: number, seconds: number, rest: Partial<Sample>): Sample[] {
  return Array.from({ length: 30 }, (_, index) => {
    const from = day * DAY + 36_000 + 60 * index;
    return call(`${day}-${index}`, from, from + seconds, { project: "api", ...rest });
  }).flat();
}

async function report(rows: readonly Sample[], ...args: string[]): Promise<string> {
  using folder = temporaryFolder();
  const file = writeLog(folder.path, logText(rows));
  const run = await perfmon(["report", "--all", "--utc", "--file", file, ...args], {
    env: { LANG: "C.UTF-8" },
  });
  return expectExit(run, 0).stdout;
}

Deno.test("report --by session: when each began, and how long it went on", async () => {
  const text = await report(
    [
      ...calls(1, 1, { sessionId: "aaaa1111" }),
      ...calls(2, 2, { sessionId: "bbbb2222" }),
    ],
    "--by",
    "session",
  );
  assertMatch(text, /^SESSION +WHEN +FOR +CALLS/m);
  assertMatch(text, /^bbbb api +1970-01-03 10:00 +29m2s +30 /m);
  assertMatch(text, /^aaaa api +1970-01-02 10:00 +29m1s +30 /m);
});

Deno.test("report --by day: the trend has a bar for each day, those without calls among them", async () => {
  const text = await report(
    [...calls(1, 1, {}), ...calls(2, 2, {}), ...calls(5, 4, {})],
    "--by",
    "day",
  );
  assertMatch(text, /^Calls +██▁▁█ {3}0 to 30 a day$/m);
  assertMatch(text, /^Time +▃▅▁▁█ {3}0ms to 2m0s a day$/m);
  assertEquals((await report(calls(1, 1, {}), "--by", "day")).includes("a day"), false);
});

Deno.test("report --by version: tools that both of the two newest versions have are compared", async () => {
  const text = await report(
    [
      ...calls(1, 9, { clientVersion: "2.1.9", toolName: "Read" }),
      ...calls(2, 1, { clientVersion: "2.1.10" }),
      ...calls(3, 2, { clientVersion: "2.1.11" }),
      ...calls(4, 1, { clientVersion: "2.1.11", toolName: "Grep" }),
    ],
    "--by",
    "version",
  );
  assertMatch(text, /^The same tools, 2\.1\.10 → 2\.1\.11$/m);
  assertMatch(text, /^Bash +30 → 30 +1\.0s → 2\.0s +\+100% +.* slower$/m);
  assertEquals(/^(Read|Grep) /m.test(text), false, text);
});

Deno.test("-n: so many lines in every table, the rest in one, of days the newest", async () => {
  const rows = [1, 2, 3, 4].flatMap((day) =>
    calls(day, day, { sessionId: `${day}${day}${day}${day}` })
  );
  const by = async (...args: string[]): Promise<string[]> =>
    (await report(rows, ...args)).split("\n").filter((line) => /^\d/.test(line))
      .map((line) => line.split(/ {2,}/)[0]!);
  assertEquals(await by("--by", "session", "-n", "2"), ["4444 api", "3 more"]);
  assertEquals(await by("--by", "day", "-n", "2"), ["3 earlier", "1970-01-05"]);
  assertEquals(await by("--by", "day", "-n", "9"), [2, 3, 4, 5].map((day) => `1970-01-0${day}`));
});

Deno.test("-n: of a profile so many tools, those first in which most time was spent", async () => {
  using folder = temporaryFolder();
  const rows = ["Bash", "Read", "Grep"].flatMap((toolName, index) =>
    calls(index + 1, 3 - index, { toolName })
  );
  const file = writeLog(folder.path, logText(rows));
  const run = async (...args: string[]): Promise<string> =>
    expectExit(await perfmon(["profile", ...args, "--file", file]), 0).stdout;
  await run("save", "all", "--all");
  const tools = (text: string): string[] => text.match(/^(Bash|Read|Grep)/gm) ?? [];
  assertEquals(tools(await run("show", "all")), ["Bash", "Read", "Grep"]);
  assertEquals(tools(await run("show", "all", "-n", "2")), ["Bash", "Read"]);
  // Too wide for one table, a comparison is two.
  assertEquals(tools(await run("compare", "all", "all", "-n", "1")), ["Bash", "Bash"]);
});
