/** Each file of performance.d deleted, or something else in its place: no call of the log is lost, all commands answer. */
import { walkSync } from "@std/fs";
import { readLog } from "../../../src/log/read/read.ts";
import { resolveLog } from "../../../src/log/resolve.ts";
import { logOf, record, shell } from "../../kit/homes.ts";
import { must } from "../../kit/mounts.ts";
import { expectExit, perfmon } from "../../kit/perfmon.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { testWith } from "../../kit/tools.ts";
import { assert, assertEquals } from "../../std/std_assert.ts";

const LIMITS = ["--max-lines", "6", "--keep", "3"];

/** What can be in a file's place. */
const KINDS: Readonly<Record<string, (path: string) => void>> = {
  nothing: () => {},
  text: (path) => Deno.writeTextFileSync(path, "no state, {no json\n\0,\xff"),
  "a folder": (path) => Deno.mkdirSync(path),
  "a FIFO": (path) => must("mkfifo", [path]),
  "a link": (path) => Deno.symlinkSync("/dev/zero", path),
};

/** Files that are data: with them their own rows go, no others. */
const isData = (name: string): boolean => /^(history|imported|spool)/.test(name);

const json = (event: "Pre" | "Post", id: string): string =>
  JSON.stringify({
    hook_event_name: `${event}ToolUse`,
    session_id: "s",
    tool_name: "Bash",
    tool_use_id: id,
    duration_ms: 90_000,
  }) + "\n";

async function recordCall(home: string, id: string): Promise<void> {
  await record(home, ["start", ...LIMITS], { stdin: json("Pre", id) });
  const end = ["end", ...LIMITS, "--alert-duration", "99s"];
  await record(home, end, { stdin: json("Post", id) });
}

/** Makes a home in which every file of performance.d is there; eight calls are in its log and history. */
async function makeHome(home: string): Promise<string> {
  const folder = `${home}/.claude/performance.d`;
  for (let call = 1; call <= 7; call++) await recordCall(home, `t${call}`);
  await record(home, ["start", ...LIMITS], { stdin: json("Pre", "t8") });
  const alert = ["rec", "end", ...LIMITS, "--alert-duration", "1s"];
  expectExit(await perfmon(alert, { env: { HOME: home }, stdin: json("Post", "t8") }), 0);
  const commands = [
    ["hooks", "install", "--via", "spool"],
    ["hooks", "disable"],
    ["report", "--all"],
    ["profile", "save", "p", "--all"],
    ["export", "prometheus"],
    ["bench", "--rounds", "1"],
  ];
  for (const args of commands) {
    expectExit(await perfmon(args, { env: { HOME: home }, cwd: home }), 0);
  }
  await shell(
    home,
    `cd .claude/performance.d; mkdir -p spool; echo x >errors.log; echo x >errors.old.log
     head -n 2 ../performance.csv >imported.csv
     printf 'perfmon 1 9;;\\n%s' '${json("Pre", "t0")}' >spool/s.9.1.start`,
  );
  return folder;
}

/** What lies in performance.d, as ARCHITECTURE has it. */
const FILES: readonly string[] = [
  "lock",
  "history/00000002.csv.gz",
  "imported.csv",
  "spool",
  "state.json",
  "state.lock",
  "alerts.json",
  "cost.json",
  "profiles",
  "hooks.json",
  "errors.log",
  "errors.old.log",
];

/** Commands that read or write what begins with a name, besides those that every file is tried with. */
const COMMANDS: readonly (readonly [name: RegExp, ...commands: string[]])[] = [
  [/./, "report --all", "status"],
  [/^(errors|alerts|spool|lock)/, "doctor"],
  [/^(errors|state|history)/, "export prometheus"],
  [/^(lock|history|rotation)/, "clear --before 2001-01-01 --yes"],
  [/^profiles/, "profile save q --all", "profile show p"],
  [/^imported/, "import", "import --remove"],
  [/^cost/, "bench --rounds 1"],
  [/^(hooks|spool)/, "hooks enable", "hooks install --via spool", "hooks remove --everywhere"],
];

