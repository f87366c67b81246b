/** The commands that people know from perfmon's forerunner, shell hooks, run on basic rows unchanged. */
import { logOf, record, run, shell } from "../../kit/homes.ts";
import { names } from "../../kit/numbered_rows.ts";
import { expectExit } from "../../kit/perfmon.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { pythonModule, testWith, type Tool } from "../../kit/tools.ts";
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

/** The same rows in a log that the seed's shell hooks began, and that a rotation has cut since then. */
async function recordAndRotate(home: string): Promise<string[]> {
  Deno.mkdirSync(`${home}/.claude`);
  const old = "1729876543.123456789, 0.0,  3456,Grep,start\n1729876543.2,15.3,258920,Grep,end\n";
  Deno.writeTextFileSync(logOf(home), old.repeat(2));
  for (const tool of ["Bash", "Read", "Bash"]) {
    for (const event of ["start", "end"]) {
      await record(home, [event, "--tool", tool, "--max-lines", "9", "--keep", "6"]);
    }
  }
  return Deno.readTextFileSync(logOf(home)).trimEnd().split("\n");
}

/** Registers a test of a recipe, which is given a HOME and the rows of its log, before and after a rotation. */
function testRecipe(
  tools: Tool | Tool[],
  name: string,
  fn: (home: string, lines: string[]) => void | Promise<void>,
): void {
  const moments = { "": recordCalls, ", also after a rotation": recordAndRotate };
  for (const [moment, recordRows] of Object.entries(moments)) {
    testWith(tools, name + moment, async () => {
      using home = temporaryFolder();
      await fn(home.path, await recordRows(home.path));
    });
  }
}

/** Cells of a column, as numbers. */
function column(lines: string[], index: number): number[] {
  return lines.map((line) => Number(line.split(",")[index]));
}

testRecipe(
  [],
  "basic rows are the seed's five columns to the letter, without a header",
  (_, lines) => {
    assertEquals(lines.length, 6);
    for (const line of lines) assertMatch(line, ROW);
  },
);

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

testRecipe(
  ["sh", "tail", "cat", "wc"],
  "the seed's tail, cat and wc show the newest and count them",
  async (home, lines) => {
    const tail = await shell(home, "tail -n 2 ~/.claude/performance.csv");
    assertEquals(tail.stdout.trimEnd().split("\n"), lines.slice(-2));
    const cat = await shell(home, "cat ~/.claude/performance.csv");
    assertEquals(cat.stdout.trimEnd().split("\n"), lines);
    const wc = await shell(home, "wc -l < ~/.claude/performance.csv");
    assertEquals(Number(wc.stdout), 6);
  },
);

testRecipe(["sh", "grep", "head"], "the seed's grep finds a tool's calls", async (home, lines) => {
  const { stdout } = await shell(home, 'grep "Read" ~/.claude/performance.csv | head -n 10');
  assertEquals(stdout.trimEnd().split("\n"), lines.slice(2, 4));
});

testRecipe(
  ["sh", "sort", "head"],
  "the seed's sort orders by CPU and by memory",
  async (home, lines) => {
    for (const [key, index] of [["-k2", 1], ["-k3", 2]] as const) {
      const script = `sort -t',' ${key} -nr ~/.claude/performance.csv | head -n 10`;
      const sorted = (await shell(home, script)).stdout.trimEnd().split("\n");
      assertEquals(column(sorted, index), column(lines, index).toSorted((a, b) => b - a));
    }
  },
);

testRecipe(
  ["bash", "cut", "awk", "grep", "sort"],
  "the seed's script averages CPU per tool",
  async (home, lines) => {
    const script = `for tool in $(cut -d',' -f4 ~/.claude/performance.csv | sort -u); do
    avg=$(grep "$tool" ~/.claude/performance.csv | \\
          awk -F',' '{sum+=$2; count++} END {print sum/count}')
    echo "$tool: $avg% avg CPU"
done`;
    const { stdout } = expectExit(await run(home, "bash", ["-c", script]), 0);
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

testRecipe(
  ["sh", "tail", "mv", "wc"],
  "the seed's own rotation cuts the log, and perfmon goes on in it",
  async (home, lines) => {
    const log = "~/.claude/performance.csv";
    await shell(
      home,
      `if [ $(wc -l < ${log}) -gt 4 ]; then tail -n 2 ${log} > ${log}.tmp && mv ${log}.tmp ${log}; fi`,
    );
    await record(home, ["start", "--tool", "Edit"]);
    const after = Deno.readTextFileSync(logOf(home)).trimEnd().split("\n");
    assertEquals(after.slice(0, 2), lines.slice(-2));
    assertEquals(after.length, 3);
  },
);

testRecipe(
  pythonModule("pandas"),
  "the seed's pandas script runs on as many starts as ends",
  async (home, lines) => {
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
    const { stdout } = expectExit(await run(home, "/usr/bin/python3", ["-c", script]), 0);
    assertStringIncludes(stdout, "cpu_percent");
    const largest = Math.max(...column(lines.filter((line) => line.includes("Read")), 2));
    assertMatch(stdout, new RegExp(`^Read\\b.*\\b${largest}$`, "m"));
    assertMatch(stdout, /^Bash\b/m);
  },
);
