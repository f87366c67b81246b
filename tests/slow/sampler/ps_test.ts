import { readStat, sampleLinux } from "../../../src/sampler/linux.ts";
import { parsePs, runPs, samplePs } from "../../../src/sampler/ps.ts";
import { descendants } from "../../../src/sampler/tree.ts";
import { assert, assertAlmostEquals, assertEquals } from "../../std/std_assert.ts";
import { descendantsByPs, ps, startProcess } from "../../kit/processes.ts";
import { procfs, testWith } from "../../kit/tools.ts";
import { waitFor } from "../../kit/waits.ts";

testWith(
  [procfs, "ps", "sh"],
  "/proc and ps agree on a live process and its descendants",
  async () => {
    const script = "i=0; while [ $i -lt 500000 ]; do i=$((i+1)); done; sleep 60 & echo; wait";
    await using process = startProcess("sh", "-c", `sh -c '${script}' & wait`);
    await process.stdout.getReader().read();
    const [worker = 0] = descendantsByPs(process.pid);
    await waitFor(() => descendantsByPs(process.pid).length === 2, "the sleep to start");
    for (const pid of [process.pid, worker]) {
      const byProc = sampleLinux(pid, descendants(pid, () => false));
      const processes = parsePs(runPs());
      const byPs = samplePs(pid, new Set(), processes);
      assertEquals(byProc.children, pid === worker ? 1 : 2);
      assertEquals(byPs.children, byProc.children);
      assertEquals(byPs.memoryRss, byProc.memoryRss);
      assertEquals(byPs.treeRss, byProc.treeRss);
      assertEquals(readStat(pid, "/proc").parent, pid === worker ? process.pid : Deno.pid);
      assertEquals(processes.get(pid)?.parent, pid === worker ? process.pid : Deno.pid);
      // ps cuts CPU time and start to whole seconds.
      assertAlmostEquals(byPs.cpuSeconds ?? 0, byProc.cpuSeconds ?? 0, 1.01);
      assertAlmostEquals(byPs.processStart ?? 0, byProc.processStart ?? 0, 1.5);
      assertAgreesWithPs(pid, byProc.cpuPercent ?? 0, byProc.memoryRss ?? 0);
    }
    assert((sampleLinux(worker, []).cpuSeconds ?? 0) > 0.1, "the worker has worked");
  },
);

/** The seed's own command: `ps -o %cpu= -o rss=`. */
function assertAgreesWithPs(pid: number, cpuPercent: number, memoryRss: number): void {
  const [percent, rss] = ps(["-o", "%cpu=,rss=", "-p", String(pid)]).trim().split(/\s+/).map(
    Number,
  );
  assertEquals(rss, memoryRss);
  // The lifetime grows meanwhile, and ps counts it in whole seconds in some versions.
  assertAlmostEquals(percent ?? -1, cpuPercent, 1 + 0.2 * cpuPercent);
}
