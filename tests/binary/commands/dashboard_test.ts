import { existsSync } from "@std/fs";
import { assert, assertEquals, assertStringIncludes } from "../../std/std_assert.ts";
import { logText, RECENT, writeLog } from "../../kit/log_files.ts";
import { expectExit, perfmon } from "../../kit/perfmon.ts";
import { writeProgram } from "../../kit/processes.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { waitFor } from "../../kit/waits.ts";

Deno.test("dashboard: writes perfmon.html here, for its owner only, and says so", async () => {
  using folder = temporaryFolder();
  const file = writeLog(folder.path, logText(RECENT));
  const run = await perfmon(["dashboard", "--file", file], { cwd: folder.path });
  assertEquals(expectExit(run, 0).stdout, "");
  assertStringIncludes(run.stderr, `perfmon: Wrote "perfmon.html": 3 calls, 0.`);
  const { mode } = Deno.statSync(`${folder.path}/perfmon.html`);
  assertEquals((mode ?? 0) & 0o777, 0o600);
});

Deno.test("dashboard: the page has a policy that allows its own script and style only", async () => {
  using folder = temporaryFolder();
  const file = writeLog(folder.path, logText(RECENT));
  const { stdout } = expectExit(await perfmon(["dashboard", "-o", "-", "--file", file]), 0);
  const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(stdout)?.[1] ?? "";
  assertStringIncludes(policy, "default-src 'none'; script-src 'sha256-");
  assert(!/unsafe|https?:|\*/.test(policy), policy);
  assert(!/<(link|script|img)[^>]*(src|href)="(?!data:)/.test(stdout));
});

Deno.test("dashboard: the same log and time give the same bytes", async () => {
  using folder = temporaryFolder();
  const file = writeLog(folder.path, logText(RECENT));
  const env = { SOURCE_DATE_EPOCH: "1795032000" };
  const make = async (): Promise<string> =>
    expectExit(await perfmon(["dashboard", "--all", "-o", "-", "--file", file], { env }), 0).stdout;
  assertEquals(await make() === await make(), true);
});

Deno.test("dashboard: what can't be is refused, and changes nothing", async () => {
  using folder = temporaryFolder();
  const text = logText(RECENT);
  const file = writeLog(folder.path, text);
  const refused = async (code: number, ...flags: string[]): Promise<string> =>
    expectExit(await perfmon(["dashboard", "--file", file, ...flags]), code).stderr;
  assertStringIncludes(await refused(64, "-o", file), "it is the log itself");
  assertStringIncludes(await refused(64, "-o", "-", "--open"), "goes to stdout: give -o FILE");
  assertStringIncludes(await refused(1, "--tool", "Raed"), `did you mean "Read"?`);
  assertStringIncludes(await refused(1, "--since", "1s"), "No calls in the last 1s");
  assertStringIncludes(await refused(74, "-o", `${folder.path}/none/x.html`), "Cannot write");
  assertEquals(Deno.readTextFileSync(file), text);
  assertEquals([...Deno.readDirSync(folder.path)].filter(({ isFile }) => isFile).length, 1);
});

Deno.test("dashboard --open: shows the file by xdg-open, and says where there is none or it finds no browser", async () => {
  if (Deno.build.os !== "linux") return;
  using folder = temporaryFolder();
  const file = writeLog(folder.path, logText(RECENT));
  const page = `${folder.path}/page.html`;
  const args = ["dashboard", "--file", file, "-o", page, "--open"];
  const none = await perfmon(args, { env: { PATH: folder.path } });
  assertStringIncludes(expectExit(none, 1).stderr, "there is no xdg-open here");
  const opener = `${folder.path}/xdg-open`;
  writeProgram(opener, "#!/bin/sh\nexit 3\n");
  const lost = expectExit(await perfmon(args, { env: { PATH: folder.path } }), 1).stderr;
  assertStringIncludes(lost, `Cannot open "${page}": xdg-open found no browser (exit 3)`);
  const seen = `${folder.path}/seen`;
  writeProgram(opener, `#!/bin/sh\nprintf %s "$1" > "${seen}.new"; mv "${seen}.new" "${seen}"\n`);
  expectExit(await perfmon(args, { env: { PATH: `${folder.path}:/usr/bin:/bin` } }), 0);
  await waitFor(() => existsSync(seen), "the browser");
  assertEquals(Deno.readTextFileSync(seen), page);
});
