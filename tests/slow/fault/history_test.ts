/** The history as commands show it: damaged segments, two logs side by side, clear. */
import { assertEquals, assertStringIncludes } from "../../std/std_assert.ts";
import { toolsOf } from "../../kit/log_files.ts";
import { appendRows, logIn, names, rotating, seedRow } from "../../kit/numbered_rows.ts";
import { expectExit, perfmon } from "../../kit/perfmon.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import type { LogLocation } from "../../../src/log/location.ts";

/** A log of 25 rows, 18 of which are in three segments, two of these compressed. */
async function logWithHistory(folder: string, name?: string): Promise<LogLocation> {
  const location = logIn(folder, name);
  await appendRows(location, 1, 25, rotating(9, 4));
  expectExit(await perfmon(["report", "--file", location.path]), 0);
  return location;
}

async function exported(path: string, stderr = ""): Promise<string[]> {
  const result = expectExit(await perfmon(["export", "csv", "--file", path]), 0);
  assertStringIncludes(result.stderr, stderr);
  const rows = result.stdout.trimEnd().split("\n").slice(1);
  const tools = rows.map((line) => line.split(",")[3] ?? "");
  return tools.toSorted((a, b) => Number(a.slice(1)) - Number(b.slice(1)));
}

const READERS = [
  ["report", "--since", "2020-01-01"],
  ["tail"],
  ["top", "--since", "2020-01-01"],
  ["status"],
  ["running"],
];

Deno.test("a damaged segment is named by each reader, and costs only its own rows", async () => {
  using folder = temporaryFolder();
  const { path } = await logWithHistory(folder.path);
  const first = path.replace(/csv$/, "d/history/00000001.csv.gz");
  const whole = Deno.readFileSync(first);
  for (const bytes of [whole.subarray(0, whole.length - 9), new Uint8Array(40).fill(7)]) {
    Deno.writeFileSync(first, bytes);
    for (const reader of READERS) {
      const result = expectExit(await perfmon([...reader, "--file", path]), 0);
      const said = reader[0] === "status" ? "" : first;
      assertStringIncludes(result.stderr, said, reader.join(" "));
    }
    const left = await exported(path, first);
    assertEquals(names(25, 7).filter((tool) => !left.includes(tool)), []);
  }
  assertEquals(Deno.readFileSync(first).length, 40, "nobody has touched it");
});

Deno.test("two logs in one folder never mix, whatever their names", async () => {
  using folder = temporaryFolder();
  const logs = ["a.csv", "a", "a.csv.csv", "a.b.csv", "performance.csv"];
  for (const name of logs) await logWithHistory(folder.path, name);
  await appendRows(logIn(folder.path, "a.csv"), 26, 40, rotating(9, 4));
  expectExit(await perfmon(["clear", "--yes", "--file", `${folder.path}/a.b.csv`]), 0);
  assertEquals(await exported(`${folder.path}/a.csv`), names(40));
  for (const name of ["a", "a.csv.csv", "performance.csv"]) {
    assertEquals(await exported(`${folder.path}/${name}`), names(25), name);
  }
});

Deno.test("clear empties log and history, whatever state a rotation left them in", async () => {
  using folder = temporaryFolder();
  const { path } = await logWithHistory(folder.path);
  expectExit(await perfmon(["clear", "--yes", "--file", path]), 0);
  assertEquals([...Deno.readDirSync(path.replace(/csv$/, "d/history"))], []);
  // A program that still has the old log open, and a new one that others begin.
  Deno.writeTextFileSync(path, seedRow(1) + seedRow(2));
  await appendRows(logIn(folder.path), 3, 12, rotating(9, 4));
  assertEquals(await exported(path), names(12));
  assertEquals(toolsOf(path).slice(0, 4).length, 4);
});

Deno.test("clear --before right after a rotation loses none of the rows that stay", async () => {
  using folder = temporaryFolder();
  const location = logIn(folder.path);
  await appendRows(location, 1, 20, rotating(9, 4));
  const late = Deno.openSync(location.path, { append: true });
  await appendRows(location, 21, 25, rotating(9, 4));
  late.writeSync(new TextEncoder().encode(seedRow(26)));
  late.close();
  const time = new Date((1_729_876_543 + 12) * 1000).toISOString();
  expectExit(await perfmon(["clear", "--yes", "--before", time, "--file", location.path]), 0);
  assertEquals(await exported(location.path), names(26, 12));
  await appendRows(location, 27, 40, rotating(9, 4));
  assertEquals(await exported(location.path), names(40, 12));
});
