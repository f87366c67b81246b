/** The spool on the binary: what hooks left in it is in the log when somebody looks, once and whole. */
import { bashEvent, spoolHome } from "../../kit/homes.ts";
import { recordsOf } from "../../kit/log_files.ts";
import { binary, expectExit, perfmon } from "../../kit/perfmon.ts";
import { assert, assertEquals, assertMatch, assertStringIncludes } from "../../std/std_assert.ts";

/** What the spool's shell does not look at: children, and what a process read and wrote. */
const NOT_SPOOLED = ["children", "live_cpu_seconds", "read_bytes", "write_bytes"];

Deno.test("spool: rec drain writes the rows that rec would have written", async () => {
  using home = spoolHome();
  const client = new Deno.Command("sleep", { args: ["3600"] }).spawn();
  const since = Date.now() / 1000 - 1; // the spool has its times from files, by a coarser clock
  const env = {
    HOME: home.path,
    CLAUDE_PID: String(client.pid),
    AI_AGENT: "claude-code_2-1-330_x",
  };
  for (const moment of ["start", "end"] as const) {
    const json = bashEvent(moment, "t1", moment === "start" ? {} : { duration_ms: 12 });
    await home.hook(moment, json, { env });
    const stdin = JSON.stringify({ ...json, tool_use_id: "t2" }) + "\n";
    expectExit(await perfmon(["rec", moment], { env, stdin }), 0);
  }
  const drained = expectExit(await home.perfmon("rec", "drain"), 0);
  client.kill();
  await client.status;
  assertEquals([drained.stdout, drained.stderr, home.waiting()], ["", "", []]);
  const rows = recordsOf(home.log);
  const rowsOf = (id: string) => rows.filter(({ tool_use_id }) => tool_use_id === id);
  for (const [at, written] of rowsOf("t2").entries()) {
    const drained = rowsOf("t1")[at]!;
    const {
      timestamp,
      cpu_percent,
      memory_rss,
      tree_rss: _,
      child_cpu_seconds,
      ...others
    } = drained;
    // Each hook is run after the one before has ended.
    assert(Number(timestamp) < Number(written["timestamp"]), `${timestamp} before t2`);
    assert(Number(timestamp) > since, `${timestamp} after ${since}`);
    assert(Math.abs(Number(cpu_percent) - Number(written["cpu_percent"])) < 5);
    const rss = Number(written["memory_rss"]);
    assert(Math.abs(Number(memory_rss) - rss) <= 0.02 * rss, `${memory_rss} for ${rss} KiB`);
    // Of a start it contains what its own hook used, which the spool's shell did not.
    assert(Math.abs(Number(child_cpu_seconds) - Number(written["child_cpu_seconds"])) < 0.5);
    for (const [column, cell] of Object.entries(others)) {
      const expected = NOT_SPOOLED.includes(column) ? "" : written[column];
      assertEquals(cell, column === "tool_use_id" ? "t1" : expected, column);
    }
  }
});

Deno.test("spool: every command that reads a log drains it first, and never another one's", async () => {
  const commands = [
    ["report"],
    ["top"],
    ["tail"],
    ["tail", "--raw"],
    ["running"],
    ["status"],
    ["export", "csv"],
    ["check", "--max-failures", "50%"],
    ["profile", "save", "p"],
    ["doctor"],
  ];
  using home = spoolHome();
  let calls = 0;
  for (const command of commands) {
    const id = `t${++calls}`;
    await home.hook("start", bashEvent("start", id));
    await home.hook("end", bashEvent("end", id));
    await home.perfmon(...command, "--file", `${home.path}/other.csv`);
    assertEquals(home.waiting().length, 2, `perfmon ${command.join(" ")} --file`);
    await home.perfmon(...command);
    assertEquals(home.waiting(), [], `perfmon ${command.join(" ")}`);
    assertEquals(recordsOf(home.log).length, 2 * calls);
  }
  await home.hook("start", bashEvent("start", "last"));
  expectExit(await home.perfmon("clear", "--yes"), 0);
  assertEquals(home.waiting(), []);
});

