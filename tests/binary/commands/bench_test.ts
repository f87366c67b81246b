import { assert, assertEquals, assertGreater, assertStringIncludes } from "../../std/std_assert.ts";
import { expectExit, perfmon } from "../../kit/perfmon.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { testWith } from "../../kit/tools.ts";
import { inQuietMoment } from "../../kit/waits.ts";

testWith(
  "sh",
  "bench: hooks run into a log of their own, and status shows what they cost",
  inQuietMoment(async () => {
    using home = temporaryFolder();
    const log = `${home.path}/performance.csv`;
    const env = { PERFMON_FILE: log, TMPDIR: home.path, HOME: home.path };
    for (const event of ["start", "end"]) {
      expectExit(await perfmon(["rec", event, "--tool", "x"], { env }), 0);
    }
    const rows = Deno.readTextFileSync(log);
    const { stdout } = expectExit(await perfmon(["bench", "-n", "1", "--json"], { env }), 0);
    const figures = JSON.parse(stdout);
    assertEquals([figures.rounds, figures.installed, figures.calls], [1, false, 1]);
    assertGreater(figures.perfmon_start_seconds, figures.bin_true_seconds);
    assertGreater(figures.call_hooks_seconds, figures.perfmon_end_seconds);
    assertEquals(figures.waited_for, false);
    // One run is told in hundredths of a second.
    assertGreater(figures.call_hooks_cpu_seconds, 0);
    assertGreater(figures.via_spool_start_seconds, 0);
    assertGreater(figures.call_other_way_seconds, figures.via_spool_end_seconds);
    assertStringIncludes(figures.command, "rec start");
    if (Deno.build.os === "linux") {
      assertGreater(figures.sampler_cpu_share, 0);
      assertGreater(figures.sampler_rss_kib, 1024);
      assertEquals(typeof figures.start_with_sampler_cpu_seconds, "number");
    }
    assertEquals(Deno.readTextFileSync(log), rows, "the person's own log is as it was");
    const left = [...Deno.readDirSync(home.path)].map(({ name }) => name).sort();
    assertEquals(left, ["performance.csv", "performance.d"]);
    const status = expectExit(await perfmon(["status"], { env }), 0).stdout;
    assert(/^Cost {7}[\d.]+ms of CPU a call, waited for by nobody/m.test(status), status);
  }),
);

testWith("sh", "bench: without a log it measures, and leaves nothing behind", async () => {
  using home = temporaryFolder();
  const env = { TMPDIR: home.path, HOME: home.path };
  const { stdout } = expectExit(await perfmon(["bench", "-n", "1"], { env }), 0);
  assertStringIncludes(stdout, "perfmon, start");
  // Where a line breaks depends on how long the times are.
  assertStringIncludes(stdout.replaceAll("\n", " "), "no call is recorded yet");
  assertEquals([...Deno.readDirSync(home.path)], []);
});

testWith(
  "sh",
  "bench: after an install its result is kept, before the first row, too",
  async () => {
    using home = temporaryFolder();
    const env = { TMPDIR: home.path, HOME: home.path };
    const { command } = JSON.parse(
      expectExit(await perfmon(["bench", "-n", "1", "--json"], { env, cwd: home.path }), 0).stdout,
    );
    expectExit(await perfmon(["hooks", "install"], { env, cwd: home.path }), 0);
    const bench =
      expectExit(await perfmon(["bench", "-n", "1"], { env, cwd: home.path }), 0).stdout;
    const sampler = Deno.build.os === "linux"
      ? "Beside that the sampler"
      : "Not counted: the sampler";
    assertStringIncludes(bench.replaceAll("\n", " "), sampler);
    const { hooks } = JSON.parse(Deno.readTextFileSync(`${home.path}/.claude/settings.json`));
    assertEquals(command, hooks.PreToolUse[0].hooks[0].command, "measured is what install writes");
    const status = expectExit(await perfmon(["status"], { env, cwd: home.path }), 0).stdout;
    assert(/^Cost {7}[\d.]+ms of CPU a call/m.test(status), status);
  },
);

Deno.test("bench: a number of rounds that is none is refused", async () => {
  expectExit(await perfmon(["bench", "-n", "0"]), 64);
  expectExit(await perfmon(["bench", "-n", "many"]), 64);
});
