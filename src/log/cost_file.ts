import { type HookCost, hookCostJson, parseHookCost } from "./hook_cost.ts";
import { ensureFolder } from "../files/io.ts";
import type { LogLocation } from "./location.ts";
import { Replacement } from "../files/replace.ts";

/** What the hooks of this log cost when it was last measured; `undefined` where it never was. */
export function readHookCost(location: LogLocation): HookCost | undefined {
  try {
    return parseHookCost(Deno.readTextFileSync(costPath(location)));
  } catch {
    return undefined;
  }
}

/** Keeps it beside the log, in place of what was kept before. Throws where that can't be written. */
export function keepHookCost(location: LogLocation, cost: HookCost): void {
  ensureFolder(location.folder);
  using file = new Replacement(costPath(location));
  file.write(hookCostJson(cost));
  file.commit();
}

function costPath({ folder }: LogLocation): string {
  return `${folder}/cost.json`;
}
