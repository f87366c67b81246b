/** Every command that shows something of a log, over the sample log, on three terminals, in colour and without. */
import { logText, writeLog } from "../../kit/log_files.ts";
import { expectExit, perfmon } from "../../kit/perfmon.ts";
import { call, end, start } from "../../kit/samples.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { expectText } from "../../kit/snapshot.ts";
import { assert, assertEquals, assertMatch } from "../../std/std_assert.ts";
import type { Sample } from "../../../src/row/sample.ts";
import { textWidth } from "../../../src/text/table.ts";

const EXAMPLES = Deno.realPathSync(`${import.meta.dirname}/../../../examples`);

const LINES: readonly (readonly [line: string, code?: number])[] = [
  ["report --all"],
  ["report --all --wide -n 6"],
  ["report --all --by tool"],
  ["report --all --by command"],
  ["report --all --by session"],
  ["report --all --by project"],
  ["report --all --by day"],
  ["report --all --by version"],
  ["report --all --by agent"],
  ["report --all --by server"],
  ["report --all --by turn"],
  ["report --all --by permission"],
  ["report 7d1f"],
  ["top --all"],
  ["top --all --by memory"],
  ["top --all --status error"],
  ["tail --all -n 10"],
  ["tail --all --status error"],
  ["running --all"],
  ["show worst"],
  ["show 7d1f"],
  ["show 7d1f.2"],
  ["check --all --max-duration 5s --max-failures 5%", 1],
];

/** On a terminal of this many lines the headline of a report is seen beside the shell's next line. */
const SIZES: readonly (readonly [width: number, height: number])[] = [[80, 24], [120, 30], [
  200,
  50,
]];

for (const [width, height] of SIZES) {
  for (const [line, code = 0] of LINES) {
    Deno.test(`perfmon ${line}, of the sample log on ${width}x${height}`, async (t) => {
      const say = async (color: string): Promise<string> => {
        const [command, ...flags] = line.split(" ");
        const utc = command === "check" ? [] : ["--utc"];
        const env = {
          LANG: "C.UTF-8",
          PERFMON_FILE: "performance.csv",
          ...{ COLUMNS: String(width), LINES: String(height) },
        };
        const args = [command!, ...flags, ...utc, "--color", color];
        return expectExit(await perfmon(args, { env, cwd: EXAMPLES }), code).stdout;
      };
      const [plain, colored] = [await say("never"), await say("always")];
      const lines = plain.split("\n");
      assertEquals(lines.filter((each) => textWidth(each) > width), []);
      if (line === "report --all") assert(lines.length <= height, `${lines.length} lines`);
      // Colour says nothing that words and figures don't.
      // deno-lint-ignore no-control-regex -- what sets parts of a text apart
      assertEquals(colored.replace(/\x1b\[\d+m/g, ""), plain);
      await expectText(t, plain);
      await expectText(t, colored.replaceAll("\x1b[", "{").replaceAll(/\{(\d+)m/g, "{$1}"));
    });
  }
}

Deno.test("on 60 columns no line is longer", async () => {
  for (const [line, code = 0] of LINES) {
    const env = { LANG: "C.UTF-8", PERFMON_FILE: "performance.csv", COLUMNS: "60" };
    const { stdout } = expectExit(await perfmon(line.split(" "), { env, cwd: EXAMPLES }), code);
    assertEquals(stdout.split("\n").filter((each) => textWidth(each) > 60), [], line);
  }
});

/** Work in the background that failed, beside a long call: each figure with its sign and as long as it comes. */
function wideRows(time: number): Sample[] {
  const rest = { sessionId: "5ac5b2c4", project: "perfmon-web" };
  const work = { ...rest, toolUseId: `b${time}`, command: "npm run build" };
  return [
    start(time, { ...work, childCpuSeconds: 1 }),
    end(time + 1, { ...work, childCpuSeconds: 724, status: "background", outputBytes: 123_456 }),
    { ...end(time + 2, work), event: "peak", peakPss: 1_200_000 },
    ...call(`c${time}`, time, time + 731, { ...rest, command: "git push", childCpuSeconds: 3 }),
    { ...end(time + 738, { ...work, status: "error", exitCode: 127 }), event: "done" },
  ];
}

Deno.test("on 60 columns no line is longer of work in the background, and of days long past", async () => {
  using folder = temporaryFolder();
  const now = Math.floor(Date.now() / 1000);
  const rows = [...wideRows(now - 70 * 86_400), ...wideRows(now - 3600)];
  const file = writeLog(folder.path, logText(rows));
  const lines = [
    ...["report", "report --by session", "report --by day", "tail", "top", "top --by cpu"],
    ...["top --by memory", "top --by output", "running --abandoned"],
  ];
  for (const width of [60, 80]) {
    const env = { LANG: "C.UTF-8", PERFMON_FILE: file, COLUMNS: String(width) };
    for (const line of lines) {
      const { stdout } = expectExit(await perfmon([...line.split(" "), "--all"], { env }), 0);
      assertEquals(stdout.split("\n").filter((each) => textWidth(each) > width), [], line);
    }
  }
});

Deno.test("a column that is sorted by takes the room of others, not of names", async () => {
  using folder = temporaryFolder();
  const file = writeLog(folder.path, logText(wideRows(Math.floor(Date.now() / 1000) - 3600)));
  const env = { LANG: "C.UTF-8", PERFMON_FILE: file, COLUMNS: "60" };
  for (const column of ["output", "growth", "share", "p99"]) {
    const { stdout } = expectExit(await perfmon(["report", "--sort", column], { env }), 0);
    assertMatch(stdout, /^npm run build /m, column);
    assertEquals(stdout.split("\n").filter((each) => textWidth(each) > 60), [], column);
  }
});

Deno.test("top --by gate has GATE, however narrow the terminal", async () => {
  const env = { PERFMON_FILE: "performance.csv", COLUMNS: "60" };
  const { stdout } = expectExit(
    await perfmon(["top", "--all", "--by", "gate"], { env, cwd: EXAMPLES }),
    0,
  );
  assertMatch(stdout, /^ID +DURATION +GATE /m);
});