Deno.test("spool: records come in order of time, starts first, whatever the names say", async () => {
  using home = spoolHome();
  const time = new Date(Date.now() - 5000);
  for (const [name, id] of [["a.1.1.start", "t2"], ["z.9.1.start", "t1"], ["b.2.1.end", "t1"]]) {
    const moment = name!.endsWith("start") ? "start" : "end";
    const text = `perfmon 1 1;;\n${JSON.stringify(bashEvent(moment, id!))}\n`;
    Deno.writeTextFileSync(`${home.spool}/${name}`, text);
    const shift = id === "t2" ? 1000 : 0;
    const at = new Date(time.getTime() + shift);
    Deno.utimeSync(`${home.spool}/${name}`, at, at);
  }
  expectExit(await home.perfmon("rec", "drain"), 0);
  const rows = recordsOf(home.log).map((row) => `${row["tool_use_id"]} ${row["event"]}`);
  assertEquals(rows, ["t1 start", "t1 end", "t2 start"]);
});

Deno.test("spool: a start has the time of its record's end, beside the tool that of its beginning", async () => {
  using home = spoolHome();
  const headers = {
    a: ";;",
    b: "--async;;claude-code_2-0-77_x",
    c: "--async;;claude-code_2-1-330_x",
  };
  const pathOf = (session: string): string => `${home.spool}/${session}.1.1.start`;
  for (const [session, header] of Object.entries(headers)) {
    Deno.writeTextFileSync(pathOf(session), `perfmon 2 1;${header};\n`);
  }
  await new Promise((resolve) => setTimeout(resolve, 50));
  const expected = new Map(
    Object.keys(headers).map((session) => {
      const json = JSON.stringify(bashEvent("start", session)) + "\n";
      Deno.writeTextFileSync(pathOf(session), json, { append: true });
      const { birthtime, mtime } = Deno.statSync(pathOf(session));
      return [session, (session === "c" ? birthtime ?? mtime : mtime)!.getTime()];
    }),
  );
  expectExit(await home.perfmon("rec", "drain"), 0);
  const found = recordsOf(home.log)
    .map(({ tool_use_id: id, timestamp }) => [id!, Math.round(1000 * Number(timestamp))] as const);
  assertEquals(new Map(found), expected);
});

