/** The shell line that stores a hook event in the spool: its text. */
import fc from "fast-check";
import {
  type HookOptions,
  readCommand,
  writeCommand,
} from "../../../src/agents/claude/hooks/command_line.ts";
import { readSpoolLine, writeSpoolLine } from "../../../src/agents/claude/hooks/spool_line.ts";
import { anyPath } from "./random_paths.ts";
import { assertEquals } from "../../std/std_assert.ts";

/** Any program that is there: the line looks whether it is, and starts none. */
const LINE = writeSpoolLine({ moment: "start", program: "/bin/sh", options: "" });

Deno.test("the line of 0.1.0 that records into the spool stays as released", () => {
  assertEquals(
    writeCommand({
      moment: "end",
      via: "spool",
      program: "/opt/perfmon",
      options: { params: true, "max-lines": "2000" },
    }),
    "umask 077; set -C; " +
      "f=${PERFMON_FILE:-${CLAUDE_CONFIG_DIR:-$HOME/.claude}/performance.csv}; " +
      "case $f in *.csv) f=${f%.csv};; *) f=$f.perfmon;; esac; p=${CLAUDE_PID:-$PPID}; " +
      "{ [ -x '/opt/perfmon' ] || command -v perfmon >/dev/null && " +
      'for i in 1 2 3 4 5 6 7 8 9; do { echo "perfmon 1 $$;--params --max-lines 2000;$AI_AGENT"; ' +
      '[ -r "/proc/$p/stat" ] && { cat /proc/uptime "/proc/$p/stat" "/proc/$p/statm" ' +
      '"/proc/$p"/task/*/children - && exit 0; break; }; ' +
      'LC_ALL=C ps -o pid=,ppid=,rss=,pcpu=,time=,lstart=,comm= -p "$p"; cat && exit 0; break; } ' +
      '>"$f.d/spool/${CLAUDE_CODE_SESSION_ID:-$PPID}.$$.$i.end"; done; ' +
      "cat >/dev/null || while read -r x; do :; done; } 2>/dev/null; exit 0",
  );
});

Deno.test("a line for the spool is read back as it was written, whatever the log", () => {
  const options = fc.record<HookOptions>({
    params: fc.constant<true>(true),
    layout: fc.constantFrom("full", "basic"),
    keep: fc.nat().map(String),
    history: fc.constantFrom("0", "90d,32MiB"),
    file: anyPath,
  }, { requiredKeys: [] });
  const program = fc.option(anyPath, { nil: undefined });
  fc.assert(
    fc.property(fc.constantFrom("start", "end"), program, options, (moment, path, given) => {
      const command = {
        moment,
        via: "spool" as const,
        ...(path === undefined ? {} : { program: path }),
        options: given,
      };
      assertEquals(readCommand(writeCommand(command)), command);
    }),
    { examples: [["start", "/a b/it's", { file: `/it's "$f"; case $f in \n.csv` }]] },
  );
  assertEquals(readSpoolLine(LINE.replace("umask 077", "umask 022")), undefined);
  assertEquals(readSpoolLine(`${LINE} `), undefined);
});

Deno.test("the drain's line names program and log, and no other option", () => {
  const command = { moment: "drain", via: "spool", program: "/bin/perfmon" } as const;
  const line = writeCommand({ ...command, options: { params: true, file: "/l.csv" } });
  assertEquals(
    line,
    "{ [ -x '/bin/perfmon' ] && '/bin/perfmon' rec drain --file /l.csv || " +
      "perfmon rec drain --file /l.csv || cat || while read -r x; do :; done; } >/dev/null 2>&1; exit 0",
  );
  assertEquals(readCommand(line), { ...command, options: { file: "/l.csv" } });
});
