/** A log that was moved away and linked to, as to a larger disk: hooks of the spool resolve no links. */
import { existsSync } from "@std/fs";
import { bashEvent, runLine } from "../../kit/homes.ts";
import { recordsOf } from "../../kit/log_files.ts";
import { expectExit, perfmon, type RunResult } from "../../kit/perfmon.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { testWith } from "../../kit/tools.ts";
import { ADA, EVE, fileOf, folderOf, linkOf, otherUsers, perfmonAs } from "../../kit/users.ts";
import { assertEquals, assertMatch, assertStringIncludes } from "../../std/std_assert.ts";

/** A home whose hooks record into the spool, and whose log is then moved. */
class MovedLog implements Disposable {
  private readonly folder = temporaryFolder();
  readonly home = this.folder.path;
  readonly claude = `${this.home}/.claude`;
  readonly spool = `${this.claude}/performance.d/spool`;
  readonly target = `${this.home}/data/p.csv`;
  private readonly env = { HOME: this.home };

  async install(...flags: string[]): Promise<void> {
    Deno.mkdirSync(`${this.home}/data`);
    expectExit(await this.perfmon("hooks", "install", "--via", "spool", ...flags), 0);
  }

  async perfmon(...args: string[]): Promise<RunResult> {
    return await perfmon(args, { env: this.env, cwd: this.home });
  }

  /** Runs an installed hook. */
  async hook(event: string, id: string): Promise<void> {
    const { hooks } = JSON.parse(Deno.readTextFileSync(`${this.claude}/settings.json`));
    const moment = event === "PreToolUse" ? "start" : "end";
    const stdin = JSON.stringify(bashEvent(moment, id)) + "\n";
    await runLine(hooks[event][0].hooks[0].command, stdin, this.env);
  }

  async move(): Promise<void> {
    await this.hook("PreToolUse", "before");
    expectExit(await this.perfmon("report"), 0);
    Deno.renameSync(`${this.claude}/performance.csv`, this.target);
    Deno.symlinkSync(this.target, `${this.claude}/performance.csv`);
  }

  ids(): (string | undefined)[] {
    return recordsOf(this.target).map((row) => row["tool_use_id"]);
  }

  waiting(): string[] {
    return [...Deno.readDirSync(this.spool)].map(({ name }) => name);
  }

  [Symbol.dispose](): void {
    this.folder[Symbol.dispose]();
  }
}

Deno.test("where the history of a log that was moved and linked to lies is said, until it is moved too", async () => {
  using log = new MovedLog();
  Deno.mkdirSync(`${log.home}/data`);
  Deno.mkdirSync(log.claude);
  for (let row = 0; row < 8; row++) {
    await log.perfmon("rec", "end", "--tool", `T${row}`, "--max-lines", "4", "--keep", "2");
  }
  Deno.renameSync(`${log.claude}/performance.csv`, log.target);
  Deno.symlinkSync(log.target, `${log.claude}/performance.csv`);
  const old = `${log.claude}/performance.d`;
  const said = `"${old}" lies beside a link to the log, and what it holds is not read (history): ` +
    `move it to "${log.home}/data/p.d"`;
  const report = expectExit(await log.perfmon("report", "--all"), 0);
  assertStringIncludes(report.stderr, said);
  const status = expectExit(await log.perfmon("status"), 0);
  assertStringIncludes(
    status.stdout.replace(/\s+/g, " ").replaceAll(log.home, "~"),
    said.replaceAll(log.home, "~"),
  );
  Deno.renameSync(old, `${log.home}/data/p.d`);
  assertEquals(expectExit(await log.perfmon("report", "--all"), 0).stderr, "");
  const { stdout } = expectExit(await log.perfmon("export", "csv"), 0);
  assertEquals(stdout.match(/,T\d,end/g)?.length, 8);
});

Deno.test("what hooks leave beside the link to a moved log comes into it", async () => {
  using log = new MovedLog();
  await log.install();
  await log.move();
  for (const [index, command] of [["report"], ["rec", "drain"], ["status"]].entries()) {
    await log.hook("PreToolUse", `t${index}`);
    assertEquals(log.waiting().length, 1, "they do not know that it was moved");
    expectExit(await log.perfmon(...command), 0);
    assertEquals(log.waiting(), [], command.join(" "));
  }
  assertEquals(log.ids(), ["before", "t0", "t1", "t2"]);
  await log.hook("SessionStart", "");
  const { stdout } = await log.perfmon("doctor");
  assertMatch(stdout, /^pass +Spool +empty$/m);
});

