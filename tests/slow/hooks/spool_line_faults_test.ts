/** The same line where something is missing, odd or forbidden. */
import { writeSpoolLine } from "../../../src/agents/claude/hooks/lines/spool_line.ts";
import { testWith } from "../../kit/tools.ts";
import { assert, assertEquals } from "../../std/std_assert.ts";
import {
  expectSilence,
  LINE,
  PAYLOAD,
  recordsIn,
  SHELLS,
  spoolFolder,
  type SpoolRun,
} from "./spool_hooks.ts";

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

for (const [tool, ...flags] of SHELLS) {
  const shell = [tool, ...flags].join(" ");
  const run = (home: string, options: Omit<SpoolRun, "home"> = {}): Promise<void> =>
    expectSilence([tool, ...flags], { home, ...options });

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
