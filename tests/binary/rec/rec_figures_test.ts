/** What `rec` says of a process, against what the kernel says of it. */
import { record, run, whatStandsIn } from "../../kit/homes.ts";
import { binary } from "../../kit/perfmon.ts";
import {
  kernelCpuSeconds,
  kernelRss,
  type LiveProcess,
  ps,
  readProc,
  startProcess,
} from "../../kit/processes.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { procfs, testWith } from "../../kit/tools.ts";
import { inQuietMoment, waitFor } from "../../kit/waits.ts";
import {
  assertAlmostEquals,
  assertEquals,
  assertGreater,
  assertLess,
} from "../../std/std_assert.ts";

const MEBIBYTE = 1024; // in KiB

/** The figures that `rec start --pid` records of a process. */
async function figuresOf(pid: number, event = "end"): Promise<Record<string, number>> {
  using home = temporaryFolder();
  const { rows, errors } = await record(home.path, [event, "--tool", "x", "--pid", `${pid}`]);
  assertEquals(errors, []);
  return Object.fromEntries(Object.entries(rows[0]!).map(([name, cell]) => [name, Number(cell)]));
}

/** Holds so many MiB: `dd` reads them into one block, and nobody takes the block from it. */
function holdMemory(mebibytes: number): LiveProcess {
  return startProcess("dd", "if=/dev/zero", `bs=${mebibytes}M`, "count=1");
}

function withinPercent(actual: number, expected: number, percent: number, what: string): void {
  assertAlmostEquals(actual, expected, expected * percent / 100, what);
}

testWith(
  [procfs, "ps", "sh"],
  "a process that burned a core for 2 s has the CPU seconds that the kernel counts",
  inQuietMoment(async () => {
    await using process = startProcess("sh", "-c", "while :; do :; done");
    await waitFor(() => kernelCpuSeconds(process.pid) >= 2, "2 s of CPU");
    await process.freeze();
    const figures = await figuresOf(process.pid);
    withinPercent(figures["cpu_seconds"]!, kernelCpuSeconds(process.pid), 5, "cpu_seconds");
    assertGreater(figures["cpu_seconds"]!, 1.9);
    assertEquals(figures["child_cpu_seconds"], 0);
    const percent = Number(ps(["-o", "%cpu=", "-p", `${process.pid}`]));
    withinPercent(figures["cpu_percent"]!, percent, 20, "cpu_percent");
  }),
);

testWith(
  [procfs, "ps", "dd"],
  "a process that holds 200 MiB has the memory that the kernel counts",
  async () => {
    await using process = holdMemory(200);
    await waitFor(() => kernelRss(process.pid) > 200 * MEBIBYTE, "200 MiB");
    const figures = await figuresOf(process.pid);
    withinPercent(figures["memory_rss"]!, kernelRss(process.pid), 5, "memory_rss");
    withinPercent(figures["memory_rss"]!, 200 * MEBIBYTE, 5, "memory_rss");
    const rss = Number(ps(["-o", "rss=", "-p", `${process.pid}`]));
    assertEquals([figures["memory_rss"], figures["tree_rss"], figures["children"]], [rss, rss, 0]);
  },
);

testWith(
  [procfs, "ps", "bash"],
  "the CPU of children that a process has waited for is in child_cpu_seconds",
  async () => {
    const work = "i=0; while [ $i -lt 400000 ]; do i=$((i+1)); done";
    await using process = startProcess(
      "bash",
      "-c",
      `bash -c '${work}'; times; read < <(sleep 600)`,
    );
    // The second line of `times`: user and system time of its children, as times(2) has them.
    const [, line = ""] = await firstLines(process, 2);
    const [user = 0, system = 0] = [...line.matchAll(/(\d+)m([\d.]+)s/g)]
      .map(([, minutes, seconds]) => 60 * Number(minutes) + Number(seconds));
    const figures = await figuresOf(process.pid);
    assertGreater(user + system, 0.2);
    assertAlmostEquals(figures["child_cpu_seconds"]!, user + system, 0.021);
  },
);

testWith(
  [procfs, "ps"],
  "a start's child_cpu_seconds has what its hook used: the client waits for it, and no call did it",
  async () => {
    await using process = startProcess("sleep", "60");
    assertEquals((await figuresOf(process.pid))["child_cpu_seconds"], 0);
    assertGreater((await figuresOf(process.pid, "start"))["child_cpu_seconds"]!, 0);
  },
);

/** The first lines that a process prints. */
async function firstLines(process: LiveProcess, count: number): Promise<string[]> {
  let text = "";
  for await (const bytes of process.stdout.values({ preventCancel: true })) {
    text += new TextDecoder().decode(bytes);
    if (text.split("\n").length > count) break;
  }
  return text.split("\n").slice(0, count);
}

