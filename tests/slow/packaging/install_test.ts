/** install.sh, from a server on the loopback interface. */
import { existsSync } from "@std/fs";
import { allHooks } from "../../../src/agents/claude/hooks/claude_settings.ts";
import { bashEvent, runLine, whatStandsIn } from "../../kit/homes.ts";
import { binary, expectExit } from "../../kit/perfmon.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { findProgram, testWith } from "../../kit/tools.ts";
import { waitFor } from "../../kit/waits.ts";
import { assert, assertEquals, assertMatch } from "../../std/std_assert.ts";
import { dryRun, execute, VERSION } from "./dry_run.ts";
import {
  brokenOff,
  emptyHome,
  type Fault,
  filesBelow,
  leftBesideLog,
  programs,
  serveFolder,
  smallRelease,
} from "./stand_ins.ts";

Deno.test("install.sh puts perfmon below a prefix, upgrades it, and takes it away but for the log", async () => {
  using release = await dryRun();
  using older = temporaryFolder();
  using home = emptyHome();
  await smallRelease(older.path);
  await using server = serveFolder(release.path);
  await using olderServer = serveFolder(older.path);
  const perfmon = `${home.path}/.local/bin/perfmon`;

  expectExit(await home.install(older.path, ["--from", olderServer.url]), 0);
  assertMatch(expectExit(await execute([perfmon, "--version"]), 0).stdout, /\(a script\)/);

  const { stdout, stderr } = expectExit(
    await home.install(release.path, ["--from", server.url]),
    0,
  );
  assertEquals(stderr, "");
  assert(stdout.includes(`Installed perfmon ${VERSION} (`), stdout);
  assert(stdout.includes(`${home.path}/.local/bin is not on your PATH`), stdout);
  assertEquals(filesBelow(home.path), [
    ".local/bin/perfmon",
    ".local/share/bash-completion/completions/perfmon",
    ".local/share/fish/vendor_completions.d/perfmon.fish",
    ".local/share/man/man1/perfmon.1",
    ".local/share/zsh/site-functions/_perfmon",
  ]);
  assertEquals(Deno.readFileSync(perfmon), Deno.readFileSync(binary), "the bytes that were built");

  const env = { HOME: home.path, PATH: "/usr/bin:/bin" };
  expectExit(await execute([perfmon, "hooks", "install"], { env }), 0);
  const settings = Deno.readTextFileSync(`${home.path}/.claude/settings.json`);
  const hook = allHooks(settings).find(({ event }) => event === "PreToolUse")?.hook;
  await runLine(String(hook?.["command"]), JSON.stringify(bashEvent("start", "t1")) + "\n", env);
  assertEquals(whatStandsIn(home.path).rows.length, 1);

  const removed = expectExit(await home.install(release.path, ["--uninstall"]), 0);
  const log = `${home.path}/.claude/performance`;
  assert(removed.stdout.includes(`What was recorded stays: ${log}.csv\n`), removed.stdout);
  assertEquals(leftBesideLog(home.path), []);
  assertEquals(existsSync(`${home.path}/.local`), false);

  expectExit(await home.install(release.path, ["--from", server.url]), 0);
  Deno.writeTextFileSync(`${home.path}/.claude/notes.csv`, "of the person's\n");
  expectExit(await home.install(release.path, ["--uninstall", "--purge"]), 0);
  assertEquals(filesBelow(home.path), [".claude/notes.csv"]);
});

Deno.test("what a broken download, a wrong sum or a foreign archive leaves is nothing", async () => {
  using release = temporaryFolder();
  await smallRelease(release.path);
  const isArchive = (path: string): boolean => path.endsWith(".tar.gz");
  const faults: readonly [Fault, RegExp][] = [
    [
      (path, file) =>
        isArchive(path)
          ? new Response(file.subarray(0, 100), { headers: { "content-length": "100" } })
          : undefined,
      /is not what was published: its SHA-256 is [0-9a-f]{64}, not [0-9a-f]{64}; nothing was changed/,
    ],
    [
      (path, file) => isArchive(path) ? brokenOff(file) : undefined,
      /Downloading "http.*\.tar\.gz" failed: nothing was changed/,
    ],
    [
      (path) => isArchive(path) ? new Response(null, { status: 503 }) : undefined,
      /Downloading "http.*\.tar\.gz" failed: nothing was changed/,
    ],
    [
      (path) => path === "/SHA256SUMS" ? new Response(null, { status: 404 }) : undefined,
      /Downloading "http.*SHA256SUMS" failed: nothing was changed/,
    ],
    [
      (path) => path === "/SHA256SUMS" ? new Response("of something else\n") : undefined,
      /SHA256SUMS has no line for "perfmon-.*\.tar\.gz": nothing was changed/,
    ],
  ];
  for (const [fault, sentence] of faults) {
    using home = emptyHome();
    await using server = serveFolder(release.path, fault);
    const { stderr } = expectExit(await home.install(release.path, ["--from", server.url]), 1);
    assertMatch(stderr, sentence);
    assertEquals(filesBelow(home.path), [], "nothing is left");
    assertEquals(existsSync(`${home.path}/.local`), false);
  }
});

