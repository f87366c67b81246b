import { assertEquals } from "../../std/std_assert.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { raceDrains } from "../../campaigns/spool_race.ts";

Deno.test("records that sixteen hooks leave are rows once, though drains are killed", async () => {
  using folder = temporaryFolder();
  const { rows } = await raceDrains(folder.path, 400, 7);
  assertEquals(rows, 400);
});