Deno.test("status shows what waits beside the link, and remove takes it in and away", async () => {
  using log = new MovedLog();
  await log.install();
  await log.move();
  Deno.writeTextFileSync(`${log.spool}/s.7.1.start`, "perfmon 1 7;;\n{");
  assertMatch(
    expectExit(await log.perfmon("status"), 0).stdout,
    /^Spool +~\/\.claude\/performance\.d\/spool +1 record not taken in, the oldest/m,
  );
  assertMatch((await log.perfmon("doctor")).stdout, /^pass +Spool +1 record not taken in/m);
  Deno.removeSync(`${log.spool}/s.7.1.start`);
  await log.hook("PreToolUse", "last");
  const { stderr } = expectExit(await log.perfmon("hooks", "remove"), 0);
  assertStringIncludes(stderr, `Took 1 record of "${log.spool}" into the log`);
  assertStringIncludes(stderr, `Removed "${log.spool}"`);
  assertEquals([log.ids(), existsSync(log.spool)], [["before", "last"], false]);
});

Deno.test("doctor names a spool that the hooks write to and that is of another log, or is gone", async () => {
  using log = new MovedLog();
  await log.install("--file", `${Deno.realPathSync(log.home)}/mine.csv`);
  const other = `${log.home}/mine.d/spool`;
  assertMatch((await log.perfmon("doctor")).stdout, /^advise +Spool +the hooks record into\s+"/m);
  const named = await log.perfmon("doctor", "--file", `${log.home}/mine.csv`);
  assertMatch(named.stdout, /^pass +Spool +empty$/m);
  Deno.removeSync(other);
  assertMatch(
    (await log.perfmon("doctor")).stdout,
    /^fail +Spool .*\/mine\.d\/spool" is\s+missing: nothing/m,
  );
});

testWith(otherUsers, "records that another user put beside a link are not taken in", async () => {
  using folder = temporaryFolder();
  Deno.chmodSync(folder.path, 0o777);
  const home = folderOf(ADA, `${folder.path}/ada`);
  const link = linkOf(ADA, `${folder.path}/team.csv`, `${home}/p.csv`);
  const spool = folderOf(EVE, `${folder.path}/team.d`) + "/spool";
  folderOf(EVE, spool);
  fileOf(
    EVE,
    `${spool}/s.1.1.end`,
    `perfmon 1 1;;\n${JSON.stringify(bashEvent("end", "x"))}\n`,
    0o644,
  );
  await perfmonAs(ADA, home, ["rec", "end", "--tool", "mine", "--file", link], { code: 0 });
  await perfmonAs(ADA, home, ["report", "--file", link], { code: 0 });
  assertEquals(recordsOf(`${home}/p.csv`).map((row) => row["tool_name"]), ["mine"]);
});

testWith(
  otherUsers,
  "records behind a link that another user put in the spool's place are not taken in",
  async () => {
    using folder = temporaryFolder();
    Deno.chmodSync(folder.path, 0o755);
    const home = folderOf(ADA, `${folder.path}/ada`);
    await perfmonAs(ADA, home, ["rec", "end", "--tool", "mine", "--file", `${home}/p.csv`], {
      code: 0,
    });
    Deno.chmodSync(`${home}/p.d`, 0o777);
    const eves = folderOf(EVE, `${folder.path}/eve`);
    const record = fileOf(
      EVE,
      `${eves}/s.1.1.end`,
      `perfmon 1 1;;\n${JSON.stringify(bashEvent("end", "x"))}\n`,
      0o644,
    );
    for (const name of ["spool", "spool.closed"]) linkOf(EVE, `${home}/p.d/${name}`, eves);
    for (
      const args of [["report", "--all"], ["status"], ["rec", "drain"], ["rec", "finish"], ["tail"]]
    ) {
      await perfmonAs(ADA, home, [...args, "--file", `${home}/p.csv`], { code: 0 });
    }
    assertEquals(recordsOf(`${home}/p.csv`).map((row) => row["tool_name"]), ["mine"]);
    assertEquals(existsSync(record), true);
  },
);
