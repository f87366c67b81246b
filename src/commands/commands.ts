import type { Command } from "./command.ts";

/** The commands that people type, each loaded only when it is needed; of `rec` the help alone. */
export const commands: Readonly<Record<string, () => Promise<{ command: Command }>>> = {
  rec: () => import("./rec_help.ts"),
  report: () => import("./report.ts"),
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
