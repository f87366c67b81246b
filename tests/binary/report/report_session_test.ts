import { assertEquals, assertMatch, assertStringIncludes } from "../../std/std_assert.ts";
import type { Sample } from "../../../src/row/sample.ts";
import { HOUR_AGO, logText, RECENT, writeLog } from "../../kit/log_files.ts";
import { expectExit, perfmon } from "../../kit/perfmon.ts";
import { call } from "../../kit/samples.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";

const UTF8 = { LANG: "C.UTF-8" };

const WAYS: readonly (readonly [flags: string[], id: string])[] = [
  [["aaaa"], "aaaa1111"],
  [["aaaa1111", "--utc"], "aaaa1111"],
  [["last"], "bbbb2222"],
  [["--session", "last"], "bbbb2222"],
];

for (const [flags, id] of WAYS) {
  Deno.test(`report ${flags.join(" ")}: the story of ${id}`, async () => {
    using folder = temporaryFolder();
    const file = writeLog(folder.path, logText(RECENT));
    const result = expectExit(await perfmon(["report", ...flags, "--file", file]), 0);
    assertEquals(result.stderr, "");
    assertStringIncludes(result.stdout, `Session ${id}, `);
  });
}

Deno.test("report SESSION: what it took, what failed, and what the log does not know", async () => {
  using folder = temporaryFolder();
  const file = writeLog(folder.path, logText(RECENT));
  const result = expectExit(await perfmon(["report", "aaaa", "--file", file], { env: UTF8 }), 0);
  // Read 1 s, a second of nothing, Bash 4 s.
  assertStringIncludes(result.stdout, "Time     5.0s in tools, the gate not known, 1.0s else\n");
  assertStringIncludes(result.stdout, "Calls    2 ended: 1 failed\n");
  assertStringIncludes(result.stdout, "Memory   not known: its rows have no memory_rss\n");
  assertMatch(result.stdout, /^Bash +\d\d:\d\d +4\.0s +– +– +Bash exit 7 +1 +\d\d:\d\d$/m);
});

Deno.test("report SESSION: --json and --csv say the same", async () => {
  using folder = temporaryFolder();
  const file = writeLog(folder.path, logText(RECENT));
  const run = async (flag: string): Promise<string> =>
    expectExit(await perfmon(["report", "aaaa", flag, "--file", file]), 0).stdout;
  const { session, slowest, failures, left_behind } = JSON.parse(await run("--json"));
  assertEquals([session.session_id, session.tools_seconds, session.span_seconds], [
    "aaaa1111",
    5,
    6,
  ]);
  assertEquals(slowest.map((call: { tool: string }) => call.tool), ["Bash", "Read"]);
  assertEquals([failures[0].name, failures[0].times, left_behind], ["Bash exit 7", 1, []]);
  const [header = "", line = ""] = (await run("--csv")).split("\n");
  assertEquals(header, Object.keys(session).join(","));
  assertMatch(line, /^aaaa1111,api,,false,/);
});

Deno.test("report SESSION: 60 columns, ASCII without UTF-8, colour only when asked for", async () => {
  using folder = temporaryFolder();
  const file = writeLog(folder.path, logText(RECENT));
  const run = async (flags: string[], env: Record<string, string>): Promise<string> =>
    expectExit(await perfmon(["report", "aaaa", ...flags, "--file", file], { env }), 0).stdout;
  const narrow = await run([], { COLUMNS: "60" });
  // deno-lint-ignore no-control-regex -- ASCII is what is to be shown
  assertMatch(narrow, /^[\x0a\x20-\x7e]*$/);
  assertEquals(narrow.split("\n").some((line) => line.length > 60), false);
  assertStringIncludes(await run(["--color", "always"], { NO_COLOR: "1" }), "\x1b[1mSLOWEST");
});

