/**
 * Hooks leave records in the spool, sixteen at once, while three drains run against them and are
 * killed at random moments; in the end each record is one row, whole and its own:
 * `deno run -A tests/fault/killed_drains.ts [--records 10000] [--seed N]`. It takes a minute or two.
 */
import { parseArgs } from "node:util";
import { assertEquals } from "../std/std_assert.ts";
import { expectExit, perfmon } from "../kit/perfmon.ts";
import { temporaryFolder } from "../kit/temporary_folder.ts";
import { type Outcome, raceDrains } from "./spool_race.ts";

if (import.meta.main) {
  const { values } = parseArgs({
    options: { records: { type: "string" }, seed: { type: "string" } },
  });
  const records = Number(values.records ?? 10_000);
  const seed = Number(values.seed ?? Date.now() % 1e6);
  using folder = temporaryFolder();
  const outcome: Outcome = await raceDrains(folder.path, records, seed);
  const report = await perfmon(["report", "--json"], { env: { HOME: folder.path } });
  const { all } = JSON.parse(expectExit(report, 0).stdout);
  assertEquals(all.calls, records / 2, "calls in the report");
  console.log(
    `${records} records, ${outcome.drains} drains, ${outcome.killed} of them killed (seed ${seed}): ` +
      `${outcome.rows} rows, none twice, none missing, none mixed; ` +
      `${outcome.written} lines in log and history`,
  );
}
