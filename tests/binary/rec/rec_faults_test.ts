/** No room, no rights, no log: nobody is disturbed, and nothing that was there is harmed. */
import { assert, assertEquals, assertStringIncludes } from "../../std/std_assert.ts";
import { HOOK, logOf, record, run, whatStandsIn } from "../../kit/homes.ts";
import { binary, expectExit, perfmon } from "../../kit/perfmon.ts";
import { copyProgram } from "../../kit/processes.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { procfs, testWith, type Tool } from "../../kit/tools.ts";

/** Root may write anywhere, so it needs setpriv to become somebody else; others need nothing. */
const anotherUser: Tool[] = Deno.uid() === 0 ? ["setpriv"] : [];

/** Runs `rec` as a user without special rights, who may not write to the folder. */
async function recordWithoutRights(home: string, args: string[]): ReturnType<typeof run> {
  if (Deno.uid() !== 0) return await run(home, binary, ["rec", ...args]);
  // The binary may lie where only root can reach it.
  using copy = temporaryFolder();
  Deno.chmodSync(copy.path, 0o755);
  copyProgram(binary, `${copy.path}/perfmon`);
  const nobody = ["--reuid=65534", "--regid=65534", "--clear-groups"];
  return await run(home, "setpriv", [...nobody, `${copy.path}/perfmon`, "rec", ...args]);
}

testWith(
  anotherUser,
  "in a read-only folder nothing is recorded, and one line on stderr says so",
  async () => {
    using home = temporaryFolder();
    Deno.chmodSync(home.path, 0o555);
    const { stdout, stderr } = expectExit(
      await recordWithoutRights(home.path, ["end", "--tool", "x"]),
      0,
    );
    Deno.chmodSync(home.path, 0o755);
    assertEquals(stdout, "");
    assertStringIncludes(stderr, "nothing was recorded: ");
    assertEquals(stderr.trimEnd().split("\n").length, 1);
    assertEquals([...Deno.readDirSync(home.path)], []);
  },
);

testWith(
  anotherUser,
  "a log that may not be written stays as it was, and works again when it may",
  async () => {
    using home = temporaryFolder();
    await record(home.path, ["start"], { stdin: HOOK });
    const log = logOf(home.path);
    const before = Deno.readTextFileSync(log);
    const lock = log.replace(/csv$/, "d/lock");
    for (const [path, mode] of [[log, 0o444], [lock, 0o444], [home.path, 0o755]] as const) {
      Deno.chmodSync(path, mode);
    }
    for (const path of [log.replace(/csv$/, "d"), `${home.path}/.claude`]) {
      Deno.chmodSync(
        path,
        0o555,
      );
    }
    const { stdout, stderr } = expectExit(
      await recordWithoutRights(home.path, ["end", "--tool", "x"]),
      0,
    );
    assertEquals([stdout, stderr.trimEnd().split("\n").length], ["", 1]);
    assertEquals(Deno.readTextFileSync(log), before);
    for (const path of [`${home.path}/.claude`, log.replace(/csv$/, "d")]) {
      Deno.chmodSync(
        path,
        0o700,
      );
    }
    for (const path of [log, lock]) Deno.chmodSync(path, 0o600);
    const { rows, stderr: after } = await record(home.path, ["end"], { stdin: HOOK });
    assertEquals([rows.length, after], [2, ""]);
  },
);

Deno.test("a log that is a folder is left alone", async () => {
  using home = temporaryFolder();
  Deno.mkdirSync(`${logOf(home.path)}/inside`, { recursive: true });
  const { stderr } = await record(home.path, ["start"], { stdin: HOOK });
  assertStringIncludes(stderr, "it is a folder, no regular file");
  const left = [...Deno.readDirSync(`${home.path}/.claude`)].map((entry) => entry.name);
  assertEquals(left, ["performance.csv"]);
});

