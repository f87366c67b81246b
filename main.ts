import type { Command } from "./src/commands/command.ts";
import { rec } from "./src/commands/rec.ts";

/** The commands that people type; `rec` is apart because hooks call it, and must load nothing else. */
const commands: Readonly<Record<string, () => Promise<{ command: Command }>>> = {
  rec: () => import("./src/commands/rec_help.ts"),
  report: () => import("./src/commands/report.ts"),
  top: () => import("./src/commands/top.ts"),
  tail: () => import("./src/commands/tail.ts"),
  export: () => import("./src/commands/export.ts"),
  profile: () => import("./src/commands/profile.ts"),
  import: () => import("./src/commands/import.ts"),
  running: () => import("./src/commands/running.ts"),
  check: () => import("./src/commands/check.ts"),
  dashboard: () => import("./src/commands/dashboard.ts"),
  status: () => import("./src/commands/status.ts"),
  clear: () => import("./src/commands/clear.ts"),
  hooks: () => import("./src/commands/hooks.ts"),
  doctor: () => import("./src/commands/doctor.ts"),
  completions: () => import("./src/commands/completions.ts"),
};

async function main(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  const wantsHelp = rest.includes("--help") || rest.includes("-h");
  if (name === "rec" && !wantsHelp) return await rec(rest);
  const { dispatch } = await import("./src/commands/dispatch.ts");
  // Help for rec never fails either, whatever stands beside it.
  return await dispatch(commands, name === "rec" ? ["rec", "--help"] : args);
}

Deno.exit(await main(Deno.args));
