/** The alerts that `rec end` gives through Claude Code. */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "../../std/std_assert.ts";
import { capture } from "../../kit/captures.ts";
import { logOf, run, whatStandsIn } from "../../kit/homes.ts";
import { expectExit, perfmon } from "../../kit/perfmon.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { testWith } from "../../kit/tools.ts";
import { formatRow, FULL_COLUMNS, FULL_HEADER } from "../../../src/row/columns.ts";
import type { Sample } from "../../../src/row/sample.ts";
import { inQuietMoment } from "../../kit/waits.ts";

const SLOW = ["--alert-duration", "60s"];

/** The JSON of the end of call `id`, which took so many seconds by the client's own figure. */
function endOf(id: string, seconds: number, session = "s"): string {
  return JSON.stringify({
    session_id: session,
    hook_event_name: "PostToolUse",
    tool_name: "Bash",
    tool_use_id: id,
    duration_ms: 1000 * seconds,
  }) + "\n";
}

/** The start of call `id` in session `s`, an hour and so many seconds ago, as it would stand in the log. */
function startOf(id: string, secondsAgo: number, rest: Partial<Sample> = {}): Sample {
  return {
    timestamp: Date.now() / 1000 - secondsAgo,
    event: "start",
    toolName: "Bash",
    toolUseId: id,
    sessionId: "s",
    pid: 1,
    ...rest,
  };
}

function captured(name: string): string {
  return new TextDecoder().decode(capture(name));
}

/** A HOME whose log has these rows. */
function homeWith(rows: readonly Sample[]): ReturnType<typeof temporaryFolder> {
  const home = temporaryFolder();
  Deno.mkdirSync(`${home.path}/.claude`);
  const text = rows.map((row) => formatRow(row, FULL_COLUMNS)).join("");
  Deno.writeTextFileSync(logOf(home.path), `${FULL_HEADER}\n${text}`);
  return home;
}

/** What `rec end` prints for a hook; it must exit with 0 and record the row. */
async function recEnd(home: string, args: string[], stdin: string): Promise<string> {
  const before = whatStandsIn(home).rows.length;
  const env = { HOME: home };
  const { stdout } = expectExit(await perfmon(["rec", "end", ...args], { stdin, env }), 0);
  assertEquals(whatStandsIn(home).rows.length, before + 1);
  return stdout;
}

Deno.test("a call over a threshold is told of in one line that Claude Code shows", async () => {
  using home = homeWith([startOf("t1", 130)]);
  assertEquals(
    await recEnd(home.path, SLOW, endOf("t1", 125)),
    '{"systemMessage":"perfmon: Bash took 2m5s (alert above 1m0s)"}\n',
  );
});

Deno.test("a call within the thresholds, one without its start, or no threshold: nothing is said", async () => {
  using home = homeWith([startOf("t1", 130), startOf("t2", 130), startOf("t3", 130)]);
  const all = [...SLOW, "--alert-rss", "900GiB", "--alert-cpu", "6400"];
  assertEquals(await recEnd(home.path, all, endOf("t1", 60)), "");
  assertEquals(await recEnd(home.path, SLOW, endOf("elsewhere", 125)), "");
  assertEquals(await recEnd(home.path, SLOW, endOf("t2", 125, "other")), "");
  assertEquals(await recEnd(home.path, [], endOf("t3", 125)), "");
  assertEquals(
    Deno.readDirSync(`${home.path}/.claude/performance.d`).map(({ name }) => name)
      .toArray().includes("alerts.json"),
    false,
  );
});

