/** The npm packages, published to a registry on the loopback interface and installed from there. */
import { existsSync } from "@std/fs";
import { allHooks } from "../../../src/agents/claude/hooks/claude_settings.ts";
import { readCommand } from "../../../src/agents/claude/hooks/command_line.ts";
import { mainPackage, platformPackage } from "../../../tools/packaging/npm_packages.ts";
import { writeArchive } from "../../../tools/packaging/write_tar.ts";
import { bashEvent, runLine, whatStandsIn } from "../../kit/homes.ts";
import { expectExit, type RunResult } from "../../kit/perfmon.ts";
import type { Server } from "../../kit/servers.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { testWith } from "../../kit/tools.ts";
import { assert, assertEquals, assertMatch } from "../../std/std_assert.ts";
import { dryRun, execute, VERSION } from "./dry_run.ts";
import { publish, startRegistry } from "./registry.ts";
import { leftBesideLog, standInRelease } from "./stand_ins.ts";

const ROOT = `${import.meta.dirname}/../../..`;
const TARGETS = [Deno.build.target];

/** A home whose npm knows only that registry, and the ways to run programs in it. */
interface NpmHome {
  readonly path: string;
  run(...command: string[]): Promise<RunResult>;
  readonly env: Readonly<Record<string, string>>;
}

function npmHome(path: string, { url }: Server): NpmHome {
  Deno.mkdirSync(path);
  const lines = [
    `registry=${url}/`,
    `prefix=${path}/npm`,
    "fetch-retries=0",
    "update-notifier=false",
  ];
  Deno.writeTextFileSync(`${path}/.npmrc`, lines.join("\n"));
  const env = { PATH: `${path}/npm/bin:${Deno.env.get("PATH")}`, HOME: path, TZ: "UTC" };
  return { path, env, run: (...command) => execute(command, { env, cwd: path }) };
}

/** Publishes a version whose binary is a script that writes down that it was started. */
async function publishStandIn(registry: Server, version: string): Promise<void> {
  const release = standInRelease({ version });
  const script = new TextEncoder().encode('#!/bin/sh\ncat >/dev/null\necho "$*" >> ~/started\n');
  const shim = Deno.readTextFileSync(`${ROOT}/tools/packaging/npm/perfmon.mjs`);
  for (
    const { entries } of [
      platformPackage(release, Deno.build.target, script),
      mainPackage(release, TARGETS, shim),
    ]
  ) {
    using folder = temporaryFolder();
    Deno.writeFileSync(`${folder.path}/package.tgz`, await writeArchive(entries));
    await publish(folder.path, registry);
  }
}

/** Lets Claude Code's hooks record one call, as they stand in the settings of a home. */
async function recordCall({ path, env }: NpmHome): Promise<void> {
  const settings = Deno.readTextFileSync(`${path}/.claude/settings.json`);
  for (const [event, moment] of [["PreToolUse", "start"], ["PostToolUse", "end"]] as const) {
    const hook = allHooks(settings).find((each) => each.event === event)?.hook;
    const json = JSON.stringify(bashEvent(moment, "toolu_1"));
    await runLine(String(hook?.["command"]), `${json}\n`, { ...env, PATH: "/usr/bin:/bin" });
  }
}

function programsIn({ path }: NpmHome): Set<string | undefined> {
  const settings = Deno.readTextFileSync(`${path}/.claude/settings.json`);
  return new Set(
    allHooks(settings).map(({ hook }) => readCommand(String(hook["command"]))?.program),
  );
}