Deno.test("report SESSION: other flags narrow it, and it says so", async () => {
  using folder = temporaryFolder();
  const file = writeLog(folder.path, logText(RECENT));
  const flags = ["report", "aaaa", "--tool", "Bash", "--file", file];
  const { stdout } = expectExit(await perfmon(flags), 0);
  assertStringIncludes(stdout, "1 of the session's 2 calls, not from its beginning\n");
});

Deno.test("report SESSION: a log without sessions is one sentence, exit 1", async () => {
  using folder = temporaryFolder();
  const file = writeLog(folder.path, "1795350000.5,1.0,1024,Read,start\n");
  const result = expectExit(await perfmon(["report", "last", "--file", file]), 1);
  assertStringIncludes(
    result.stderr,
    `Cannot find the session "last" in the log: the log names no sessions`,
  );
});

const BY: readonly (readonly [by: string, header: string, line: RegExp])[] = [
  ["session", "SESSION", /^aaaa api .* 2 +1 /m],
  ["project", "PROJECT", /^web +1 +0 /m],
  ["agent", "AGENT", /^main +3 +1 /m],
  ["server", "SERVER", /^built-in +3 +1 /m],
  ["day", "DAY", /^\d{4}-\d\d-\d\d +[123] /m],
  ["version", "VERSION", /^unknown +3 +1 /m],
];

for (const [by, header, line] of BY) {
  Deno.test(`report --by ${by}: a table alone`, async () => {
    using folder = temporaryFolder();
    const file = writeLog(folder.path, logText(RECENT));
    const { stdout } = expectExit(await perfmon(["report", "--by", by, "--file", file]), 0);
    assertMatch(stdout, new RegExp(`^${header} .*CALLS`, "m"));
    assertMatch(stdout, line);
    assertMatch(stdout, /: 3 calls, 2 sessions, 2 projects, over 12\.0s /m);
    assertMatch(stdout, /^All +3 +1 .* 7\.0s /m);
    assertEquals(stdout.includes("\nSlow "), false);
  });
}

Deno.test("report --sort: the table by that column, the answers as ever", async () => {
  using folder = temporaryFolder();
  const file = writeLog(folder.path, logText(RECENT));
  const { stdout } = expectExit(
    await perfmon(["report", "--sort", "calls", "--file", file]),
    0,
  );
  assertMatch(stdout, /^Slow +Bash: 4\.0s of 7\.0s in tools/m);
  assertMatch(stdout, /^TOOL .*\nRead +2 .*\nBash +1 /m);
});

Deno.test("report: the session that grows, and the tool that became slower than the week before", async () => {
  using folder = temporaryFolder();
  // Thirty calls a minute apart: 1 s each eight days ago, 2 s each and 5 MiB more each two hours ago.
  const batch = (id: string, from: number, seconds: number, growth: number): Sample[] =>
    Array.from(
      { length: 30 },
      (_, index) =>
        call(`${id}${index}`, from + 60 * index, from + 60 * index + seconds, {
          sessionId: id,
          memoryRss: 400_000 + index * growth,
        }),
    ).flat();
  const rows = [
    ...batch("aaaa", HOUR_AGO - 8 * 86_400, 1, 0),
    ...batch("bbbb", HOUR_AGO - 7200, 2, 5 * 1024),
  ];
  const file = writeLog(folder.path, logText(rows));
  const { stdout } = expectExit(await perfmon(["report", "--file", file], { env: UTF8 }), 0);
  assertMatch(
    stdout,
    /^Grew +session bbbb: \+145 MiB in 29m2s, until \w+ \d\d:\d\d\n +perfmon report bbbb --file /m,
  );
  assertMatch(
    stdout,
    /^Changed +Bash p50 2\.0s, was 1\.0s the week before \(\+100%, clear\)\n +perfmon report --by day --tool Bash --file /m,
  );
  const all = expectExit(await perfmon(["report", "--all", "--file", file]), 0);
  assertEquals(all.stdout.includes("Changed"), false);
});
