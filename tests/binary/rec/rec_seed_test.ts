/** The commands that people know from perfmon's forerunner, shell hooks, run on basic rows unchanged. */
import { logOf, record, run, shell } from "../../kit/homes.ts";
import { names } from "../../kit/numbered_rows.ts";
import { expectExit } from "../../kit/perfmon.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { pythonModule, testWith } from "../../kit/tools.ts";
import {
  assertAlmostEquals,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "../../std/std_assert.ts";

const ROW = /^\d{10}\.\d{9},\d+\.\d,\d+,[A-Za-z]+,(start|end)$/;

/** Six rows: three calls, two of Bash and one of Read, each with start and end. */
async function recordCalls(home: string): Promise<string[]> {
  for (const tool of ["Bash", "Read", "Bash"]) {
    for (const event of ["start", "end"]) {
      await record(home, [event, "--layout", "basic", "--tool", tool]);
    }
  }
  return Deno.readTextFileSync(logOf(home)).trimEnd().split("\n");
}

/** Cells of a column, as numbers. */
function column(lines: string[], index: number): number[] {
  return lines.map((line) => Number(line.split(",")[index]));
}

Deno.test("basic rows are the seed's five columns to the letter, without a header", async () => {
  using home = temporaryFolder();
  const lines = await recordCalls(home.path);
  assertEquals(lines.length, 6);
  for (const line of lines) assertMatch(line, ROW);
});

Deno.test("perfmon goes on in a log of the seed's shell hooks as they would", async () => {
  using home = temporaryFolder();
  Deno.mkdirSync(`${home.path}/.claude`);
  const seeds =
    "1729876543.123456789, 0.0,  3456,,start\n1729876543.234567890,15.3,258920,Read,end\n";
  Deno.writeTextFileSync(logOf(home.path), seeds);
  await record(home.path, ["start", "--tool", "Bash"]);
  const text = Deno.readTextFileSync(logOf(home.path));
  assertEquals(text.slice(0, seeds.length), seeds);
  assertMatch(text.slice(seeds.length).trimEnd(), ROW);
});

testWith(["sh", "ps", "date"], "the seed's own hook line and perfmon share one log", async () => {
  using home = temporaryFolder();
  const seed =
    'echo "$(date +%s.%N),$(ps -o %cpu= -p $$),$(ps -o rss= -p $$),$CLAUDE_TOOL_NAME,start" >> ~/.claude/performance.csv';
  await record(home.path, ["start", "--layout", "basic", "--tool", "t1"]);
  expectExit(await run(home.path, "sh", ["-c", seed], { CLAUDE_TOOL_NAME: "t2" }), 0);
  const { rows } = await record(home.path, ["end", "--tool", "t3"]);
  assertEquals(rows.map((row) => row["tool_name"]), names(3));
});

testWith(
  ["sh", "tail", "cat", "wc"],
  "the seed's tail, cat and wc show the newest and count them",
  async () => {
    using home = temporaryFolder();
    const lines = await recordCalls(home.path);
    const tail = await shell(home.path, "tail -n 2 ~/.claude/performance.csv");
    assertEquals(tail.stdout.trimEnd().split("\n"), lines.slice(-2));
    const cat = await shell(home.path, "cat ~/.claude/performance.csv");
    assertEquals(cat.stdout.trimEnd().split("\n"), lines);
    const wc = await shell(home.path, "wc -l < ~/.claude/performance.csv");
    assertEquals(Number(wc.stdout), 6);
  },
);

testWith(["sh", "grep", "head"], "the seed's grep finds a tool's calls", async () => {
  using home = temporaryFolder();
  const lines = await recordCalls(home.path);
  const { stdout } = await shell(home.path, 'grep "Read" ~/.claude/performance.csv | head -n 10');
  assertEquals(stdout.trimEnd().split("\n"), lines.slice(2, 4));
});

testWith(["sh", "sort", "head"], "the seed's sort orders by CPU and by memory", async () => {
  using home = temporaryFolder();
  const lines = await recordCalls(home.path);
  for (const [key, index] of [["-k2", 1], ["-k3", 2]] as const) {
    const script = `sort -t',' ${key} -nr ~/.claude/performance.csv | head -n 10`;
    const sorted = (await shell(home.path, script)).stdout.trimEnd().split("\n");
    assertEquals(column(sorted, index), column(lines, index).toSorted((a, b) => b - a));
  }
});

testWith(
  ["bash", "cut", "awk", "grep", "sort"],
  "the seed's script averages CPU per tool",
  async () => {
    using home = temporaryFolder();
    const lines = await recordCalls(home.path);
    const script = `for tool in $(cut -d',' -f4 ~/.claude/performance.csv | sort -u); do
    avg=$(grep "$tool" ~/.claude/performance.csv | \\
          awk -F',' '{sum+=$2; count++} END {print sum/count}')
    echo "$tool: $avg% avg CPU"
done`;
    const { stdout } = expectExit(await run(home.path, "bash", ["-c", script]), 0);
    const averages = stdout.trimEnd().split("\n").map((line) =>
      line.match(/^(\w+): (.+)% avg CPU$/)
    );
    assertEquals(averages.map((match) => match?.[1]), ["Bash", "Read"]);
    for (const match of averages) {
      const cpu = column(lines.filter((line) => line.includes(match![1]!)), 1);
      const mean = cpu.reduce((sum, each) => sum + each, 0) / cpu.length;
      assertAlmostEquals(Number(match![2]), mean, 0.01);
    }
  },
);

testWith(
  ["sh", "tail", "mv", "wc"],
  "the seed's own rotation cuts the log, and perfmon goes on in it",
  async () => {
    using home = temporaryFolder();
    const lines = await recordCalls(home.path);
    const log = "~/.claude/performance.csv";
    await shell(
      home.path,
      `if [ $(wc -l < ${log}) -gt 4 ]; then tail -n 2 ${log} > ${log}.tmp && mv ${log}.tmp ${log}; fi`,
    );
    await record(home.path, ["start", "--tool", "Edit"]);
    const after = Deno.readTextFileSync(logOf(home.path)).trimEnd().split("\n");
    assertEquals(after.slice(0, 2), lines.slice(-2));
    assertEquals(after.length, 3);
  },
);

testWith(
  pythonModule("pandas"),
  "the seed's pandas script runs on as many starts as ends",
  async () => {
    using home = temporaryFolder();
    const lines = await recordCalls(home.path);
    const script = `import pandas as pd

# Load performance data
df = pd.read_csv('~/.claude/performance.csv',
                 names=['timestamp', 'cpu_percent', 'memory_rss', 'tool_name', 'event'])

# Calculate execution time for each tool
starts = df[df['event'] == 'start'].set_index('timestamp')
ends = df[df['event'] == 'end'].set_index('timestamp')

execution_times = ends.index - starts.index

# Group by tool
print(df.groupby('tool_name').agg({
    'cpu_percent': ['mean', 'max'],
    'memory_rss': ['mean', 'max']
}))
`;
    const { stdout } = expectExit(await run(home.path, "/usr/bin/python3", ["-c", script]), 0);
    assertStringIncludes(stdout, "cpu_percent");
    const largest = Math.max(...column(lines.filter((line) => line.includes("Read")), 2));
    assertMatch(stdout, new RegExp(`^Read\\b.*\\b${largest}$`, "m"));
    assertMatch(stdout, /^Bash\b/m);
  },
);
