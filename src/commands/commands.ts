import type { Command } from "./command.ts";
// One module with the choice of a command: it is asked for most, and a second module takes 0.8 ms.
import { command as report } from "./report.ts";

/** The commands that people type, each loaded only when it is needed; of `rec` the help alone. */
export const commands: Readonly<Record<string, () => Promise<{ command: Command }>>> = {
  rec: () => import("./rec_help.ts"),
  report: () => Promise.resolve({ command: report }),
  top: () => import("./top.ts"),
  tail: () => import("./tail.ts"),
  export: () => import("./export.ts"),
  profile: () => import("./profile.ts"),
  import: () => import("./import.ts"),
  running: () => import("./running.ts"),
  check: () => import("./check.ts"),
  dashboard: () => import("./dashboard.ts"),
  status: () => import("./status.ts"),
  clear: () => import("./clear.ts"),
  hooks: () => import("./hooks.ts"),
  doctor: () => import("./doctor.ts"),
  bench: () => import("./bench.ts"),
  completions: () => import("./completions.ts"),
};