const NEEDED = ["uname", "getconf", "sed", "mkdir", "mktemp", "rm", "rmdir", "cp", "mv", "cat"];

testWith(
  ["curl", "getconf"],
  "a machine that perfmon can't run on is told why, one without tools what to install",
  async () => {
    using release = temporaryFolder();
    await smallRelease(release.path);
    await using server = serveFolder(release.path);
    const all = [...NEEDED, "curl", "tar", "gzip", "sha256sum"];
    const without = (...names: string[]): string[] => all.filter((name) => !names.includes(name));
    const cases: readonly [readonly string[], Readonly<Record<string, string>>, RegExp][] = [
      [without("curl"), {}, /Cannot download: install curl or wget first/],
      [without("sha256sum"), {}, /Cannot check what is downloaded: install sha256sum, shasum or/],
      [without("tar"), {}, /Cannot unpack what is downloaded: install tar first/],
      [
        without("uname"),
        { uname: "echo FreeBSD" },
        /no build for FreeBSD, only for Linux and macOS/,
      ],
      [
        without("uname"),
        { uname: "case $1 in -s) echo Linux;; *) echo riscv64;; esac" },
        /no build for riscv64, only for x86_64 and arm64/,
      ],
      [
        without("getconf"),
        { getconf: "exit 1", ldd: 'echo "musl libc (x86_64)" >&2; exit 1' },
        /has musl in place of glibc, and perfmon needs glibc 2\.27 or later/,
      ],
      [
        without("getconf"),
        { getconf: "echo glibc 2.17" },
        /This system has glibc 2\.17, and perfmon needs 2\.27 or later/,
      ],
      [
        without("uname"),
        {
          uname: "case $1 in -s) echo Darwin;; *) echo arm64;; esac",
          sw_vers: "echo 11.7.10",
          sysctl: "exit 1",
        },
        /This is macOS 11\.7\.10, and perfmon needs 12 or later/,
      ],
    ];
    for (const [names, scripts, sentence] of cases) {
      using home = emptyHome();
      using tools = temporaryFolder();
      const path = programs(tools.path, names, scripts);
      const { stderr } = expectExit(
        await home.install(release.path, ["--from", server.url], path),
        1,
      );
      assertMatch(stderr, sentence);
      assertEquals(existsSync(`${home.path}/.local`), false);
    }
  },
);

testWith(
  ["curl", "getconf", "openssl"],
  "each way to sum up, and macOS's other name for its processor, will do",
  async () => {
    using release = temporaryFolder();
    await smallRelease(release.path);
    await using server = serveFolder(release.path);
    using home = emptyHome();
    using tools = temporaryFolder();
    const path = programs(tools.path, [...NEEDED.slice(1), "curl", "tar", "gzip", "openssl"], {
      uname: "case $1 in -s) echo Darwin;; *) echo x86_64;; esac",
      sw_vers: "echo 14.6",
      sysctl: "echo 1",
      gh: 'case "$1 $2" in "auth status") exit 0;; "attestation verify") echo "$*" >&2;; esac',
    });
    const { stdout, stderr } = expectExit(
      await home.install(release.path, ["--from", server.url], path),
      0,
    );
    assertMatch(stdout, /Downloading perfmon-\S+-aarch64-apple-darwin\.tar\.gz/);
    assertMatch(stderr, /^attestation verify \S+\.tar\.gz --repo me\/perfmon$/m);
  },
);

Deno.test("a prefix that can't be written is told before anything is downloaded", async () => {
  using release = temporaryFolder();
  using home = emptyHome();
  await smallRelease(release.path);
  const asked: string[] = [];
  await using server = serveFolder(release.path, (path) => {
    asked.push(path);
    return undefined;
  });
  Deno.writeTextFileSync(`${home.path}/file`, "");
  const readOnly = Deno.build.os === "linux" ? ["/proc"] : [];
  for (const prefix of [`${home.path}/file`, ...readOnly]) {
    const flags = ["--from", server.url, "--prefix", prefix];
    const { stderr } = expectExit(await home.install(release.path, flags), 1);
    const sentence = `Cannot write into "${prefix}/bin": give another folder with --prefix`;
    assertEquals(stderr, `install.sh: ${sentence}\n`);
  }
  assertEquals([asked, filesBelow(home.path)], [[], ["file"]]);
});

