/**
 * What can come with `git clone`: links, and files under the names of files that perfmon writes. Nothing
 * outside of the repository may change, whatever command is run in it.
 */
import { existsSync } from "@std/fs";
import { logText, RECENT, writeLog } from "../../kit/log_files.ts";
import { must } from "../../kit/mounts.ts";
import { expectExit, perfmon, type RunResult } from "../../kit/perfmon.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { testWith } from "../../kit/tools.ts";
import { assert, assertEquals, assertStringIncludes } from "../../std/std_assert.ts";

/** A home with a file that is dear to its owner, and a cloned repository in it. */
class Clone implements Disposable {
  readonly #folder = temporaryFolder();
  readonly home = this.#folder.path;
  readonly repository = `${this.home}/repository`;
  readonly precious = `${this.home}/.bashrc`;

  constructor() {
    Deno.mkdirSync(`${this.repository}/.git`, { recursive: true });
    Deno.mkdirSync(`${this.repository}/.claude`);
    Deno.writeTextFileSync(this.precious, "mine", { mode: 0o640 });
  }

  /** Puts a link to what is dear under a name in the repository. */
  plant(...names: string[]): void {
    for (const name of names) Deno.symlinkSync(this.precious, `${this.repository}/${name}`);
  }

  write(name: string, text: string): string {
    const path = `${this.repository}/${name}`;
    Deno.writeTextFileSync(path, text);
    return path;
  }

  /** Runs perfmon in the repository, and checks that what is dear is as it was; `NaN` is any code. */
  async run(args: string[], code = 0, env = {}): Promise<RunResult> {
    const options = { env: { HOME: this.home, ...env }, cwd: this.repository };
    const result = await perfmon(args, options);
    if (!Number.isNaN(code)) expectExit(result, code);
    const { mode } = Deno.lstatSync(this.precious);
    assertEquals([Deno.readTextFileSync(this.precious), (mode ?? 0) & 0o777], ["mine", 0o640]);
    return result;
  }

  [Symbol.dispose](): void {
    this.#folder[Symbol.dispose]();
  }
}

const SETTINGS = '{"env":{"x":"$(touch ~/PWNED)"}}';

for (const [scope, name] of [["project", "settings.json"], ["local", "settings.local.json"]]) {
  Deno.test(`hooks install into ${name} of a clone follows no planted link`, async () => {
    using clone = new Clone();
    const settings = clone.write(`.claude/${name}`, SETTINGS);
    const backup = `.claude/${name}.before-perfmon`;
    clone.plant(`.claude/.${name}.perfmon-tmp`, backup);
    await clone.run(["hooks", "install", "--scope", scope!]);
    assertStringIncludes(Deno.readTextFileSync(settings), "perfmon rec start");
    assert(Deno.lstatSync(`${clone.repository}/${backup}`).isFile, "the link is replaced");
    assertEquals(Deno.readTextFileSync(`${clone.repository}/${backup}`), SETTINGS);
    await clone.run(["hooks", "remove", "--scope", scope!]);
    assertEquals(Deno.readTextFileSync(settings), SETTINGS);
    assert(!existsSync(`${clone.repository}/${backup}`));
  });
}

for (const flags of [["--everywhere"], ["--scope", "project"]]) {
  Deno.test(`hooks remove ${flags[0]} removes a planted backup, not what it leads to`, async () => {
    using clone = new Clone();
    clone.write(".claude/settings.json", SETTINGS);
    clone.plant(".claude/settings.json.before-perfmon");
    await clone.run(["hooks", "remove", ...flags]);
    assertEquals(
      [...Deno.readDirSync(`${clone.repository}/.claude`)].map((entry) => entry.name),
      ["settings.json"],
    );
  });
}

Deno.test("hooks disable and enable in a clone with hooks.yaml follow no planted link", async () => {
  using clone = new Clone();
  const yaml = "hooks:\n  - name: performance-monitor-pre\n    enabled: true\n";
  const path = clone.write(".claude/hooks.yaml", yaml);
  clone.plant(".claude/.hooks.yaml.perfmon-tmp");
  await clone.run(["hooks", "disable"]);
  assertEquals(Deno.readTextFileSync(path), yaml.replace("true", "false"));
  await clone.run(["hooks", "enable"]);
  assertEquals(Deno.readTextFileSync(path), yaml);
});

Deno.test("dashboard in a clone follows no planted link, at its default name neither", async () => {
  using clone = new Clone();
  Deno.mkdirSync(`${clone.home}/.claude`);
  writeLog(`${clone.home}/.claude`, logText(RECENT));
  clone.plant(".perfmon.html.perfmon-tmp");
  await clone.run(["dashboard"]);
  assert(Deno.lstatSync(`${clone.repository}/perfmon.html`).isFile);
  Deno.removeSync(`${clone.repository}/perfmon.html`);
  clone.plant("perfmon.html");
  const { stderr } = await clone.run(["dashboard"], 74);
  assertStringIncludes(stderr, `Cannot write "perfmon.html": it is a symbolic link; name the file`);
});

