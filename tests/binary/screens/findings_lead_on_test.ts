/** Each finding of a report ends with a command line: run as it stands, it shows the calls that the finding is about. */
import type { Sample } from "../../../src/row/sample.ts";
import { sampleLinux } from "../../../src/sampler/linux.ts";
import { logText, writeLog } from "../../kit/log_files.ts";
import { binary, expectExit, perfmon } from "../../kit/perfmon.ts";
import { call, end, start } from "../../kit/samples.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { procfs, testWith } from "../../kit/tools.ts";
import { assert, assertEquals, assertMatch, assertStringIncludes } from "../../std/std_assert.ts";

const SAMPLE_LOG = Deno.realPathSync(`${import.meta.dirname}/../../../examples/performance.csv`);

/** A call as JSON has it, as far as findings name calls. */
interface JsonCall {
  readonly id: string;
  readonly tool: string;
  readonly command: string | null;
  readonly status: string;
  readonly session_id: string;
  readonly peak_kib: number | null;
}

interface Finding {
  readonly label: string;
  /** What it is about: the name before the colon. */
  readonly name: string;
  readonly command: string;
}

/** The findings of a report, each with its command line, which may stand below it and be broken. */
function findingsOf(report: string): Finding[] {
  const text = report.replaceAll(/ \\\n +/g, " ");
  const lines = text.slice(text.search(/^All /m)).split("\n");
  let label = "";
  let name = "";
  return lines.flatMap((line) => {
    const [, word = label, what = name] = /^([A-Z]\w+)? +(?:(?!perfmon)([^:]+): )?/.exec(line) ??
      [];
    label = word;
    name = what;
    const [command] = /\bperfmon (report|top|running)\b.*$/.exec(line) ?? [];
    return command === undefined ? [] : [{ label, name, command }];
  });
}

/** Runs a command line in a shell, with more flags behind it; returns its output. */
async function runInShell(line: string, folder: string): Promise<string> {
  const run = await new Deno.Command("sh", {
    args: ["-c", `perfmon() { "${Deno.realPathSync(binary)}" "$@"; }; ${line}`],
    clearEnv: true,
    env: { PATH: Deno.env.get("PATH") ?? "", HOME: folder, TZ: "UTC", LANG: "C.UTF-8" },
  }).output();
  const decoder = new TextDecoder();
  assertEquals([run.code, decoder.decode(run.stderr)], [0, ""], line);
  return decoder.decode(run.stdout);
}

async function callsOf(args: readonly string[]): Promise<JsonCall[]> {
  const run = await perfmon(["tail", "-n", "100000", ...args, "--json"]);
  return JSON.parse(expectExit(run, 0).stdout).calls;
}

const idsOf = (calls: readonly JsonCall[]): string[] => calls.map(({ id }) => id).sort();

/** Runs the command of each finding of a report on a log; returns the findings' labels. */
async function follow(args: readonly string[], form: readonly string[] = []): Promise<string[]> {
  using folder = temporaryFolder();
  const report = await perfmon(["report", ...form, ...args], { env: { LANG: "C.UTF-8" } });
  const found = findingsOf(expectExit(report, 0).stdout);
  const all = await callsOf(args);
  for (const { label, name, command } of found) {
    const isNamed = (call: JsonCall): boolean =>
      (call.command ?? call.tool) === name || call.tool === name ||
      call.tool.startsWith(`mcp__${name}__`);
    const about = all.filter(isNamed).filter(({ status }) => status !== "running")
      .filter(({ status }) => label !== "Failing" || status === "error")
      .filter(({ peak_kib }) => label !== "Memory" || peak_kib !== null);
    if (command.startsWith("perfmon top")) {
      const shown = JSON.parse(await runInShell(`${command} -n 100000 --json`, folder.path));
      assert(about.length > 0, `${label} ${name}`);
      assertEquals(idsOf(shown.calls), idsOf(about), command);
    } else if (label === "Running") {
      const { running } = JSON.parse(await runInShell(`${command} --json`, folder.path));
      assertEquals(
        idsOf(running),
        idsOf(all.filter(({ status }) => status === "running")),
        command,
      );
    } else if (label === "Grew" || label === "Growing") {
      const { session } = JSON.parse(await runInShell(`${command} --json`, folder.path));
      assertStringIncludes(session.session_id, name.split(" ")[1] ?? "?");
    } else if (label === "Changed") {
      const shown = JSON.parse(await runInShell(`${command} --json`, folder.path));
      const ended = all.filter(({ tool, status }) => tool === "Bash" && status !== "running");
      assertEquals(shown.all.calls, ended.length, command);
    } else {
      const [turns] = name.split(",");
      const title = label === "Time" ? `: ${turns}$` : ": \\d+ permission requests?$";
      assertMatch(await runInShell(command, folder.path), new RegExp(title, "m"));
    }
  }
  return found.map(({ label }) => label);
}

