/** What `hooks install` remembers, says, and leaves behind where it fails. */
import { existsSync } from "@std/fs";
import { SEED_RECIPES } from "../../../src/agents/claude/hooks/inspect/recipes.ts";
import { binary, expectExit, perfmon, type RunResult } from "../../kit/perfmon.ts";
import { expectText } from "../../kit/snapshot.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { assert, assertEquals, assertStringIncludes } from "../../std/std_assert.ts";

/** A home, and perfmon by a link on PATH; what is run stands in the home. */
interface Place {
  readonly settings: string;
  run(...args: string[]): Promise<RunResult>;
  /** The command line of an event's first hook. */
  line(event: string): string;
}

function place(home: string): Place {
  Deno.mkdirSync(`${home}/bin`);
  Deno.mkdirSync(`${home}/.claude`);
  Deno.symlinkSync(binary, `${home}/bin/perfmon`);
  const settings = `${home}/.claude/settings.json`;
  const env = { HOME: home, PATH: `${home}/bin:/usr/bin:/bin`, COLUMNS: "300", LANG: "C.UTF-8" };
  return {
    settings,
    run: (...args) => perfmon(args, { env, cwd: home }),
    line: (event) => JSON.parse(Deno.readTextFileSync(settings)).hooks[event][0].hooks[0].command,
  };
}

/** The names below a folder that are not the binary's. */
function names(folder: string): string[] {
  return [...Deno.readDirSync(folder)].flatMap(({ name, isDirectory }) =>
    isDirectory ? [name, ...names(`${folder}/${name}`).map((each) => `${name}/${each}`)] : [name]
  ).filter((name) => !name.startsWith("bin")).sort();
}

Deno.test("a later install keeps what was chosen before, and says what is in force", async (t) => {
  using folder = temporaryFolder();
  const { run, line } = place(folder.path);
  const said: string[] = [];
  const install = async (...flags: string[]): Promise<void> => {
    const { stderr } = expectExit(await run("hooks", "install", ...flags), 0);
    said.push(`$ perfmon ${["hooks", "install", ...flags].join(" ")}\n${stderr}`);
  };
  await install("--via", "spool", "--max-lines", "2000");
  await install("--params");
  assertStringIncludes(
    line("PreToolUse"),
    "$$;--async --params --max-lines 2000 --command;${COPILOT_CLI",
  );
  await install("--wait", "--via", "binary");
  assertStringIncludes(
    line("PreToolUse"),
    "perfmon rec start --params --max-lines 2000 --command --watch ||",
  );
  expectExit(await run("hooks", "disable"), 0);
  await install("--keep", "300");
  assertStringIncludes(
    line("PostToolUse"),
    "rec end --params --max-lines 2000 --keep 300 --command ||",
  );
  await install("--async", "--alert-cpu", "90");
  await install("--reset");
  await install();
  assertStringIncludes(line("PostToolUse"), "perfmon rec end --async --command ||");
  await expectText(t, said.join("\n").replaceAll(folder.path, "/home/ada"));
});

Deno.test("options that exclude those chosen before are refused, and nothing changes", async () => {
  using folder = temporaryFolder();
  const { run, settings } = place(folder.path);
  expectExit(await run("hooks", "install", "--max-lines", "2000", "--keep", "900"), 0);
  const before = Deno.readTextFileSync(settings);
  const refused: readonly [flags: string[], message: string][] = [
    [["--max-lines", "800"], "Cannot use --keep 900: give less than --max-lines, which is 800"],
    [["--wait", "--async"], "Cannot use --wait with --async"],
  ];
  for (const [flags, message] of refused) {
    assertStringIncludes(expectExit(await run("hooks", "install", ...flags), 64).stderr, message);
  }
  expectExit(await run("hooks", "install", "--alert-cpu", "90"), 0);
  const spool = expectExit(await run("hooks", "install", "--via", "spool"), 64).stderr;
  assertStringIncludes(spool, "--reset to begin without the options chosen before");
  expectExit(await run("hooks", "install", "--reset", "--max-lines", "2000", "--keep", "900"), 0);
  assertEquals(Deno.readTextFileSync(settings), before);
});

Deno.test("hooks of 0.1.0 keep their options and are not waited for any more", async () => {
  using folder = temporaryFolder();
  const { run, settings, line } = place(folder.path);
  const old: unknown[] = JSON.parse(
    Deno.readTextFileSync(
      new URL("../../testdata/settings/0.1.0-spool.json", import.meta.url),
    ),
  );
  const hooks = Object.fromEntries(
    (old as { event: string; hook: unknown }[]).map(({ event, hook }) => [
      event,
      [{ hooks: [hook] }],
    ]),
  );
  Deno.writeTextFileSync(settings, JSON.stringify({ hooks }));
  assertStringIncludes((await run("doctor")).stdout, "are of an older perfmon");
  const { stderr } = expectExit(await run("hooks", "install"), 0);
  assertStringIncludes(
    stderr,
    "Options: --via spool --params --max-lines 2000 --command (from before: --params --max-lines 2000; --reset " +
      "begins anew); Claude Code waits for no hook, but at a turn's end",
  );
  assert(line("PreToolUse").startsWith("trap '' TERM; "), line("PreToolUse"));
  assert(!(await run("doctor")).stdout.includes("older perfmon"));
  expectExit(await run("hooks", "remove"), 0);
  assertEquals(Deno.readTextFileSync(settings), "{}");
});

