import fc from "fast-check";
import {
  type HookOptions,
  mentionsPerfmon,
  readCommand,
  writeCommand,
} from "../../../src/agents/claude/hooks/command_line.ts";
import { anyPath } from "./random_paths.ts";
import { assert, assertEquals } from "../../std/std_assert.ts";

Deno.test("the line of 0.1.0 stays as released", () => {
  assertEquals(
    writeCommand({ moment: "start", program: "/usr/local/bin/perfmon", options: {} }),
    "{ [ -x '/usr/local/bin/perfmon' ] && '/usr/local/bin/perfmon' rec start || " +
      "perfmon rec start || cat || while read -r x; do :; done; } >/dev/null 2>&1; exit 0",
  );
  assertEquals(
    writeCommand({ moment: "end", options: { params: true, file: "/a b/it's.csv" } }),
    String.raw`{ perfmon rec end --params --file '/a b/it'\''s.csv' || ` +
      "cat || while read -r x; do :; done; } >/dev/null 2>&1; exit 0",
  );
});

Deno.test("a line is read back as it was written, whatever the path", () => {
  const options = fc.record<HookOptions>({
    params: fc.constant<true>(true),
    layout: fc.constantFrom("full", "basic"),
    "max-lines": fc.nat().map(String),
    keep: fc.nat().map(String),
    history: fc.constantFrom("0", "90d", "90d,32MiB"),
    file: fc.string({ minLength: 1 }).map((name) => `/${name}`),
    "alert-duration": fc.constantFrom("60s", "1h 5m"),
    "alert-cpu": fc.constant("90"),
  }, { requiredKeys: [] });
  const program = fc.option(anyPath, { nil: undefined });
  fc.assert(
    fc.property(fc.constantFrom("start", "end"), program, options, (moment, path, given) => {
      const command = { moment, ...(path === undefined ? {} : { program: path }), options: given };
      assertEquals(readCommand(writeCommand(command)), command);
    }),
    { examples: [["start", "/a rec start/perfmon", {}], ["end", "/it's/$HOME/ü\n/perfmon", {}]] },
  );
});

Deno.test("other people's lines are not taken for ours", () => {
  const line = writeCommand({ moment: "start", options: {} });
  const others = [
    "",
    "rec start",
    "perfmon rec start",
    "exec /abs/perfmon rec start",
    `${line} `,
    `echo hi; ${line}`,
    line.replace("exit 0", "exit 1"),
    line.replace("start", "begin"),
    line.replace("start", "start --loud"),
  ];
  for (const other of others) assertEquals(readCommand(other), undefined, other);
  assert(mentionsPerfmon("exec '/abs/perfmon' rec start"));
  assert(!mentionsPerfmon("myperfmon.sh rec start"));
});
