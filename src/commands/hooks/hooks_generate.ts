import { say, write } from "../../cli/output.ts";
import { type HookDescription, parseDescription } from "../../agents/claude/hooks/description.ts";
import { HooksError } from "../../agents/claude/hooks/errors.ts";
import { readText, writeText } from "../../agents/claude/hooks/text_files.ts";
import { withDescriptions } from "../../agents/claude/hooks/yaml/hooks_yaml_edit.ts";
import { type Command, CommandError, EXIT } from "../../cli/command.ts";
import { asCommand } from "./hooks_common.ts";

const DEFAULT_OUTPUT = ".claude/hooks.yaml";

export const generate: Command = {
  name: "hooks generate",
  summary: "Put hook descriptions (JSON) into a hooks.yaml",
  operands: "FILE.json...",
  maxOperands: Infinity,
  flags: [
    { name: "output", value: "FILE", help: `File to change (default: ${DEFAULT_OUTPUT})` },
    { name: "print", help: "Print the new file on stdout, and write nothing" },
  ],
  notes: [
    "A description has name, event, command and, if wanted, description, enabled, tool_filter and " +
    "timeout (milliseconds). A hook of the same name is updated where it stands; comments and all " +
    "else stay.",
    "Claude Code never reads hooks.yaml. perfmon hooks install installs the same for it.",
  ],
  examples: [
    ["hooks generate examples/hooks/*.json", "update .claude/hooks.yaml"],
    ["hooks generate pre.json --print", "look first"],
  ],
  run(args): number {
    if (args.operands.length === 0) {
      throw new CommandError(
        "Missing FILE.json: give the descriptions of the hooks; see perfmon hooks generate --help",
        EXIT.usage,
      );
    }
    const output = args.text("output") ?? DEFAULT_OUTPUT;
    const file = asCommand(() => readText(output));
    const text = asCommand(() => generated(args.operands.map(readDescription), output, file?.text));
    if (args.has("print")) write(`${text.trimEnd()}\n`);
    else {
      asCommand(() => writeText(output, text, { mode: file?.mode, before: file?.text }));
      say(`Wrote "${output}"`);
    }
    say(
      "Claude Code never reads hooks.yaml: perfmon hooks install installs the same for it",
    );
    return EXIT.ok;
  },
};

function generated(
  descriptions: readonly HookDescription[],
  output: string,
  present = "",
): string {
  try {
    return withDescriptions(present, descriptions);
  } catch (error) {
    if (!(error instanceof HooksError)) throw error;
    throw new HooksError(`Cannot change "${output}": ${error.message}`, error.reason);
  }
}

function readDescription(path: string): HookDescription {
  const file = readText(path);
  if (file === undefined) {
    throw new HooksError(`Cannot read "${path}": there is no such file; check the path`, "noInput");
  }
  return parseDescription(file.text, path);
}
