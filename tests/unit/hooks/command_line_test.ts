import fc from "fast-check";
import {
  type HookCommand,
  type HookOptions,
  isOutdated,
  mentionsPerfmon,
  readCommand,
  writeCommand,
} from "../../../src/agents/claude/hooks/command_line.ts";
import { readProjectFile } from "../../kit/project.ts";
import { anyPath } from "./random_paths.ts";
import { assert, assertEquals } from "../../std/std_assert.ts";

/** Lines that 0.1.0 installed, to the letter, and what they mean. */
const RELEASED: readonly [line: string, HookCommand][] = [
  [
    "{ [ -x '/usr/local/bin/perfmon' ] && '/usr/local/bin/perfmon' rec start || " +
    "perfmon rec start || cat || while read -r x; do :; done; } >/dev/null 2>&1; exit 0",
    { moment: "start", program: "/usr/local/bin/perfmon", options: {} },
  ],
  [
    String.raw`{ perfmon rec end --params --file '/a b/it'\''s.csv' || ` +
    "cat || while read -r x; do :; done; } >/dev/null 2>&1; exit 0",
    { moment: "end", options: { params: true, file: "/a b/it's.csv" } },
  ],
  [
    "{ perfmon rec end --alert-cpu 90 || { cat || while read -r x; do :; done; } >/dev/null; } " +
    "2>/dev/null; exit 0",
    { moment: "end", options: { "alert-cpu": "90" } },
  ],
  [
    "{ [ -x '/bin/perfmon' ] && '/bin/perfmon' rec drain --file /l.csv || " +
    "perfmon rec drain --file /l.csv || cat || while read -r x; do :; done; } >/dev/null 2>&1; exit 0",
    { moment: "drain", via: "spool", program: "/bin/perfmon", options: { file: "/l.csv" } },
  ],
  [
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
    {
      moment: "end",
      via: "spool",
      program: "/opt/perfmon",
      options: { params: true, "max-lines": "2000" },
    },
  ],
];

/** Lines that the code before 0.2.0 installed: with a watcher beside each hook, and with zombies. */
const UNRELEASED: readonly [line: string, HookCommand][] = ["watched", "unreaped"]
  .flatMap((name) => JSON.parse(readProjectFile(`tests/testdata/${name}_lines.json`)));

Deno.test("older lines are read, and install would write them otherwise", () => {
  for (const [line, command] of [...RELEASED, ...UNRELEASED]) {
    assertEquals(readCommand(line), command);
    assert(isOutdated(line), line);
    assert(!isOutdated(writeCommand(command)));
  }
});

Deno.test("a line for a hook that nobody waits for ignores SIGTERM and says so to perfmon", () => {
  const command = { moment: "start", program: "/opt/perfmon", options: { params: true } } as const;
  const waited = writeCommand(command);
  const line = writeCommand({ ...command, isAsync: true });
  assertEquals(line.replace("trap '' TERM; ", "").replaceAll("start --async", "start"), waited);
  assert(line.startsWith("trap '' TERM; "));
  assert(
    line.includes("o '/opt/perfmon' rec start --async --params || o perfmon rec start --async"),
  );
  const spool = writeCommand({ ...command, via: "spool", isAsync: true });
  assert(spool.startsWith("trap '' TERM; ") && spool.includes("$$;--async --params;${COPILOT_CLI"));
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
  const moments = fc.constantFrom("start", "end");
  fc.assert(
    fc.property(moments, program, options, fc.boolean(), (moment, path, given, isAsync) => {
      const command = {
        moment,
        ...(path === undefined ? {} : { program: path }),
        ...(isAsync ? { isAsync } : {}),
        options: given,
      };
      assertEquals(readCommand(writeCommand(command)), command);
    }),
    {
      examples: [
        ["start", "/a rec start/perfmon", {}, true],
        ["end", "/it's/$HOME/ü\n/perfmon", {}, false],
      ],
    },
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
