/** The line that stores a hook event in the spool, under each shell: nothing can make it fail. */
import { writeSpoolLine } from "../../../src/agents/claude/hooks/lines/spool_line.ts";
import { descendantsByPs, ps, readProc } from "../../kit/processes.ts";
import { inQuietMoment, waitFor } from "../../kit/waits.ts";
import { procfs, testWith } from "../../kit/tools.ts";
import { assert, assertEquals, assertMatch } from "../../std/std_assert.ts";
import {
  expectSilence,
  LINE,
  PAYLOAD,
  recordsIn,
  SHELLS,
  spoolFolder,
  type SpoolRun,
} from "./spool_hooks.ts";

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
    const [header, uptime, stat, statm, last] = text.split("\n");
    assertEquals(header, `perfmon 2 ${name.split(".")[1]};;;claude-code_2-1-330_x;a; b\\n`);
    assertMatch(uptime!, /^\d+\.\d\d \d+\.\d\d$/);
    assertMatch(stat!, new RegExp(`^${Deno.pid} \\(`));
    assertMatch(statm!, /^\d+( \d+){6}$/);
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

  testWith(
    tool,
    `${shell}: a client that leaves its line open, or says nothing, holds nobody`,
    inQuietMoment(async () => {
      using folder = spoolFolder();
      const begin = performance.now();
      await run(folder.path, { staysOpen: true });
      const [record, ...more] = recordsIn(folder.path);
      assertEquals(more, []);
      assert(record!.text.endsWith(PAYLOAD), record!.text);
      const wholeLine = performance.now();
      await run(folder.path, { staysOpen: true, payload: "" });
      await run(folder.path, { staysOpen: true, payload: PAYLOAD.slice(0, 40) });
      const silence = performance.now();
      assertEquals(recordsIn(folder.path).length, 1, "what is not whole does not stay");
      assert(wholeLine - begin < 1400, `${wholeLine - begin} ms after the line`);
      assert(silence - wholeLine < 2 * 2500, `${silence - wholeLine} ms for two silent ones`);
    }),
  );

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
    const line = writeSpoolLine({ moment: "end", program: "/bin/sh", options: "", isAsync: true });
    await expectUnimpressed([tool, ...flags], line, folder.path);
    assert(recordsIn(folder.path)[0]!.text.includes(";--async;"));
  });

  testWith(
    tool,
    `${shell}: a silent client holds nobody after SIGTERM, nothing is left`,
    async () => {
      using folder = spoolFolder();
      const line = writeSpoolLine({
        moment: "end",
        program: "/bin/sh",
        options: "",
        isAsync: true,
      });
      const hook = startHook([tool, ...flags], line.replace("-le 20", "-le 1"), folder.path);
      await waitFor(() => recordsIn(folder.path).length > 0, "the hook makes its record");
      hook.kill("SIGTERM");
      assertEquals((await hook.status).code, 0);
      await waitFor(() => ps(["-o", "pid=", "-s", String(hook.pid)]) === "", "all of it ends");
      await hook.stdin.close();
    },
  );

  testWith([tool, procfs], `${shell}: beside the tool nothing is started but head`, async () => {
    using folder = spoolFolder();
    const line = writeSpoolLine({ moment: "end", program: "/bin/sh", options: "", isAsync: true });
    const hook = startHook([tool, ...flags], line, folder.path);
    await waitFor(() => descendantsByPs(hook.pid).some(isHead), "head");
    assertEquals(descendantsByPs(hook.pid).length, 1);
    await hook.stdin.getWriter().close();
    assertEquals((await hook.status).code, 0);
  });
}

function isHead(pid: number): boolean {
  try {
    return readProc(pid, "cmdline").startsWith("head\0");
  } catch {
    return false; // it has ended
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
