import { assertEquals } from "../../std/std_assert.ts";
import { linesOf } from "../../kit/log_files.ts";
import { expectExit, perfmon } from "../../kit/perfmon.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";

Deno.test("errors of many processes at once are a line each, also when the error log is begun anew", async () => {
  using folder = temporaryFolder();
  const log = `${folder.path}/performance.csv`;
  Deno.mkdirSync(`${folder.path}/performance.d`);
  const before = "2026-01-31T00:00:00Z rec end: an error of before\n".repeat(1335);
  Deno.writeTextFileSync(`${folder.path}/performance.d/errors.log`, before);
  await Promise.all(Array.from({ length: 16 }, async (_, index) => {
    const args = ["rec", "end", "--tool", "x", "--file", log, `--bogus${index}`];
    expectExit(await perfmon(args), 0);
  }));
  const lines = ["errors.log", "errors.old.log"].flatMap((name) =>
    linesOf(`${folder.path}/performance.d/${name}`)
  );
  assertEquals(lines.length, 1335 + 16);
  const found = lines.flatMap((line) =>
    // On a busy machine some say, too, that they did not wait for the lock any longer.
    /Z rec end: ignored .*"--bogus(\d+)"/.exec(line)?.[1] ?? []
  );
  assertEquals(found.length, 16);
  assertEquals(new Set(found).size, 16);
});
