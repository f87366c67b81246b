import { disableHooks, installHooks } from "../../../src/agents/claude/hooks/actions.ts";
import { wantedRegistrations } from "../../../src/agents/claude/hooks/events.ts";
import {
  type HooksReport,
  inspectHooks,
} from "../../../src/agents/claude/hooks/inspect/inspect.ts";
import {
  eventsWords,
  type SettingsReport,
} from "../../../src/agents/claude/hooks/inspect/settings_report.ts";
import { isGrave, sentenceOf } from "../../../src/agents/claude/hooks/inspect/obstacles.ts";
import { SEED_RECIPES } from "../../../src/agents/claude/hooks/inspect/recipes.ts";
import { programPath } from "../../../src/agents/claude/hooks/programs.ts";
import { programsOnPath } from "../../../src/files/programs.ts";
import {
  projectFolder,
  settingsPath,
  type Surroundings,
} from "../../../src/agents/claude/hooks/scopes.ts";
import { assert, assertEquals } from "../../std/std_assert.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";

/** A home with a project in it, seen from a folder of the project. */
function place(
  folder: string,
): { here: Surroundings; ledger: string; user: string; local: string } {
  Deno.mkdirSync(`${folder}/work/.git`, { recursive: true });
  Deno.mkdirSync(`${folder}/work/src`);
  Deno.mkdirSync(`${folder}/.claude`);
  return {
    here: {
      environment: (name) => name === "HOME" ? folder : undefined,
      folder: `${folder}/work/src`,
      platform: "linux",
    },
    ledger: `${folder}/.claude/performance.d/hooks.json`,
    user: `${folder}/.claude/settings.json`,
    local: `${folder}/work/.claude/settings.local.json`,
  };
}

Deno.test("the files of the scopes", () => {
  using folder = temporaryFolder();
  const { here, user, local } = place(folder.path);
  assertEquals(settingsPath("user", here), user);
  assertEquals(settingsPath("local", here), local);
  assertEquals(settingsPath("managed", { ...here, platform: "darwin" })?.slice(0, 9), "/Library/");
  assertEquals(projectFolder(here), `${folder.path}/work`);
  assertEquals(projectFolder({ ...here, folder: `${folder.path}/other` }), `${folder.path}/other`);
  assertEquals(settingsPath("user", { ...here, environment: () => undefined }), undefined);
  assertEquals(settingsPath("user", { ...here, environment: () => "/c" }), "/c/settings.json");
});

Deno.test("on, with options, off, absent", () => {
  using folder = temporaryFolder();
  const { here, ledger, user, local } = place(folder.path);
  assertEquals(states(inspectHooks(here, ledger)), ["absent", "absent", "absent"]);
  assertEquals(inspectHooks(here, ledger).isRecording, false);
  installHooks(
    user,
    ledger,
    wantedRegistrations({ options: { params: true, keep: "20" }, program: "/bin/sh" }),
  );
  installHooks(local, ledger, wantedRegistrations({}));
  disableHooks(local, ledger);
  const report = inspectHooks(here, ledger);
  assertEquals(states(report), ["on", "absent", "off"]);
  assertEquals([report.isRecording, report.obstacles], [true, []]);
  const [first] = report.settings;
  assertEquals([first?.options, first?.programs], [["--params --keep 20"], ["/bin/sh"]]);
  assertEquals(first?.events.length, 9);
  assertEquals(first && eventsWords(first), "9 of 10 events");
});

Deno.test("what keeps hooks from running once is told", () => {
  using folder = temporaryFolder();
  const { here, ledger, user, local } = place(folder.path);
  Deno.writeTextFileSync(user, '{"enabledPlugins": {"perfmon@tools": true}}');
  installHooks(user, ledger, wantedRegistrations({ program: `${folder.path}/gone` }));
  Deno.mkdirSync(`${folder.path}/work/.claude`);
  Deno.writeTextFileSync(
    local,
    '{"disableAllHooks": true, "hooks": {"Stop": [{"hooks": [{"type": "command", "command": "perfmon rec end"}]}]}}',
  );
  Deno.writeTextFileSync(`${folder.path}/work/.claude/settings.json`, "{");
  const { obstacles, isRecording } = inspectHooks(here, ledger);
  assertEquals(obstacles.map(({ kind }) => kind), [
    "programMissing",
    "unreadable",
    "disableAllHooks",
    "twice",
  ]);
  assertEquals(isRecording, false);
  const [gone, unreadable, , twice] = obstacles.map(({ message }) => message);
  assert(gone?.includes(`${folder.path}/gone`), gone);
  assert(unreadable?.includes("work/.claude/settings.json"), unreadable);
  assert(twice?.includes("registered 3 times"), twice);
});

