/** Which events are installed, by the client's version, the way and the layout. */
import {
  type ClientVersion,
  type HookPlan,
  unknownEvents,
  wantedRegistrations,
} from "../../../src/agents/claude/hooks/events.ts";
import { assert, assertEquals } from "../../std/std_assert.ts";

function eventsOf(plan: HookPlan): string[] {
  return wantedRegistrations(plan).map(({ event }) => event);
}

const CALLS = ["PreToolUse", "PostToolUse", "PostToolUseFailure", "SubagentStart", "SubagentStop"];

Deno.test("an event is installed from the version on whose published package was seen to know it", () => {
  const first: [event: string, before: ClientVersion, since: ClientVersion][] = [
    ["UserPromptSubmit", [1, 0, 127], [1, 0, 128]],
    ["Stop", [1, 0, 127], [1, 0, 128]],
    ["SubagentStart", [2, 0, 43], [2, 0, 44]],
    ["PermissionRequest", [2, 0, 44], [2, 0, 45]],
    ["PostToolUseFailure", [2, 0, 55], [2, 0, 56]],
    ["StopFailure", [2, 1, 77], [2, 1, 78]],
  ];
  for (const [event, before, since] of first) {
    assert(!eventsOf({ version: before }).includes(event), event);
    assert(unknownEvents({ version: before }).includes(event), event);
    assert(eventsOf({ version: since }).includes(event), event);
    assert(!unknownEvents({ version: since }).includes(event), event);
  }
});

Deno.test("where the version is not known all are that clients know which take a failure's hook", () => {
  for (const way of ["binary", "spool"] as const) {
    assertEquals(unknownEvents({ way }), ["StopFailure"]);
    assertEquals(eventsOf({ way }), eventsOf({ way, version: [2, 0, 56] }));
  }
});

Deno.test("prompts and requests are waited for by nobody, ends of turns and sessions always", () => {
  const version = [2, 1, 330] as const;
  for (const way of ["binary", "spool"] as const) {
    const waitedFor = wantedRegistrations({ version, way })
      .filter(({ hook }) => hook["async"] !== true).map(({ event }) => event);
    assertEquals(waitedFor, ["Stop", "StopFailure", "SessionEnd"]);
  }
  const all = wantedRegistrations({ version, isWaitedFor: true });
  assert(all.every(({ hook }) => hook["async"] === undefined));
});

Deno.test("the spool's line is that of calls alone: no prompt may lie in it", () => {
  const version = [2, 1, 330] as const;
  const spooled = wantedRegistrations({ version, way: "spool" })
    .filter(({ hook }) => String(hook["command"]).includes("/spool/")).map(({ event }) => event);
  assertEquals(spooled, CALLS);
});

Deno.test("the basic layout has no hooks of what is no call's", () => {
  const plan: HookPlan = { version: [2, 1, 330], options: { layout: "basic" } };
  assertEquals(eventsOf(plan), [...CALLS, "SessionEnd"]);
  assertEquals(unknownEvents(plan), []);
  // Begun by a session's end the log would have a header.
  const last = wantedRegistrations(plan).at(-1)?.hook["command"];
  assert(String(last).includes("rec finish --layout basic"));
});
