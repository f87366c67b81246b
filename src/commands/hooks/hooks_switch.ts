import { say } from "../../cli/output.ts";
import { disableHooks, enableHooks, type Outcome } from "../../agents/claude/hooks/actions.ts";
import { HooksError } from "../../agents/claude/hooks/errors.ts";
import { readText, writeText } from "../../agents/claude/hooks/text_files.ts";
import { yamlHooks } from "../../agents/claude/hooks/yaml/hooks_yaml.ts";
import { withEnabled } from "../../agents/claude/hooks/yaml/hooks_yaml_edit.ts";
import { hooksYamlPath } from "../../agents/claude/hooks/scopes.ts";
import { type Arguments, type Command, EXIT } from "../../cli/command.ts";
import {
  asCommand,
  EVERYWHERE_FLAG,
  forEachTarget,
  SCOPE_FLAG,
  targetsOf,
} from "./hooks_common.ts";
import { makeSpools, settleSpools, spoolLogsAt } from "./hooks_spool.ts";
import { surroundings } from "../../query/surroundings.ts";

const NOTES = [
  "settings.json knows no off: disabled hooks wait with their options in hooks.json beside the log. " +
  "In .claude/hooks.yaml, if the project has one, `enabled` changes.",
];

export const disable: Command = {
  name: "hooks disable",
  summary: "Switch the hooks off and remember their options",
  flags: [SCOPE_FLAG, EVERYWHERE_FLAG],
  notes: NOTES,
  examples: [["hooks disable", "stop recording this user's sessions"]],
  run: (args): Promise<number> => switchHooks(args, false),
};

export const enable: Command = {
  name: "hooks enable",
  summary: "Switch disabled hooks on again, with their options",
  flags: [SCOPE_FLAG, EVERYWHERE_FLAG],
  notes: NOTES,
  examples: [["hooks enable", "record this user's sessions again"]],
  run: (args): Promise<number> => switchHooks(args, true),
};

/** Switches the hooks in settings and hooks.yaml; 1 where there is nothing to switch. */
async function switchHooks(args: Arguments, isEnabled: boolean): Promise<number> {
  const targets = targetsOf(args);
  const isTold = targets.paths.length === 1;
  const act = isEnabled ? enableHooks : disableHooks;
  const { outcomes, code } = await forEachTarget(targets, act, (outcome, path) => {
    return outcome === "absent" && !isTold ? undefined : sentence(outcome, path, isEnabled);
  });
  const spools = asCommand(() => spoolLogsAt(targets.paths, targets.ledger));
  if (isEnabled) makeSpools(spools);
  else await settleSpools(spools, targets.ledger);
  const meansProject = [undefined, "project"].includes(args.text("scope"));
  const yaml = meansProject ? asCommand(() => switchYaml(isEnabled)) : "absent";
  if (code !== EXIT.ok) return code;
  if ([...outcomes, yaml].some((outcome) => outcome !== "absent")) return EXIT.ok;
  if (!isTold) say(`There are no hooks to ${isEnabled ? "enable" : "disable"}`);
  return EXIT.no;
}

function sentence(outcome: Outcome, path: string, isEnabled: boolean): string {
  const state = isEnabled ? "on" : "off";
  if (outcome === "changed") return `Switched the hooks in "${path}" ${state}`;
  if (outcome === "already") return `The hooks in "${path}" are ${state} already`;
  return isEnabled
    ? `There are no disabled hooks for "${path}": run "perfmon hooks install"`
    : `There are no hooks of perfmon in "${path}"`;
}

function switchYaml(isEnabled: boolean): Outcome {
  const path = hooksYamlPath(surroundings());
  const file = readText(path);
  if (file === undefined) return "absent";
  const text = switched(file.text, path, isEnabled);
  if (text === undefined) return "absent";
  if (text !== file.text) writeText(path, text, { mode: file.mode, before: file.text });
  const outcome = text === file.text ? "already" : "changed";
  say(sentence(outcome, path, isEnabled));
  return outcome;
}

/** `undefined` where there are no hooks of perfmon in it. */
function switched(text: string, path: string, isEnabled: boolean): string | undefined {
  try {
    return yamlHooks(text).length === 0 ? undefined : withEnabled(text, isEnabled);
  } catch (error) {
    if (!(error instanceof HooksError)) throw error;
    throw new HooksError(`Cannot change "${path}": ${error.message}`, error.reason);
  }
}