Deno.test("a call whose processes held too much is told of at the end of the next one, with which held most", async () => {
  const peak = (kib: number, rest: Partial<Sample> = {}): Sample => ({
    ...startOf("t1", 20, { command: "cargo build", peakRss: 3 * kib, peakPss: kib, ...rest }),
    ...{ event: "peak", peakProcess: "rustc" },
  });
  const flags = ["--alert-peak", "8GiB"];
  const told = async (...rows: Sample[]): Promise<string> => {
    using home = homeWith([startOf("t1", 60), ...rows, startOf("t2", 9)]);
    return await recEnd(home.path, flags, endOf("t2", 1));
  };
  assertEquals(
    await told(peak(4 << 20), peak(9 << 20)),
    '{"systemMessage":"perfmon: Bash cargo build held 9.0 GiB at its peak, most of it rustc ' +
      '(alert above 8.0 GiB)"}\n',
  );
  assertEquals(await told(peak(8 << 20)), "");
  assertEquals(await told(peak(9 << 20, { sessionId: "another" })), "");
  assertEquals(await told(peak(9 << 20, { timestamp: Date.now() / 1000 - 3600 })), "");
});

Deno.test("a threshold is told of once in ten minutes and session, each on its own", async () => {
  using home = homeWith([
    ...["a", "b", "c", "d"].map((id) => startOf(id, 130)),
    startOf("e", 130, { sessionId: "u" }),
  ]);
  const both = [...SLOW, "--alert-rss", "1KiB"];
  assertMatch(await recEnd(home.path, SLOW, endOf("a", 100)), /took 1m40s/);
  assertEquals(await recEnd(home.path, SLOW, endOf("b", 100)), "");
  const memory = await recEnd(home.path, both, endOf("c", 100));
  assertMatch(
    JSON.parse(memory).systemMessage,
    /^perfmon: Claude Code with its processes holds [\d.]+ .iB of memory \(alert above 1.0 KiB\)$/,
  );
  assertMatch(await recEnd(home.path, SLOW, endOf("e", 100, "u")), /took 1m40s/);
  // Ten minutes later:
  const remembered = `${home.path}/.claude/performance.d/alerts.json`;
  assertEquals(Deno.statSync(remembered).mode! & 0o777, 0o600);
  const times: Record<string, number> = JSON.parse(Deno.readTextFileSync(remembered));
  assertEquals(Object.keys(times), ["s duration", "s rss", "u duration"]);
  times["s duration"]! -= 601;
  Deno.writeTextFileSync(remembered, JSON.stringify(times));
  const last = await recEnd(home.path, both, endOf("d", 100));
  assertEquals(JSON.parse(last).systemMessage, "perfmon: Bash took 1m40s (alert above 1m0s)");
});

Deno.test("several thresholds crossed at once are one line", async () => {
  using home = homeWith([startOf("t1", 130)]);
  const line = await recEnd(home.path, [...SLOW, "--alert-rss=1KiB"], endOf("t1", 125));
  assertEquals(line.split("\n").length, 2);
  assertMatch(JSON.parse(line).systemMessage, /Bash took .*; Claude Code with its processes holds/);
});

testWith(
  "sh",
  "CPU is what client and children used between the rows, as real processes do",
  inQuietMoment(async () => {
    // The limits are far apart, because a busy machine gives a loop little of a core.
    const script = (work: string, limit: number): string =>
      `"$PERFMON" rec start --tool t --pid $$; ${work}; ` +
      `"$PERFMON" rec end --tool t --pid $$ --alert-cpu ${limit}`;
    using home = temporaryFolder();
    const loop = "timeout 1.5 sh -c 'while :; do :; done'";
    const busy = await run(home.path, "sh", ["-c", script(loop, 8)]);
    assertMatch(
      busy.stdout,
      /^{"systemMessage":"perfmon: t and Claude Code used \d+% of a core \(alert above 8%\)"}\n$/,
    );
    using other = temporaryFolder();
    const idle = await run(other.path, "sh", ["-c", script("sleep 1.2", 60)]);
    assertEquals([idle.stdout, whatStandsIn(other.path).rows.length], ["", 2]);
  }),
);

Deno.test("the start is looked for in the last 64 KB of the log only", async () => {
  const fill = (count: number): Sample[] =>
    Array.from({ length: count }, (_, i) => startOf(`other${i}`, 100));
  const size = formatRow(startOf("other1", 1), FULL_COLUMNS).length;
  const near = Math.floor(60 * 1024 / size), far = Math.ceil(66 * 1024 / size);
  const args = [...SLOW, "--max-lines", "100000"];
  using close = homeWith([startOf("t1", 130), ...fill(near)]);
  assertMatch(await recEnd(close.path, args, endOf("t1", 125)), /took/);
  using away = homeWith([startOf("t1", 130), ...fill(far)]);
  assertEquals(await recEnd(away.path, args, endOf("t1", 125)), "");
});

