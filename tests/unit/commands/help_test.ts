import { type Command, helpText } from "../../../src/cli/command.ts";
import { commands } from "../../../src/commands/commands.ts";
import { textWidth } from "../../../src/text/table.ts";
import { assertEquals } from "../../std/std_assert.ts";
import { expectText } from "../../kit/snapshot.ts";

for (const [name, load] of Object.entries(commands)) {
  Deno.test(`helpText: perfmon ${name} --help, and its subcommands`, async (t) => {
    const { command } = await load();
    for (const each of [command, ...command.subcommands ?? []]) await expectHelp(t, each);
  });
}

async function expectHelp(t: Deno.TestContext, command: Command): Promise<void> {
  const text = helpText(command);
  await expectText(t, text);
  assertEquals(text.split("\n").filter((line) => textWidth(line) > 80), []);
}

/** The headings and words of each command's output. */
const WORDS: Readonly<Record<string, string>> = {
  report:
    "TOTAL GATE PROMPT CPU PEAK FAIL CALLS P50 MAX MEAN SHARE GROWTH TOGETHER OUTPUT ASKED RAN WAITED Slow Gate Failing Memory Left † ‡ § ~ ° – abandoned approximate",
  top:
    "ID DURATION GATE PROMPT CPU PEAK STATUS SESSION WHAT CORES OUTPUT TREE LAST AGE NOW † ~ ° – background abandoned approximate",
  tail: "ID WHEN DURATION GATE PROMPT CPU STATUS SESSION PROJECT WHAT ~ ° – background abandoned",
  running: "ID AGE SESSION PROJECT PID NOW survivors abandoned ~ –",
  show: "Ran Waited Prompt CPU Peak Disk Memory Output Left Mode Id ≤ ~ –",
  status: "Recording Hooks Log History Spool Covers Health Cost Parameters Network Versions",
  doctor: "pass advise fail",
  check: "pass fail",
  bench: "MEDIAN LONGEST CPU",
  "profile show": "CALLS FAIL P50 P95 P99 MAX TOTAL CPU RSS",
  "profile compare": "CALLS FAIL P50 CHANGE RANGE VERDICT CPU RSS",
};

Deno.test("each command's help says what the words and signs of its output mean", async () => {
  const all = await Promise.all(
    Object.values(commands).map(async (load) => (await load()).command),
  );
  const found = new Map(
    all.flatMap((each) => [each, ...each.subcommands ?? []]).map((each) => [each.name, each]),
  );
  const missing = Object.entries(WORDS).flatMap(([name, words]) => {
    const notes = found.get(name)?.notes?.join(" ") ?? "";
    return words.split(" ").filter((word) => !notes.includes(word)).map((word) =>
      `${name}: ${word}`
    );
  });
  assertEquals(missing, []);
});