Deno.test("of the sample log", async () => {
  const labels = ["Time", "Prompts", "Failing", "Slow", "Gate", "Grew"];
  assertEquals(await follow(["--all", "--file", SAMPLE_LOG]), labels);
});

for (const form of [[], ["--by", "tool"]]) {
  for (
    const filter of [
      ["--project", "web"],
      ["--tool", "Bash"],
      ["--command", "*g*"],
      ["--session", "7d1f", "--sort", "calls"],
      ["--since", "2026-11-17", "--until", "2026-11-17", "--utc"],
      ["--status", "error"],
    ]
  ) {
    Deno.test(`of a report ${[...form, ...filter].join(" ")}, within what was asked for`, async () => {
      const isSession = filter.includes("--session");
      const asked = isSession ? filter.slice(0, 2) : filter;
      const all = filter.includes("--since") ? [] : ["--all"];
      const labels = await follow(
        [...asked, ...all, "--file", SAMPLE_LOG],
        isSession ? [...form, "--sort", "calls"] : form,
      );
      assert(labels.length > 1, String(labels));
    });
  }
}

testWith(
  [procfs],
  "of turns, prompts, memory, a call that runs, and a tool that became slower",
  async () => {
    using folder = temporaryFolder();
    const now = Math.floor(Date.now() / 1000);
    const [client, rest] = [sampleLinux(Deno.pid, []), { sessionId: "7d1f20c4", project: "api" }];
    const runs = (from: number, seconds: number): Sample[] =>
      Array.from(
        { length: 30 },
        (_, index) =>
          call(`${from}-${index}`, from + 60 * index, from + 60 * index + seconds, rest),
      ).flat();
    const event = (event: Sample["event"], time: number, more: Partial<Sample> = {}): Sample => ({
      ...start(time, { toolName: "unknown", ...rest, ...more }),
      event,
    });
    const file = writeLog(
      folder.path,
      logText([
        ...runs(now - 8 * 86_400, 1),
        event("prompt", now - 7210),
        ...runs(now - 7200, 2),
        event("permission", now - 7199, { toolName: "Bash", command: "git push" }),
        event("peak", now - 7197, { toolUseId: `${now - 7200}-0`, peakRss: 5 << 20 }),
        event("stop", now - 5000, { status: "ok" }),
        start(now - 30, { ...client, ...rest, toolUseId: "runs", timestamp: now - 30 }),
      ]),
    );
    const labels = await follow(["--file", file]);
    assertEquals(labels, ["Time", "Prompts", "Slow", "Memory", "Running", "Changed"]);
  },
);

Deno.test("of what used the CPU, and of a session that grows", async () => {
  using folder = temporaryFolder();
  const begin = Math.floor(Date.now() / 1000) - 2000;
  const rest = { sessionId: "7d1f20c4", project: "api", pid: 100 };
  const rows = Array.from({ length: 30 }, (_, index): Sample[] => {
    const from = begin + 60 * index;
    const cpu = { toolUseId: `b${index}`, toolName: "Bash", command: "make" };
    const memoryRss = 300_000 + 5000 * index;
    return [
      ...call(`r${index}`, from, from + 9, { ...rest, toolName: "WebFetch", memoryRss }),
      start(from + 10, { ...rest, ...cpu, memoryRss, childCpuSeconds: index }),
      end(from + 12, { ...rest, ...cpu, memoryRss, childCpuSeconds: index + 1 }),
    ];
  });
  const file = writeLog(folder.path, logText(rows.flat()));
  assertEquals(await follow(["--file", file]), ["Slow", "CPU", "Growing"]);
});
