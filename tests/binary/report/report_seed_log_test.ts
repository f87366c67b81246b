/** Reports on logs of the seed's own shell hooks, as the real shell writes them. */
import { assertEquals, assertMatch, assertStringIncludes } from "../../std/std_assert.ts";
import { expectExit, perfmon } from "../../kit/perfmon.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { testWith } from "../../kit/tools.ts";

/** The two hooks as they stand in the seed, with the log and the limits of rotation made small; `sleep` is the tool. */
const HOOKS = `
log=$1
pre() {
  echo "$(date +%s.%N),$(ps -o %cpu= -p $$),$(ps -o rss= -p $$),$CLAUDE_TOOL_NAME,start" >> $log
}
post() {
  echo "$(date +%s.%N),$(ps -o %cpu= -p $$),$(ps -o rss= -p $$),$CLAUDE_TOOL_NAME,end" >> $log
  if [[ $(wc -l < $log) -gt 12 ]]; then tail -n 7 $log > $log.tmp && mv $log.tmp $log; fi
}
for call in 1 2 3 4 5 6 7; do
  pre; sleep 0.02; post
done
`;

testWith(
  ["bash", "date", "ps", "tail"],
  "report: a log of the seed's shell hooks, cut in the middle of a call, says what it lacks",
  async () => {
    using folder = temporaryFolder();
    const file = `${folder.path}/performance.csv`;
    const { success } = await new Deno.Command("bash", { args: ["-c", HOOKS, "hooks", file] })
      .output();
    assertEquals(success, true);
    // Rotated once, after the seventh call: an end without its start, and three calls.
    const rows = Deno.readTextFileSync(file).trimEnd().split("\n");
    assertEquals(rows.length, 7);
    assertMatch(rows[0] ?? "", /^\d+\.\d{9}, *\d+\.\d, *\d+,,end$/);
    const run = async (...args: string[]): Promise<string> =>
      expectExit(
        await perfmon([...args, "--file", file], { env: { LANG: "C.UTF-8", COLUMNS: "200" } }),
        0,
      ).stdout;
    const text = await run("report", "--wide");
    assertMatch(text, /^unknown +4 +– +\d+ms +– +\d+ms +\d+ms +– +– /m);
    for (
      const sentence of [
        "1 end without a start\n",
        "4 calls of unknown tools: Claude Code never sets $CLAUDE_TOOL_NAME",
        "No row says how a call ended: the basic layout knows no failures, gate or CPU time, no sessions",
        "in rows of old shell hooks of the hook's own shell",
      ]
    ) assertStringIncludes(text, sentence);
    const { all } = JSON.parse(await run("report", "--json"));
    assertEquals([all.calls, all.timed, all.failed, all.wait_seconds, all.cpu_seconds], [
      4,
      3,
      null,
      null,
      null,
    ]);
    assertStringIncludes(await run("top", "--by", "wait"), "no call's gate is known (4 calls)");
    assertMatch(await run("tail", "-n", "1"), /\d+ms +– +– +– +unknown +– +– +–\n/);
    const refused = expectExit(await perfmon(["report", "last", "--file", file]), 1);
    assertStringIncludes(refused.stderr, "the log names no sessions");
  },
);

Deno.test("report: rows of a date(1) without nanoseconds and of a locale with a comma are calls", async () => {
  using folder = temporaryFolder();
  const file = `${folder.path}/performance.csv`;
  const at = Math.floor(Date.now() / 1000) - 60;
  Deno.writeTextFileSync(
    file,
    `${at}.N,  0,0,  2304,Bash,start\n${at + 2}.N,  0,5,  2304,Bash,end\n` +
      `${at + 10}250,0.0,2304,Bash,start\n"${at + 14},25","0,5","2304","Bash","end"\n`,
  );
  const run = async (...args: string[]): Promise<string> =>
    expectExit(await perfmon([...args, "--file", file]), 0).stdout;
  const [bash] = JSON.parse(await run("report", "--json")).groups;
  assertEquals([bash.calls, bash.total_seconds], [2, 6]);
  const { samples } = JSON.parse(await run("export", "json"));
  assertEquals(samples.map((each: { timestamp: number }) => each.timestamp - at), [
    0,
    2,
    10.25,
    14.25,
  ]);
  assertEquals(samples[1].cpu_percent, 0.5);
  assertStringIncludes(await run("status"), "4 rows");
});
