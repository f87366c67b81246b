import { assertEquals, assertLess } from "../../std/std_assert.ts";
import { toolsOf } from "../../kit/log_files.ts";
import { allTools, logIn, names, seedRow } from "../../kit/numbered_rows.ts";
import { expectExit, perfmon } from "../../kit/perfmon.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";

Deno.test("16 processes with 20 rows each, and a foreign program: all rows once in log and history", async () => {
  using folder = temporaryFolder();
  const location = logIn(folder.path);
  const limits = ["--max-lines", "50", "--keep", "20", "--file", location.path];
  const writers = Array.from({ length: 16 }, async (_, writer) => {
    for (let row = 0; row < 20; row++) {
      const tool = `w${writer}r${row}`;
      const result = expectExit(await perfmon(["rec", "end", "--tool", tool, ...limits]), 0);
      assertEquals(result.stdout, "");
    }
  });
  const foreign = (async () => {
    for (let row = 1; row <= 40; row++) {
      // As `>>` does: opened anew for each row.
      await Deno.writeTextFile(location.path, seedRow(row), { append: true });
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  })();
  await Promise.all([...writers, foreign]);
  const expected = [
    ...names(40),
    ...Array.from({ length: 320 }, (_, index) => `w${index % 16}r${Math.floor(index / 16)}`),
  ];
  assertEquals((await allTools(location)).toSorted(), expected.toSorted());
  // Rotated by whoever saw more than 50: what came later may stand behind.
  assertLess(toolsOf(location.path).length, 50 + 16 + 40);
});