testWith("mkfifo", "a log that is a FIFO without a reader hangs nobody", async () => {
  using home = temporaryFolder();
  const fifo = `${home.path}/fifo.csv`;
  expectExit(await run(home.path, "mkfifo", [fifo]), 0);
  const options = { stdin: HOOK };
  const { stderr } = await record(home.path, ["end", "--file", fifo], options);
  assertStringIncludes(stderr, "it is a FIFO, no regular file");
});

testWith(
  "mkfifo",
  "a device, a FIFO or a folder as --file takes no row, and nothing is created beside it",
  async () => {
    using home = temporaryFolder();
    const paths = {
      device: "/dev/null",
      full: "/dev/full",
      fifo: `${home.path}/fifo.csv`,
      folder: `${home.path}/folder.csv`,
      link: `${home.path}/link.csv`,
    };
    expectExit(await run(home.path, "mkfifo", [paths.fifo]), 0);
    Deno.mkdirSync(paths.folder);
    Deno.symlinkSync("/dev/null", paths.link);
    for (const path of Object.values(paths)) {
      for (const event of ["start", "end"]) {
        const before = whatLiesBeside(path);
        const options = { stdin: HOOK };
        const { stderr } = await record(home.path, [event, "--file", path], options);
        assertStringIncludes(stderr, `perfmon: rec ${event}: nothing was recorded: Cannot use "`);
        assertStringIncludes(stderr, ", no regular file\n");
        assertEquals(stderr.split("\n").length, 2, "one line");
        assertEquals(whatLiesBeside(path), before);
      }
    }
    assertEquals([...Deno.readDirSync(paths.folder)], []);
  },
);

testWith(
  [procfs, "sh"],
  "a name of what the system keeps takes no row, also where a regular file is behind it",
  async () => {
    using home = temporaryFolder();
    const link = `${home.path}/link.csv`;
    const out = `${home.path}/out.txt`;
    const others = ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1", "/proc/self/mem", link];
    Deno.symlinkSync("/dev/stdout", link);
    for (const path of others) {
      for (const event of ["start", "end", "drain"]) {
        const script = '"$1" rec "$2" --file "$3" > "$4"';
        const run_ = ["-c", script, "sh", binary, event, path, out];
        const { stderr } = expectExit(await run(home.path, "sh", run_, { stdin: HOOK }), 0);
        assertStringIncludes(stderr, ` Cannot use "${path}" as the log: it is `);
        assertEquals(stderr.split("\n").length, 2, "one line");
        assertEquals(Deno.readTextFileSync(out), "", `${event} ${path}`);
      }
    }
    const left = [...Deno.readDirSync(home.path)].map(({ name }) => name).toSorted();
    assertEquals(left, ["link.csv", "out.txt"]);
  },
);

/** The names in the folder of a path that has this path's stem. */
function whatLiesBeside(path: string): string[] {
  const slash = path.lastIndexOf("/");
  const stem = path.slice(slash + 1).replace(/\.csv$/, "");
  return [...Deno.readDirSync(path.slice(0, slash) || "/")].map((entry) => entry.name)
    .filter((name) => name.startsWith(stem)).toSorted();
}

testWith(
  "mkfifo",
  "a log that a FIFO or a device has taken the place of takes no row, and hangs nobody",
  async () => {
    using home = temporaryFolder();
    const log = logOf(home.path);
    for (const replace of ["mkfifo", "ln"]) {
      await record(home.path, ["end"], { stdin: HOOK });
      Deno.removeSync(log);
      const args = replace === "ln" ? ["-s", "/dev/full", log] : [log];
      expectExit(await run(home.path, replace, args), 0);
      for (const event of ["start", "end"]) {
        const options = { stdin: HOOK };
        const { stderr } = await record(home.path, [event], options);
        assertStringIncludes(stderr, "nothing was recorded: ");
        assertEquals(stderr.split("\n").length, 2, "one line");
      }
      Deno.removeSync(log);
    }
    const { rows, stderr } = await record(home.path, ["end"], { stdin: HOOK });
    assertEquals([rows.length, stderr], [1, ""]);
  },
);

