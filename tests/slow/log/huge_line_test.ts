/** Lines that no perfmon writes: a file that a crash filled with NUL bytes, a log that is none. */
import { MemoryGroup } from "../../kit/mounts.ts";
import { binary } from "../../kit/perfmon.ts";
import { memoryGroups, testWith } from "../../kit/tools.ts";
import { assert, assertEquals, assertStringIncludes } from "../../std/std_assert.ts";
import { HOUR_AGO, logText, toolsOf, writeLog } from "../../kit/log_files.ts";
import { call } from "../../kit/samples.ts";
import { allTools, appendRows, logIn, names, rotating } from "../../kit/numbered_rows.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { inQuietMoment } from "../../kit/waits.ts";

Deno.test(
  "a line of 64 MiB takes a rotation no longer than so many bytes do",
  inQuietMoment(async () => {
    using folder = temporaryFolder();
    const location = logIn(folder.path);
    await appendRows(location, 1, 1);
    Deno.truncateSync(location.path, 64 << 20); // NUL bytes, which take no room
    Deno.writeTextFileSync(location.path, "\n", { append: true });
    const before = performance.now();
    await appendRows(location, 2, 5, rotating(4, 3));
    const seconds = (performance.now() - before) / 1000;
    assert(seconds < 20, `${seconds} s`); // minutes, were the line copied anew for each 64 KiB
    assertEquals(toolsOf(location.path), ["t2", "t3", "t4", "t5"]);
    assertEquals(await allTools(location), names(5));
  }),
);

/** A log of two calls with a line of so many MiB between them. */
function logWithLine(folder: string, mebibytes: number): string {
  const log = writeLog(folder, logText(call("a", HOUR_AGO, HOUR_AGO + 1, { toolName: "First" })));
  Deno.truncateSync(log, mebibytes << 20);
  const behind = logText(call("b", HOUR_AGO + 2, HOUR_AGO + 3, { toolName: "Second" }));
  Deno.writeTextFileSync(log, "\n" + behind, { append: true });
  return log;
}

/** Commands that read a whole log, and what they say of one with a long line. */
const READERS: readonly (readonly [args: string[], says: string])[] = [
  [["report", "--all"], "1 bad row skipped"],
  [["report", "--all", "--session", "last"], "Second"],
  [["top", "--all"], "Second"],
  [["tail", "--all"], "Second"],
  [["tail", "--raw", "--all"], "1 bad row skipped"],
  [["status"], "1 bad row"],
  [["running"], "none running"],
  [["dashboard", "--all", "-o", "page.html"], "2 calls"],
  [["export", "csv"], "Second"],
  [["export", "json", "--calls"], "Second"],
  [["export", "prometheus"], 'tool="Second"'],
  [["check", "--all", "--max-duration", "1h"], "1 threshold kept"],
  [["profile", "save", "p", "--all"], "2 calls"],
  [["rec", "end", "--tool", "Third", "--max-lines", "3", "--keep", "2"], ""],
];

/** A log with a compressed segment of a call, and a line of so many MiB behind it. */
async function logWithPackedLine(folder: string, mebibytes: number): Promise<string> {
  const log = writeLog(
    folder,
    logText(call("b", HOUR_AGO + 2, HOUR_AGO + 3, { toolName: "Second" })),
  );
  const first = logText(call("a", HOUR_AGO, HOUR_AGO + 1, { toolName: "First" }));
  const history = log.replace(/csv$/, "d/history");
  Deno.mkdirSync(history, { recursive: true });
  const pieces = [
    new TextEncoder().encode(first),
    ...Array(mebibytes).fill(new Uint8Array(1 << 20)),
  ];
  const packed = ReadableStream.from(pieces).pipeThrough(new CompressionStream("gzip"));
  await Deno.writeFile(`${history}/00000001.csv.gz`, packed);
  return log;
}

/** Logs with such a line, and the readers that read all of it. */
const LOGS: Readonly<
  Record<string, (folder: string, mebibytes: number) => string | Promise<string>>
> = { log: logWithLine, "compressed segment": logWithPackedLine };

for (const [where, makeLog] of Object.entries(LOGS)) {
  testWith(
    memoryGroups,
    `a line of 600 MiB in a ${where} stops no command, which takes no memory for it`,
    async () => {
      using folder = temporaryFolder();
      const log = await makeLog(folder.path, 600);
      using group = new MemoryGroup(250e6);
      for (const [args, says] of READERS) {
        await expectRun(folder.path, group.path, [...args, "--file", log], says);
      }
    },
  );
}

async function expectRun(
  folder: string,
  group: string,
  args: string[],
  says: string,
): Promise<void> {
  const script = 'cd "$1"; echo $$ > "$2/cgroup.procs"; shift 2; exec timeout 60 "$@" </dev/null';
  const run = [folder, group, Deno.realPathSync(binary), ...args];
  const { code, stdout, stderr } = await new Deno.Command("sh", {
    args: ["-c", script, "sh", ...run],
    clearEnv: true,
    env: { PATH: Deno.env.get("PATH") ?? "", HOME: folder },
  }).output();
  const said = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  assertEquals(code, 0, `${args.join(" ")}: ${said.slice(0, 500)}`);
  assertStringIncludes(said, says, args.join(" "));
}