testWith(
  [procfs, "ps", "sh", "dd", "sleep"],
  "tree memory and children count the whole tree below a process",
  async () => {
    const script = "sh -c 'dd if=/dev/zero bs=50M count=1 | sleep 600 & wait' & sleep 600 & wait";
    await using process = startProcess("sh", "-c", script);
    const tree = (): number[] => below(process.pid);
    await waitFor(() => {
      const commands = tree().map((pid) => readProc(pid, "comm").trim()).toSorted();
      return commands.join(" ") === "dd sh sleep sleep";
    }, "the tree");
    const dd = tree().find((pid) => readProc(pid, "comm").trim() === "dd")!;
    await waitFor(() => kernelRss(dd) > 50 * MEBIBYTE, "50 MiB");
    const figures = await figuresOf(process.pid);
    assertEquals(figures["children"], 4);
    const all = [process.pid, ...tree()].reduce((sum, pid) => sum + kernelRss(pid), 0);
    withinPercent(figures["tree_rss"]!, all, 5, "tree_rss");
    withinPercent(figures["memory_rss"]!, kernelRss(process.pid), 5, "memory_rss");
    assertGreater(figures["tree_rss"]!, figures["memory_rss"]! + 50 * MEBIBYTE);
  },
);

/** The descendants by the kernel's own lists, read apart from the code under test. */
function below(pid: number): number[] {
  const children = readProc(pid, `task/${pid}/children`).trim();
  return children === "" ? [] : children.split(" ").map(Number)
    .flatMap((child) => [child, ...below(child)]);
}

testWith(
  [procfs, "timeout", "sh", "sleep"],
  "perfmon and the shell that runs it are no children of the client",
  async () => {
    using home = temporaryFolder();
    // `timeout` is the client: the first ancestor that is no shell. Its tool is `sleep`.
    const hook = `sleep 600 & sh -c '"$PERFMON" rec start --tool x; true'; kill $!`;
    await run(home.path, "timeout", ["60", "sh", "-c", hook]);
    const { rows, errors } = whatStandsIn(home.path);
    assertEquals(errors, []);
    // Below the outer shell, which is perfmon's own, nothing is the tool's doing.
    assertEquals(rows.map((row) => row["children"]), ["0"]);
    assertEquals(rows[0]?.["tree_rss"], rows[0]?.["memory_rss"]);
  },
);

testWith(
  [procfs, "ps", "sh", "sleep", "xargs"],
  "other children of the client are counted, perfmon's own shell is not",
  async () => {
    using home = temporaryFolder();
    // `xargs` is the client, which starts both at once: a tool, and the shell of a hook.
    const tool = "echo $$ > pid; exec sleep 600";
    const hook = 'until [ -s pid ]; do :; done; "$PERFMON" rec start --tool x; ' +
      "echo $PPID; kill $(cat pid)";
    const client = `printf '%s\\0' "$@" | xargs -0 -n 1 -P 2 sh -c`;
    const { stdout } = await run(home.path, "sh", ["-c", client, "sh", tool, hook]);
    const { rows } = whatStandsIn(home.path);
    assertEquals(rows.map(({ pid, children }) => [pid, children]), [[stdout.trim(), "1"]]);
  },
);

testWith(
  [procfs, "ps", "sh", "sleep"],
  "the perfmon of another hook that runs at the same moment is no child of the client",
  async () => {
    using home = temporaryFolder();
    // It waits for its stdin meanwhile.
    const hook = `sleep 600 | HOME=${home.path} "${binary}" rec start`;
    await using process = startProcess("sh", "-c", `${hook}; true`);
    const isOther = (pid: number): boolean => readProc(pid, "comm").trim() === "perfmon";
    await waitFor(() => below(process.pid).some(isOther), "the other hook");
    const figures = await figuresOf(process.pid);
    assertEquals(figures["children"], 1);
  },
);

testWith(
  [procfs, "ps", "sleep"],
  "a process's start tells it from a later one with its pid",
  async () => {
    const before = Date.now() / 1000;
    await using process = startProcess("sleep", "600");
    const after = Date.now() / 1000;
    const figures = await figuresOf(process.pid);
    assertEquals(figures["pid"], process.pid);
    // The kernel's boot time is known to the second.
    assertGreater(figures["process_start"]!, before - 1.1);
    assertLess(figures["process_start"]!, after + 1.1);
    assertEquals((await figuresOf(process.pid))["process_start"], figures["process_start"]);
  },
);

testWith(
  [procfs, "python3"],
  "a process that has ended, and that nobody has waited for yet, is no child",
  async () => {
    const script = "import os, time; os.fork() or os._exit(0); time.sleep(600)";
    await using process = startProcess("python3", "-c", script);
    const children = `/proc/${process.pid}/task/${process.pid}/children`;
    const child = (): string => Deno.readTextFileSync(children).trim();
    await waitFor(
      () => child() !== "" && / Z /.test(readProc(Number(child()), "stat")),
      "a zombie",
    );
    assertEquals((await figuresOf(process.pid))["children"], 0);
  },
);
