import { assertEquals, assertMatch, assertStringIncludes } from "../../std/std_assert.ts";
import { logText, RECENT, writeLog } from "../../kit/log_files.ts";
import { binary, expectExit, perfmon } from "../../kit/perfmon.ts";
import { must } from "../../kit/mounts.ts";
import { testWith } from "../../kit/tools.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { writeProgram } from "../../kit/processes.ts";

Deno.test("status: log, span, health and versions", async () => {
  using folder = temporaryFolder();
  const file = writeLog(folder.path, logText(RECENT) + "torn\n");
  const result = await perfmon(["status", "--file", file], { env: { COLUMNS: "200" } });
  const { stdout } = expectExit(result, 0);
  assertMatch(
    stdout,
    /^Recording +off: no hooks \("perfmon hooks install"\); last row \d+[mh] ago, 0 live sessions$/m,
  );
  assertMatch(stdout, /^Log +.*performance\.csv {3}9 rows, \d\S* \S+, full layout$/m);
  assertMatch(stdout, /^Covers .*; 4 calls, 0 starts without an end$/m);
  assertMatch(stdout, /^Health +1 bad row, 0 errors, lock free$/m);
  assertMatch(stdout, /^Network +used by export otlp only$/m);
  assertMatch(stdout, /^Versions +perfmon \d/m);
});

Deno.test("status: --json, and a log that is not there", async () => {
  using folder = temporaryFolder();
  const file = writeLog(folder.path, logText(RECENT));
  const json = JSON.parse((await perfmon(["status", "--json", "--file", file])).stdout);
  assertEquals([json.rows, json.calls, json.layout, json.lock], [8, 4, "full", "free"]);
  const none = expectExit(await perfmon(["status", "--file", `${folder.path}/no.csv`]), 0);
  assertStringIncludes(none.stdout, "not there yet");
});

Deno.test("status and doctor tell when the hooks start another version of perfmon", async () => {
  using folder = temporaryFolder();
  const program = `${folder.path}/bin/perfmon`;
  Deno.mkdirSync(`${folder.path}/bin`);
  Deno.symlinkSync(Deno.realPathSync(binary), program);
  const env = { HOME: folder.path, PATH: `${folder.path}/bin:/usr/bin:/bin`, COLUMNS: "200" };
  const options = { env, cwd: folder.path };
  expectExit(await perfmon(["hooks", "install"], options), 0);
  const same = expectExit(await perfmon(["status"], options), 0);
  assertMatch(same.stdout, /^Versions +perfmon \S+ \(hooks: same\)$/m);
  Deno.removeSync(program);
  writeProgram(program, "#!/bin/sh\necho 'perfmon 0.0.9 (Deno 2.9.6, x)'\n");
  const { stdout } = expectExit(await perfmon(["status"], options), 0);
  assertStringIncludes(stdout, `(hooks: 0.0.9, "${program}"; "perfmon hooks install" takes this`);
  const json = JSON.parse((await perfmon(["status", "--json"], options)).stdout);
  assertEquals(json.hooks_version, "0.0.9");
  const doctor = await perfmon(["doctor"], options);
  assertMatch(doctor.stdout, /^advise +Version +This is \S+, but the hooks start 0\.0\.9: /m);
});

testWith("mkfifo", "status and doctor answer whatever is in place of errors.log", async () => {
  using folder = temporaryFolder();
  const file = writeLog(folder.path, logText(RECENT));
  const errors = `${folder.path}/performance.d/errors.log`;
  Deno.mkdirSync(`${folder.path}/performance.d`);
  const kinds: Record<string, () => void> = {
    FIFO: () => must("mkfifo", [errors]),
    link: () => Deno.symlinkSync("/dev/zero", errors),
    folder: () => Deno.mkdirSync(errors),
  };
  for (const [kind, make] of Object.entries(kinds)) {
    make();
    const options = { env: { COLUMNS: "200" } };
    const status = expectExit(await perfmon(["status", "--file", file], options), 0);
    assertMatch(status.stdout, /^Health +0 bad rows, 0 errors/m, kind);
    const doctor = await perfmon(["doctor", "--file", file], options);
    assertMatch(doctor.stdout, /^advise +Errors .* is no regular file: nothing is noted$/m, kind);
    expectExit(await perfmon(["export", "prometheus", "--file", file], options), 0);
    Deno.removeSync(errors);
  }
});

Deno.test("status of hooks that are disabled: the sampler is off as they are, nothing is to be installed", async () => {
  using folder = temporaryFolder();
  const options = { env: { HOME: folder.path, COLUMNS: "200" }, cwd: folder.path };
  expectExit(await perfmon(["hooks", "install"], options), 0);
  expectExit(await perfmon(["hooks", "disable"], options), 0);
  const { stdout } = expectExit(await perfmon(["status"], options), 0);
  assertMatch(stdout, /^Recording +off: user settings \("perfmon hooks enable"\); no row yet$/m);
  assertMatch(stdout, /^Sampler +off, as the hooks are \("perfmon hooks enable"\)$/m);
});

Deno.test("status of a log that the hooks don't record into says which they do", async () => {
  using folder = temporaryFolder();
  const file = writeLog(folder.path, logText(RECENT));
  const options = { env: { HOME: folder.path, COLUMNS: "200" }, cwd: folder.path };
  const recording = async (...flags: string[]): Promise<string> =>
    expectExit(await perfmon(["status", ...flags], options), 0).stdout.split("\n")[0]!;
  expectExit(await perfmon(["hooks", "install"], options), 0);
  assertMatch(await recording(), /^Recording +on: user settings; no row yet$/);
  const elsewhere = "on: user settings, but into ~/.claude/performance.csv, not this log; ";
  assertStringIncludes(await recording("--file", file), `${elsewhere}last row `);
  assertStringIncludes(await recording("--file", "no.csv"), `${elsewhere}no row yet`);
  for (const via of ["binary", "spool"]) {
    expectExit(await perfmon(["hooks", "install", "--file", file, "--via", via], options), 0);
    assertMatch(
      await recording("--file", file),
      /^Recording +on: user settings(, by the spool)?; last/,
    );
    assertStringIncludes(
      await recording(),
      ", but into ~/performance.csv, not this log; no row yet",
    );
  }
  Deno.symlinkSync(file, `${folder.path}/link.csv`);
  Deno.symlinkSync(folder.path, `${folder.path}/here`);
  for (const same of ["link.csv", "performance.csv", "here/performance.csv"]) {
    assertMatch(await recording("--file", same), /settings, by the spool; last row/, same);
  }
});

Deno.test("where the plugin alone is on, status and doctor say that the next call starts the sampler", async () => {
  using folder = temporaryFolder();
  Deno.mkdirSync(`${folder.path}/.claude`);
  const settings = { enabledPlugins: { "perfmon@perfmon": true } };
  Deno.writeTextFileSync(`${folder.path}/.claude/settings.json`, JSON.stringify(settings));
  const options = { env: { HOME: folder.path, COLUMNS: "200" }, cwd: folder.path };
  for (const command of ["status", "doctor"]) {
    const { stdout } = await perfmon([command], options);
    assertMatch(stdout, /Sampler +not running: the next call of Bash starts it/, command);
  }
});
