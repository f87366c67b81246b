import { allTools, appendDays, logIn, names, sequencesOf } from "../../kit/numbered_rows.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { assert, assertEquals } from "../../std/std_assert.ts";

const CHILD = `${import.meta.dirname}/killed_merge_child.ts`;

/**
 * Tidies a log in a process of its own, where no other test's spawned program holds a copy of the lock for a moment;
 * it is killed before that step. Returns its exit status.
 */
function tidy(folder: string, step = Infinity): number {
  const { code, stderr } = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", CHILD, folder, String(step)],
  }).outputSync();
  assert(code === 0 || code === 128 + 9, new TextDecoder().decode(stderr));
  return code;
}

Deno.test("whoever compresses and merges segments loses no row, and leaves none twice, at whatever step it is killed", async () => {
  using made = temporaryFolder();
  await appendDays(logIn(made.path), 3, 12);
  let steps = 0;
  for (let code = -1; code !== 0; steps++) {
    using folder = temporaryFolder();
    new Deno.Command("cp", { args: ["-a", `${made.path}/.`, folder.path] }).outputSync();
    const location = logIn(folder.path);
    code = tidy(folder.path, steps + 1);
    assertEquals(await allTools(location), names(36), `killed at step ${steps + 1}`);
    assertEquals(tidy(folder.path), 0);
    assertEquals(sequencesOf(location), [
      "00000001-00000002.csv.gz",
      "00000003-00000004.csv.gz",
      "00000005.csv",
    ]);
    assertEquals(await allTools(location), names(36), `and tidied after step ${steps + 1}`);
  }
  // Four segments are compressed (create, rename, remove), two days are merged (create, rename, remove two).
  assert(steps > 4 * 3 + 2 * 4, `${steps} steps`);
});
