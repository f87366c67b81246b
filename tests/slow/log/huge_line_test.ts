import { assert, assertEquals } from "../../std/std_assert.ts";
import { toolsOf } from "../../kit/log_files.ts";
import { allTools, appendRows, logIn, names, rotating } from "../../kit/numbered_rows.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";

Deno.test("a line of 64 MiB takes a rotation no longer than so many bytes do", async () => {
  using folder = temporaryFolder();
  const location = logIn(folder.path);
  await appendRows(location, 1, 1);
  Deno.truncateSync(location.path, 64 << 20); // NUL bytes, which take no room
  Deno.writeTextFileSync(location.path, "\n", { append: true });
  const before = performance.now();
  await appendRows(location, 2, 5, rotating(4, 3));
  const seconds = (performance.now() - before) / 1000;
  assert(seconds < 20, `${seconds} s`); // minutes, were the line copied anew for each 64 KiB
  assertEquals(toolsOf(location.path), ["t2", "t3", "t4", "t5"]);
  assertEquals(await allTools(location), names(5));
});
