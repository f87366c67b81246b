/** `perfmon export trace`: what a viewer would draw is what the log holds. */
import { expectExit, perfmon } from "../../kit/perfmon.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { assertEquals, assertStringIncludes } from "../../std/std_assert.ts";

const LOG = Deno.realPathSync(`${import.meta.dirname}/../../../examples/performance.csv`);

interface Event {
  readonly ph: string;
  readonly cat?: string;
  readonly pid: number;
  readonly ts: number;
  readonly dur: number;
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
}

Deno.test("export trace: each call of the log, in its session, with its times in microseconds", async () => {
  using folder = temporaryFolder();
  const output = `${folder.path}/trace.json`;
  expectExit(await perfmon(["export", "trace", "--all", "--file", LOG, "-o", output]), 0);
  assertEquals(Deno.statSync(output).mode! & 0o777, 0o600);
  const events: Event[] = JSON.parse(Deno.readTextFileSync(output)).traceEvents;
  const drawn = events.filter(({ cat }) => cat === "call")
    .map(({ args, ts, dur }) => [args["id"], ts, ts + dur]);
  const tail = await perfmon(["tail", "--all", "-n", "1000", "--json", "--file", LOG]);
  const { calls } = JSON.parse(expectExit(tail, 0).stdout);
  const known = calls.map((call: Record<string, number>) => [
    call["id"],
    Math.round(1e6 * call["start_timestamp"]!),
    Math.round(1e6 * call["end_timestamp"]!),
  ]);
  assertEquals(drawn.sort(), known.sort());
  const names = events.filter(({ name }) => name === "process_name").map(({ args }) =>
    args["name"]
  );
  assertEquals(names, ["api 7d1f20c4", "web a02c51b7", "api c9e06d12"]);
});

Deno.test("export trace: of what the flags ask for, without commands where that is told; no log is refused", async () => {
  const run = await perfmon([
    ...["export", "trace", "--session", "7d1f", "--tool", "Bash", "--no-command", "--file", LOG],
  ]);
  const events: Event[] = JSON.parse(expectExit(run, 0).stdout).traceEvents;
  assertEquals([...new Set(events.filter(({ cat }) => cat === "call").map(({ name }) => name))], [
    "Bash",
  ]);
  assertEquals(new Set(events.map(({ pid }) => pid)).size, 1);
  const missing = await perfmon(["export", "trace", "--file", "none.csv"]);
  assertStringIncludes(expectExit(missing, 66).stderr, "Cannot find the log");
});