Deno.test("a subagent's run is matched by its agent, and what went to the background took no time", async () => {
  const { session_id: sessionId, agent_id: agentId } = JSON.parse(captured("SubagentStop"));
  const agent: Partial<Sample> = { toolName: "Agent", sessionId, agentId };
  const { toolUseId: _, ...run } = startOf("", 90, agent);
  using home = homeWith([run]);
  const memory = ["--alert-rss", "1KiB"];
  assertMatch(await recEnd(home.path, memory, captured("SubagentStop")), /holds .* of memory/);
  // It takes as long as the calls that it holds.
  assertEquals(await recEnd(home.path, SLOW, captured("SubagentStop")), "");
  const background = JSON.parse(captured("PostToolUse-background"));
  using other = homeWith([
    startOf(background.tool_use_id, 90, { sessionId: background.session_id }),
  ]);
  assertEquals(
    await recEnd(other.path, ["--alert-duration", "1s"], JSON.stringify(background)),
    "",
  );
});

Deno.test("a threshold that can't be read is noted, and the row is written", async () => {
  using home = homeWith([startOf("t1", 130)]);
  assertEquals(await recEnd(home.path, ["--alert-duration", "soon"], endOf("t1", 125)), "");
  const [error = ""] = whatStandsIn(home.path).errors;
  assertStringIncludes(error, `ignored --alert-duration: "soon" can't be used for it`);
});

Deno.test("what was remembered by halves, or can't be, gives no rubbish and loses no row", async () => {
  using home = homeWith([startOf("a", 130), startOf("b", 130)]);
  const folder = `${home.path}/.claude/performance.d`;
  Deno.mkdirSync(folder, { mode: 0o700 });
  Deno.writeTextFileSync(`${folder}/alerts.json`, '{"s dura');
  assertMatch(await recEnd(home.path, SLOW, endOf("a", 125)), /took/);
  Deno.removeSync(`${folder}/alerts.json`);
  Deno.mkdirSync(`${folder}/alerts.json`);
  assertEquals(await recEnd(home.path, SLOW, endOf("b", 125)), "");
  assertStringIncludes(whatStandsIn(home.path).errors[0] ?? "", "no alert could be given");
});

testWith("bash", "a stdout that is closed, full or not read keeps rec from nothing", async () => {
  const ways = {
    closed: ">&-",
    full: ">/dev/full",
    gone: "> >(exec true)",
    unread: "",
  };
  for (const [way, redirection] of Object.entries(ways)) {
    using home = homeWith([startOf("t1", 130)]);
    const script = way === "unread"
      // The pipe holds 64 KiB and nobody takes them.
      ? `mkfifo fifo; exec 3<>fifo; head -c 65536 /dev/zero >&3; ` +
        `"$PERFMON" rec end --alert-duration 60s >&3 <hook.json`
      : `"$PERFMON" rec end --alert-duration 60s ${redirection} <hook.json`;
    Deno.writeTextFileSync(`${home.path}/hook.json`, endOf("t1", 125));
    const { code } = await run(home.path, "bash", ["-c", script]);
    assertEquals(code, 0, way);
    assertEquals(whatStandsIn(home.path).rows.length, 2, way);
  }
});

testWith("sh", "side by side, a threshold is told of once", async () => {
  const ids = Array.from({ length: 8 }, (_, i) => `p${i}`);
  using home = homeWith(ids.map((id) => startOf(id, 130)));
  const answers = await Promise.all(
    ids.map((id) =>
      perfmon(["rec", "end", ...SLOW], { stdin: endOf(id, 125), env: { HOME: home.path } })
    ),
  );
  assertEquals(answers.filter(({ stdout }) => stdout !== "").length, 1);
  assert(whatStandsIn(home.path).rows.length === 16);
});
