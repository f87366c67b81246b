/** Two rotations at once, as where the lock file was deleted under hooks that run. */
import { assertEquals, assertStringIncludes } from "../../std/std_assert.ts";
import { replaceIo } from "../../kit/file_calls.ts";
import { allTools, appendRows, byNumber, logIn, names, rotating } from "../../kit/numbered_rows.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";

Deno.test("a rotation that another one has overtaken takes no row away", async () => {
  using folder = temporaryFolder();
  const location = logIn(folder.path);
  await appendRows(location, 1, 4);
  let overtaken = false;
  let trouble: string | undefined;
  {
    using _ = replaceIo({
      link: (from, to) => {
        Deno.linkSync(from, to);
        if (overtaken) return;
        overtaken = true;
        // The other one puts its new log in place, and a row comes to that.
        const text = Deno.readTextFileSync(location.path);
        const row = text.trimEnd().split("\n").at(-1)?.replace("t5", "t6") ?? "";
        Deno.writeTextFileSync(`${folder.path}/new`, `${text}${row}\n`);
        Deno.renameSync(`${folder.path}/new`, location.path);
      },
    });
    trouble = await appendRows(location, 5, 5, rotating(4, 2));
  }
  assertStringIncludes(trouble ?? "", "another process has rotated it");
  assertEquals((await allTools(location)).sort(byNumber), names(6));
  await appendRows(location, 7, 12, rotating(4, 2));
  assertEquals((await allTools(location)).sort(byNumber), names(12));
});

Deno.test("what another rotation is writing is not taken for a leftover", async () => {
  using folder = temporaryFolder();
  const location = logIn(folder.path);
  await appendRows(location, 1, 4);
  const path = `${location.folder}/rotation.tmp`;
  {
    using other = Deno.openSync(path, { write: true, createNew: true });
    other.lockSync(true);
    const trouble = await appendRows(location, 5, 5, rotating(4, 2));
    assertStringIncludes(trouble ?? "", "another process is writing it");
    assertEquals(Deno.statSync(path).isFile, true);
  }
  await appendRows(location, 6, 56, rotating(4, 2));
  assertEquals((await allTools(location)).sort(byNumber), names(56));
});