Deno.test("settings of a clone that are nested too deeply are named, by every command that reads them", async () => {
  using clone = new Clone();
  const nested = '{"a":'.repeat(20_000) + "1" + "}".repeat(20_000);
  const deep = "[".repeat(20_000) + "]".repeat(20_000);
  const hook =
    `{"hooks":{"PreToolUse":[{"hooks":[{"type":"command","command":"x","deep":${deep}}]}]}}`;
  for (const text of [nested, hook]) {
    const path = clone.write(".claude/settings.json", text);
    const commands: [args: string[], code: number][] = [
      [["hooks", "install", "--scope", "project"], 65],
      [["hooks", "remove", "--scope", "project"], 65],
      [["status"], 0],
      [["doctor"], 1],
      [["hooks", "remove", "--everywhere"], 65],
    ];
    for (const [args, code] of commands) {
      const { stdout, stderr } = await clone.run(args, code);
      const said = (stdout + stderr).replace(/\s+/g, " ");
      assertStringIncludes(said, path, args.join(" "));
      assertStringIncludes(said, "nested too deeply", args.join(" "));
    }
    assertEquals(Deno.readTextFileSync(path), text);
  }
});

Deno.test("settings of a clone and a hooks.yaml that would take minutes to parse are named at once", async () => {
  using clone = new Clone();
  const settings = clone.write(
    ".claude/settings.json",
    `{"a":[${'{"k":[1,2]},'.repeat(90_000)}1]}`,
  );
  const yaml = clone.write(".claude/hooks.yaml", `hooks:\n${"  - {name: x}\n".repeat(25_000)}`);
  const commands: [args: string[], code: number, path: string][] = [
    [["hooks", "install", "--scope", "project"], 65, settings],
    [["status"], 0, settings],
    [["doctor"], 1, settings],
    [["hooks", "disable"], 65, yaml],
  ];
  for (const [args, code, path] of commands) {
    if (path === yaml) Deno.removeSync(settings);
    const { stdout, stderr } = await clone.run(args, code);
    const said = (stdout + stderr).replace(/\s+/g, " ");
    assertStringIncludes(said, path, args.join(" "));
    assertStringIncludes(said, `it is larger than ${path === yaml ? "256 KiB" : "1 MiB"}`);
  }
});

testWith("mkfifo", "a FIFO at the name of settings, backup or page hangs no command", async () => {
  using clone = new Clone();
  Deno.mkdirSync(`${clone.home}/.claude`);
  writeLog(`${clone.home}/.claude`, logText(RECENT));
  for (const name of ["settings.json", "settings.json.before-perfmon", "hooks.yaml"]) {
    const path = `${clone.repository}/.claude/${name}`;
    must("mkfifo", [path]);
    for (const command of ["install", "remove"]) {
      await clone.run(["hooks", command, "--scope", "project"], name === "hooks.yaml" ? 0 : 65);
    }
    if (name === "hooks.yaml") await clone.run(["hooks", "disable"], 65);
    Deno.removeSync(path);
  }
  must("mkfifo", [`${clone.repository}/perfmon.html`]);
  const { stderr } = await clone.run(["dashboard"], 74);
  assertStringIncludes(stderr, `Cannot write "perfmon.html": it is no regular file`);
});

Deno.test("no program of a clone is run where PATH has relative folders in it", async () => {
  using clone = new Clone();
  writeLog(clone.home, logText(RECENT));
  const names = [
    "ps",
    "df",
    "xdg-open",
    "open",
    "bash",
    "zsh",
    "dash",
    "sh",
    "claude",
    "sleep",
    "head",
  ];
  Deno.mkdirSync(`${clone.repository}/bin`);
  for (const folder of ["", "bin/"]) {
    for (const name of names) {
      const path = clone.write(
        `${folder}${name}`,
        `#!/bin/sh\ntouch "${clone.home}/ran-${name}"\n`,
      );
      Deno.chmodSync(path, 0o755);
    }
  }
  for (const PATH of [":.:bin:./bin", ":.:bin:/usr/bin:/bin"]) {
    for (
      const args of [
        ["doctor"],
        ["bench", "--rounds", "1"],
        ["status"],
        ["hooks", "install"],
        ["dashboard", "--open"],
        ["running"],
        ["report"],
      ]
    ) {
      await clone.run(args, NaN, { PATH });
    }
  }
  const ran = [...Deno.readDirSync(clone.home)].map(({ name }) => name).filter((name) =>
    name.startsWith("ran-")
  );
  assertEquals(ran, []);
});
