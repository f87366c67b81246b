import { uninterrupted } from "../../cli/ending.ts";
import { say, write } from "../../cli/output.ts";
import { createTwoFilesPatch, FILE_HEADERS_ONLY } from "diff";
import { installHooks, planInstall } from "../../agents/claude/hooks/actions.ts";
import { HOOK_FLAGS, WAYS } from "../../agents/claude/hooks/command_line.ts";
import { wantedRegistrations } from "../../agents/claude/hooks/events.ts";
import { allHooks } from "../../agents/claude/hooks/claude_settings.ts";
import { inspectHooks } from "../../agents/claude/hooks/inspect/inspect.ts";
import { sentenceOf } from "../../agents/claude/hooks/inspect/obstacles.ts";
import { isRecipe } from "../../agents/claude/hooks/inspect/recipes.ts";
import { programLink, setLink } from "../../agents/claude/hooks/package_program.ts";
import { readText } from "../../agents/claude/hooks/text_files.ts";
import type { SettingsChange } from "../../agents/claude/hooks/installation.ts";
import { messageOf } from "../../text/message.ts";
import { type Command, CommandError, EXIT } from "../../cli/command.ts";
import { asCommand, pathOf, SCOPE_FLAG, scopeOf } from "./hooks_common.ts";
import { makeSpools, settleSpools, spoolLogs, spoolLogsAt } from "./hooks_spool.ts";
import { planOf } from "./install_plan.ts";
import { installed, summary } from "./install_text.ts";
import { command as rec } from "../../record/rec_help.ts";
import { locate } from "../../query/asked_log.ts";
import { ledgerPath, surroundings } from "../../query/surroundings.ts";

export const install: Command = {
  name: "hooks install",
  summary: "Put the hooks into a settings.json, or change their options",
  flags: [
    SCOPE_FLAG,
    ...rec.flags.filter(({ name }) => HOOK_FLAGS.some((each) => each === name)).map((flag) =>
      flag.name === "command" || flag.name === "watch"
        ? { ...flag, help: `${flag.help} (default)` }
        : flag
    ),
    { name: "no-command", help: "Don't record which command a call was" },
    { name: "no-watch", help: "Don't watch what a call of Bash starts: no peaks of memory" },
    {
      name: "via",
      value: "WAY",
      choices: WAYS,
      help:
        "binary: perfmon writes each row at once (default); spool: the shell leaves a record, a " +
        "fraction of the cost, no tree memory, no peaks, no alerts",
    },
    {
      name: "wait",
      help:
        "Claude Code waits for each hook, as versions before 2.1.23 always do; --async undoes it",
    },
    { name: "async", help: "Claude Code waits for no hook but those that may alert (default)" },
    { name: "reset", help: "Forget what was chosen before; otherwise options are kept" },
    {
      name: "replace-recipes",
      help: "Take out the shell hooks that perfmon replaces, if they are as they were published",
    },
    {
      name: "dry-run",
      help: "Print what would change as a unified diff, say what it means, and write nothing",
    },
  ],
  notes: [
    "Only perfmon's own entries change. The file as it was before the first install is kept beside " +
    "it as settings.json.before-perfmon until perfmon hooks remove. Running sessions take the hooks " +
    "up at once.",
    "Nobody waits for the hooks, but at a turn's end: claude -p does not start others then. They ignore SIGTERM, which Claude Code sends at its end, and the one " +
    "at a session's end waits for them, 1 s at most. With --alert-… Claude Code shows a line when a " +
    "call crosses a threshold, and has to wait for the hooks at a call's end. The hooks never fail: " +
    "where perfmon is gone they read their input and exit 0.",
  ],
  examples: [
    ["hooks install", "record all sessions of this user"],
    ["hooks install --scope local --params", "this project only, with redacted parameters"],
    ["hooks install --alert-duration 60s --alert-rss 4GiB", "and be told of what is out of hand"],
    ["hooks install --via spool", "start no program in hooks: a fraction of the cost"],
    ["hooks install --replace-recipes", "and take out the shell hooks of before"],
    ["hooks install --dry-run", "what would change"],
  ],
  async run(args): Promise<number> {
    const scope = scopeOf(args);
    const path = pathOf(scope);
    const plan = await planOf(args, scope, path);
    locate(args); // throws where hooks would record into what is no log
    const wanted = wantedRegistrations(plan);
    if (wanted.every(({ event }) => event === "SessionEnd")) {
      throw new CommandError(
        `Cannot install: Claude Code ${plan.version?.join(".")} is too old; update it first`,
        EXIT.no,
      );
    }
    const replacesRecipes = args.has("replace-recipes");
    if (args.has("dry-run")) {
      const code = showChange(
        asCommand(() => planInstall(path, ledgerPath(), wanted, { replacesRecipes })),
      );
      for (const sentence of summary(wanted, plan)) say(sentence);
      return code;
    }
    const recipes = replacesRecipes ? recipesAt(path) : [];
    const spoolsBefore = asCommand(() => spoolLogsAt([path], ledgerPath()));
    const outcome = await uninterrupted(() =>
      asCommand(() =>
        installHooks(path, ledgerPath(), wanted, {
          replacesRecipes,
          prepare: () => {
            makeSpools(spoolLogs(wanted));
            if (plan.program === programLink(ledgerPath())) makeLink(plan.program);
          },
        })
      )
    );
    if (recipes.length > 0) say(`Took out the shell recipes of ${recipes.join(", ")}`);
    for (const sentence of installed(outcome, path, wanted, plan)) say(sentence);
    for (const obstacle of inspectHooks(surroundings(), ledgerPath()).obstacles) {
      say(`In the way: ${sentenceOf(obstacle)}`);
    }
    return await settleSpools(spoolsBefore, ledgerPath());
  },
};

/** Makes the link by which hooks start this perfmon. Throws a `CommandError` (74) where it can't be made. */
function makeLink(link: string): void {
  try {
    setLink(link, Deno.execPath());
  } catch (error) {
    throw new CommandError(`Cannot make the link "${link}": ${messageOf(error)}`, EXIT.inputOutput);
  }
}

/** The events of a settings file that have a shell recipe as it was published. */
function recipesAt(path: string): string[] {
  const hooks = asCommand(() => allHooks(readText(path)?.text ?? ""));
  return hooks.filter(({ hook }) => isRecipe(String(hook["command"]))).map(({ event }) => event);
}

function showChange({ path, before, after }: SettingsChange): number {
  const [from, to] = [before.settings ?? "", after.settings ?? ""];
  if (from === to) say(`The hooks in "${path}" are so already`);
  else {
    const source = before.settings === undefined ? "/dev/null" : path;
    const context = { context: 3, headerOptions: FILE_HEADERS_ONLY };
    const patch = createTwoFilesPatch(source, path, from, to, undefined, undefined, context);
    write(`${patch.trimEnd()}\n`);
  }
  return EXIT.ok;
}
