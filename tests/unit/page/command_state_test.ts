import { flagsOf, stateOfCommand } from "../../../src/page/command_state.ts";
import { assertEquals } from "../../std/std_assert.ts";

const SESSIONS = ["7d1f20c4-0000", "a02c51b7-0000"];
const short = (id: string): string => id.slice(0, 4);

Deno.test("command state: a finding's line is the filter that shows the same calls", () => {
  const state = (line: string): unknown =>
    JSON.parse(JSON.stringify(stateOfCommand(line, { project: "api" }, SESSIONS)));
  assertEquals(state("perfmon top --command 'npm test' --status error --all"), {
    ...{ project: "api", command: "npm test", status: "error" },
  });
  assertEquals(state("perfmon top --by gate --tool Read --no-history"), {
    ...{ project: "api", tool: "Read", rank: "gate" },
  });
  assertEquals(state("perfmon report 7d1f --all"), { project: "api", session: "7d1f20c4-0000" });
  assertEquals(state("perfmon report --by day --tool Grep"), {
    ...{ project: "api", tool: "Grep", by: "day" },
  });
  assertEquals(state("perfmon running"), { project: "api", status: "running" });
});

Deno.test("command state: what is filtered becomes flags, in place of those that the page was made with", () => {
  const made = { all: true, project: "a*", "no-history": true } as const;
  const flags = (state: Parameters<typeof flagsOf>[0]): unknown =>
    JSON.parse(JSON.stringify(flagsOf(state, made, short)));
  assertEquals(flags({}), made);
  assertEquals(flags({ project: "api", session: "a02c51b7-0000", from: 0, to: 1.5 }), {
    ...{ project: "api", session: "a02c", "no-history": true },
    ...{ since: "1970-01-01T00:00:00.000Z", until: "1970-01-01T00:00:01.500Z" },
  });
});
