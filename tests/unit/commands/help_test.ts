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
