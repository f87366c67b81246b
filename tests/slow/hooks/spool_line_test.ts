/** The line that stores a hook event in the spool, under each shell: nothing can make it fail. */
import { writeSpoolLine } from "../../../src/agents/claude/hooks/lines/spool_line.ts";
import { type LineRun, runHookLine } from "../../kit/hook_lines.ts";
import { descendantsByPs, ps, readProc } from "../../kit/processes.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { inQuietMoment, waitFor } from "../../kit/waits.ts";
import { procfs, testWith } from "../../kit/tools.ts";
import { assert, assertEquals, assertMatch } from "../../std/std_assert.ts";

/** Any program that is there: the line looks whether it is, and starts none. */
const LINE = writeSpoolLine({ moment: "start", program: "/bin/sh", options: "" });

/** Shells as Debian (dash), macOS (bash in its POSIX mode), Alpine (busybox) and others have them for `sh`. */
const SHELLS: readonly [tool: string, ...args: string[]][] = [
  ["sh"],
  ["dash"],
  ["bash"],
  ["bash", "--posix"],
  ["busybox", "sh"],
  ["zsh", "--emulate", "sh"],
];

const UNPRIVILEGED = {
  name: "setpriv",
  found: () => Deno.uid() !== 0 || succeeds(["setpriv", "--version"]),
};

const NAMESPACES = {
  name: "mount namespaces",
  found: () => succeeds(["unshare", "-rm", "mount", "-t", "tmpfs", "none", "/proc"]),
};

const PID_NAMESPACES = {
  name: "unshare --pid",
  found: () => succeeds(["unshare", "--pid", "--fork", "true"]),
};

const PAYLOAD = '{"hook_event_name":"PreToolUse","tool_name":"Bash","tool_use_id":"t1"}\n';

/** How the line is run, besides the shell. */
interface SpoolRun extends Omit<LineRun, "shell" | "stdin"> {
  readonly home: string;
  readonly line?: string;
  readonly payload?: string;
}

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

  testWith(tool, `${shell}: 10 MB are stored as they come`, async () => {
    using folder = spoolFolder();
    const payload = `{"a":"${"x".repeat(10_000_000)}"}\n`;
    await run(folder.path, { payload });
    assert(recordsIn(folder.path)[0]!.text.endsWith(payload));
  });

  testWith(tool, `${shell}: a client that is gone leaves a record without figures`, async () => {
    using folder = spoolFolder();
    for (const pid of ["4194305", "../..", "no pid", "-1"]) {
      await run(folder.path, { env: { CLAUDE_PID: pid } });
    }
    const records = recordsIn(folder.path);
    assertEquals(records.length, 4);
    for (const { text } of records) assert(text.endsWith(PAYLOAD));
  });

  testWith(tool, `${shell}: without perfmon nothing is stored`, async () => {
    using folder = spoolFolder();
    const payload = `{"a":"${"x".repeat(1_000_000)}"}\n`;
    const program = `${folder.path}/perfmon`;
    const line = writeSpoolLine({ moment: "start", program, options: "" });
    await run(folder.path, { line, payload });
    assertEquals(recordsIn(folder.path), []);
    Deno.writeTextFileSync(program, "", { mode: 0o755 });
    await run(folder.path, { line });
    await run(folder.path, {
      line: writeSpoolLine({ moment: "start", options: "" }),
      env: { PATH: `${folder.path}:/usr/bin:/bin` },
    });
    assertEquals(recordsIn(folder.path).length, 2);
  });

  testWith(tool, `${shell}: faults of the spool are swallowed with the input`, async () => {
    using folder = spoolFolder();
    const claude = `${folder.path}/.claude`;
    const payload = `{"a":"${"x".repeat(1_000_000)}"}\n`;
    // More than any pipe holds; without `head` the shell reads each byte by itself.
    const smaller = `{"a":"${"x".repeat(200_000)}"}\n`;
    const full = `ln -s /dev/full "$HOME/.claude/performance.d/spool/s.$$.1.start"; `;
    await run(folder.path, { payload, line: full + LINE });
    const alone = LINE.replace(/ PATH=\S+; /, " ");
    await run(folder.path, { payload: smaller, line: alone, env: { PATH: claude } });
    Deno.removeSync(`${claude}/performance.d/spool`, { recursive: true });
    await run(folder.path, { payload });
    Deno.writeTextFileSync(`${claude}/performance.d/spool`, "a file");
    await run(folder.path, { payload });
    await run(folder.path, { payload: smaller, line: alone, env: { PATH: claude } });
    await run(folder.path, { payload, env: { HOME: "" } });
    await run(folder.path, { payload, line: `unset HOME; ${LINE}` });
    assertEquals([...Deno.readDirSync(`${claude}/performance.d`)].map(({ name }) => name), [
      "spool",
    ]);
    assertEquals(Deno.readTextFileSync(`${claude}/performance.d/spool`), "a file");
  });

  testWith([tool, UNPRIVILEGED], `${shell}: a spool that can't be written`, async () => {
    using folder = spoolFolder();
    const payload = `{"a":"${"x".repeat(1_000_000)}"}\n`;
    for (const mode of [0o500, 0o000]) {
      Deno.chmodSync(`${folder.path}/.claude/performance.d/spool`, mode);
      await run(folder.path, { payload, before: asNobody() });
    }
    Deno.chmodSync(`${folder.path}/.claude/performance.d/spool`, 0o700);
    assertEquals(recordsIn(folder.path), []);
  });

  testWith([tool, NAMESPACES], `${shell}: without /proc the figures come from ps`, async () => {
    using folder = spoolFolder();
    const ps = `${folder.path}/ps`;
    Deno.writeTextFileSync(ps, '#!/bin/sh\necho " 42  1 3456  0.5 00:00:01 $LC_ALL $2 ps $4"\n');
    Deno.chmodSync(ps, 0o755);
    const before = ["unshare", "-rm", "sh", "-c", 'mount -t tmpfs none /proc && exec "$@"', "-"];
    const env = { PATH: `${folder.path}:/usr/bin:/bin`, CLAUDE_PID: "42" };
    await run(folder.path, { before, env });
    await run(folder.path, { before, env: { ...env, PATH: "/usr/bin:/bin" } });
    const texts = recordsIn(folder.path).map(({ text }) => text.split("\n")[1]);
    assert(
      texts.includes(
        " 42  1 3456  0.5 00:00:01 C pid=,ppid=,rss=,pcpu=,time=,lstart=,comm= ps 42",
      ),
      texts.join("\n"),
    );
    for (const { text } of recordsIn(folder.path)) assert(text.endsWith(PAYLOAD));
  });
}

