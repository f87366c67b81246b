import type { Command } from "./command.ts";
// One module with the choice of a command: it is asked for most, and a second module takes 0.8 ms.
import { command as report } from "./report.ts";

/**
 * The commands that people type, each loaded only when it is needed; of `rec` the help alone. The
 * paths are longer than they need be: the bundler goes by what is written, and some names are there twice.
 */
export const commands: Readonly<Record<string, () => Promise<{ command: Command }>>> = {
  rec: () => import("../commands/rec_help.ts"),
  report: () => Promise.resolve({ command: report }),
  top: () => import("../commands/top.ts"),
  tail: () => import("../commands/tail.ts"),
  export: () => import("../commands/export.ts"),
  profile: () => import("../commands/profile.ts"),
  import: () => import("../commands/import.ts"),
  running: () => import("../commands/running.ts"),
  check: () => import("../commands/check.ts"),
  dashboard: () => import("../commands/dashboard.ts"),
  status: () => import("../commands/status.ts"),
  clear: () => import("../commands/clear.ts"),
  hooks: () => import("../commands/hooks.ts"),
  doctor: () => import("../commands/doctor.ts"),
  bench: () => import("../commands/bench.ts"),
  completions: () => import("../commands/completions.ts"),
};
