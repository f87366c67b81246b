/** Where turns begin and end, as transcripts tell it. */
import { TranscriptReader } from "../../../src/agents/claude/transcript.ts";
import { assertEquals } from "../../std/std_assert.ts";

const CAPTURED = Deno.readTextFileSync(
  `${import.meta.dirname}/../../testdata/transcript.jsonl`,
).trimEnd().split("\n");

/** An entry at so many seconds. */
function entry(
  type: "user" | "assistant",
  seconds: number,
  content: unknown,
  rest: object = {},
): string {
  return JSON.stringify({
    type,
    timestamp: new Date(1000 * seconds).toISOString(),
    sessionId: "s",
    cwd: "/home/ada/api",
    version: "2.1.330",
    isSidechain: false,
    message: { role: type, content },
    ...rest,
  });
}

const use = (seconds: number): string =>
  entry("assistant", seconds, [{ type: "tool_use", id: `t${seconds}`, name: "Bash", input: {} }]);
const result = (seconds: number, of: number): string =>
  entry("user", seconds, [{ type: "tool_result", tool_use_id: `t${of}`, content: "x" }]);
const answer = (seconds: number, rest: object = {}): string =>
  entry("assistant", seconds, [{ type: "text", text: "done" }], rest);

/** The rows of turns in lines: event, seconds, status. */
function eventsOf(lines: readonly string[]): unknown[] {
  const reader = new TranscriptReader();
  const events = lines.flatMap((line) => {
    reader.add(line);
    return reader.takeEvents();
  });
  return [...events, ...reader.takeEvents(true)]
    .map(({ event, timestamp, status }) => [event, timestamp, ...(status ? [status] : [])]);
}

Deno.test("a captured session: one turn, by its prompt's id, and nothing of its text", () => {
  const reader = new TranscriptReader();
  for (const line of CAPTURED) reader.add(line);
  const events = reader.takeEvents(true);
  assertEquals(events.map(({ event, status }) => [event, status]), [
    ["prompt", undefined],
    ["stop", "ok"],
  ]);
  assertEquals(events[0], {
    timestamp: Date.parse("2026-11-22T07:37:54.454Z") / 1000,
    event: "prompt",
    toolName: "unknown",
    sessionId: "084eaac8-8a67-4e97-9b13-49511b9e047f",
    project: "project",
    clientVersion: "2.1.330",
    client: "claude",
    promptId: "0a30cb37-17db-4db1-8be4-126e09fa41fc",
    status: undefined,
  });
});

Deno.test("a turn goes from the prompt to the last answer before the next", () => {
  assertEquals(
    eventsOf([
      entry("user", 1, "go"),
      answer(3), // the model says what it is about to do
      use(4),
      result(5, 4),
      answer(7),
      entry("user", 60, [{ type: "text", text: "and now" }]),
      answer(61),
    ]),
    [["prompt", 1], ["stop", 7, "ok"], ["prompt", 60], ["stop", 61, "ok"]],
  );
});

Deno.test("a turn that goes on, or was broken off in a call, has no end", () => {
  assertEquals(eventsOf([entry("user", 1, "go"), use(2)]), [["prompt", 1]]);
  const toUse = { message: { content: [{ type: "text", text: "x" }], stop_reason: "tool_use" } };
  assertEquals(eventsOf([entry("user", 1, "go"), answer(2, toUse)]), [["prompt", 1]]);
  assertEquals(eventsOf([entry("user", 1, "go"), use(2), result(3, 2)]), [["prompt", 1]]);
});

Deno.test("what the model never answers begins no turn: the client's own commands, their output, its notes", () => {
  const meta = { isMeta: true };
  assertEquals(
    eventsOf([
      entry("user", 1, "<local-command-caveat>x", meta),
      entry("user", 1, "<command-name>/clear</command-name>"),
      entry("user", 2, "<local-command-stdout></local-command-stdout>"),
      entry("assistant", 3, [{ type: "text", text: "No response requested." }], {
        message: { model: "<synthetic>", content: [] },
      }),
      entry("user", 10, "go"),
      entry("user", 11, "what a skill says", meta),
      entry("user", 12, "what was so far", { isCompactSummary: true }),
      answer(14),
    ]),
    [["prompt", 10], ["stop", 14, "ok"]],
  );
});

Deno.test("an answer that failed, and one that the person stopped", () => {
  const failed = { isApiErrorMessage: true, message: { model: "<synthetic>", content: [] } };
  assertEquals(
    eventsOf([
      entry("user", 1, "go"),
      answer(5, failed),
      entry("user", 10, "again"),
      use(11),
      result(12, 11),
      entry("user", 13, [{ type: "text", text: "[Request interrupted by user for tool use]" }]),
      entry("user", 20, "go on"),
    ]),
    [["prompt", 1], ["stop", 5, "error"], ["prompt", 10], ["stop", 13, "interrupted"]],
  );
  const stopped = "[Request interrupted by user]";
  assertEquals(eventsOf([entry("user", 1, "go"), entry("user", 4, stopped)]), [
    ["prompt", 1],
    ["stop", 4, "interrupted"],
  ]);
});

Deno.test("the end of background work is no prompt; a subagent has no turns", () => {
  const told = "<task-notification>\n<tool-use-id>t2</tool-use-id>\n<status>completed</status>\n" +
    "<summary>x</summary></task-notification>";
  assertEquals(eventsOf([entry("user", 1, "go"), answer(2), entry("user", 5, told), answer(6)]), [
    ["prompt", 1],
    ["stop", 2, "ok"],
    ["done", 5, "ok"],
    ["stop", 6, "ok"],
  ]);
  assertEquals(eventsOf([entry("user", 1, "go", { isSidechain: true })]), []);
  const reader = new TranscriptReader("Explore", undefined, false);
  for (const line of CAPTURED) reader.add(line);
  assertEquals(reader.takeEvents(true), []);
});
