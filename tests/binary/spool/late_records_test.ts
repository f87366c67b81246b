/** A command that could not take in all that waits says so: "Whole log" would be said of a part of it. */
import { bashEvent, spoolHome } from "../../kit/homes.ts";
import { expectExit } from "../../kit/perfmon.ts";
import { assertEquals, assertStringIncludes } from "../../std/std_assert.ts";

Deno.test("a report says how many records of the spool it is without", async () => {
  using home = spoolHome();
  await home.hook("start", bashEvent("start", "t1"));
  assertEquals(expectExit(await home.perfmon("report", "--all"), 0).stderr, "");
  await home.hook("end", bashEvent("end", "t1"));
  await home.hook("start", bashEvent("start", "t2"));
  {
    using lock = Deno.openSync(`${home.path}/.claude/performance.d/lock`, { write: true });
    lock.lockSync(true);
    const { stderr } = expectExit(await home.perfmon("report", "--all"), 0);
    assertStringIncludes(
      stderr,
      "This is without 2 records of the spool, which wait to be taken in",
    );
  }
  assertEquals(expectExit(await home.perfmon("report", "--all"), 0).stderr, "");
});
