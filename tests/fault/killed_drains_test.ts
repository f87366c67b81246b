import { assertEquals } from "../std_assert.ts";
import { temporaryFolder } from "../support.ts";
import { raceDrains } from "./spool_race.ts";

Deno.test("records that sixteen hooks leave are rows once, though drains are killed", async () => {
  using folder = temporaryFolder();
  const { rows } = await raceDrains(folder.path, 400, 7);
  assertEquals(rows, 400);
});