testWith(
  ["npm", "node"],
  "perfmon comes from npm, records, is upgraded, and goes",
  async (test) => {
    using folder = temporaryFolder();
    using release = await dryRun();
    await using registry = await startRegistry(folder.path);
    const home = npmHome(`${folder.path}/home`, registry);
    const link = `${home.path}/.claude/performance.d/perfmon`;
    await publish(`${release.path}/npm`, registry);

    await test.step("npx tells of transcripts at once, and how to install what stays", async () => {
      const project = `${home.path}/.claude/projects/-work-api`;
      Deno.mkdirSync(project, { recursive: true });
      const session = "1e7aa6e5-0000-4000-8000-000000000000.jsonl";
      Deno.copyFileSync(`${ROOT}/tests/testdata/transcript.jsonl`, `${project}/${session}`);
      const { stdout } = expectExit(await home.run("npx", "-y", "perfmon"), 0);
      assertMatch(stdout, /^Slow +echo: /m);
      assertMatch(
        stdout.replaceAll(/\s+/g, " "),
        /"npm install -g perfmon && perfmon hooks install"/,
      );
      Deno.removeSync(project, { recursive: true });
      const refused = expectExit(await home.run("npx", "-y", "perfmon", "hooks", "install"), 1);
      assertMatch(refused.stderr, /^perfmon: Cannot install hooks that start ".*npx.*"/);
      assertEquals(existsSync(link), false, "no hook starts what lies in npx's cache");
    });

    await test.step("the hooks start the binary, not the program of Node", async () => {
      expectExit(await home.run("npm", "install", "-g", "--silent", "perfmon"), 0);
      const { stdout } = expectExit(await home.run("perfmon", "--version"), 0);
      assertMatch(stdout, new RegExp(`^perfmon ${VERSION.replaceAll(".", "\\.")} `));
      expectExit(await home.run("perfmon", "hooks", "install"), 0);
      assertEquals(programsIn(home), new Set([link]));
      assertMatch(Deno.realPathSync(link), /\/node_modules\/perfmon-\w+-\w+\/bin\/perfmon$/);
      await recordCall(home);
      assertEquals(whatStandsIn(home.path).rows.map(({ event }) => event), ["start", "end"]);
      const doctor = expectExit(await home.run("perfmon", "doctor"), 0);
      assertMatch(doctor.stdout, /^pass {4}Binary .*\n.*hooks\s+start$/m);
    });

    await test.step("an upgrade is what the hooks start then", async () => {
      await publishStandIn(registry, "99.0.0");
      expectExit(await home.run("npm", "install", "-g", "--silent", "perfmon@99.0.0"), 0);
      await recordCall(home);
      const started = Deno.readTextFileSync(`${home.path}/started`);
      assertMatch(started, /^rec start .*\nrec end .*\n$/);
      expectExit(await home.run("npm", "install", "-g", "--silent", `perfmon@${VERSION}`), 0);
    });

    await test.step("a link whose target is gone is renewed by a person's command, not by a hook", async () => {
      const binary = Deno.realPathSync(link);
      const gone = binary.replace("/bin/perfmon", "/gone/bin/perfmon");
      Deno.removeSync(link);
      Deno.symlinkSync(
        gone.replace("perfmon-", "node_modules/perfmon-").replace("/gone", ""),
        link,
      );
      await recordCall(home);
      assertEquals(existsSync(link), false, "a hook leaves it as it is");
      const { stderr } = expectExit(await home.run("perfmon", "status"), 0);
      assertMatch(stderr, /which the hooks start, leads to/);
      assertEquals(Deno.realPathSync(link), binary);
    });

    await test.step("a link that leads elsewhere is left alone", async () => {
      const binary = Deno.realPathSync(link);
      Deno.removeSync(link);
      const elsewhere = `/elsewhere/lib${binary.slice(binary.indexOf("/node_modules/"))}`;
      Deno.symlinkSync(elsewhere, link);
      const { stdout } = expectExit(await home.run("perfmon", "doctor"), 1);
      assertMatch(stdout, /^fail {4}Hooks .*/m);
      assertEquals(Deno.readLinkSync(link), elsewhere);
      expectExit(await home.run("perfmon", "hooks", "install"), 0);
      assertEquals(Deno.realPathSync(link), binary);
    });

    await test.step("what is left is the log", async () => {
      expectExit(await home.run("perfmon", "hooks", "remove", "--everywhere"), 0);
      expectExit(await home.run("npm", "uninstall", "-g", "--silent", "perfmon"), 0);
      assertEquals(existsSync(`${home.path}/npm/bin/perfmon`), false);
      assertEquals(leftBesideLog(home.path), []);
      assert(whatStandsIn(home.path).rows.length > 0);
    });
  },
);