Deno.test("an install that fails leaves nothing behind, no backup and no hooks", async () => {
  using folder = temporaryFolder();
  const { run, settings } = place(folder.path);
  const log = `${folder.path}/.claude/performance.d`;
  Deno.writeTextFileSync(settings, '{"model": "x"}');
  const failures: readonly [name: string, prepare: () => void, flags: string[]][] = [
    ["no JSON", () => Deno.writeTextFileSync(settings, "{"), []],
    ["hooks are no object", () => Deno.writeTextFileSync(settings, '{"hooks": []}'), []],
    ["a file where the spool is to be", () => {
      Deno.mkdirSync(log);
      Deno.writeTextFileSync(`${log}/spool`, "");
    }, ["--via", "spool"]],
    ["a folder where the ledger is to be", () => {
      Deno.mkdirSync(`${log}/hooks.json/x`, { recursive: true });
    }, []],
    ["a folder where the settings are to be", () => {
      Deno.removeSync(settings);
      Deno.mkdirSync(`${settings}/x`, { recursive: true });
    }, []],
  ];
  for (const [name, prepare, flags] of failures) {
    prepare();
    const before = names(folder.path);
    const { code, stderr } = await run("hooks", "install", ...flags);
    assert(code === 65 || code === 74, `${name}: ${code} ${stderr}`);
    assertEquals(names(folder.path), before, name);
    if (Deno.statSync(settings).isFile) {
      assert(!Deno.readTextFileSync(settings).includes("perfmon"), name);
      Deno.writeTextFileSync(settings, '{"model": "x"}');
    }
    if (before.includes(".claude/performance.d")) Deno.removeSync(log, { recursive: true });
  }
});

Deno.test("a file of somebody else that has the backup's name is refused, and stays", async () => {
  using folder = temporaryFolder();
  const { run, settings } = place(folder.path);
  const [before, backup] = ['{"model": "x"}', `${settings}.before-perfmon`];
  Deno.writeTextFileSync(settings, before);
  Deno.writeTextFileSync(backup, "mine");
  for (const args of [["install"], ["install", "--dry-run"]]) {
    const { stderr } = expectExit(await run("hooks", ...args), 65);
    const what = `"${backup}" is there, and not perfmon's; move it away`;
    assertEquals(stderr, `perfmon: Cannot keep "${settings}" as it is: ${what}\n`);
  }
  expectExit(await run("hooks", "remove"), 0);
  expectExit(await run("hooks", "remove", "--everywhere"), 0);
  assertEquals([settings, backup].map((path) => Deno.readTextFileSync(path)), [before, "mine"]);
});

Deno.test("a backup that a disable or a hand has left behind is perfmon's still", async () => {
  using folder = temporaryFolder();
  const { run, settings } = place(folder.path);
  Deno.writeTextFileSync(settings, '{"model": "x"}');
  expectExit(await run("hooks", "install"), 0);
  expectExit(await run("hooks", "disable"), 0);
  Deno.writeTextFileSync(settings, '{"model": "y"}');
  expectExit(await run("hooks", "install"), 0);
  Deno.writeTextFileSync(settings, '{"model": "z"}');
  expectExit(await run("hooks", "install"), 0);
  expectExit(await run("hooks", "remove"), 0);
  assertEquals(Deno.readTextFileSync(settings), '{"model": "z"}');
  assert(!existsSync(`${settings}.before-perfmon`));
});

Deno.test("what stands in the way is named by install, status and doctor", async () => {
  using folder = temporaryFolder();
  const { run, settings } = place(folder.path);
  const hook = (command: string): unknown => ({ hooks: [{ type: "command", command }] });
  const hooks = {
    PreToolUse: [hook(SEED_RECIPES.start), hook("exec perfmon rec start")],
    PostToolUse: [hook(SEED_RECIPES.end), { matcher: "Edit", command: "ruff check" }],
  };
  const text = JSON.stringify({ hooks });
  Deno.writeTextFileSync(settings, text);
  const install = expectExit(await run("hooks", "install"), 0).stderr;
  const status = expectExit(await run("status"), 0).stdout;
  const doctor = expectExit(await run("doctor"), 1).stdout;
  for (const shown of [install, status, doctor]) {
    assertStringIncludes(shown, `hooks.PostToolUse[1] in "${settings}" has no list "hooks"`);
    assertStringIncludes(shown, "Old shell recipes");
    assertStringIncludes(shown, "--replace-recipes");
    assertStringIncludes(shown, "a hook by hand in user settings (PreToolUse)");
  }
  const replaced = expectExit(await run("hooks", "install", "--replace-recipes"), 0).stderr;
  assertStringIncludes(replaced, "Took out the shell recipes of PreToolUse, PostToolUse\n");
  assert(!Deno.readTextFileSync(settings).includes("$(ps -o"));
  const removed = expectExit(await run("hooks", "remove"), 0).stderr;
  assertStringIncludes(removed, `In "${settings}" stays what perfmon did not install: PreToolUse`);
  const left = { PreToolUse: [hooks.PreToolUse[1]], PostToolUse: [hooks.PostToolUse[1]] };
  assertEquals(JSON.parse(Deno.readTextFileSync(settings)), { hooks: left });
});