testWith(
  "mkfifo",
  "an error log, a lock or a temporary file that is a FIFO hangs nobody, and the row is there",
  async () => {
    for (const name of ["errors.log", "lock", "rotation.tmp"]) {
      using home = temporaryFolder();
      const folder = `${home.path}/.claude/performance.d`;
      Deno.mkdirSync(folder, { recursive: true });
      expectExit(await run(home.path, "mkfifo", [`${folder}/${name}`]), 0);
      const limits = ["--max-lines", "1", "--keep", "0", "--bogus"];
      const options = { stdin: HOOK };
      await record(home.path, ["end", ...limits], options);
      const { rows } = await record(home.path, ["start", ...limits], options);
      assertEquals(rows.length, 2, name);
    }
  },
);

Deno.test("a lock that is a folder does not keep the row out", async () => {
  using home = temporaryFolder();
  Deno.mkdirSync(`${home.path}/.claude/performance.d/lock`, { recursive: true });
  const { rows, errors } = await record(home.path, ["end"], { stdin: HOOK });
  assertEquals(rows.length, 1);
  assertStringIncludes(errors[0] ?? "", "the lock can't be opened, appended without it");
});

Deno.test("with HOME unset nothing is recorded, unless a file is named", async () => {
  using home = temporaryFolder();
  const { stderr } = await record(home.path, ["start"], { stdin: HOOK, env: { HOME: "" } });
  assertStringIncludes(stderr, "HOME is not set; give --file or set PERFMON_FILE");
  const env = { HOME: "", PERFMON_FILE: logOf(home.path) };
  const { rows } = await record(home.path, ["start"], { stdin: HOOK, env });
  assertEquals(rows.length, 1);
});

testWith(
  "env",
  "with an empty environment nothing is recorded, and nobody is disturbed",
  async () => {
    using home = temporaryFolder();
    const args = ["-i", binary, "rec", "start", "--tool", "x"];
    const { stdout, stderr } = expectExit(await run(home.path, "env", args), 0);
    assertEquals(stdout, "");
    assertStringIncludes(stderr, "HOME is not set");
    assertEquals(whatStandsIn(home.path).rows, []);
  },
);

/** One list of arguments a line, of every kind that a person or a broken configuration may give. */
const SILLY: string[][] = [
  ["rec"],
  ["rec", "begin"],
  ["rec", "start", "end"],
  ["rec", "start", "--file"],
  ["rec", "start", "--file", ""],
  ["rec", "start", "--file", "/"],
  ["rec", "end", "--file", "x".repeat(5000)],
  ["rec", "--help"],
  ["rec", "start", "-h"],
  ["rec", "--layout", "wide", "--bogus", "--help", "7"],
  ["rec", "end", "--max-lines", "99999999999999999999"],
  ["rec", "end", "--keep", "-1", "--max-lines", "0"],
  ["rec", "start", "--pid", "1e5", "--layout", "", "--history", "-1d", "--params=no"],
  ["rec", "__proto__"],
  ["--bogus"],
  ["-"],
  ["--"],
  [""],
  ["nonsense"],
  ["__proto__"],
  ["constructor"],
  ["help", "nonsense"],
  ["help", "rec"],
  ["--version", "--help"],
  ["--help", "nonsense"],
  ["report", "--since", "the day before"],
  ["report", "--nonsense", "1"],
  ["report", "extra", "words"],
  ["report", "--file", "/"],
  ["top", "-n", "many"],
  ["tail", "-n", "-1"],
  ["status", "--json", "--csv", "--bogus"],
  ["clear", "--file", "/nowhere/x.csv"],
];

for (const args of SILLY) {
  Deno.test(`never exit status 2: perfmon ${JSON.stringify(args).slice(1, 90)}`, async () => {
    using home = temporaryFolder();
    const { code, stderr } = await perfmon(args, { env: { HOME: home.path } });
    assert([0, 1, 64, 65, 66, 74].includes(code), `exit status ${code}`);
    if (args[0] === "rec") assertEquals(code, 0);
    assert(!/\bat .*:\d+:\d+|Internal error/.test(stderr), `no stack trace: ${stderr}`);
  });
}
