import { noteError } from "../../../src/log/write/errors.ts";
import { assertEquals, assertLess, assertMatch } from "../../std/std_assert.ts";
import { linesOf } from "../../kit/log_files.ts";
import { expectExit, perfmon } from "../../kit/perfmon.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";

Deno.test("an error is one line with time, place and reason, whatever its text holds", () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/performance.d`;
  noteError(path, "rec end", "first\nsecond\r\n\0third");
  noteError(path, "rec start", "x".repeat(10_000));
  const [first, second, ...more] = linesOf(`${path}/errors.log`);
  assertMatch(first ?? "", /^\d{4}-\d\d-\d\dT[\d:.]+Z rec end: first second third$/);
  assertLess((second ?? "").length, 500);
  assertEquals(more, []);
  assertEquals((Deno.statSync(path).mode ?? 0) & 0o777, 0o700);
  assertEquals((Deno.statSync(`${path}/errors.log`).mode ?? 0) & 0o777, 0o600);
});

Deno.test("the error log is bounded, and keeps the newest errors", () => {
  using folder = temporaryFolder();
  for (let number = 1; number <= 3000; number++) {
    noteError(folder.path, "rec end", `${number} ${"x".repeat(200)}`);
  }
  const files = [...Deno.readDirSync(folder.path)].map((entry) => entry.name).sort();
  assertEquals(files, ["errors.log", "errors.old.log"]);
  for (const file of files) assertLess(Deno.statSync(`${folder.path}/${file}`).size, 70_000);
  assertMatch(linesOf(`${folder.path}/errors.log`).at(-1) ?? "", /: 3000 x/);
});

Deno.test("an error that can't be noted is dropped in silence", () => {
  using folder = temporaryFolder();
  Deno.mkdirSync(`${folder.path}/errors.log`);
  noteError(folder.path, "rec end", "nowhere to go");
  Deno.writeTextFileSync(`${folder.path}/file`, "");
  noteError(`${folder.path}/file/performance.d`, "rec end", "nowhere to go");
  assertEquals([...Deno.readDirSync(folder.path)].length, 2);
});

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
    /Z rec end: ignored .*"--bogus(\d+)"$/.exec(line)?.[1] ?? []
  );
  assertEquals(found.length, 16);
  assertEquals(new Set(found).size, 16);
});
