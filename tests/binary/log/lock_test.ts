import { LogLock } from "../../../src/log/log_lock.ts";
import { assert, assertEquals, assertLess, assertStringIncludes } from "../../std/std_assert.ts";
import { toolsOf } from "../../kit/log_files.ts";
import { allTools, appendRows, logIn, names, stateOf } from "../../kit/numbered_rows.ts";
import { expectExit, perfmon } from "../../kit/perfmon.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { inQuietMoment } from "../../kit/waits.ts";

Deno.test(
  "a row that can't have the lock is appended without it, within its deadline",
  inQuietMoment(async () => {
    using folder = temporaryFolder();
    const location = logIn(folder.path);
    await appendRows(location, 1, 3);
    const before = performance.now();
    {
      using lock = await LogLock.acquire(location.folder, 0);
      assert(lock.isHeld, "the test holds the lock");
      const args = ["rec", "end", "--tool", "t4", "--file", location.path, "--max-lines", "1"];
      const result = expectExit(await perfmon([...args, "--keep", "0"]), 0);
      assertEquals(result.stdout, "");
      assertStringIncludes(result.stderr, "the lock was held by another process, appended");
    }
    // 1.5 s are promised; the rest is for a machine that is busy with something else.
    assertLess(performance.now() - before, 4000);
    assertEquals(toolsOf(location.path), names(4), "no rotation without the lock");
    assertEquals((await stateOf(location))?.rows, 3, "the state is for those who hold the lock");
    await appendRows(location, 5, 5);
    assertEquals([await allTools(location), (await stateOf(location))?.rows], [names(5), 5]);
  }),
);

Deno.test(
  "whoever waits for the lock gets it when it is free, and appends as usual",
  inQuietMoment(async () => {
    using folder = temporaryFolder();
    const location = logIn(folder.path);
    await appendRows(location, 1, 1);
    let recording;
    {
      using lock = await LogLock.acquire(location.folder, 0);
      assert(lock.isHeld, "the test holds the lock");
      recording = perfmon(["rec", "end", "--tool", "t2", "--file", location.path]);
      await new Promise((resolve) => setTimeout(resolve, 200));
      assertEquals(toolsOf(location.path), names(1), "nothing is appended meanwhile");
    }
    assertEquals((await recording).stderr, "");
    assertEquals((await stateOf(location))?.rows, 2);
  }),
);