Deno.test("spool: a record that is not whole waits, one that never will be goes, others' files stay", async () => {
  using home = spoolHome();
  await home.hook("start", bashEvent("start", "t1"));
  const [name = ""] = home.waiting();
  const text = Deno.readTextFileSync(`${home.spool}/${name}`);
  const broken = {
    "s.2.1.start": text.slice(0, -9),
    "s.3.1.end": "",
    "s.4.1.end": "not ours\n",
    "s.5.1.start": text.replace(/\{.*/s, ""),
  };
  for (const [name, content] of Object.entries(broken)) {
    Deno.writeTextFileSync(`${home.spool}/${name}`, content);
  }
  Deno.writeTextFileSync(`${home.spool}/notes.txt`, "mine");
  Deno.symlinkSync("/etc/passwd", `${home.spool}/s.6.1.start`);
  const kept = [...Object.keys(broken), "notes.txt", "s.6.1.start"].sort();
  expectExit(await home.perfmon("report"), 0);
  assertEquals([home.waiting(), recordsOf(home.log).length], [kept, 1]);
  // The rest of one comes, the others grow old.
  Deno.writeTextFileSync(`${home.spool}/s.2.1.start`, text.replace('"t1"', '"t2"'));
  const old = new Date(Date.now() - 25 * 3_600_000);
  for (const name of Object.keys(broken).slice(1)) {
    Deno.utimeSync(`${home.spool}/${name}`, old, old);
  }
  expectExit(await home.perfmon("rec", "drain"), 0);
  assertEquals([home.waiting(), recordsOf(home.log).length], [["notes.txt", "s.6.1.start"], 2]);
  const errors = Deno.readTextFileSync(`${home.path}/.claude/performance.d/errors.log`);
  assertMatch(errors, / drain: 3 times: a record of the spool was not whole after a day/);
});

Deno.test("spool: a drain that died before it removed its records leaves no row twice", async () => {
  using home = spoolHome();
  for (const moment of ["start", "end"] as const) {
    // Clients of old give no ids: only the bytes of the rows tell then.
    await home.hook(moment, bashEvent(moment, "t1", { tool_use_id: undefined }));
    await home.hook(moment, bashEvent(moment, "t2"));
  }
  const copy = `${home.path}/copy`; // of the names: the files stay what they are
  expectExit(await shell(`cp -al '${home.spool}' '${copy}'`), 0);
  expectExit(await home.perfmon("rec", "drain"), 0);
  const before = expectExit(await home.perfmon("export", "csv"), 0).stdout;
  expectExit(await shell(`cp -al '${copy}'/* '${home.spool}'`), 0);
  const after = expectExit(await home.perfmon("export", "csv"), 0).stdout;
  assertEquals(home.waiting(), []);
  const { calls } = JSON.parse((await home.perfmon("top", "--json")).stdout);
  assertEquals(calls.length, 2);
  assertEquals(after, before);
  assertEquals(recordsOf(home.log).length, 2 * 4, "the log itself has them twice");
});

Deno.test("spool: a drain that died in the middle of a row leaves no torn one", async () => {
  using home = spoolHome();
  await home.hook("start", bashEvent("start", "t1"));
  await home.hook("end", bashEvent("end", "t1"));
  const copy = `${home.path}/copy`;
  expectExit(await shell(`cp -al '${home.spool}' '${copy}'`), 0);
  expectExit(await home.perfmon("rec", "drain"), 0);
  const log = Deno.readTextFileSync(home.log);
  const [header = "", start = "", end = ""] = log.split("\n");
  for (const cut of [1, 30, end.length - 1, end.length]) {
    expectExit(await shell(`cp -al '${copy}'/* '${home.spool}'`), 0);
    Deno.writeTextFileSync(home.log, `${header}\n${start}\n${end.slice(0, cut)}`);
    expectExit(await home.perfmon("rec", "drain"), 0);
    assertEquals(Deno.readTextFileSync(home.log), `${header}\n${start}\n${start}\n${end}\n`);
  }
  // Another's line is ended, not taken away.
  expectExit(await shell(`cp -al '${copy}'/* '${home.spool}'`), 0);
  Deno.writeTextFileSync(home.log, `${header}\nmine`);
  expectExit(await home.perfmon("rec", "drain"), 0);
  assertEquals(Deno.readTextFileSync(home.log), `${header}\nmine\n${start}\n${end}\n`);
});

Deno.test("spool: flags of the hooks count for their records, and nothing else of payloads is kept", async () => {
  using home = spoolHome();
  const secret = "hunter2hunter2";
  const more = {
    tool_input: { command: `deploy --password ${secret} now`, description: secret },
    tool_response: { stdout: secret },
  };
  for (let call = 1; call <= 4; call++) {
    const options = call % 2 === 0 ? "--params --max-lines 6 --keep 4" : "--max-lines 6 --keep 4";
    for (const moment of ["start", "end"] as const) {
      const env = { CLAUDE_PID: "1" };
      await home.hook(moment, bashEvent(moment, `t${call}`, more), { options, env });
    }
  }
  expectExit(await home.perfmon("rec", "drain"), 0);
  const rows = recordsOf(home.log);
  assertEquals(rows.map((row) => `${row["tool_use_id"]} ${row["params"]}`), [
    "t3 ",
    "t3 ",
    "t4 deploy --password [redacted] now",
    "t4 deploy --password [redacted] now",
  ]);
  assertEquals((await home.perfmon("export", "csv")).stdout.trim().split("\n").length, 1 + 8);
  assertEquals((await shell(`grep -r ${secret} '${home.path}'`)).code, 1);
});

Deno.test("spool: tail -f shows what hooks leave meanwhile", async () => {
  using home = spoolHome();
  await home.hook("start", bashEvent("start", "t1"));
  const child = new Deno.Command(binary, {
    args: ["tail", "-f", "--raw"],
    clearEnv: true,
    env: { HOME: home.path },
    stdout: "piped",
  }).spawn();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let seen = (await reader.read()).value ?? "";
  assertStringIncludes(seen, ",start,");
  await home.hook("end", bashEvent("end", "t1"));
  while (!seen.includes(",end,")) {
    const { value, done } = await reader.read();
    assert(!done, seen);
    seen += value;
  }
  child.kill("SIGTERM");
  await reader.cancel();
  await child.status;
});

async function shell(script: string): ReturnType<typeof perfmon> {
  const { code, stdout, stderr } = await new Deno.Command("sh", { args: ["-c", script] }).output();
  const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { args: [script], code, stdout: decode(stdout), stderr: decode(stderr) };
}
