/** A time that is asked for is read out of the files that it touches: their names say so. */
import { call } from "../../kit/samples.ts";
import { writeLog } from "../../kit/log_files.ts";
import { logText } from "../../kit/log_files.ts";
import { binary, expectExit, perfmon } from "../../kit/perfmon.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { assert, assertEquals, assertStringIncludes } from "../../std/std_assert.ts";
import type { Sample } from "../../../src/row/sample.ts";

const DAY = 86_400;
const DAYS = 40;

/** A call each day at noon, the last one yesterday, and one more that began 30 days ago and ended 2 days ago. */
function days(): Sample[][] {
  const today = Math.floor(Date.now() / 1000 / DAY) * DAY;
  return Array.from({ length: DAYS }, (_, index) => {
    const noon = today - (DAYS - index) * DAY + DAY / 2;
    const [start, end] = call("long", today - 30 * DAY, today - 2 * DAY);
    return [
      ...call(`id${index}`, noon, noon + index + 1, { sessionId: `s${index}` }),
      ...DAYS - index === 30 ? [start!] : [],
      ...DAYS - index === 2 ? [end!] : [],
    ];
  });
}

/** A log whose history is merged: a file a day; returns its path and the name of the oldest. */
async function mergedLog(
  folder: string,
  rows: readonly Sample[][],
): Promise<{ log: string; oldest: string }> {
  const log = writeLog(folder, logText(rows.at(-1)!));
  const history = `${folder}/performance.d/history`;
  Deno.mkdirSync(history, { recursive: true });
  for (const [index, samples] of rows.slice(0, -1).entries()) {
    const name = `${String(index + 1).padStart(8, "0")}.csv`;
    Deno.writeTextFileSync(`${history}/${name}`, logText(samples));
  }
  expectExit(await perfmon(["status", "--file", log]), 0);
  const names = Array.from(Deno.readDirSync(history), ({ name }) => name).sort();
  assertEquals(names.length, DAYS - 1);
  return { log, oldest: `${history}/${names[0]}` };
}

Deno.test("a time that is asked for needs only the files that have rows of it, and comes to the same", async () => {
  using folder = temporaryFolder();
  const { log, oldest } = await mergedLog(folder.path, days().map((rows) => rows.slice(0, 2)));
  const commands = [
    ["report", "--json"],
    ["report", "--since", "5d"],
    ["report", "--by", "day"],
    ["top"],
    ["top", "--json", "--since", "3d"],
    ["export", "csv", "--since", "3d"],
    ["tail"],
    ["tail", "--json"],
    ["tail", "--raw", "--since", "3d"],
    ["check", "--max-p95", "1h"],
  ];
  const run = (args: readonly string[]) => perfmon([...args, "--file", log]);
  /** A window of so many days begins with each run anew. */
  const timeless = (text: string): string => text.replace(/"since_timestamp": [\d.]+/, "");
  const whole = await Promise.all(commands.map(async (args) => (await run(args)).stdout));
  Deno.writeFileSync(oldest, new Uint8Array(40).fill(7));
  for (const [index, args] of commands.entries()) {
    const { stdout, stderr } = expectExit(await run(args), 0);
    assertEquals([timeless(stdout), stderr], [timeless(whole[index]!), ""], args.join(" "));
  }
  for (
    const args of [["report", "--all"], ["report", "--since", "39d"], ["report", "--tool", "B*"]]
  ) {
    assertStringIncludes(expectExit(await run(args), 0).stderr, oldest, args.join(" "));
  }
});

Deno.test("a call that began long before the time, and ended in it, is none of it", async () => {
  using folder = temporaryFolder();
  const { log } = await mergedLog(folder.path, days());
  const { stdout } = expectExit(await perfmon(["report", "--json", "--file", log]), 0);
  const { all } = JSON.parse(stdout);
  assert(all.calls === 6 || all.calls === 7, stdout);
  assertEquals(all.max_seconds < DAY, true, stdout);
});

Deno.test("tail -f shows the newest calls without the files of the history that are older", async () => {
  using folder = temporaryFolder();
  const { log, oldest } = await mergedLog(folder.path, days().map((rows) => rows.slice(0, 2)));
  const newest = ["--json", "-n", "3", "--file", log];
  const { calls } = JSON.parse(expectExit(await perfmon(["tail", ...newest]), 0).stdout);
  Deno.writeFileSync(oldest, new Uint8Array(40).fill(7));
  assertEquals(await firstLines(3, ["tail", "-f", ...newest]), {
    lines: calls.map((call: unknown) => JSON.stringify(call)),
    errors: "",
  });
  const all = await firstLines(3, ["tail", "-f", "--all", ...newest]);
  assertStringIncludes(all.errors, oldest);
});

/** The first lines that a command prints, and what it said on stderr. */
async function firstLines(
  count: number,
  args: readonly string[],
): Promise<{ lines: string[]; errors: string }> {
  const child = new Deno.Command(binary, {
    args: [...args],
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const errors = new Response(child.stderr).text();
  let text = "";
  const decoder = new TextDecoder();
  for await (const chunk of child.stdout) {
    text += decoder.decode(chunk, { stream: true });
    if (text.split("\n").length > count) break; // then nobody reads it any more
  }
  assertEquals((await child.status).code, 0);
  return { lines: text.trimEnd().split("\n"), errors: await errors };
}

Deno.test("where the last 7 days hold nothing the whole log is read", async () => {
  using folder = temporaryFolder();
  const old = days().map((rows) =>
    rows.slice(0, 2).map((row) => ({ ...row, timestamp: row.timestamp - 60 * DAY }))
  );
  const { log } = await mergedLog(folder.path, old);
  const { stdout } = expectExit(await perfmon(["top", "--file", log, "-n", "50"]), 0);
  assertStringIncludes(stdout, "40 of 40 calls, whole log (nothing in the last 7 days)");
});
