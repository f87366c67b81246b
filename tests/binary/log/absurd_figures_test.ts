/** Numbers that no log has, in the lock file and in names of segments: recording goes on, and soon. */
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { allTools, byNumber, logIn, names } from "../../kit/numbered_rows.ts";
import { expectExit, exportedTools, perfmon } from "../../kit/perfmon.ts";
import type { LogLocation } from "../../../src/log/location.ts";
import { assertEquals } from "../../std/std_assert.ts";

/** Records rows one after the other by the binary, which rotates beyond four. */
async function recordRows({ path }: LogLocation, from: number, to: number): Promise<void> {
  for (let number = from; number <= to; number++) {
    const args = [
      "end",
      "--tool",
      `t${number}`,
      "--max-lines",
      "4",
      "--keep",
      "2",
    ];
    const { stderr } = expectExit(await perfmon(["rec", ...args, "--file", path]), 0);
    assertEquals(stderr, "");
  }
}

Deno.test("figures in the lock file that can't be keep no row out, and rotation goes on", async () => {
  using folder = temporaryFolder();
  const location = logIn(folder.path);
  await recordRows(location, 1, 6);
  const lock = `${location.folder}/lock`;
  const figures = ["size", "rows", "header", "lastRow", "retryAt", "sequence", "cutAt", "copied"];
  let next = 7;
  for (const figure of figures) {
    for (const value of [1e15, -1e15]) {
      const state = JSON.parse(Deno.readTextFileSync(lock));
      Deno.writeTextFileSync(
        lock,
        JSON.stringify({ ...state, [figure]: value }).padEnd(399) + "\n",
      );
      await recordRows(location, next, next + 2);
      next += 3;
    }
  }
  assertEquals((await exportedTools(location.path)).sort(byNumber), names(next - 1));
});

Deno.test("figures that are not of the newest segment cut nothing off it", async () => {
  using folder = temporaryFolder();
  const location = logIn(folder.path);
  await recordRows(location, 1, 8);
  const lock = `${location.folder}/lock`;
  const state = JSON.parse(Deno.readTextFileSync(lock));
  const size = Deno.statSync(`${location.folder}/history/00000002.csv`).size;
  const others = { cutAt: size - 400, copied: size - 5 };
  Deno.writeTextFileSync(lock, JSON.stringify({ ...state, ...others }).padEnd(399) + "\n");
  await recordRows(location, 9, 14);
  assertEquals((await allTools(location)).sort(byNumber), names(14));
});

Deno.test("names of segments with numbers that can't be keep no rotation from its end", async () => {
  using folder = temporaryFolder();
  const location = logIn(folder.path);
  const history = `${location.folder}/history`;
  Deno.mkdirSync(history, { recursive: true });
  const strange = [
    "99999999999999999.csv", // beyond 2^53
    "9007199254740991.csv", // 2^53 - 1
    "999999999999.csv",
    "00000001.csv.gz",
    "0000000002.csv",
  ];
  for (const name of strange) Deno.writeTextFileSync(`${history}/${name}`, "");
  let next = 1;
  for (let round = 0; round < 3; round++) {
    await recordRows(location, next, next + 6);
    next += 7;
    Deno.removeSync(`${location.folder}/lock`);
  }
  assertEquals((await allTools(location)).sort(byNumber), names(next - 1));
  assertEquals(strange.filter((name) => Deno.statSync(`${history}/${name}`).size > 0), []);
});
