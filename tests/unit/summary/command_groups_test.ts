import { PLAIN } from "../../../src/text/style.ts";
import { toCallList } from "../../../src/calls/to_calls.ts";
import { byCommand, toolsAndCommands, withCommand } from "../../../src/summary/command_groups.ts";
import { reportText } from "../../../src/summary/report_text.ts";
import { summarize } from "../../../src/summary/summarize.ts";
import type { Report } from "../../../src/summary/summary.ts";
import { call, COMMANDS_NOW, commandSamples } from "../../kit/samples.ts";
import { expectText } from "../../kit/snapshot.ts";
import { assertAlmostEquals, assertEquals } from "../../std/std_assert.ts";

const CALLS = toCallList(commandSamples(), { isAlive: () => true });
const style = PLAIN;

function folded(calls = CALLS): Report {
  return summarize(calls, toolsAndCommands(calls, false));
}

function shortOf({ groups }: Report): unknown[] {
  return groups.map(({ name, kind, calls, totalSeconds = 0 }) => [
    name,
    kind,
    calls,
    Math.round(100 * totalSeconds) / 100,
  ]);
}

Deno.test("of Bash the commands that took most have a line each, the others one, and the sums close", () => {
  const report = folded();
  assertEquals(shortOf(report), [
    ["npm test", "command", 8, 1225],
    ["cargo build", "command", 3, 612],
    ["Agent", "agent", 1, 300],
    ["git push", "command", 3, 15],
    ["docker compose", "command", 1, 12],
    ["Skill", "tool", 1, 9],
    ["WebFetch", "tool", 2, 8.3],
    ["other Bash (2)", "tool", 5, 3.7],
    ["git status", "command", 6, 1.35],
    ["grep", "command", 2, 1.2],
    ["github", "mcp", 1, 0.6],
    ["Read", "tool", 4, 0.07],
    ["Grep", "tool", 1, 0.06],
  ]);
  const byTool = summarize(CALLS);
  const ofBash = report.groups.filter(({ name, kind }) => kind === "command" || /Bash/.test(name));
  const bash = byTool.groups.find(({ name }) => name === "Bash")!;
  const sum = (figure: (group: typeof bash) => number | undefined): number =>
    ofBash.reduce((total, group) => total + (figure(group) ?? 0), 0);
  assertEquals([sum(({ calls }) => calls), sum(({ failed }) => failed)], [bash.calls, bash.failed]);
  assertAlmostEquals(sum(({ totalSeconds }) => totalSeconds), bash.totalSeconds!, 1e-9);
  assertAlmostEquals(sum(({ cpuSeconds }) => cpuSeconds), bash.cpuSeconds!, 1e-9);
  assertEquals(report.all.calls, byTool.all.calls);
});

Deno.test("a single other command is no other one; calls that say none are", () => {
  const calls = (count: number, more: string[] = []): unknown[] => {
    const samples = Array.from(
      { length: count },
      (_, at) => call(`t${at}`, 10 * at, 10 * at + 9 - at / 10, { command: `c${at}` }),
    ).flat();
    const silent = more.flatMap((id, at) => call(id, 500 + at, 500.5 + at));
    return folded(toCallList([...samples, ...silent])).groups.map(({ name }) => name);
  };
  assertEquals(calls(7).at(-1), "c6");
  assertEquals(calls(7).length, 7);
  assertEquals(calls(8).filter((name) => !/^c\d$/.test(String(name))), ["other Bash (2)"]);
  assertEquals(calls(1, ["a", "b"]), ["c0", "other Bash"]);
});

Deno.test("where no call of Bash says its command, lines are tools as ever", () => {
  const calls = toCallList([
    ...call("a", 1, 2),
    ...call("b", 3, 4, { toolName: "WebFetch", command: "x.y" }),
  ]);
  assertEquals(toolsAndCommands(calls, false), undefined);
});

Deno.test("--by command: each tool's commands, calls that say none by their tool", () => {
  const report = summarize(CALLS, byCommand);
  const names = report.groups.map(({ name }) => name);
  assertEquals(names.slice(0, 4), ["npm test", "cargo build", "Agent Explore", "git push"]);
  assertEquals(names.includes("WebFetch docs.example.com"), true);
  assertEquals(names.filter((name) => /^(Bash|Read|github)$/.test(name)).toSorted(), [
    "Bash",
    "Read",
    "github",
  ]);
  const told = summarize(withCommand(CALLS), byCommand);
  assertEquals(told.all.calls, report.all.calls - 7);
  // A host that is called as a program is.
  const two = toCallList([
    ...call("a", 1, 2, { command: "x" }),
    ...call("b", 3, 4, { toolName: "WebFetch", command: "x" }),
  ]);
  assertEquals(summarize(two, byCommand).groups.map(({ name }) => name), ["WebFetch x", "x"]);
});

for (const width of [80, 120, 200]) {
  Deno.test(`reportText: tools and commands in ${width} columns`, async (t) => {
    const text = reportText(folded(), {
      covers: "Last 7 days",
      width,
      now: COMMANDS_NOW,
      style,
      naming: { grouping: "what", label: (name) => name },
    });
    await expectText(t, text);
  });
}
