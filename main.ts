import type { Command } from "./src/commands/command.ts";
import { rec } from "./src/commands/rec.ts";

/** The commands that people type; `rec` is apart because hooks call it, and must load nothing else. */
const commands: Readonly<Record<string, () => Promise<{ command: Command }>>> = {
  rec: () => import("./src/commands/rec_help.ts"),
};

async function main(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  const wantsHelp = rest.includes("--help") || rest.includes("-h");
  if (name === "rec" && !wantsHelp) return await rec(rest);
  const { dispatch } = await import("./src/commands/dispatch.ts");
  return await dispatch(commands, args);
}

Deno.exit(await main(Deno.args));