Deno.test("recipes, entries of a wrong shape, old hooks and hooks by hand are named", () => {
  using folder = temporaryFolder();
  const { here, ledger, user } = place(folder.path);
  const command = (line: string): unknown => [{ hooks: [{ type: "command", command: line }] }];
  const hooks = {
    PreToolUse: command(SEED_RECIPES.start),
    PostToolUse: [{ matcher: "Edit", command: "ruff check" }],
    PostToolUseFailure: command(`${SEED_RECIPES.end}; sync`),
    SubagentStop: command(
      "{ perfmon rec end || cat || while read -r x; do :; done; } >/dev/null 2>&1; exit 0",
    ),
    Stop: command("exec perfmon rec end"),
  };
  Deno.writeTextFileSync(user, JSON.stringify({ hooks }));
  const { obstacles } = inspectHooks(here, ledger);
  assertEquals(obstacles.map(({ kind }) => kind), [
    "wrongEntry",
    "recipes",
    "recipes",
    "outdated",
    "twice",
  ]);
  assertEquals(obstacles.map(isGrave), [true, false, false, false, false]);
  const [wrong, recipe, changed, outdated, twice] = obstacles.map(sentenceOf);
  assert(wrong?.startsWith(`hooks.PostToolUse[0] in "${user}" has no list "hooks"`), wrong);
  assert(recipe?.includes("(PreToolUse)") && recipe.includes("--replace-recipes"), recipe);
  assert(changed?.includes("(PostToolUseFailure)") && changed.includes("by hand"), changed);
  assert(outdated?.endsWith(`run "perfmon hooks install --scope user"`), outdated);
  assert(twice?.includes("a hook by hand in user settings (Stop)"), twice);
});

Deno.test("a folder that is not trusted, and an environment in which no hooks run", () => {
  using folder = temporaryFolder();
  const { here, ledger, user } = place(folder.path);
  installHooks(user, ledger, wantedRegistrations({ program: "/bin/sh" }));
  const trust = (projects: unknown): string[] => {
    Deno.writeTextFileSync(`${folder.path}/.claude.json`, JSON.stringify({ projects }));
    return inspectHooks(here, ledger).obstacles.map(sentenceOf);
  };
  const work = `${folder.path}/work`;
  const [sentence, ...more] = trust({ [work]: { hasTrustDialogAccepted: false } });
  assertEquals(more, []);
  assert(sentence?.includes(`runs no hooks in "${work}" until you say`), sentence);
  assertEquals(trust({ [work]: { hasTrustDialogAccepted: true } }), []);
  const parent = { [work]: {}, [folder.path]: { hasTrustDialogAccepted: true } };
  assertEquals(trust(parent), []);
  assertEquals(trust({}), [], "it has never been there");
  assertEquals(trust("x"), []);
  const bare = {
    ...here,
    environment: (name: string) => name === "CLAUDE_CODE_SIMPLE" ? "1" : here.environment(name),
  };
  const { obstacles, isRecording } = inspectHooks(bare, ledger);
  assertEquals(obstacles.map(({ kind }) => kind), ["bare"]);
  assertEquals(isRecording, false);
});

Deno.test("hooks.yaml of the project", () => {
  using folder = temporaryFolder();
  const { here, ledger } = place(folder.path);
  Deno.mkdirSync(`${folder.path}/work/.claude`);
  const path = `${folder.path}/work/.claude/hooks.yaml`;
  Deno.writeTextFileSync(path, "hooks:\n- name: a\n  command: perfmon rec end\n  enabled: false\n");
  assertEquals(inspectHooks(here, ledger).yaml, { path, on: [], off: ["a"] });
});

Deno.test("the program's path is its link on PATH", () => {
  using folder = temporaryFolder();
  const real = `${folder.path}/store/perfmon-1`;
  for (const name of ["store", "old", "bin"]) Deno.mkdirSync(`${folder.path}/${name}`);
  Deno.writeTextFileSync(real, "", { mode: 0o755 });
  Deno.writeTextFileSync(`${folder.path}/old/perfmon`, "", { mode: 0o755 });
  const path = `relative:${folder.path}/none:${folder.path}/old:${folder.path}/bin/`;
  assertEquals(programPath(real, path), real);
  Deno.symlinkSync("../store/perfmon-1", `${folder.path}/bin/perfmon`);
  assertEquals(programPath(real, path), `${folder.path}/bin/perfmon`);
  assertEquals(programsOnPath("perfmon", path).length, 2);
});

/** The states of user, project and local settings; the machine's managed ones are not the test's. */
function states(report: HooksReport): SettingsReport["state"][] {
  return report.settings.filter(({ scope }) => scope !== "managed").map(({ state }) => state);
}