for (const [tool, ...flags] of SHELLS) {
  const shell = [tool, ...flags];

  testWith(tool, `${shell.join(" ")}: a session's id may hold slashes`, async () => {
    using folder = spoolFolder();
    for (const id of ["a/b/../c", "../../../x", "/etc/passwd", "y/"]) {
      await expectSilence(shell, { home: folder.path, env: { CLAUDE_CODE_SESSION_ID: id } });
    }
    const names = recordsIn(folder.path).map(({ name }) => name.split(".")[0]!);
    assertEquals(names.map((name) => /^\d+$/.test(name) ? "a pid" : name).sort(), [
      "a pid",
      "c",
      "passwd",
      "x",
    ]);
  });

  testWith(
    [tool, PID_NAMESPACES],
    `${shell.join(" ")}: in a pid namespace with another's /proc a record is without figures`,
    async () => {
      using folder = spoolFolder();
      for (const env of [{}, { CLAUDE_PID: "1" }] as Record<string, string>[]) {
        const before = ["unshare", "--pid", "--fork"];
        await expectSilence(shell, { home: folder.path, before, env });
      }
      for (const { text } of recordsIn(folder.path)) {
        assertEquals(text, `perfmon 2 1;;;;\n${PAYLOAD}`);
      }
    },
  );
}

/** What runs a program as somebody who may not write everywhere. */
function asNobody(): string[] {
  return Deno.uid() === 0 ? ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] : [];
}

function succeeds([program = "", ...args]: string[]): boolean {
  try {
    return new Deno.Command(program, { args, stdout: "null", stderr: "null" }).outputSync().success;
  } catch {
    return false;
  }
}

function isHead(pid: number): boolean {
  try {
    return readProc(pid, "cmdline").startsWith("head\0");
  } catch {
    return false; // it has ended
  }
}

/** A home with an empty spool. */
function spoolFolder(): ReturnType<typeof temporaryFolder> {
  const folder = temporaryFolder();
  Deno.mkdirSync(`${folder.path}/.claude/performance.d/spool`, { recursive: true });
  Deno.chmodSync(folder.path, 0o755);
  return folder;
}

function recordsIn(home: string): { name: string; mode: number; text: string }[] {
  const folder = `${home}/.claude/performance.d/spool`;
  return [...Deno.readDirSync(folder)].map(({ name }) => {
    const path = `${folder}/${name}`;
    const mode = (Deno.statSync(path).mode ?? 0) & 0o777;
    return { name, mode, text: Deno.readTextFileSync(path) };
  }).sort((a, b) => a.name < b.name ? -1 : 1);
}

/** Runs the line as the client does: status 0, nothing printed, and all of the input taken. */
async function expectSilence(
  shell: readonly string[],
  { home, line = LINE, payload = PAYLOAD, env = {}, ...run }: SpoolRun,
): Promise<void> {
  const given = { HOME: home, CLAUDE_CODE_SESSION_ID: "s", ...env };
  assertEquals(await runHookLine(line, { shell, stdin: payload, env: given, ...run }), "", line);
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