async function expectAnswers(home: string, name: string): Promise<void> {
  const commands = COMMANDS.flatMap(([names, ...commands]) => names.test(name) ? commands : []);
  for (const command of commands) {
    const options = { env: { HOME: home }, cwd: home };
    const { code, stderr } = await perfmon(command.split(" "), options);
    assert([0, 1, 65, 66, 74].includes(code), `perfmon ${command}: ${code} ${stderr}`);
    assert(!stderr.includes("Internal"), `perfmon ${command}: ${stderr}`);
  }
}

/** The ids of the calls whose start and end are in log and history. */
async function callsOf(home: string): Promise<string[]> {
  const { samples } = await readLog(resolveLog(logOf(home)), { history: true });
  const ids = (event: string): (string | undefined)[] =>
    samples.filter((sample) => sample.event === event).map(({ toolUseId }) => toolUseId);
  const ended = new Set(ids("end"));
  return [...new Set(ids("start"))].filter((id) => ended.has(id)).map(String);
}

testWith(
  "mkfifo",
  "whatever is in place of a file of performance.d, calls stay and commands answer",
  async (context) => {
    using base = temporaryFolder();
    const folder = await makeHome(base.path);
    const names = Array.from(walkSync(folder), ({ path }) => path.slice(folder.length + 1))
      .filter((name) => name !== "" && name !== "history/00000001.csv.gz");
    assertEquals(FILES.filter((name) => !names.includes(name)), [], "all of them are there");
    for (const name of [...names, "spool.closed", "rotation.tmp"]) {
      for (const [kind, put] of Object.entries(KINDS)) {
        await context.step(`${kind} in place of ${name}`, async () => {
          using copy = temporaryFolder();
          must("cp", ["-a", `${base.path}/.`, copy.path]);
          const path = `${copy.path}/.claude/performance.d/${name}`;
          must("rm", ["-rf", path]);
          const before = await callsOf(copy.path);
          if (!isData(name)) assertEquals(before.length, 8);
          put(path);
          for (const id of ["n1", "n2"]) await recordCall(copy.path, id);
          await expectAnswers(copy.path, name);
          const after = new Set(await callsOf(copy.path));
          assertEquals([...before, "n1", "n2"].filter((id) => !after.has(id)), []);
        });
      }
    }
  },
);

/** Files of performance.d that are no data. */
const PASSING: readonly string[] = [
  "lock",
  "lock",
  "lock",
  "rotation.tmp",
  "alerts.json",
  "errors.log",
  "errors.old.log",
  "state.json",
  "state.lock",
  "hooks.json",
  "cost.json",
];

/**
 * `rotation.tmp` is only deleted: what somebody puts there between a rotation's last look at it and its rename
 * becomes the log, as the kernel renames paths and not open files.
 */
testWith("mkfifo", "the same while hooks run: no call is lost", async () => {
  using home = temporaryFolder();
  await recordCall(home.path, "t0");
  const folder = `${home.path}/.claude/performance.d`;
  let isOver = false;
  const ids: string[] = ["t0"];
  const hooks = async (): Promise<void> => {
    while (!isOver) {
      const id = `t${ids.length}`;
      ids.push(id);
      await recordCall(home.path, id);
    }
  };
  const readers = async (): Promise<void> => {
    while (!isOver) {
      const options = { env: { HOME: home.path } };
      const { code } = await perfmon(["report", "--all"], options);
      assert([0, 66, 74].includes(code), `report: ${code}`);
    }
  };
  const running = Promise.all([hooks(), hooks(), hooks(), readers()]);
  const kinds = Object.values(KINDS);
  for (let turn = 0; turn < 120; turn++) {
    const name = PASSING[turn % PASSING.length]!;
    const put = kinds[turn % kinds.length]!;
    const path = `${folder}/${name}`;
    must("rm", ["-rf", path]);
    try {
      if (name !== "rotation.tmp") put(path);
    } catch {
      // A hook has made it again.
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
    must("rm", ["-rf", path]);
  }
  isOver = true;
  await running;
  const found = new Set(await callsOf(home.path));
  assertEquals(ids.filter((id) => !found.has(id)), []);
});
