import { assert, assertEquals, assertMatch, assertStringIncludes } from "../../std/std_assert.ts";
import { HOUR_AGO, logText, RECENT, writeLog } from "../../kit/log_files.ts";
import { binary, expectExit, perfmon } from "../../kit/perfmon.ts";
import { call } from "../../kit/samples.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { testWith } from "../../kit/tools.ts";

/** The value of a series by its name and labels, `undefined` where it is not there. */
function valueOf(text: string, series: string): number | undefined {
  const line = text.split("\n").find((each) => each.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length + 1));
}

async function exported(file: string, ...flags: string[]): Promise<string> {
  return expectExit(await perfmon(["export", "prometheus", "--file", file, ...flags]), 0).stdout;
}

Deno.test("export prometheus: counts by tool and status, a histogram, and what the log is", async () => {
  using folder = temporaryFolder();
  const file = writeLog(folder.path, logText(RECENT) + "torn\n");
  const text = await exported(file);
  assertEquals(valueOf(text, 'perfmon_tool_calls_total{tool="Read",status="ok"}'), 2);
  assertEquals(valueOf(text, 'perfmon_tool_calls_total{tool="Bash",status="error"}'), 1);
  assertEquals(valueOf(text, 'perfmon_tool_calls_total{tool="Edit",status="ok"}'), 0);
  assertEquals(valueOf(text, 'perfmon_tool_duration_seconds_bucket{tool="Read",le="1"}'), 1);
  assertEquals(valueOf(text, 'perfmon_tool_duration_seconds_bucket{tool="Read",le="2.5"}'), 2);
  assertEquals(valueOf(text, 'perfmon_tool_duration_seconds_bucket{tool="Read",le="+Inf"}'), 2);
  assertEquals(valueOf(text, 'perfmon_tool_duration_seconds_sum{tool="Read"}'), 3);
  assertEquals(valueOf(text, 'perfmon_tool_duration_seconds_count{tool="Read"}'), 2);
  assertEquals(valueOf(text, "perfmon_log_rows"), 9);
  assertEquals(valueOf(text, "perfmon_log_bytes"), Deno.statSync(file).size);
  assertEquals(valueOf(text, "perfmon_log_bad_rows_total"), 1);
  assertEquals(valueOf(text, "perfmon_running_calls"), 0);
  assertMatch(text, /^perfmon_build_info\{version="[^"]+",deno="[\d.]+"\} 1$/m);
  assertMatch(text, /# HELP perfmon_tool_wait_seconds_total .*\n# TYPE .* counter\n/);
  assert(!/session|aaaa1111|toolu/.test(text.replace(/^#.*$/gm, "")));
});

testWith("promtool", "export prometheus: promtool check metrics finds nothing to say", async () => {
  using folder = temporaryFolder();
  const odd = call("odd", HOUR_AGO, HOUR_AGO + 1, { toolName: 'mcp__a"b\\c__d' });
  const file = writeLog(folder.path, logText([...RECENT, ...odd]));
  const output = `${folder.path}/perfmon.prom`;
  await exported(file, "-o", output, "--label", "user=ada");
  const { code, stdout, stderr } = await new Deno.Command("sh", {
    args: ["-c", `promtool check metrics < ${output}`],
  }).output();
  const decoder = new TextDecoder();
  assertEquals([code, decoder.decode(stdout), decoder.decode(stderr)], [0, "", ""]);
  assertStringIncludes(
    Deno.readTextFileSync(output),
    'perfmon_tool_calls_total{user="ada",tool="mcp__a\\"b\\\\c__d",status="ok"} 1\n',
  );
});

Deno.test("export prometheus --output: readable to all, replaced in one step, the state to nobody else", async () => {
  using folder = temporaryFolder();
  const file = writeLog(folder.path, logText(RECENT));
  const output = `${folder.path}/perfmon.prom`;
  Deno.writeTextFileSync(output, "before", { mode: 0o600 });
  const before = Deno.statSync(output).ino;
  assertEquals(await exported(file, "--output", output), "");
  const { ino, mode } = Deno.statSync(output);
  assertEquals([ino === before, (mode ?? 0) & 0o777], [false, 0o644]);
  assertEquals(Deno.readTextFileSync(output), await exported(file));
  const state = Deno.statSync(`${folder.path}/performance.d/state.json`);
  assertEquals((state.mode ?? 0) & 0o777, 0o600);
  assertEquals([...Deno.readDirSync(folder.path)].map(({ name }) => name).sort(), [
    "perfmon.prom",
    "performance.csv",
    "performance.d",
  ]);
});

const REFUSED: readonly (readonly [flags: string[], code: number, message: string])[] = [
  [["--label", "ada"], 64, `Cannot use "ada" for --label: give NAME=VALUE`],
  [["--label", "user="], 64, `Cannot use "user=" for --label: give NAME=VALUE`],
  [["--label", "a-b=c"], 64, `Cannot use "a-b" as a label`],
  [["--label", "user=x", "--label", "tool=y"], 64, `Cannot use "tool" as a label`],
  [["--label", "__name__=y"], 64, `Cannot use "__name__" as a label`],
  [["-o", "performance.csv"], 64, "it is the log itself"],
  [["-o", "no/such/folder"], 74, `Cannot write "no/such/folder": `],
  [["--file", "none.csv"], 66, "Cannot find the log"],
  [["--tool", "Bash"], 64, `Unknown flag "--tool"`],
];

for (const [flags, code, message] of REFUSED) {
  Deno.test(`export prometheus ${flags.join(" ")}: is refused with the reason`, async () => {
    using folder = temporaryFolder();
    writeLog(folder.path, logText(RECENT));
    const options = { cwd: folder.path, env: { PERFMON_FILE: "performance.csv" } };
    const result = expectExit(await perfmon(["export", "prometheus", ...flags], options), code);
    assertEquals(result.stdout, "");
    assertStringIncludes(result.stderr, message);
    assertEquals(result.stderr.trimEnd().split("\n").length, 1);
  });
}

Deno.test("export prometheus: several labels, on every series", async () => {
  using folder = temporaryFolder();
  const file = writeLog(folder.path, logText(RECENT));
  const text = await exported(file, "--label", "user=ada", "--label", "team=a=b");
  const series = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  assert(series.length > 400);
  for (const line of series) assertMatch(line, /^\w+\{user="ada",team="a=b"/);
});

Deno.test("export prometheus: a process that lives is looked up, a call of it runs, its CPU is a difference", async () => {
  using folder = temporaryFolder();
  const file = `${folder.path}/performance.csv`;
  const busy = new Deno.Command("sh", { args: ["-c", "while :; do :; done"], stdin: "null" })
    .spawn();
  try {
    const record = ["rec", "start", "--tool", "Bash", "--pid", `${busy.pid}`];
    expectExit(await perfmon(record, { env: { PERFMON_FILE: file } }), 0);
    const first = await exported(file);
    assertEquals(valueOf(first, "perfmon_running_calls"), 1);
    assertEquals(valueOf(first, "perfmon_clients"), 1);
    const memory = valueOf(first, "perfmon_client_resident_memory_bytes") ?? 0;
    assert(memory > 100_000, first);
    assertEquals(valueOf(first, "perfmon_client_tree_resident_memory_bytes"), memory);
    const started = valueOf(first, "perfmon_oldest_running_call_start_timestamp_seconds") ?? 0;
    assert(Math.abs(Date.now() / 1000 - started) < 60);
    let cpu = 0;
    while (cpu <= 0) cpu = valueOf(await exported(file), "perfmon_client_cpu_seconds_total") ?? 0;
    assert(cpu < 60);
  } finally {
    busy.kill("SIGKILL");
    await busy.status;
  }
  const last = await exported(file);
  assertEquals(valueOf(last, "perfmon_running_calls"), 0);
  assertEquals(valueOf(last, "perfmon_clients"), 0);
  assertEquals(valueOf(last, "perfmon_client_resident_memory_bytes"), 0);
  assert(!last.includes("perfmon_oldest_running_call_start_timestamp_seconds"));
});

Deno.test("perfmon clear sets counters back to 0, with --before they go on", async () => {
  using folder = temporaryFolder();
  const file = writeLog(folder.path, logText(RECENT));
  const series = 'perfmon_tool_calls_total{tool="Read",status="ok"}';
  assertEquals(valueOf(await exported(file), series), 2);
  expectExit(await perfmon(["clear", "--yes", "--before", "1h", "--file", file]), 0);
  assertEquals(valueOf(await exported(file), series), 2);
  expectExit(await perfmon(["clear", "--yes", "--file", file]), 0);
  assertEquals(
    [...Deno.readDirSync(`${folder.path}/performance.d`)].map(({ name }) => name)
      .filter((name) => name.startsWith("state.json")),
    [],
  );
  writeLog(folder.path, logText(RECENT.slice(2, 4)));
  assertEquals(valueOf(await exported(file), series), 1);
});

Deno.test("exports at once wait for each other, and count each call once", async () => {
  using folder = temporaryFolder();
  const file = writeLog(folder.path, logText(RECENT));
  const outputs = [1, 2, 3, 4].map((each) => `${folder.path}/${each}.prom`);
  const children = outputs.map((output) =>
    new Deno.Command(binary, { args: ["export", "prometheus", "--file", file, "-o", output] })
      .spawn()
  );
  for (const child of children) assertEquals((await child.status).code, 0);
  for (const output of outputs) {
    const text = Deno.readTextFileSync(output);
    assertEquals(valueOf(text, 'perfmon_tool_calls_total{tool="Read",status="ok"}'), 2);
  }
});
