/**
 * Installs into fresh user lands of Debian, made by debootstrap, as a stranger would: by install.sh from a
 * server of this machine, and by npm (this machine's node) from a registry here:
 * `deno run -A tests/campaigns/user_lands.ts [bullseye] [trixie]`, as root. Each takes some minutes, most of
 * them for debootstrap; the tests don't run it.
 */
import { expectExit } from "../kit/perfmon.ts";
import { temporaryFolder } from "../kit/temporary_folder.ts";
import { root } from "../kit/tools.ts";
import { dryRun, execute, VERSION } from "../slow/packaging/dry_run.ts";
import { publish, startRegistry } from "../slow/packaging/registry.ts";
import { leftBesideLog, serveFolder, smallRelease } from "../slow/packaging/stand_ins.ts";
import { assertEquals, assertMatch } from "../std/std_assert.ts";
import { type Campaign, runByHand } from "./campaign.ts";

const MIRROR = "http://deb.debian.org/debian";
const TRANSCRIPT = `${import.meta.dirname}/../testdata/transcript.jsonl`;

/** A stranger's way from the empty machine to the first sentence, and out again. */
const byScriptLines = (url: string, older: string): readonly string[] => [
  `FIRST curl -fsS ${url}/install.sh | sh -s -- --from ${url} && ~/.local/bin/perfmon`,
  `curl -fsS ${older}/install.sh | sh -s -- --from ${older}`,
  "~/.local/bin/perfmon --version | grep -q script",
  `curl -fsS ${url}/install.sh | sh -s -- --from ${url}`,
  ...recording("~/.local/bin/perfmon"),
  `curl -fsS ${url}/install.sh | sh -s -- --uninstall`,
  "test ! -e ~/.local && test ! -e ~/.claude/settings.json",
];

const BY_NPM: readonly string[] = [
  "FIRST npx -y perfmon",
  "npm install -g --silent perfmon",
  ...recording("perfmon"),
  `npm install -g --silent perfmon@${VERSION}`,
  "perfmon hooks remove --everywhere",
  "npm uninstall -g --silent perfmon",
  "! command -v perfmon && test ! -e ~/.claude/settings.json",
];

/** Installs the hooks, and records a call by the line that stands in the settings. */
function recording(perfmon: string): string[] {
  const json =
    '{"hook_event_name":"PreToolUse","tool_name":"Bash","tool_use_id":"t","session_id":"s"}';
  return [
    `${perfmon} --version | grep -qF 'perfmon ${VERSION} '`,
    `${perfmon} hooks install`,
    `${perfmon} doctor`,
    // The first line of a PreToolUse hook, out of JSON without a JSON reader.
    `line=$(sed -n 's/^ *"command": "\\(.*rec start.*\\)",\\{0,1\\}$/\\1/p' ~/.claude/settings.json | head -n 1 |
      sed 's/\\\\\\(.\\)/\\1/g'); echo '${json}' | sh -c "$line"`,
    "grep -q ,Bash,start, ~/.claude/performance.csv",
  ];
}

/** Runs lines of shell in a user land with an empty home, and returns the seconds that the FIRST of them took. */
async function walk(land: string, lines: readonly string[], registry: string): Promise<number> {
  const home = `${land}/home/stranger`;
  await Deno.remove(home, { recursive: true }).catch(() => {});
  const project = `${home}/.claude/projects/-work-api`;
  Deno.mkdirSync(project, { recursive: true });
  Deno.copyFileSync(TRANSCRIPT, `${project}/1e7aa6e5-0000-4000-8000-000000000000.jsonl`);
  Deno.writeTextFileSync(`${home}/.npmrc`, `registry=${registry}/\nprefix=/home/stranger/npm\n`);
  let seconds = NaN;
  for (const line of lines) {
    const isFirst = line.startsWith("FIRST ");
    const before = performance.now();
    const run = await execute([
      ...["unshare", "--mount", "--pid", "--fork", `--mount-proc=${land}/proc`, "chroot", land],
      ...["/usr/bin/env", "-i", "HOME=/home/stranger"],
      "PATH=/home/stranger/npm/bin:/opt/node:/usr/bin:/bin",
      ...["sh", "-c", isFirst ? line.slice("FIRST ".length) : line],
    ]);
    expectExit(run, 0);
    if (!isFirst) continue;
    seconds = (performance.now() - before) / 1000;
    assertMatch(run.stdout, /12 calls, 1 session/);
  }
  assertEquals(leftBesideLog(home).filter((path) => !path.startsWith("projects/")), []);
  return seconds;
}

/** Puts this machine's node and npm into a user land, whose own may be too old or missing. */
async function lendNode(land: string): Promise<void> {
  const npm =
    "const p = require('path'); console.log(p.resolve(process.execPath, '../../lib/node_modules/npm'))";
  const { stdout } = expectExit(await execute(["node", "-e", npm]), 0);
  Deno.mkdirSync(`${land}/opt/node`);
  expectExit(await execute(["cp", "-R", stdout.trim(), `${land}/opt/npm`]), 0);
  const { stdout: node } = expectExit(await execute(["node", "-p", "process.execPath"]), 0);
  expectExit(await execute(["cp", node.trim(), `${land}/opt/node/node`]), 0);
  for (const name of ["npm", "npx"]) {
    Deno.symlinkSync(`/opt/npm/bin/${name}-cli.js`, `${land}/opt/node/${name}`);
  }
}

async function tryIn(suite: string): Promise<string> {
  using folder = temporaryFolder();
  const land = `${folder.path}/land`;
  const flags = ["--variant=minbase", "--include=curl"];
  expectExit(await execute(["debootstrap", ...flags, suite, land, MIRROR]), 0);
  await lendNode(land);
  using release = await dryRun();
  using older = temporaryFolder();
  await smallRelease(older.path);
  await using server = serveFolder(release.path);
  await using olderServer = serveFolder(older.path);
  await using registry = await startRegistry(folder.path);
  await publish(`${release.path}/npm`, registry);
  const byScript = await walk(land, byScriptLines(server.url, olderServer.url), registry.url);
  const byNpm = await walk(land, BY_NPM, registry.url);
  const { stdout } = expectExit(await execute(["chroot", land, "getconf", "GNU_LIBC_VERSION"]), 0);
  return `${stdout.trim()}: installed, hooks in, a call recorded, upgraded, gone but for the log; ` +
    `from nothing to the first sentence ${byScript.toFixed(1)} s by install.sh, ${
      byNpm.toFixed(1)
    } s by npx`;
}

const needs = [root, "debootstrap", "unshare", "chroot", "node", "npm"];

export const campaigns: Readonly<Record<string, Campaign>> = {
  bullseye: { usual: 1, needs, run: () => tryIn("bullseye") },
  trixie: { usual: 1, needs, run: () => tryIn("trixie") },
};

if (import.meta.main) await runByHand(campaigns);
