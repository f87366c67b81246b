import type { Command } from "../cli/command.ts";
// One module with the choice of a command: it is asked for most, and a second module takes 0.8 ms.
import { command as report } from "./report/report.ts";

/** The commands that people type, each loaded only when it is needed; of `rec` the help alone. */
export const commands: Readonly<Record<string, () => Promise<{ command: Command }>>> = {
  report: () => Promise.resolve({ command: report }),
  top: () => import("./top/top.ts"),
  tail: () => import("./tail/tail.ts"),
  show: () => import("./show/show.ts"),
  export: () => import("./export/export.ts"),
  profile: () => import("./profile/profile.ts"),
  import: () => import("./import/import.ts"),
  running: () => import("./running/running.ts"),
  check: () => import("./check/check.ts"),
  dashboard: () => import("./dashboard/dashboard.ts"),
  status: () => import("./status/status.ts"),
  clear: () => import("./clear.ts"),
  hooks: () => import("./hooks/hooks.ts"),
  doctor: () => import("./doctor/doctor.ts"),
  bench: () => import("./bench/bench.ts"),
  rec: () => import("../record/rec_help.ts"),
  completions: () => import("./completions/completions.ts"),
};
