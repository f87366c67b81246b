import { noteError } from "../../../src/log/write/errors.ts";
import { assertEquals, assertLess, assertMatch } from "../../std/std_assert.ts";
import { linesOf } from "../../kit/log_files.ts";
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

Deno.test("an error is one line, whatever stands in it, and steers no terminal", () => {
  using folder = temporaryFolder();
  noteError(folder.path, "rec end", "a\r\nb\x1b]0;x\x07 c\x9b2J d\u202e e\u2028f\x7f\u2066");
  const [line] = linesOf(`${folder.path}/errors.log`);
  assertMatch(line ?? "", /^\S+Z rec end: a b \]0;x +c\?2J d\? e\?f \?$/);
});

Deno.test("an error that can't be noted is dropped in silence", () => {
  using folder = temporaryFolder();
  Deno.mkdirSync(`${folder.path}/errors.log`);
  noteError(folder.path, "rec end", "nowhere to go");
  Deno.writeTextFileSync(`${folder.path}/file`, "");
  noteError(`${folder.path}/file/performance.d`, "rec end", "nowhere to go");
  assertEquals([...Deno.readDirSync(folder.path)].length, 2);
});
