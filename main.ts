import { rec } from "./src/record/rec.ts";

/** `rec` is apart from the other commands because hooks call it, and must load nothing else. */
async function main(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  const wantsHelp = rest.includes("--help") || rest.includes("-h");
  if (name === "rec" && !wantsHelp) return await rec(rest);
  const { dispatch } = await import("./src/commands/dispatch.ts");
  // Help for rec never fails either, whatever stands beside it.
  return await dispatch(name === "rec" ? ["rec", "--help"] : args);
}

Deno.exit(await main(Deno.args));
