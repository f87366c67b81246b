/** Every kind of stdin that a hook, a shell or a terminal gives. */
import { captureWith } from "../../kit/captures.ts";
import { HOOK, record, run, shell, whatStandsIn } from "../../kit/homes.ts";
import { binary } from "../../kit/perfmon.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { procfs, testWith } from "../../kit/tools.ts";
import { assertEquals, assertLess, assertStringIncludes } from "../../std/std_assert.ts";
import { inQuietMoment } from "../../kit/waits.ts";

/** What is far above any wait of perfmon's own (1 s, 3 s in all), and far below a hang. */
const NO_HANG_MS = 20_000;

/** Runs `rec` with a stdin that gets some texts and is never closed; gives the milliseconds it took. */
async function recordWithOpenStdin(
  home: string,
  args: string[],
  texts: string[],
  pauseMs = 0,
): Promise<number> {
  const before = performance.now();
  const child = new Deno.Command(binary, {
    args: ["rec", ...args],
    clearEnv: true,
    env: { HOME: home },
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const timer = setTimeout(() => child.kill("SIGKILL"), NO_HANG_MS);
  const writer = child.stdin.getWriter();
  let ended = false;
  const writing = (async () => {
    for (const text of texts) {
      await writer.write(new TextEncoder().encode(text));
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
      if (ended) return;
    }
  })().catch(() => {}); // it may have ended, and need not read on
  const { code, stdout } = await child.output();
  ended = true;
  clearTimeout(timer);
  const took = performance.now() - before;
  await writing;
  await writer.abort().catch(() => {});
  assertEquals([code, stdout.length], [0, 0]);
  return took;
}

Deno.test(
  "a stdin that is never closed: a complete line is acted on at once",
  inQuietMoment(async () => {
    using home = temporaryFolder();
    assertLess(await recordWithOpenStdin(home.path, ["start"], [HOOK]), 3000);
    const { rows, errors } = whatStandsIn(home.path);
    assertEquals([rows.map((row) => row["tool_use_id"]), errors], [["t1"], []]);
  }),
);

Deno.test(
  "a stdin that is never closed and has no line end is taken after a second",
  inQuietMoment(async () => {
    using home = temporaryFolder();
    assertLess(await recordWithOpenStdin(home.path, ["start"], [HOOK.trimEnd()]), 4000);
    const { rows, errors } = whatStandsIn(home.path);
    assertEquals([rows.map((row) => row["tool_use_id"]), errors], [["t1"], []]);
  }),
);

Deno.test(
  "a stdin that is never closed and stays empty: what is known is recorded",
  inQuietMoment(async () => {
    using home = temporaryFolder();
    assertLess(await recordWithOpenStdin(home.path, ["start"], []), 4000);
    assertLess(await recordWithOpenStdin(home.path, ["end", "--tool", "x"], []), 3000);
    const { rows, errors } = whatStandsIn(home.path);
    assertEquals(rows.map((row) => row["tool_name"]), ["unknown", "x"]);
    assertEquals(errors.length, 1);
  }),
);

Deno.test(
  "JSON in pieces, with pauses between them, is put together",
  inQuietMoment(async () => {
    using home = temporaryFolder();
    const pieces = HOOK.match(/.{1,20}/gs) ?? [];
    await recordWithOpenStdin(home.path, ["start"], pieces, 50);
    const { rows, errors } = whatStandsIn(home.path);
    assertEquals([rows.map((row) => row["tool_use_id"]), errors], [["t1"], []]);
  }),
);

Deno.test(
  "a payload that trickles in without end is given up",
  inQuietMoment(async () => {
    using home = temporaryFolder();
    const trickle = [HOOK.slice(0, 60), ..." ".repeat(100)];
    assertLess(await recordWithOpenStdin(home.path, ["start"], trickle, 200), NO_HANG_MS);
    assertEquals(whatStandsIn(home.path).rows.map((row) => row["tool_name"]), ["Bash"]);
  }),
);

Deno.test(
  "a stdin that trickles while the lock is held: a hook waits for both together",
  inQuietMoment(async () => {
    using home = temporaryFolder();
    await record(home.path, ["start"], { stdin: HOOK });
    // What this machine takes besides waiting, right now.
    const usual = await recordWithOpenStdin(home.path, ["start"], [HOOK]);
    using lock = Deno.openSync(`${home.path}/.claude/performance.d/lock`, { write: true });
    lock.lockSync(true);
    for (const pauseMs of [20, 200, 900]) {
      const trickle = [HOOK.slice(0, 60), ..." ".repeat(400)];
      const took = await recordWithOpenStdin(home.path, ["start"], trickle, pauseMs);
      assertLess(took - usual, 1800, `a piece each ${pauseMs} ms: ${took} ms, usually ${usual}`);
    }
    assertEquals(whatStandsIn(home.path).rows.length, 5);
  }),
);

Deno.test("10 MB on stdin are recorded right", async () => {
  using home = temporaryFolder();
  const content = 'line "one"\\\nü'.repeat(400_000);
  const stdin = captureWith("PostToolUse-write", {
    tool_input: { file_path: "/p/big.txt", content },
    tool_response: { originalFile: content },
    tool_use_id: "toolu_last",
    duration_ms: 4321,
  });
  assertEquals(stdin.length > 10_000_000, true);
  const { rows, errors } = await record(home.path, ["end"], { stdin });
  assertEquals(rows.map((row) => [row["tool_use_id"], row["duration_ms"], row["status"]]), [
    ["toolu_last", "4321", "ok"],
  ]);
  assertEquals(errors, []);
});

Deno.test("JSON over several lines, as a person writes it, is read to its end", async () => {
  using home = temporaryFolder();
  const stdin = `\n${JSON.stringify(JSON.parse(HOOK), undefined, 2)}\n`;
  const { rows, errors } = await record(home.path, ["start"], { stdin });
  assertEquals([rows.map((row) => row["tool_use_id"]), errors], [["t1"], []]);
});

Deno.test("what follows the first line is read, and does not count", async () => {
  using home = temporaryFolder();
  const stdin = HOOK + HOOK.replace("Bash", "Evil") + "x".repeat(1_000_000);
  const { rows, errors } = await record(home.path, ["start"], { stdin });
  assertEquals([rows.map((row) => row["tool_name"]), errors], [["Bash"], []]);
});

Deno.test("bytes that are no text are no JSON, and no crash", async () => {
  using home = temporaryFolder();
  const stdin = Uint8Array.from({ length: 300_000 }, (_, index) => index * 7 % 256);
  const { rows } = await record(home.path, ["start"], { stdin });
  assertEquals(rows.map((row) => row["tool_name"]), ["unknown"]);
});

testWith(
  "sh",
  "a stdin that is closed, a folder or without end is taken as one without JSON",
  async () => {
    for (const stdin of ["<&-", "</", "</dev/zero"]) {
      using home = temporaryFolder();
      const { stdout } = await shell(home.path, `"$PERFMON" rec start --tool x ${stdin}`);
      assertEquals(stdout, "", stdin);
      assertEquals(whatStandsIn(home.path).rows.map((row) => row["tool_name"]), ["x"], stdin);
    }
  },
);

testWith("sh", "a closed stdout and stderr disturb nobody", async () => {
  using home = temporaryFolder();
  await shell(home.path, '"$PERFMON" rec start --bogus </dev/null >&- 2>&-');
  await shell(home.path, '"$PERFMON" rec start --bogus </dev/null 2>/dev/full || echo failed');
  const { rows, errors } = whatStandsIn(home.path);
  assertEquals([rows.length, errors.length], [2, 2]);
});

testWith([procfs, "script", "sh"], "with a terminal as stdin nothing is waited for", async () => {
  using home = temporaryFolder();
  const args = ["-qefc", '"$PERFMON" rec start --tool by-hand; echo "status $?"', "/dev/null"];
  const { stdout } = await run(home.path, "script", args);
  assertStringIncludes(stdout, "status 0");
  assertEquals(whatStandsIn(home.path).rows.map((row) => row["tool_name"]), ["by-hand"]);
});

Deno.test(
  "of a stdin that is endless and no JSON no more is read than tells that",
  inQuietMoment(async () => {
    using home = temporaryFolder();
    // 8 MiB, in pieces that come for 20 s: it is read on only as long as it may be an object.
    const pieces = Array<string>(400).fill("\0".repeat(20_000));
    assertLess(await recordWithOpenStdin(home.path, ["start"], pieces, 50), 5000);
    const { rows, errors } = whatStandsIn(home.path);
    assertEquals([rows.map((row) => row["tool_name"]), errors.length], [["unknown"], 1]);
  }),
);
