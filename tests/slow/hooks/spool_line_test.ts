/** The line that stores a hook event in the spool, under each shell: nothing can make it fail. */
import { descendantsByPs, ps, readProc, startProcess } from "../../kit/processes.ts";
import { inQuietMoment, waitFor } from "../../kit/waits.ts";
import { succeeds } from "../../kit/mounts.ts";
import { testWith } from "../../kit/tools.ts";
import { assert, assertEquals, assertMatch } from "../../std/std_assert.ts";
import {
  ASYNC,
  expectSilence,
  LINE,
  PAYLOAD,
  recordsIn,
  SHELLS,
  spoolFolder,
  type SpoolRun,
} from "./spool_hooks.ts";

/** A pid namespace with a /proc of its own, as a container has. */
const OWN_PROC = {
  name: "unshare --pid --mount-proc",
  found: () => succeeds("unshare", ["--pid", "--fork", "--mount-proc", "true"]),
};

for (const [tool, ...flags] of SHELLS) {
  const shell = [tool, ...flags].join(" ");
  const run = (home: string, options: Omit<SpoolRun, "home"> = {}): Promise<void> =>
    expectSilence([tool, ...flags], { home, ...options });

  testWith(tool, `${shell}: a record holds the kernel's lines and the hook's JSON`, async () => {
    using folder = spoolFolder();
    const env = { AI_AGENT: "claude-code_2-1-330_x", CLAUDE_PROJECT_DIR: "/p/a; b\\n" };
    await run(folder.path, { env });
    const [record, ...more] = recordsIn(folder.path);
    assertEquals(more, []);
    const { name, mode, text } = record!;
    assertMatch(name, /^s\.\d+\.1\.start$/);
    assertEquals(mode, 0o600);
    const [header, uptime, stat, statm, shellCpu, last] = text.split("\n");
    assertEquals(header, `perfmon 2 ${name.split(".")[1]};;;claude-code_2-1-330_x;a; b\\n`);
    assertMatch(uptime!, /^\d+\.\d\d \d+\.\d\d$/);
    assertMatch(stat!, new RegExp(`^${Deno.pid} \\(`));
    assertMatch(statm!, /^\d+( \d+){6}$/);
    assertMatch(shellCpu!, /^\d+ \d+ \d+$/);
    assert(last!.endsWith(PAYLOAD.trim()), last);
    const children = last!.slice(0, -PAYLOAD.trim().length).trim().split(" ");
    assert(children.includes(name.split(".")[1]!), "the hook's shell is a child of its client");
  });

  testWith(tool, `${shell}: a name that is taken is left alone, the next one serves`, async () => {
    using folder = spoolFolder();
    const taken = `: >"$HOME/.claude/performance.d/spool/s.$$.1.start"; `;
    await run(folder.path, { line: taken + LINE });
    const records = recordsIn(folder.path).map(({ name, text }) => [name.split(".")[2], text]);
    assertEquals(records[0], ["1", ""]);
    assertEquals(records[1]![0], "2");
    assert(records[1]![1]!.endsWith(PAYLOAD));
    const all =
      'for i in 1 2 3 4 5 6 7 8 9; do : >"$HOME/.claude/performance.d/spool/s.$$.$i.start"; done; ';
    await run(folder.path, { line: all + LINE });
    assertEquals(recordsIn(folder.path).length, 2 + 9);
  });

  for (const [waits, line] of [["nobody", LINE], ["nobody who waits", ASYNC]] as const) {
    testWith(
      tool,
      `${shell}: a client that leaves its line open, or says nothing, holds ${waits}`,
      inQuietMoment(async () => {
        using folder = spoolFolder();
        const begin = performance.now();
        await run(folder.path, { line, staysOpen: true });
        const [record, ...more] = recordsIn(folder.path);
        assertEquals(more, []);
        assert(record!.text.endsWith(PAYLOAD), record!.text);
        const wholeLine = performance.now();
        await run(folder.path, { line, staysOpen: true, payload: "" });
        await run(folder.path, { line, staysOpen: true, payload: PAYLOAD.slice(0, 40) });
        const silence = performance.now();
        assertEquals(recordsIn(folder.path).length, 1, "what is not whole does not stay");
        assert(wholeLine - begin < 1400, `${wholeLine - begin} ms after the line`);
        assert(silence - wholeLine < 2 * 2500, `${silence - wholeLine} ms for two silent ones`);
      }),
    );
  }

  testWith(
    tool,
    `${shell}: a line that comes slowly is waited for`,
    inQuietMoment(async () => {
      using folder = spoolFolder();
      const slowly =
        `{ printf '{"a":"'; sleep .8; printf b; sleep .8; printf 'c"}\\n'; sleep 3; } | `;
      const begin = performance.now();
      await run(folder.path, { line: `${slowly}{ ${LINE}; }` });
      assert(recordsIn(folder.path)[0]!.text.endsWith('{"a":"bc"}\n'));
      assert(performance.now() - begin > 1500);
    }),
  );

  testWith(tool, `${shell}: SIGTERM takes no record of a hook that nobody waits for`, async () => {
    using folder = spoolFolder();
    const patient = ASYNC.replace("t=.5", "t=60"); // this test may be slow
    await expectUnimpressed([tool, ...flags], patient, folder.path);
    assert(recordsIn(folder.path)[0]!.text.includes(";--async;"));
  });

  testWith(tool, `${shell}: nothing is left of a hook whose client says nothing`, async () => {
    using folder = spoolFolder();
    const hook = startHook([tool, ...flags], ASYNC, folder.path);
    assertEquals((await hook.status).code, 0);
    await waitFor(() => ps(["-o", "pid=", "-s", String(hook.pid)]) === "", "all of it ends");
    assertEquals(recordsIn(folder.path), []);
    await hook.stdin.close();
  });

  testWith(
    [tool, OWN_PROC],
    `${shell}: a client that is process 1 of a container has no zombie of a hook but its shell`,
    async () => {
      using folder = spoolFolder();
      Deno.writeTextFileSync(`${folder.path}/payload`, PAYLOAD);
      await using container = startProcess(
        "env",
        ...[`HOME=${folder.path}`, `LINE=${ASYNC}`, "CLAUDE_CODE_SESSION_ID=s"],
        ...["unshare", "--pid", "--fork", "--mount-proc", "--kill-child", "sh", "-c"],
        `${shell} -c "$LINE" <"$HOME/payload" & exec sleep 60`,
      );
      const belowClient = (): number[] => descendantsByPs(container.pid).slice(1);
      await waitFor(
        () => recordsIn(folder.path).length > 0 && belowClient().every(isZombie),
        "the hook's end",
      );
      assertEquals(belowClient().length, 1);
    },
  );
}

function isZombie(pid: number): boolean {
  try {
    return readProc(pid, "stat").includes(") Z ");
  } catch {
    return false; // it is gone
  }
}

/** Sends SIGTERM to all of a hook's processes, as the client does at its end, and then its line. */
async function expectUnimpressed(
  shell: readonly string[],
  line: string,
  home: string,
): Promise<void> {
  const hook = startHook(shell, line, home);
  await waitFor(() => recordsIn(home).length > 0, "the hook makes its record");
  const kill = new Deno.Command("kill", { args: ["-TERM", "--", `-${hook.pid}`] });
  assert((await kill.output()).success);
  const writer = hook.stdin.getWriter();
  await writer.write(new TextEncoder().encode(PAYLOAD));
  await writer.close();
  assertEquals((await hook.status).code, 0);
  await waitFor(() => recordsIn(home)[0]!.text.endsWith(PAYLOAD), "the record is whole");
}

/** Starts a hook in a session of its own, as the client does. */
function startHook(shell: readonly string[], line: string, home: string): Deno.ChildProcess {
  return new Deno.Command("setsid", {
    args: [...shell, "-c", line],
    env: { HOME: home, CLAUDE_CODE_SESSION_ID: "s" },
    stdin: "piped",
  }).spawn();
}
