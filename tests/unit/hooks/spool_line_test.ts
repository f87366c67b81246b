/** The shell line that stores a hook event in the spool: its text. */
import fc from "fast-check";
import {
  type HookOptions,
  optionsAt,
  readCommand,
  writeCommand,
} from "../../../src/agents/claude/hooks/command_line.ts";
import { writeSpoolLine } from "../../../src/agents/claude/hooks/lines/spool_line.ts";
import { anyPath } from "./random_paths.ts";
import { assert, assertEquals } from "../../std/std_assert.ts";

/** Any program that is there: the line looks whether it is, and starts none. */
const LINE = writeSpoolLine({ moment: "start", program: "/bin/sh", options: "" });

Deno.test("a line for the spool is read back as it was written, whatever the log", () => {
  const options = fc.record<HookOptions>({
    params: fc.constant<true>(true),
    layout: fc.constantFrom("full", "basic"),
    keep: fc.nat().map(String),
    history: fc.constantFrom("0", "90d,32MiB"),
    file: anyPath,
  }, { requiredKeys: [] });
  const program = fc.option(anyPath, { nil: undefined });
  const moments = fc.constantFrom("start", "end");
  fc.assert(
    fc.property(moments, program, options, fc.boolean(), (moment, path, given, isAsync) => {
      const command = {
        moment,
        via: "spool" as const,
        ...(path === undefined ? {} : { program: path }),
        ...(isAsync ? { isAsync } : {}),
        options: given,
      };
      assertEquals(readCommand(writeCommand(command)), command);
    }),
    { examples: [["start", "/a b/it's", { file: `/it's "$f"; case $f in \n.csv` }, true]] },
  );
  assertEquals(readCommand(LINE.replace("umask 077", "umask 022")), undefined);
  assertEquals(readCommand(`${LINE} `), undefined);
});

Deno.test("the drain's line names program, log and how many rows stay, and not what records say", () => {
  const command = { moment: "drain", via: "spool", program: "/bin/perfmon" } as const;
  const given = { params: true, command: true, file: "/l.csv", keep: "9" } as const;
  const line = writeCommand({ ...command, options: optionsAt("drain", given) });
  assert(line.includes("o '/bin/perfmon' rec drain --keep 9 --file /l.csv || o perfmon rec drain"));
  assert(!line.includes("--params") && !line.includes("--command"));
  assertEquals(readCommand(line), { ...command, options: { file: "/l.csv", keep: "9" } });
});
