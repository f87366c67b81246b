/** What install.sh --uninstall takes away, and what not. */
import { existsSync } from "@std/fs";
import { bashEvent, runLine } from "../../kit/homes.ts";
import { binary, expectExit } from "../../kit/perfmon.ts";
import { copyProgram } from "../../kit/processes.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { assert, assertEquals, assertMatch } from "../../std/std_assert.ts";
import { execute } from "./dry_run.ts";
import { emptyHome, filesBelow, programs, smallRelease } from "./stand_ins.ts";

Deno.test("--purge removes nothing where it can't tell for certain which files are the log's", async () => {
  using release = temporaryFolder();
  await smallRelease(release.path);
  const beside = (log: string, history: string): string =>
    `{\n  "log": "${log}",\n  "history_folder": "${history}"\n}`;
  for (
    const status of [
      beside('HOME/a\\"b.csv', 'HOME/a\\"b.d/history'),
      beside("HOME/a.csv", "HOME/history"),
      beside("/a.csv", "/a.d/history"),
      "{}",
    ]
  ) {
    using home = emptyHome();
    const text = status.replaceAll("HOME", home.path);
    Deno.mkdirSync(`${home.path}/.local/bin`, { recursive: true });
    const script = `case $1 in --version) echo 'perfmon 1.0.0 (Deno 2, here)' ;; hooks) ;; ` +
      `*) cat <<'END'\n${text}\nEND\nesac`;
    programs(`${home.path}/.local/bin`, [], { perfmon: script });
    Deno.writeTextFileSync(`${home.path}/a.csv`, "");
    const run = expectExit(await home.install(release.path, ["--uninstall", "--purge"]), 1);
    assertMatch(run.stderr, /Cannot tell which files are the log's: remove them by hand/);
    assertEquals(filesBelow(home.path), ["a.csv"], text);
  }
});

Deno.test("--purge takes what perfmon wrote, whatever file it was told to write to, and nothing else", async () => {
  using release = temporaryFolder();
  await smallRelease(release.path);
  const cases: readonly [string, string | undefined, readonly string[]][] = [
    ["etc/conf.csv", undefined, ["etc/conf.d/other.conf"]],
    ["etc/conf.csv", "timestamp,of,the person\n", ["etc/conf.csv", "etc/conf.d/other.conf"]],
    ["thesis.txt", "A thesis\n", ["thesis.txt"]],
    ["recipe.csv", "1712345678.123, 0.0, 1234,Read,start\n".repeat(1000), []],
  ];
  for (const [name, before, kept] of cases) {
    using home = emptyHome();
    const env = { HOME: home.path, PATH: "/usr/bin:/bin", PERFMON_FILE: `${home.path}/${name}` };
    const perfmon = `${home.path}/.local/bin/perfmon`;
    for (const folder of [".local/bin", "etc/conf.d"]) {
      Deno.mkdirSync(`${home.path}/${folder}`, { recursive: true });
    }
    copyProgram(binary, perfmon);
    if (before !== undefined) Deno.writeTextFileSync(env.PERFMON_FILE, before);
    if (name.startsWith("etc/")) Deno.writeTextFileSync(`${home.path}/etc/conf.d/other.conf`, "");
    for (const moment of ["start", "end"] as const) {
      const event = JSON.stringify(bashEvent(moment, "t1"));
      await runLine(`${perfmon} rec ${moment} --max-lines 300 --keep 10`, event, env);
    }
    const isRotated = existsSync(`${home.path}/recipe.d/history`);
    assertEquals(isRotated, name === "recipe.csv");
    expectExit(await execute([perfmon, "profile", "save", "old"], { env }), 0);
    const purge = ["/bin/sh", `${release.path}/install.sh`, "--uninstall", "--purge"];
    const { stdout } = expectExit(await execute(purge, { env }), 0);
    assertEquals(filesBelow(home.path), kept, name);
    const isNamed = kept.length === 0 ||
      stdout.includes(`perfmon's or can't be removed: ${home.path}/`);
    assert(isNamed, stdout);
  }
});

Deno.test("another program that is called perfmon is not taken away", async () => {
  using release = temporaryFolder();
  using home = emptyHome();
  await smallRelease(release.path);
  Deno.mkdirSync(`${home.path}/.local/bin`, { recursive: true });
  programs(`${home.path}/.local/bin`, [], { perfmon: "exit 0" });
  const { stderr } = expectExit(await home.install(release.path, ["--uninstall", "--purge"]), 1);
  assertMatch(stderr, /bin\/perfmon" is another program, .*: nothing was removed\n$/);
  assertEquals(filesBelow(home.path), [".local/bin/perfmon"]);
});
