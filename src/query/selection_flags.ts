import { STATUSES as CALL_STATUSES } from "../calls/call_state.ts";
import type { Flag } from "../cli/command.ts";
import { UTC_FLAG } from "../cli/output.ts";

/** The flag that says which log is meant. */
export const FILE_FLAG: Flag = {
  name: "file",
  value: "FILE",
  help: "The log; default $PERFMON_FILE, else performance.csv in $CLAUDE_CONFIG_DIR or ~/.claude",
};

/** The flags that say which calls of which log are meant. */
export const SELECTION_FLAGS: readonly Flag[] = [
  {
    name: "tool",
    value: "GLOB",
    completes: "tool",
    help: "Only tools of this name or MCP server: Bash, 'mcp__*'",
  },
  {
    name: "command",
    value: "GLOB",
    completes: "command",
    help: "Only these commands: 'npm test', 'git *'",
  },
  {
    name: "status",
    value: "STATUS",
    choices: CALL_STATUSES,
    help: "Only calls that ended so, or that have not ended",
  },
  {
    name: "session",
    value: "ID",
    completes: "session",
    help: "Only this session (its beginning is enough), or last",
  },
  { name: "project", value: "GLOB", completes: "project", help: "Only projects of this name" },
  {
    name: "client",
    value: "NAME",
    completes: "client",
    help: "Calls of another client that runs these hooks, e.g. copilot, or of all; default claude",
  },
  {
    name: "since",
    value: "TIME",
    help: "From 2h, 7d, today, yesterday, 2026-01-31, 2026-01-31T10:20",
  },
  { name: "until", value: "TIME", help: "Up to that time; a day up to its end" },
  {
    name: "all",
    help: "The whole log; without it, --since, --until and --session the last 7 days",
  },
  { name: "no-history", help: "Only the log: nothing that was rotated out of it or imported" },
  UTC_FLAG,
  FILE_FLAG,
];