Deno.test("doctor tries hooks that rely on PATH without the one of a terminal", async () => {
  using folder = temporaryFolder();
  const { run } = place(folder.path);
  Deno.mkdirSync(`${folder.path}/.git`);
  expectExit(await run("hooks", "install", "--scope", "local"), 0);
  const settings = `${folder.path}/.claude/settings.local.json`;
  const text = Deno.readTextFileSync(settings);
  assertStringIncludes((await run("doctor")).stdout, "pass    Trial");
  const path = `'${folder.path}/bin/perfmon'`;
  Deno.writeTextFileSync(
    settings,
    text.replaceAll(/\[ -x \S+ \] && o \S+ rec (?:\w+|--async|--command|--watch| )+ \|\| /g, ""),
  );
  assert(!Deno.readTextFileSync(settings).includes(path));
  assertStringIncludes((await run("doctor")).stdout, "does not find it where a hook has no PATH");
  Deno.mkdirSync(`${folder.path}/.local/bin`, { recursive: true });
  Deno.symlinkSync(binary, `${folder.path}/.local/bin/perfmon`);
  assertStringIncludes((await run("doctor")).stdout, "pass    Trial");
});

Deno.test("install records which command a call was unless told otherwise, says so, and keeps that choice", async () => {
  using folder = temporaryFolder();
  const { run, line } = place(folder.path);
  const install = async (...flags: string[]): Promise<string> =>
    expectExit(await run("hooks", "install", ...flags), 0).stderr;
  assertStringIncludes(await install(), "Stored: times, figures, and which command a call was");
  assertStringIncludes(line("PreToolUse"), "rec start --async --command --watch ||");
  const without = await install("--no-command");
  assertStringIncludes(without, "Stored: times and figures; not which command a call was");
  assert(!line("PreToolUse").includes("--command"));
  await install("--params");
  assert(!line("PreToolUse").includes("--command"), "a choice of before is kept");
  await install("--command");
  assertStringIncludes(line("PreToolUse"), "--params --command --watch ||");
  await install("--no-command");
  await install("--reset");
  assertStringIncludes(line("PreToolUse"), "rec start --async --command --watch ||");
  expectExit(await run("hooks", "install", "--command", "--no-command"), 64);
});

Deno.test("install has calls watched unless told otherwise, says so, and keeps that choice", async () => {
  using folder = temporaryFolder();
  const { run, line } = place(folder.path);
  const install = async (...flags: string[]): Promise<string> =>
    expectExit(await run("hooks", "install", ...flags), 0).stderr;
  assertStringIncludes(await install(), "Watched: what calls of Bash start");
  assertStringIncludes(line("PreToolUse"), "rec start --async --command --watch ||");
  assertStringIncludes(line("PostToolUse"), "rec end --async --command ||");
  assertStringIncludes(await install("--no-watch"), "Watched: nothing, so no peaks of memory");
  await install("--params");
  assert(!line("PreToolUse").includes("--watch"), "a choice of before is kept");
  await install("--reset", "--via", "spool");
  assert(!line("PreToolUse").includes("--watch"), "the spool starts nothing at a start");
  assertStringIncludes(await install("--via", "binary"), "Watched: what calls of Bash start");
  assertStringIncludes(
    await install("--reset", "--layout", "basic"),
    "the basic layout has no place",
  );
  expectExit(await run("hooks", "install", "--watch", "--no-watch"), 64);
  expectExit(await run("hooks", "install", "--watch", "--via", "spool"), 64);
});

Deno.test("install over the hooks of 0.1.0, which knew no command, records it", async () => {
  using folder = temporaryFolder();
  const { run, line, settings } = place(folder.path);
  const old =
    "{ perfmon rec start || cat || while read -r x; do :; done; } >/dev/null 2>&1; exit 0";
  const hook = { type: "command", command: old, timeout: 5 };
  const hooks = { PreToolUse: [{ matcher: "*", hooks: [hook] }] };
  Deno.writeTextFileSync(settings, JSON.stringify({ hooks }));
  expectExit(await run("hooks", "install"), 0);
  assertStringIncludes(line("PreToolUse"), "rec start --async --command --watch ||");
});