testWith("setsid", "an installation that is interrupted leaves what was there", async () => {
  using release = temporaryFolder();
  using home = emptyHome();
  await smallRelease(release.path);
  let isAsked = false;
  const never = new ReadableStream<Uint8Array<ArrayBuffer>>({ // begins, and never ends
    start: (controller) => controller.enqueue(new Uint8Array(10)),
  });
  await using server = serveFolder(release.path, (path) => {
    if (!path.endsWith(".tar.gz")) return undefined;
    isAsked = true;
    return new Response(never);
  });
  // As a terminal does: to all that runs in it.
  const child = new Deno.Command("setsid", {
    args: ["/bin/sh", `${release.path}/install.sh`, "--from", server.url],
    env: { HOME: home.path },
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  await waitFor(() => isAsked, "the archive is asked for");
  Deno.kill(-child.pid, "SIGTERM");
  assertEquals((await child.status).code, 143);
  assertEquals(filesBelow(home.path), []);
  assertEquals(existsSync(`${home.path}/.local`), false);
});

Deno.test("install.sh writes into no folder that has a file's name, and removes only folders that it made", async () => {
  using release = temporaryFolder();
  await smallRelease(release.path);
  await using server = serveFolder(release.path);
  for (const name of ["bin/perfmon", "share/man/man1/perfmon.1"]) {
    using home = emptyHome();
    Deno.mkdirSync(`${home.path}/elsewhere`);
    const path = `${home.path}/.local/${name}`;
    Deno.mkdirSync(path.slice(0, path.lastIndexOf("/")), { recursive: true });
    Deno.symlinkSync(`${home.path}/elsewhere`, path);
    const { stderr } = expectExit(await home.install(release.path, ["--from", server.url]), 1);
    assert(stderr.includes(`"${path}" is a folder`), stderr);
    assertEquals(filesBelow(home.path), [`.local/${name}`]);
  }
  using home = emptyHome();
  const empty = `${home.path}/.local/share/man`;
  Deno.mkdirSync(empty, { recursive: true });
  expectExit(await home.install(release.path, ["--from", `${server.url}/nowhere`]), 1);
  assertEquals([existsSync(empty), existsSync(`${home.path}/.local/bin`)], [true, false]);
});

Deno.test("install.sh follows no link of an archive, and removes what killed installations left", async () => {
  using release = temporaryFolder();
  using home = emptyHome();
  await smallRelease(release.path);
  const bin = `${home.path}/.local/bin`;
  Deno.mkdirSync(`${bin}/.perfmon-install.aaaaaa`, { recursive: true });
  Deno.mkdirSync(`${bin}/.perfmon-install.bbbbbb`);
  Deno.writeTextFileSync(`${bin}/.perfmon-install.aaaaaa/SHA256SUMS`, "");
  Deno.utimeSync(`${bin}/.perfmon-install.aaaaaa`, 0, 0);
  // A tar that puts a link in place of the man page.
  using tools = temporaryFolder();
  const tar = findProgram("tar") ?? "tar";
  const path = programs(tools.path, [], {
    tar: `${tar} "$@" && for man in "$4"/perfmon-*/perfmon.1; do ln -sf /etc/passwd "$man"; done`,
  });
  await using server = serveFolder(release.path);
  const flags = ["--from", server.url];
  const PATH = `${path}:${Deno.env.get("PATH")}`;
  const { stderr } = expectExit(await home.install(release.path, flags, PATH), 1);
  assertMatch(stderr, /\/perfmon\.1" of the archive is a link, or missing: nothing was changed/);
  assertEquals(Array.from(Deno.readDirSync(bin), ({ name }) => name), [".perfmon-install.bbbbbb"]);
});

Deno.test("half of the script does nothing", async () => {
  using release = temporaryFolder();
  using home = emptyHome();
  await smallRelease(release.path);
  const script = Deno.readTextFileSync(`${release.path}/install.sh`);
  Deno.writeTextFileSync(`${release.path}/install.sh`, script.slice(0, script.lastIndexOf("main")));
  assertEquals((await home.install(release.path, [])).stdout, "");
  assertEquals(filesBelow(home.path), []);
});
