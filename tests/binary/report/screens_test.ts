/** What people see of a log with commands, turns and prompts, on terminals of 80, 120 and 200 columns. */
import type { EventKind, Sample } from "../../../src/row/sample.ts";
import { logText, writeLog } from "../../kit/log_files.ts";
import { expectExit, perfmon } from "../../kit/perfmon.ts";
import { commandSamples, start } from "../../kit/samples.ts";
import { expectText } from "../../kit/snapshot.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { assertEquals } from "../../std/std_assert.ts";
import { textWidth } from "../../../src/text/table.ts";

const SESSIONS = ["7d1f20c4", "a02c9911"];

function event(kind: EventKind, time: number, rest: Partial<Sample>): Sample {
  const { toolName = "unknown", ...others } = rest;
  return { ...start(time, { project: "api", ...others }), event: kind, toolName };
}

/** Of each session three turns, and before some calls a prompt of 2 s. */
function rows(): Sample[] {
  const calls = commandSamples().map((row) =>
    row.command === "git push" && row.event === "end" && row.durationMs !== undefined
      ? { ...row, durationMs: row.durationMs - 2000 }
      : row
  );
  const turns = SESSIONS.flatMap((sessionId) =>
    [990, 1800, 3000].flatMap((time) => [
      event("prompt", time, { sessionId }),
      event("stop", time + (time === 1800 ? 1100 : 700), { sessionId, status: "ok" }),
    ])
  );
  const asked = calls.filter(({ event, command }) => event === "start" && command === "git push")
    .map(({ timestamp, sessionId, command }) =>
      event("permission", timestamp + 0.1, { toolName: "Bash", sessionId, command })
    );
  return [...calls, ...turns, ...asked].sort((a, b) => a.timestamp - b.timestamp);
}

const LINES: readonly string[] = [
  "report",
  "report --by tool",
  "report --by command",
  "report --by turn",
  "report --by permission",
  "report 7d1f",
  "top",
  "top --by output -n 5",
  "tail",
  "show worst --no-transcript",
  "show 7d1f.1",
];

for (const [width, height] of [[80, 24], [120, 30], [200, 50]] as const) {
  for (const line of LINES) {
    Deno.test(`perfmon ${line}, on ${width}x${height}`, async (t) => {
      using folder = temporaryFolder();
      const file = writeLog(folder.path, logText(rows()));
      const args = line.split(" ");
      const all = args[0] === "show" || args.includes("7d1f") ? [] : ["--all"];
      const size = { COLUMNS: String(width), LINES: String(height) };
      const env = { LANG: "C.UTF-8", PERFMON_FILE: file, ...size };
      const { stdout } = expectExit(
        await perfmon([...args, ...all, "--utc"], { env }),
        0,
      );
      assertEquals(stdout.split("\n").filter((each) => textWidth(each) > width), []);
      await expectText(t, stdout);
    });
  }
}
