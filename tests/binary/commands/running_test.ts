import { assertEquals, assertMatch, assertStringIncludes } from "../../std/std_assert.ts";
import { formatRow, FULL_COLUMNS, FULL_HEADER } from "../../../src/row/columns.ts";
import type { Sample } from "../../../src/row/sample.ts";
import { sampleLinux } from "../../../src/sampler/linux.ts";
import { logText, RECENT, writeLog } from "../../kit/log_files.ts";
import { binary, expectExit, perfmon } from "../../kit/perfmon.ts";
import { must } from "../../kit/mounts.ts";
import { descendantsByPs, readProc, startProcess } from "../../kit/processes.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { procfs, testWith } from "../../kit/tools.ts";
import { waitFor } from "../../kit/waits.ts";

const UTF8 = { LANG: "C.UTF-8" };

/** Whether a process has a child of that name; with CPU seconds, one that has used as many. */
function hasChild(pid: number, name: string, cpuSeconds = 0): boolean {
  const pids = readProc(pid, `task/${pid}/children`).trim().split(" ");
  return pids.some((each) => {
    try {
      return readProc(Number(each), "comm").trim() === name &&
        (sampleLinux(Number(each), []).cpuSeconds ?? 0) >= cpuSeconds;
    } catch {
      return false; // it ended meanwhile
    }
  });
}

testWith(
  [procfs, "mkfifo", "ps", "sh", "sleep"],
  "running: what a call's children do now, and what an ended call left behind",
  async () => {
    using folder = temporaryFolder();
    const go = `${folder.path}/go`;
    must("mkfifo", [go]);
    const began = Date.now() / 1000 - 0.1;
    // A stand-in for the client: `sleep` is left behind by the first call, the loop is the second one's.
    await using client = startProcess(
      "sh",
      "-c",
      `sleep 3600 & read -r line <'${go}'; (while :; do :; done) & wait`,
    );
    await waitFor(() => hasChild(client.pid, "sleep"), "the first child");
    const ended = Date.now() / 1000 + 0.1;
    const usage = sampleLinux(client.pid, []);
    const row = (timestamp: number, event: "start" | "end", rest: Partial<Sample>): Sample => ({
      ...usage,
      timestamp,
      event,
      toolName: "Bash",
      sessionId: "7d1f20c4",
      project: "api",
      ...rest,
    });
    const rows = [
      row(began, "start", { toolUseId: "a", children: 0 }),
      row(ended, "end", { toolUseId: "a", children: 1, status: "ok" }),
      row(ended + 0.05, "start", { toolUseId: "b", children: 1 }),
    ];
    await waitFor(() => Date.now() / 1000 > ended + 0.1, "the second call");
    Deno.writeTextFileSync(go, "\n");

    const file = `${folder.path}/performance.csv`;
    const text = rows.map((each) => formatRow(each, FULL_COLUMNS)).join("");
    Deno.writeTextFileSync(file, `${FULL_HEADER}\n${text}`);
    // Not any child called sh: between fork and exec `sleep` is one too.
    await waitFor(() => hasChild(client.pid, "sh", 0.1), "the second child to work");
    const shown = expectExit(await perfmon(["running", "--file", file], { env: UTF8 }), 0).stdout;
    assertMatch(shown, new RegExp(`Bash +7d1f +api +${client.pid} +busy: sh, \\d+% CPU`));
    assertMatch(
      shown,
      /Left behind by calls that ended\nID +AGE .*\n.* Bash +7d1f +api +kill \d+ +sleep, 0% CPU/,
    );
    assertStringIncludes(shown, "Last 7 days: 1 running, 1 left behind; 0 starts abandoned\n");
    const json = JSON.parse((await perfmon(["running", "--json", "--file", file])).stdout);
    assertEquals([json.running.length, json.left_behind.length], [1, 1]);
    assertEquals(json.left_behind[0].command, "sleep");
    const story = expectExit(await perfmon(["report", "last", "--file", file], { env: UTF8 }), 0);
    assertMatch(story.stdout, /^Left +sleep \(pid \d+\) from Bash at \d\d:\d\d, still running$/m);
  },
);

testWith(
  [procfs, "mkfifo", "ps", "sh"],
  "running: a hook that is at work beside a call is not what the call does",
  async () => {
    using folder = temporaryFolder();
    const began = Date.now() / 1000 - 0.1;
    const program = Deno.realPathSync(binary);
    must("mkfifo", [`${folder.path}/input`]);
    // Nothing comes; it is stopped before it waits no longer: a hook's shell and its perfmon stay.
    const hook = `'${program}' rec end <>'${folder.path}/input'; :`;
    const env = `HOME='${folder.path}' CLAUDE_CODE_SESSION_ID=7d1f20c4`;
    await using client = startProcess("sh", "-c", `${env} sh -c "${hook}" & wait`);
    const recorder = (): number | undefined =>
      descendantsByPs(client.pid).find((pid) => readProc(pid, "comm").trim() === "perfmon");
    await waitFor(() => recorder() !== undefined, "the hook");
    Deno.kill(recorder() ?? 0, "SIGSTOP");
    const sample: Sample = {
      ...sampleLinux(client.pid, []),
      timestamp: began,
      event: "start",
      toolName: "Bash",
      sessionId: "7d1f20c4",
    };
    const file = `${folder.path}/performance.csv`;
    Deno.writeTextFileSync(file, `${FULL_HEADER}\n${formatRow(sample, FULL_COLUMNS)}`);
    const { stdout } = await perfmon(["running", "--json", "--file", file]);
    const { running: [call], left_behind } = JSON.parse(stdout);
    assertEquals([call.command, left_behind], [null, []], stdout);
  },
);

Deno.test("running: nothing runs, no log, an empty log", async () => {
  using folder = temporaryFolder();
  const file = writeLog(folder.path, logText(RECENT));
  const none = expectExit(await perfmon(["running", "--file", file]), 0);
  assertEquals(
    none.stdout,
    "Last 7 days: none running, none left behind; 0 starts abandoned\n",
  );
  Deno.writeTextFileSync(file, "");
  assertStringIncludes(
    expectExit(await perfmon(["running", "--file", file]), 0).stdout,
    "none running",
  );
  const missing = expectExit(await perfmon(["running", "--file", `${folder.path}/no.csv`]), 66);
  assertStringIncludes(missing.stderr, "Cannot find the log");
});

Deno.test("running: a start whose process is gone was abandoned", {
  ignore: Deno.build.os !== "linux",
}, async () => {
  using folder = temporaryFolder();
  // Process 100 of 1970 (see `start`) is not the one that may live now.
  const file = writeLog(folder.path, logText(RECENT.slice(0, 3)));
  const text = expectExit(await perfmon(["running", "--abandoned", "--file", file]), 0).stdout;
  assertStringIncludes(text, "none running, none left behind; 1 start abandoned\n");
  assertMatch(text, /^Abandoned starts\nWHEN +ID +TOOL +SESSION +PROJECT +PID$/m);
  const csv = expectExit(await perfmon(["running", "--abandoned", "--csv", "--file", file]), 0);
  assertMatch(csv.stdout, /^kind,.*\nabandoned,,Read,aaaa1111,api,100,/);
});
