import { findMonitored } from "../../../src/sampler/ancestry.ts";
import { sampleLinux } from "../../../src/sampler/linux.ts";
import { parseCpuTime, parsePs, runPs, samplePs } from "../../../src/sampler/ps.ts";
import { descendants } from "../../../src/sampler/tree.ts";
import { assertAlmostEquals, assertEquals } from "../../std/std_assert.ts";
import { CAPTURED, capturedPs, PROC } from "../../kit/captures.ts";
import { testWith } from "../../kit/tools.ts";

Deno.test("captured on Linux: every line of ps is a process", () => {
  const processes = parsePs(capturedPs("linux"));
  assertEquals(processes.size, 10);
  assertEquals(processes.get(CAPTURED.client), {
    pid: CAPTURED.client,
    parent: CAPTURED.hookShell,
    rss: 14144,
    cpuPercent: 19.6,
    cpuSeconds: 0,
    processStart: new Date(2026, 10, 22, 12, 58, 22).getTime() / 1000,
    command: "python3",
  });
  assertEquals(processes.get(CAPTURED.nasty)?.command, "(a b ) ( c d)");
});

Deno.test("captured on Linux: ps and /proc say the same of a tree at one moment", () => {
  const byPs = samplePs(CAPTURED.client, new Set(), parsePs(capturedPs("linux")));
  const byProc = sampleLinux(
    CAPTURED.client,
    descendants(CAPTURED.client, () => false, PROC),
    PROC,
  );
  assertEquals(
    [byPs.memoryRss, byPs.treeRss, byPs.children],
    [byProc.memoryRss, byProc.treeRss, byProc.children],
  );
  assertAlmostEquals(byPs.cpuPercent ?? 0, byProc.cpuPercent ?? 0, 1);
});

Deno.test("as on macOS: paths with blanks, minutes beyond an hour, a comma for the point", () => {
  const processes = parsePs(capturedPs("macos"));
  assertEquals(processes.size, 9);
  const electron = processes.get(512);
  assertEquals(electron?.command, "Electron");
  assertEquals(electron?.cpuPercent, 1.2);
  const claude = processes.get(802);
  assertEquals(claude?.cpuSeconds, 125 * 60 + 45.67);
  assertEquals(claude?.processStart, new Date(2025, 11, 1, 9, 3, 4).getTime() / 1000);
});

Deno.test("as on macOS: the client's tree is counted, perfmon, its shell and its ps left out", () => {
  const processes = parsePs(capturedPs("macos"));
  assertEquals(findMonitored(840, (pid) => processes.get(pid)), 802);
  assertEquals(samplePs(802, new Set([841, 840]), processes), {
    pid: 802,
    processStart: new Date(2025, 11, 1, 9, 3, 4).getTime() / 1000,
    cpuPercent: 113.7,
    memoryRss: 412880,
    cpuSeconds: 125 * 60 + 45.67,
    treeRss: 412880 + 51200 + 1024,
    children: 2,
  });
});

Deno.test("a command is its name, without the folder and the dash of a login shell", () => {
  const commands = ["dash", "-zsh", "/bin/bash", "-/usr/local/bin/fish", "busybox", "/a b/node-x"];
  const lines = commands.map((command, index) =>
    `${100 + index} ${101 + index} 1024 0.0 0:00.01 Mon Dec  1 09:20:00 2025     ${command}`
  );
  const processes = parsePs(lines.join("\n"));
  const names = [...processes.values()].map(({ command }) => command);
  assertEquals(names, ["dash", "zsh", "bash", "fish", "busybox", "node-x"]);
  assertEquals(findMonitored(100, (pid) => processes.get(pid)), 105);
});

Deno.test("CPU time is read in each of ps's shapes", () => {
  const cases: [string, number][] = [
    ["00:00:00", 0],
    ["00:01:02", 62],
    ["1-02:03:04", 93784],
    ["0:00.12", 0.12],
    ["3:12.41", 192.41],
    ["125:45.67", 7545.67],
    ["10:00", 600],
  ];
  for (const [text, seconds] of cases) assertAlmostEquals(parseCpuTime(text), seconds, 1e-6, text);
});

Deno.test("what is no line of ps is passed over", () => {
  assertEquals(parsePs("").size, 0);
  assertEquals(parsePs("ps: bad -o argument\n  1 0 x y z\n\n").size, 0);
});

testWith("ps", "ps lists this process as a child of its parent", () => {
  const processes = parsePs(runPs());
  assertEquals(processes.get(Deno.pid)?.parent, Deno.ppid);
});
