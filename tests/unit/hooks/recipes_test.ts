import {
  install,
  type SettingsState,
  uninstall,
  withoutRecipes,
} from "../../../src/agents/claude/hooks/installation.ts";
import { allHooks } from "../../../src/agents/claude/hooks/claude_settings.ts";
import { wantedRegistrations } from "../../../src/agents/claude/hooks/events.ts";
import {
  isLikeRecipe,
  isRecipe,
  SEED_RECIPES,
} from "../../../src/agents/claude/hooks/inspect/recipes.ts";
import { assert, assertEquals } from "../../std/std_assert.ts";

Deno.test("the recipes are known up to white space, and what was made from them is told apart", () => {
  for (const line of Object.values(SEED_RECIPES)) {
    assert(
      isRecipe(line) && isRecipe(` ${line.replace(">> ~", ">>~").replace("; if", ";\n  if")}`),
    );
    for (const other of [line.replace("~/.claude/", "~/logs/"), `${line}; sync`]) {
      assert(!isRecipe(other) && isLikeRecipe(other), other);
    }
  }
  const others = ["ps aux", "echo x >> ~/.claude/performance.csv", "cat performance.csv | ps"];
  for (const line of others) assert(!isRecipe(line) && !isLikeRecipe(line), line);
});

const MINE = '{"hooks": [{"type": "command", "command": "mine"}]}';

/** A settings file of a person who used the recipes; empty without them. */
function settings(post: string, pre = ""): string {
  const events = [`"PostToolUse": [${post}]`, ...(pre === "" ? [] : [`"PreToolUse": [${pre}]`])];
  return `{\n  "model": "x",\n  "hooks": {${events.join(", ")}}\n}\n`;
}

function recipe(moment: "start" | "end"): string {
  const hook = { type: "command", command: SEED_RECIPES[moment], timeout: 5 };
  return JSON.stringify({ matcher: "*", hooks: [hook] });
}

Deno.test("taking out the recipes leaves all else, before an install and after one", () => {
  const before = settings(`${MINE}, ${recipe("end")}`, recipe("start"));
  const without = settings(MINE);
  const wanted = wantedRegistrations({});
  const fresh = install(wanted)(withoutRecipes({ settings: before, backup: undefined }));
  assertEquals(lines(fresh).filter((line) => isRecipe(line)), []);
  assertEquals(uninstall(fresh), { settings: without, backup: undefined });
  const old = install(wanted)({ settings: before, backup: undefined });
  const late = install(wanted)(withoutRecipes(old));
  assertEquals(lines(late).toSorted(), lines(fresh).toSorted());
  assertEquals(uninstall(late), { settings: without, backup: undefined });
  const untouched = { settings: '{"hooks":{} , "a" :1}', backup: undefined };
  assertEquals(withoutRecipes(untouched), untouched);
});

function lines({ settings }: SettingsState): string[] {
  return allHooks(settings ?? "").map(({ hook }) => String(hook["command"]));
}
