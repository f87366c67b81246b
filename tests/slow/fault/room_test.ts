/** No room: a full disk, a quota, few files, little memory. Nobody is disturbed, and no row that was taken is lost. */
import { linesOf, toolsOf } from "../../kit/log_files.ts";
import { MemoryGroup, mounted, must } from "../../kit/mounts.ts";
import { binary, expectExit, exportedTools, perfmon } from "../../kit/perfmon.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { memoryGroups, mounting, testWith, tracer } from "../../kit/tools.ts";
import { assert, assertEquals, assertGreater, assertStringIncludes } from "../../std/std_assert.ts";

/** The payload of a hook whose row is that long, about. */
function payload(id: number, length = 0): string {
  const long = "x".repeat(Math.min(200, length));
  return JSON.stringify({
    hook_event_name: "PostToolUse",
    session_id: `s${long}`,
    agent_id: long,
    agent_type: long,
    cwd: `/${long}`,
    tool_name: `t${id}`,
    tool_use_id: `toolu_${id}`,
    duration_ms: id,
  }) + "\n";
}

/** Runs `rec end` on a log; it must exit with 0 and print nothing on stdout. Returns its complaint. */
async function recordRow(log: string, id: number, flags: string[] = []): Promise<string> {
  const args = ["rec", "end", "--file", log, ...flags];
  const result = expectExit(await perfmon(args, { stdin: payload(id, 200) }), 0);
  assertEquals(result.stdout, "");
  return result.stderr;
}

/** The names of the tools in log and history, as `export` gives them. */
for (
  const [history, limits] of [["90d", ["--max-lines", "9"]], ["0", ["--max-lines", "9"]]] as const
) {
  testWith(
    mounting,
    `a full disk (64 KiB, history ${history}) takes no half row, and all that fit it stay`,
    async () => {
      using folder = temporaryFolder();
      using _ = mounted(`${folder.path}/disk`, ["-t", "tmpfs", "-o", "size=64k", "tmpfs"]);
      const log = `${folder.path}/disk/performance.csv`;
      // Something else leaves little room.
      Deno.writeFileSync(
        `${folder.path}/disk/other`,
        new Uint8Array(history === "0" ? 40_000 : 8000),
      );
      const flags = [...limits, "--history", history];
      const taken: string[] = [];
      let refused = 0;
      for (let id = 1; id <= 60 && refused < 8; id++) {
        const complaint = await recordRow(log, id, flags);
        if (complaint.includes("nothing was recorded")) refused++;
        else taken.push(`t${id}`);
      }
      if (history !== "0") assertGreater(refused, 0, "the disk is full");
      const rows = await exportedTools(log);
      assertEquals(rows, history === "0" ? taken.slice(-rows.length) : taken);
      must("mount", ["-o", "remount,size=1m", `${folder.path}/disk`]);
      for (let id = 101; id <= 112; id++) assertEquals(await recordRow(log, id, flags), "");
      assertEquals((await exportedTools(log)).at(-1), "t112");
      if (history !== "0") assertEquals((await exportedTools(log)).length, taken.length + 12);
      assertEquals(
        Deno.statSync(`${folder.path}/disk/other`).size,
        history === "0" ? 40_000 : 8000,
      );
    },
  );
}

testWith(
  tracer,
  "a quota that is used up is named, and costs only the rows it refuses",
  async () => {
    using folder = temporaryFolder();
    const log = `${folder.path}/performance.csv`;
    await recordRow(log, 1);
    const before = Deno.readTextFileSync(log);
    const inject = ["-f", "-qq", "-o", "/dev/null", "-P", log, "-e", "inject=write:error=EDQUOT"];
    const args = [...inject, binary, "rec", "end", "--tool", "t2", "--file", log];
    const { success, stdout, stderr } = await new Deno.Command("strace", { args, stdin: "null" })
      .output();
    assertEquals([success, stdout.length], [true, 0]);
    assertStringIncludes(new TextDecoder().decode(stderr), "quota");
    assertEquals(Deno.readTextFileSync(log), before);
    assertEquals(await recordRow(log, 3), "");
    assertEquals(toolsOf(log), ["t1", "t3"]);
  },
);

testWith(
  "prlimit",
  "with 16 file descriptors rows are recorded, rotated and complained about",
  async () => {
    using folder = temporaryFolder();
    const log = `${folder.path}/performance.csv`;
    const args = [
      "--nofile=16",
      binary,
      "rec",
      "end",
      "--file",
      log,
      "--max-lines",
      "2",
      "--bogus",
    ];
    for (let row = 1; row <= 6; row++) {
      const { success, stdout, stderr } = await new Deno.Command("prlimit", {
        args: [...args, "--tool", `t${row}`],
        stdin: "null",
      }).output();
      assertEquals([success, stdout.length], [true, 0], new TextDecoder().decode(stderr));
    }
    assertEquals((await exportedTools(log)).length, 6);
    assertEquals(linesOf(log.replace(/csv$/, "d/errors.log")).length, 6);
  },
);

testWith(
  memoryGroups,
  "under 100 MB of memory a row is recorded, and one of a payload of 10 MB, too",
  async () => {
    using folder = temporaryFolder();
    using group = new MemoryGroup(100e6);
    const log = `${folder.path}/performance.csv`;
    const large = payload(2).replace(
      '"tool_use_id"',
      `"tool_input":{"content":"${"y".repeat(10e6)}"},$&`,
    );
    for (const [name, text] of [["small", payload(1)], ["large", large]] as const) {
      Deno.writeTextFileSync(`${folder.path}/${name}`, text);
      const script = 'echo $$ > "$1/cgroup.procs" && exec "$2" rec end --file "$3" < "$4"';
      const args = ["-c", script, "sh", group.path, binary, log, `${folder.path}/${name}`];
      const { code, stdout, stderr } = await new Deno.Command("sh", { args }).output();
      assertEquals([code, stdout.length, new TextDecoder().decode(stderr)], [0, 0, ""], name);
    }
    assertEquals(toolsOf(log), ["t1", "t2"]);
    assert(linesOf(log).at(-1)!.includes("toolu_2") && linesOf(log).at(-1)!.includes(",2,"));
  },
);

for (
  const [what, make] of [
    ["is missing", (path) => path],
    ["is a file", (path) => (Deno.writeTextFileSync(path, "mine"), path)],
    ["is full of FIFOs", (path) => {
      Deno.mkdirSync(path);
      // Names that compiled programs of Deno have opened there.
      for (const name of ["v8_cache", "perfmon.cache", "deno-compile-perfmon.cache"]) {
        must("mkfifo", [`${path}/${name}`]);
      }
      return path;
    }],
  ] as [string, (path: string) => string][]
) {
  testWith("mkfifo", `a TMPDIR that ${what} is nothing to rec`, async () => {
    using folder = temporaryFolder();
    const env = { TMPDIR: make(`${folder.path}/tmp`) };
    const log = `${folder.path}/performance.csv`;
    const options = { env, stdin: payload(1) };
    const result = expectExit(await perfmon(["rec", "end", "--file", log], options), 0);
    assertEquals([result.stdout, result.stderr], ["", ""]);
    assertEquals(toolsOf(log), ["t1"]);
  });
}
