import { PLAIN } from "../../../src/text/style.ts";
import { compareProfiles, type Profile, toProfile } from "../../../src/profiles/profile.ts";
import { parseProfile, profileJson } from "../../../src/profiles/profile_json.ts";
import { comparisonText, profileText } from "../../../src/profiles/profile_text.ts";
import type { Sample } from "../../../src/row/sample.ts";
import { call, SAMPLES, start } from "../../kit/samples.ts";
import { expectText } from "../../kit/snapshot.ts";
import { assertEquals, assertStringIncludes, assertThrows } from "../../std/std_assert.ts";
import { toCallList } from "../../../src/calls/to_calls.ts";

const ABOUT = { created: 1_700_000_000, log: "/log.csv", covers: "Last 7 days" };
const profile = toProfile(toCallList(SAMPLES), ABOUT);

/** `count` calls of a tool, 1 s to 2 s times `factor`, from a time on. */
function calls(toolName: string, count: number, factor: number, from = 0): Sample[] {
  return Array.from(
    { length: count },
    (_, index) =>
      call(
        `${toolName}${index}`,
        from + 10 * index,
        from + 10 * index + factor * (1 + index / count),
        { toolName },
      ),
  )
    .flat();
}

Deno.test("toProfile: a tool a line, with figures and each duration; what has not ended stays out", () => {
  assertEquals(profile.tools.map(({ name, calls }) => [name, calls]), [
    ["Agent", 1],
    ["Bash", 2],
    ["mcp__github__get_file", 1],
    ["mcp__github__search", 1],
    ["Read", 1],
  ]);
  const bash = profile.tools[1];
  assertEquals(bash?.durations, [2, 6]);
  assertEquals([bash?.failed, bash?.cpuSeconds, bash?.cpuCalls, bash?.p50Seconds], [1, 2, 2, 4]);
});

Deno.test("toProfile: of many calls it keeps 2,000 quantiles", () => {
  const many = toProfile(toCallList(calls("Bash", 5000, 1)), ABOUT).tools[0];
  assertEquals([many?.timed, many?.durations.length], [5000, 2000]);
});

Deno.test("profileJson and parseProfile: there and back, to the microsecond", () => {
  const text = profileJson(profile);
  assertEquals(profileJson(parseProfile(text)), text);
  assertEquals(JSON.parse(profileJson(profile)).profile_version, 1);
  const empty = { ...profile, tools: [] };
  assertEquals(parseProfile(profileJson(empty)), empty);
});

const BROKEN: readonly (readonly [text: string, message: string])[] = [
  ["{", "it is not JSON"],
  ["[]", "it is no profile of perfmon"],
  ["null", "it is no profile of perfmon"],
  [`{"profile_version":2}`, "it has version 2, and this perfmon reads version 1"],
  [`{"profile_version":1}`, "it lacks tools"],
  [`{"profile_version":1,"tools":[{}]}`, "a tool in it has no name"],
  [
    `{"profile_version":1,"tools":[{"tool":"Bash"}]}`,
    `the durations of "Bash" in it are no numbers`,
  ],
  [
    `{"profile_version":1,"tools":[{"tool":"Bash","durations_seconds":[],"calls":"x"}]}`,
    `its "calls" is no number`,
  ],
];

for (const [text, message] of BROKEN) {
  Deno.test(`parseProfile: ${text} is refused`, () => {
    const error = assertThrows(() => parseProfile(text), Error);
    assertEquals(error.message, message);
  });
}

Deno.test("compareProfiles: slower, faster, not to be told, in one of them only", async (t) => {
  const before = toProfile(
    toCallList([...calls("Bash", 50, 1), ...calls("Read", 50, 1), ...calls("Grep", 50, 1)]),
    ABOUT,
  );
  const after = toProfile(
    toCallList([
      ...calls("Bash", 50, 2, 1000),
      ...calls("Read", 50, 0.5, 1000),
      ...calls("Glob", 5, 1, 1000),
    ]),
    ABOUT,
  );
  const compared = compareProfiles(before, after);
  assertEquals(compared.map((each) => [each.name, each.difference?.verdict]), [
    ["Bash", "slower"],
    ["Read", "faster"],
    ["Glob", undefined],
    ["Grep", undefined],
  ]);
  const text = comparisonText(
    { before, beforeName: "may", after, afterName: "" },
    compared,
    { width: 80, utc: true, style: PLAIN },
  );
  await expectText(t, text);
  assertEquals(text.split("\n").filter((line) => line.length > 80), []);
});

Deno.test("compareProfiles: of two that are of one time in part no change is told", () => {
  const of = (factor: number, from: number): Profile =>
    toProfile(toCallList(calls("Bash", 50, factor, from)), ABOUT);
  const verdict = (before: Profile, after: Profile): string | undefined =>
    compareProfiles(before, after)[0]?.difference?.verdict;
  const before = of(1, 0); // its last call ends at 491.98
  assertEquals(before.until?.toFixed(2), "491.98");
  assertEquals(verdict(before, of(2, 492)), "slower");
  assertEquals(verdict(before, of(2, 480)), undefined);
  assertEquals(verdict(of(2, 480), before), undefined);
  assertEquals(verdict(of(2, 492), before), "faster");
  assertEquals(verdict(before, before), undefined);
  const text = comparisonText(
    { before, beforeName: "may", after: of(2, 480), afterName: "" },
    compareProfiles(before, of(2, 480)),
    { width: 300, utc: true, style: PLAIN },
  );
  assertStringIncludes(text, "The two are of one time in part");
});

Deno.test("compareProfiles: of a profile of 0.1.0 it is known when it was made", () => {
  const { from: _from, until: _until, ...rest } = toProfile(
    toCallList(calls("Bash", 50, 1)),
    ABOUT,
  );
  const old = { ...rest, from: undefined, until: undefined };
  const later = toProfile(toCallList(calls("Bash", 50, 2, ABOUT.created + 1)), ABOUT);
  assertEquals(compareProfiles(old, later)[0]?.difference?.verdict, "slower");
  const earlier = toProfile(toCallList(calls("Bash", 50, 2, ABOUT.created - 100)), ABOUT);
  assertEquals(compareProfiles(old, earlier)[0]?.difference?.verdict, undefined);
});

Deno.test("profileText: a running call is in no figure", async (t) => {
  const one = toProfile(toCallList([...calls("Bash", 1, 1), start(99)]), ABOUT);
  await expectText(t, profileText(one, { width: 80, utc: true, style: PLAIN }));
});
