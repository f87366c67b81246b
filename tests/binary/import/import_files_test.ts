/** What lies among transcripts: those of subagents, and what is none. */
import { assertEquals, assertMatch, assertStringIncludes } from "../../std/std_assert.ts";
import { expectExit } from "../../kit/perfmon.ts";
import { must } from "../../kit/mounts.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { testWith } from "../../kit/tools.ts";
import { CAPTURED, SESSION, withTranscript } from "./transcripts.ts";

Deno.test("import: subagents' transcripts in the session's folder, by their type; they are no sessions", async () => {
  using folder = temporaryFolder();
  const run = withTranscript(folder.path);
  const agents = `${folder.path}/projects/-home-dev-project/${SESSION}/subagents`;
  // As Claude Code 2.1.330 lays them out: the parent's sessionId, an agentId, a file with the type beside it.
  const subagent = (id: string): string =>
    CAPTURED.replaceAll('"isSidechain":false', `"isSidechain":true,"agentId":"${id}"`)
      .replaceAll("toolu_", `toolu_${id}_`);
  Deno.mkdirSync(`${agents}/workflows/w1`, { recursive: true });
  Deno.writeTextFileSync(`${agents}/agent-a1.jsonl`, subagent("a1"));
  Deno.writeTextFileSync(`${agents}/agent-a1.meta.json`, '{"agentType":"Explore","spawnDepth":1}');
  Deno.writeTextFileSync(`${agents}/workflows/w1/agent-a2.jsonl`, subagent("a2"));
  Deno.writeTextFileSync(`${agents}/workflows/w1/journal.jsonl`, subagent("a3"));
  assertMatch(expectExit(await run(), 0).stdout, /\btell of 1\s+session\b/);
  assertStringIncludes(
    expectExit(await run("import"), 0).stdout,
    "Imported 36 new calls of 1 session, 1 prompt, from 3 transcripts, 0 calls known before\n",
  );
  const { groups } = JSON.parse((await run("report", "--by", "agent", "--all", "--json")).stdout);
  assertEquals(
    Object.fromEntries(
      groups.map((each: { name: string; calls: number }) => [each.name, each.calls]),
    ),
    { main: 12, Explore: 12, unknown: 12 },
  );
});

testWith(
  "mkfifo",
  "import: links in circles, FIFOs and devices beside transcripts hold it up no more",
  async () => {
    using folder = temporaryFolder();
    const run = withTranscript(folder.path);
    const agents = `${folder.path}/projects/-home-dev-project/${SESSION}/subagents`;
    Deno.mkdirSync(agents, { recursive: true });
    for (const name of ["a", "b"]) Deno.symlinkSync(".", `${agents}/${name}`); // 2^40 folders
    Deno.symlinkSync("/", `${agents}/root`);
    for (const id of ["a1", "a2"]) {
      const text = CAPTURED.replaceAll("toolu_", `toolu_${id}_`);
      Deno.writeTextFileSync(`${agents}/agent-${id}.jsonl`, text);
    }
    must("mkfifo", [`${agents}/agent-a1.meta.json`, `${agents}/agent-a3.jsonl`]);
    Deno.symlinkSync("/dev/zero", `${agents}/agent-a2.meta.json`);
    Deno.symlinkSync("/dev/zero", `${agents}/agent-a4.jsonl`);
    const { stdout, stderr } = expectExit(await run("import"), 0);
    assertStringIncludes(
      stdout,
      "Imported 36 new calls of 1 session, 1 prompt, from 3 transcripts",
    );
    assertEquals(stderr, "");
  },
);

Deno.test("import: a line of 600 MiB is passed over, and what follows it is read", async () => {
  using folder = temporaryFolder();
  const run = withTranscript(folder.path, "{");
  const transcript = `${folder.path}/projects/-home-dev-project/${SESSION}.jsonl`;
  Deno.truncateSync(transcript, 600 << 20);
  Deno.writeTextFileSync(transcript, `\n${CAPTURED}`, { append: true });
  const { stdout } = expectExit(await run("import"), 0);
  assertStringIncludes(stdout, "Imported 12 new calls of 1 session");
  assertStringIncludes(stdout, "1 malformed line passed over");
});

Deno.test("import: broken lines are counted, --remove takes the calls out again", async () => {
  using folder = temporaryFolder();
  const run = withTranscript(folder.path, "torn\n" + CAPTURED + '{"half": "tool_use');
  assertStringIncludes((await run("import")).stdout, "; 1 malformed line passed over\n");
  assertStringIncludes(expectExit(await run("import", "--remove"), 0).stdout, "Removed ");
  assertStringIncludes(expectExit(await run("import", "--remove"), 1).stdout, "no imported calls");
  assertStringIncludes(expectExit(await run("report"), 0).stdout, "Nothing is recorded yet");
});
