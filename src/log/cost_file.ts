import { ensureLogFolder } from "./resolve.ts";
import { type HookCost, hookCostJson, parseHookCost } from "./hook_cost.ts";
import type { LogLocation } from "./location.ts";
import { replaceFile } from "../files/replace.ts";
import { readTextFile } from "../files/text_file.ts";

/** What the hooks of this log cost when it was last measured; `undefined` where it never was. */
export function readHookCost(location: LogLocation): HookCost | undefined {
  try {
    const file = readTextFile(costPath(location), { isOwn: true });
    return file && parseHookCost(file.text);
  } catch {
    return undefined;
  }
}

/** Keeps it beside the log, in place of what was kept before. Throws where that can't be written. */
export function keepHookCost(location: LogLocation, cost: HookCost): void {
  ensureLogFolder(location.folder);
  replaceFile(costPath(location), hookCostJson(cost), { of: "perfmon" });
}

function costPath({ folder }: LogLocation): string {
  return `${folder}/cost.json`;
}
