/**
 * What a released perfmon wrote is read by today's: each folder of tests/testdata/homes is what one left in
 * ~/.claude, made by `make.sh` there with its own binary. The other way round today's files are tried by hand.
 */
import { ensureDir } from "@std/fs";
import { assertEquals, assertMatch, assertStringIncludes } from "../std/std_assert.ts";
import { bashEvent, logOf, runLine } from "../kit/homes.ts";
import { binary, expectExit, perfmon } from "../kit/perfmon.ts";
import { filesBelow, readProjectFile, ROOT } from "../kit/project.ts";
import { temporaryFolder } from "../kit/temporary_folder.ts";

const HOMES = "tests/testdata/homes";

/** How many calls there are of a tool, and how many failed, if that is known. */
type Counts = Record<string, [calls: number, failed: number | null]>;

/** The home of a person who has just put today's binary in the place of an old one. */
class Upgraded {
  readonly #folder = temporaryFolder();
  readonly home = this.#folder.path;
  readonly settings = `${this.home}/.claude/settings.json`;

  private constructor() {}

  static async from(version: string): Promise<Upgraded> {
    const person = new Upgraded();
    const log = readProjectFile(`${HOMES}/${version}/performance.csv`);
    const age = Math.floor(Date.now() / 1000) - Number(/^\d{10}/m.exec(log)?.[0]) - 60;
    for (const path of filesBelow(`${HOMES}/${version}`)) {
      const copy = path.replace(`${HOMES}/${version}`, `${person.home}/.claude`);
      await ensureDir(copy.slice(0, copy.lastIndexOf("/")));
      const text = laterBy(age, readProjectFile(path)).replaceAll("/home/ada", person.home);
      Deno.writeTextFileSync(copy, text, { mode: 0o600 });
    }
    Deno.mkdirSync(`${person.home}/.local/bin`, { recursive: true });
    Deno.symlinkSync(Deno.realPathSync(binary), `${person.home}/.local/bin/perfmon`);
    return person;
  }

  /** What a command prints; it must end well. */
  async run(...args: string[]): Promise<string> {
    const PATH = `${this.home}/.local/bin:/usr/bin:/bin`;
    const env = { HOME: this.home, PATH, LANG: "C.UTF-8", COLUMNS: "200" };
    return expectExit(await perfmon(args, { env, cwd: this.home }), 0).stdout;
  }

  /** Runs the installed hooks of a call of Bash. */
  async call(id: string): Promise<void> {
    const { hooks } = JSON.parse(Deno.readTextFileSync(this.settings));
    for (const [event, moment] of [["PreToolUse", "start"], ["PostToolUse", "end"]] as const) {
      const json = JSON.stringify(bashEvent(moment, id)) + "\n";
      await runLine(hooks[event][0].hooks[0].command, json, { HOME: this.home });
    }
  }

  /** How many calls there are of each tool, and how many of them failed. */
  async calls(): Promise<Counts> {
    const report = JSON.parse(await this.run("report", "--all", "--by", "tool", "--json"));
    const groups: { name: string; calls: number; failed: number | null }[] = report.groups;
    return Object.fromEntries(groups.map(({ name, calls, failed }) => [name, [calls, failed]]));
  }

  [Symbol.dispose](): void {
    this.#folder[Symbol.dispose]();
  }
}

/** A file's text as if it had been written so many seconds later: history is kept for 90 days. */
function laterBy(seconds: number, text: string): string {
  return text.replaceAll(/\b1[789]\d{8}(?=\b)/g, (time) => String(Number(time) + seconds));
}

/** The calls that `make.sh` records: those of log, history and spool, and an end of which nothing is known. */
const CALLS: Counts = { Bash: [9, 1], Read: [2, 0], Edit: [1, 1], unknown: [1, null] };

for (const { name: version, isDirectory } of Deno.readDirSync(`${ROOT}/${HOMES}`)) {
  if (!isDirectory) continue;

  Deno.test(`upgrade from ${version}: log, history and spool have every call`, async () => {
    using person = await Upgraded.from(version);
    assertEquals(await person.calls(), CALLS);
    assertEquals([...Deno.readDirSync(`${person.home}/.claude/performance.d/spool`)], []);
    const errors = `${person.home}/.claude/performance.d/errors.log`;
    assertEquals(
      Deno.readTextFileSync(errors).split("\n").length,
      2,
      "no error came to the old one",
    );
  });

  Deno.test(`upgrade from ${version}: counters go on where they were, also of rows that are gone`, async () => {
    using person = await Upgraded.from(version);
    Deno.removeSync(`${person.home}/.claude/performance.d/history`, { recursive: true });
    const metrics = await person.run("export", "prometheus");
    const total = (tool: string, status: string): string =>
      new RegExp(`^perfmon_tool_calls_total\\{tool="${tool}",status="${status}"\\} (.*)$`, "m")
        .exec(metrics)?.[1] ?? "none";
    assertEquals([total("Bash", "ok"), total("Bash", "error")], ["8", "1"]);
    assertEquals([total("Read", "ok"), total("Edit", "error")], ["2", "1"]);
  });

  Deno.test(`upgrade from ${version}: a profile is compared with`, async () => {
    using person = await Upgraded.from(version);
    assertMatch(await person.run("profile", "show", "may"), /^Bash +9 +11% +24ms/m);
    assertMatch(await person.run("report", "--all", "--compare", "may"), /\bmay\b/);
  });

  Deno.test(`upgrade from ${version}: its hooks record, are told of, brought up to date, and removed`, async () => {
    using person = await Upgraded.from(version);
    await person.call("new1");
    assertEquals((await person.calls())["Bash"], [10, 1]);
    assertStringIncludes(await person.run("status"), "are of an older perfmon");
    await person.run("hooks", "install");
    const status = await person.run("status");
    assertMatch(status, /^Recording +on/m);
    assertMatch(status, /^Hooks +user: .*--max-lines 12 --keep 6.*$/m, "options are kept");
    assertEquals(status.includes("are of an older perfmon"), false);
    await person.call("new2");
    await person.run("hooks", "remove");
    assertEquals((await person.calls())["Bash"], [11, 1]);
    assertEquals(Deno.readTextFileSync(person.settings), '{ "model": "opus" }\n');
    assertEquals(Deno.statSync(logOf(person.home)).isFile, true);
  });
}
