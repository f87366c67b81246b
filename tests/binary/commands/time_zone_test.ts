/** Local times where TZ is no name of a zone. */
import { assertStringIncludes } from "../../std/std_assert.ts";
import { writeLog } from "../../kit/log_files.ts";
import { expectExit, perfmon } from "../../kit/perfmon.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";

/** A call of 12:00:00 UTC in summer, and one of winter. */
const LOG = "1784203200.5,1,2,Read,start\n1784203201.5,1,2,Read,end\n" +
  "1768478400.5,1,2,Bash,start\n1768478401.5,1,2,Bash,end\n";

Deno.test("a POSIX rule in TZ is a time zone, as a name is", async () => {
  using folder = temporaryFolder();
  const file = writeLog(folder.path, LOG);
  const zones = [
    ["CET-1CEST,M3.5.0,M10.5.0/3", "2026-07-16 14:00", "2026-01-15 13:00"],
    ["NZST-12NZDT,M9.5.0,M4.1.0/3", "2026-07-17 00:00", "2026-01-16 01:00"],
    ["<+0530>-5:30", "2026-07-16 17:30", "2026-01-15 17:30"],
    [":europe/berlin", "2026-07-16 14:00", "2026-01-15 13:00"],
  ] as const;
  for (const [zone, summer, winter] of zones) {
    const { stdout } = expectExit(
      await perfmon(["tail", "--all", "--file", file], { env: { TZ: zone } }),
      0,
    );
    assertStringIncludes(stdout, summer, zone);
    assertStringIncludes(stdout, winter, zone);
  }
});

Deno.test("a TZ that no zone fits is an error, not UTC, unless UTC is asked for", async () => {
  using folder = temporaryFolder();
  const file = writeLog(folder.path, LOG);
  for (const zone of ["FOO-3:07", "Nowhere/Bad"]) {
    const env = { TZ: zone };
    const { stderr } = expectExit(await perfmon(["tail", "--file", file], { env }), 64);
    assertStringIncludes(stderr, `Unknown time zone "${zone}" in TZ: give a name`);
    expectExit(await perfmon(["tail", "--all", "--utc", "--file", file], { env }), 0);
  }
});
