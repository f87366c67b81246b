import { assertEquals, assertMatch, assertStringIncludes } from "../../std/std_assert.ts";
import { HOUR_AGO, logText, RECENT, writeLog } from "../../kit/log_files.ts";
import { expectExit, perfmon } from "../../kit/perfmon.ts";
import { call, seedRow } from "../../kit/samples.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { BASIC_COLUMNS, formatRow } from "../../../src/row/columns.ts";

Deno.test("top: the slowest calls first, as many as asked for", async () => {
  using folder = temporaryFolder();
  const file = writeLog(folder.path, logText(RECENT));
  const result = expectExit(await perfmon(["top", "-n", "2", "--file", file]), 0);
  const lines = result.stdout.split("\n");
  assertMatch(lines[0] ?? "", /^Slowest 2 of 3 calls, last 7 days +--by duration\|gate/);
  assertMatch(lines[3] ?? "", /^\w{5} +4\.0s .* Bash +error 7 +aaaa /);
  assertMatch(lines[4] ?? "", /^\w{5} +2\.0s .* Read +ok +bbbb /);
});

Deno.test("top: agents and questions to the person are set apart, unless they are asked for", async () => {
  using folder = temporaryFolder();
  const file = writeLog(
    folder.path,
    logText([
      ...RECENT,
      ...call("a", HOUR_AGO + 20, HOUR_AGO + 920, { toolName: "Agent" }),
      ...call("q", HOUR_AGO + 20, HOUR_AGO + 140, { toolName: "AskUserQuestion" }),
    ]),
  );
  const top = async (...args: string[]): Promise<string> =>
    expectExit(await perfmon(["top", "--file", file, ...args], { env: { COLUMNS: "200" } }), 0)
      .stdout;
  const text = await top("-n", "1");
  assertMatch(text, /^Slowest 1 of 5 calls, [^]* {4}4\.0s .* Bash /);
  assertStringIncludes(
    text,
    "Left out, as they are other calls' time or yours: 1 of Agent, the longest 15m0s; " +
      "1 of AskUserQuestion, the longest 2m0s (--tool NAME)",
  );
  assertMatch(await top("-n", "1", "--tool", "Agent"), /15m0s .* Agent/);
  const [first] = JSON.parse(await top("--json")).calls;
  assertEquals(first.tool, "Bash");
  // What was called so in 0.1.0.
  assertStringIncludes(await top("--by", "wait", "--tool", "Bash"), "is known");
});

Deno.test("top: --json has the calls with all they cost", async () => {
  using folder = temporaryFolder();
  const file = writeLog(folder.path, logText(RECENT));
  const result = expectExit(await perfmon(["top", "-n", "1", "--json", "--file", file]), 0);
  const [call] = JSON.parse(result.stdout).calls;
  assertEquals([call.tool, call.status, call.exit_code, call.duration_seconds], [
    "Bash",
    "error",
    7,
    4,
  ]);
});

Deno.test("top: --by cpu goes by the client's CPU % where the log has no CPU seconds", async () => {
  using folder = temporaryFolder();
  const rows = [
    { ...seedRow(HOUR_AGO, "start", "Read"), cpuPercent: 12.5 },
    { ...seedRow(HOUR_AGO + 1, "end", "Read"), cpuPercent: 99.5 },
    { ...seedRow(HOUR_AGO + 2, "start", "Bash"), cpuPercent: 3 },
    { ...seedRow(HOUR_AGO + 3, "end", "Bash"), cpuPercent: 4 },
  ];
  const file = writeLog(folder.path, rows.map((row) => formatRow(row, BASIC_COLUMNS)).join(""));
  const result = expectExit(await perfmon(["top", "--by", "cpu", "--file", file]), 0);
  assertStringIncludes(result.stdout, "Highest CPU %: 2 of 2 calls, last 7 days");
  assertMatch(result.stdout, /^\w{5} *99\.5 .* Read /m);
});

Deno.test("top: a figure that no call has is said in a sentence", async () => {
  using folder = temporaryFolder();
  const file = writeLog(folder.path, logText(RECENT));
  const result = expectExit(await perfmon(["top", "--by", "wait", "--file", file]), 0);
  assertEquals(result.stdout, "Last 7 days: no call's gate is known (3 calls)\n");
});

Deno.test("top: -n takes whole numbers from 1", async () => {
  const result = expectExit(await perfmon(["top", "-n", "0"]), 64);
  assertStringIncludes(result.stderr, `Cannot use "0" for --lines`);
});
