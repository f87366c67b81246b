/** Records of which nothing can be made: each is named once, holds up no other, and goes after a day. */
import { bashEvent, type SpoolHome, spoolHome } from "../../kit/homes.ts";
import { linesOf, recordsOf } from "../../kit/log_files.ts";
import { expectExit } from "../../kit/perfmon.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { procfs, testWith } from "../../kit/tools.ts";
import { ADA, fileOf, folderOf, otherUsers, perfmonAs } from "../../kit/users.ts";
import { assertEquals, assertMatch, assertStringIncludes } from "../../std/std_assert.ts";

/** Bad records by their names, and what is said of each. */
const BAD: Readonly<Record<string, { text: string; said: RegExp }>> = {
  "s.11.1.start": {
    text: `perfmon 1 11;;\n99.5 1.0\n7 (claude) S 1 2\n${
      JSON.stringify(bashEvent("start", "x"))
    }\n`,
    said: /can't be read: Malformed \/proc\/PID\/stat/,
  },
  "s.12.1.end": {
    text: `perfmon 1 12;;\n99.5 1.0\n7 (claude) S ${"x ".repeat(30)}\n{"tool_name":"x"}\n`,
    said: /can't be read: Malformed \/proc\/PID\/stat/,
  },
  "s.13.1.end": { text: "not ours\n", said: /it is not whole/ },
  "s.14.1.start": { text: "", said: /it is not whole/ },
  "s.15.1.start": { text: 'perfmon 1 15;;\n{"tool_name":"Ba', said: /it is not whole/ },
};

function leaveBadOnes(home: SpoolHome): void {
  for (const [name, { text }] of Object.entries(BAD)) {
    Deno.writeTextFileSync(`${home.spool}/${name}`, text);
  }
}

/** Gives all that waits an age, hours. */
function age(home: SpoolHome, hours: number): void {
  const time = new Date(Date.now() - hours * 3_600_000);
  for (const name of home.waiting()) Deno.utimeSync(`${home.spool}/${name}`, time, time);
}

function errorsOf({ path }: SpoolHome): string[] {
  return linesOf(`${path}/.claude/performance.d/errors.log`);
}

testWith(procfs, "a bad record holds up no other, is named once and goes after a day", async () => {
  using home = spoolHome();
  leaveBadOnes(home);
  age(home, 1);
  for (const id of ["t1", "t2"]) await home.hook("end", bashEvent("end", id));
  const drained = expectExit(await home.perfmon("rec", "drain"), 0);
  const rows = recordsOf(home.log).map((row) => row["tool_use_id"]);
  assertEquals(rows, ["t1", "t2"], "the good ones arrived");
  assertEquals(home.waiting(), Object.keys(BAD).map((name) => `${name}.bad`), "they wait");
  for (const [name, { said }] of Object.entries(BAD)) {
    const lines = errorsOf(home).filter((line) => line.includes(name));
    assertEquals(lines.length, 1, name);
    assertMatch(lines[0] ?? "", said);
    assertStringIncludes(drained.stderr, name);
  }
  for (const command of [["rec", "drain"], ["report"], ["status"], ["doctor"]]) {
    const { stderr } = await home.perfmon(...command);
    assertEquals(stderr, "", `${command}: said once`);
  }
  assertEquals(errorsOf(home).length, Object.keys(BAD).length);
  const { stdout } = expectExit(await home.perfmon("status"), 0);
  assertMatch(
    stdout,
    /^Spool .* 5 records not taken in, 5 of them bad\s+\(errors\.log says why\)/m,
  );
  age(home, 25);
  expectExit(await home.perfmon("report"), 0);
  assertEquals(home.waiting(), []);
  assertStringIncludes(errorsOf(home).at(-1) ?? "", "5 times: a record of the spool was not whole");
});

Deno.test("a link in the spool's place is refused, once a run, and what it leads to stays", async () => {
  using home = spoolHome();
  const other = `${home.path}/shared`;
  Deno.mkdirSync(other);
  Deno.chmodSync(other, 0o755);
  Deno.removeSync(home.spool);
  Deno.symlinkSync(other, home.spool);
  const drained = expectExit(await home.perfmon("rec", "drain"), 0);
  const problem = `"${home.spool}" is a symbolic link: put a folder in its place`;
  assertEquals(drained.stderr.split(problem).length, 2, drained.stderr);
  assertEquals(drained.stderr.trim().split("\n").length, 1);
  const install = expectExit(await home.perfmon("hooks", "install", "--via", "spool"), 74);
  assertStringIncludes(install.stderr, problem);
  assertEquals((Deno.statSync(other).mode ?? 0) & 0o777, 0o755);
});

Deno.test("a record that becomes whole after it was called bad is a row all the same", async () => {
  using home = spoolHome();
  await home.hook("start", bashEvent("start", "t1"));
  const [name = ""] = home.waiting();
  const text = Deno.readTextFileSync(`${home.spool}/${name}`);
  Deno.writeTextFileSync(`${home.spool}/${name}`, text.slice(0, -30));
  age(home, 1);
  const file = Deno.openSync(`${home.spool}/${name}`, { append: true }); // the hook was stopped
  expectExit(await home.perfmon("status"), 0);
  assertEquals(home.waiting(), [`${name}.bad`]);
  file.writeSync(new TextEncoder().encode(text.slice(-30)));
  file.close();
  expectExit(await home.perfmon("report"), 0);
  assertEquals([home.waiting(), recordsOf(home.log).length], [[], 1]);
});

testWith(otherUsers, "a record that another user left holds up no other", async () => {
  using folder = temporaryFolder();
  Deno.chmodSync(folder.path, 0o755);
  const home = folderOf(ADA, `${folder.path}/ada`);
  const spool = folderOf(ADA, `${folderOf(ADA, `${home}/.claude`)}/performance.d`, 0o700) +
    "/spool";
  folderOf(ADA, spool, 0o700);
  const record = (id: string): string =>
    `perfmon 1 4711;;\n${JSON.stringify(bashEvent("end", id))}\n`;
  fileOf(0, `${spool}/s.1.1.end`, record("root's"));
  fileOf(ADA, `${spool}/s.2.1.end`, record("hers"));
  const { stderr } = await perfmonAs(ADA, home, ["rec", "drain"], { code: 0 });
  assertStringIncludes(stderr, `the spool's "s.1.1.end" is passed over`);
  assertStringIncludes(stderr, "can't be read: Permission denied");
  await perfmonAs(ADA, home, ["report"], { code: 0 });
  const rows = recordsOf(`${home}/.claude/performance.csv`).map((row) => row["tool_use_id"]);
  assertEquals(rows, ["hers"]);
  assertEquals(linesOf(`${home}/.claude/performance.d/errors.log`).length, 1);
  const old = new Date(Date.now() - 25 * 3_600_000);
  Deno.utimeSync(`${spool}/s.1.1.end.bad`, old, old);
  await perfmonAs(ADA, home, ["report"], { code: 0 });
  assertEquals([...Deno.readDirSync(spool)], []);
});
