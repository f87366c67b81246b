import { commands } from "../../../src/commands/commands.ts";
import { manPage } from "../../../tools/man_page.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { testWith } from "../../kit/tools.ts";
import { assertEquals, assertMatch, assertStringIncludes } from "../../std/std_assert.ts";

const PAGE = await manPage({ version: "1.2.3", date: "2026-11-30" });

/** What mandoc says to the page: as `-T lint`, or typeset as `-T utf8`. */
function mandoc(format: string): { code: number; text: string } {
  using folder = temporaryFolder();
  const path = `${folder.path}/perfmon.1`;
  Deno.writeTextFileSync(path, PAGE);
  const { code, stdout } = new Deno.Command("mandoc", { args: ["-T", format, path] }).outputSync();
  // Bold is a letter over itself.
  return { code, text: new TextDecoder().decode(stdout).replace(/.[\b]/g, "") };
}

testWith("mandoc", "man page: mandoc finds nothing to say, not even on style", () => {
  assertEquals(mandoc("lint"), { code: 0, text: "" });
});

testWith("mandoc", "man page: each command and flag is there, letter for letter", async () => {
  const text = mandoc("utf8").text.replace(/\s+/g, " ");
  assertMatch(text, /^PERFMON\(1\).* perfmon 1\.2\.3 2026-11-30 PERFMON\(1\) ?$/);
  for (const load of Object.values(commands)) {
    const { command } = await load();
    for (const each of [command, ...command.subcommands ?? []]) {
      assertStringIncludes(text, ` perfmon ${each.name} `);
      for (const { name, help } of each.flags) {
        assertStringIncludes(text, ` --${name}`);
        assertStringIncludes(text, help, `${each.name} --${name}`);
      }
      for (const note of each.notes ?? []) assertStringIncludes(text, note);
      for (const [line] of each.examples) assertStringIncludes(text, ` perfmon ${line} `);
    }
  }
});

Deno.test("man page: no text is taken for a request of roff", () => {
  const requests = [...PAGE.matchAll(/^[.'](\w*)/gm)].map(([, name]) => name);
  assertEquals(new Set(requests), new Set(["TH", "SH", "B", "SS", "PP", "TP"]));
  assertMatch(PAGE, /^[\x20-\x7e\n]*$/);
});
