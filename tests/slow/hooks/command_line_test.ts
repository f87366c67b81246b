/** The line that starts `perfmon rec`, under each shell: whatever is missing, it takes its input and says nothing. */
import { writeCommand } from "../../../src/agents/claude/hooks/command_line.ts";
import { runHookLine } from "../../kit/hook_lines.ts";
import { ps, writeProgram } from "../../kit/processes.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { existsSync } from "@std/fs";
import { inQuietMoment, waitFor } from "../../kit/waits.ts";
import { procfs, testWith } from "../../kit/tools.ts";
import { assertEquals } from "../../std/std_assert.ts";

/** Where an ELF file names its machine, and two names. */
const ELF_MACHINE = 18, X86_64 = 0x3e, AARCH64 = 0xb7;

/** Shells as Debian, Alpine, macOS (bash in its POSIX mode) and others have them for `sh`. */
const SHELLS: readonly [tool: string, ...args: string[]][] = [
  ["dash"],
  ["bash"],
  ["bash", "--posix"],
  ["busybox", "sh"],
  ["zsh", "--emulate", "sh"],
];

/** More than any pipe holds; without `head` a shell reads each byte by itself. */
const WITHOUT_HEAD = 200_000;

for (const [tool, ...flags] of SHELLS) {
  const shell = [tool, ...flags].join(" ");
  testWith(tool, `${shell}: without perfmon the line swallows 3 MB in silence`, async () => {
    using folder = temporaryFolder();
    const line = writeCommand({ moment: "start", program: `${folder.path}/gone`, options: {} });
    await expectSwallowed([tool, ...flags], line, "/usr/bin:/bin");
  });

  testWith(tool, `${shell}: without perfmon and head too`, async () => {
    using folder = temporaryFolder();
    const line = writeCommand({ moment: "end", program: `${folder.path}/gone`, options: {} });
    await expectSwallowed([tool, ...flags], alone(line), folder.path, { bytes: WITHOUT_HEAD });
  });

  testWith(
    tool,
    `${shell}: with an alert the line lets an answer through, and else nothing`,
    async () => {
      using folder = temporaryFolder();
      const program = `${folder.path}/perfmon`;
      const line = writeCommand({ moment: "end", program, options: { "alert-duration": "60s" } });
      await expectSwallowed([tool, ...flags], line, "/usr/bin:/bin");
      await expectSwallowed([tool, ...flags], alone(line), folder.path, { bytes: WITHOUT_HEAD });
      const answer = '#!/bin/sh\ncat >/dev/null; echo err >&2; echo "$@"\n';
      writeProgram(program, answer);
      await expectSwallowed([tool, ...flags], line, "/usr/bin:/bin", {
        answer: "rec end --alert-duration 60s\n",
      });
    },
  );

  testWith(tool, `${shell}: with a program that can't run`, async () => {
    using folder = temporaryFolder();
    for (const [name, content] of Object.entries(damagedPrograms())) {
      const program = `${folder.path}/it's ${name}`;
      writeProgram(program, content);
      const line = writeCommand({ moment: "start", program, options: {} });
      await expectSwallowed([tool, ...flags], line, "/usr/bin:/bin");
    }
  });
}

for (const [tool, ...flags] of SHELLS) {
  const shell = [tool, ...flags].join(" ");

  testWith(
    tool,
    `${shell}: a perfmon that hangs holds nobody after SIGTERM, is killed, and nothing is left`,
    inQuietMoment(async () => {
      for (const hanging of ["exec sleep 600", "kill -STOP $$"]) {
        for (const isAsync of [{ isAsync: true }, {}] as const) {
          using folder = temporaryFolder();
          const program = `${folder.path}/perfmon`;
          const script = `#!/bin/sh\nsleep .3; echo $$ >${folder.path}/pid\n${hanging}\n`;
          writeProgram(program, script);
          const line = writeCommand({ moment: "start", program, ...isAsync, options: {} });
          const hook = new Deno.Command("setsid", {
            args: [tool, ...flags, "-c", line.replace("-le 20", "-le 1")],
            stdin: "null",
          }).spawn();
          await waitFor(() => existsSync(`${folder.path}/pid`), "perfmon begins");
          hook.kill("SIGTERM");
          assertEquals((await hook.status).code, 0);
          await waitFor(() => ps(["-o", "pid=", "-s", String(hook.pid)]) === "", "all of it ends");
        }
      }
    }),
  );

  testWith(
    [tool, procfs],
    `${shell}: what perfmon began goes on after SIGTERM where nobody waits for it`,
    inQuietMoment(async () => {
      using folder = temporaryFolder();
      const program = `${folder.path}/perfmon`;
      const done = `${folder.path}/done`;
      const script = `#!/bin/sh\nsleep .3; : >${folder.path}/pid; sleep .5; : >${done}\n`;
      writeProgram(program, script);
      const line = writeCommand({ moment: "end", program, isAsync: true, options: {} });
      const args = [tool, ...flags, "-c", line];
      const hook = new Deno.Command("setsid", { args, stdin: "null" }).spawn();
      await waitFor(() => existsSync(`${folder.path}/pid`), "perfmon begins");
      Deno.kill(-hook.pid, "SIGTERM");
      assertEquals((await hook.status).code, 0);
      await waitFor(() => existsSync(done), "perfmon ends");
    }),
  );

  testWith(
    [tool, procfs],
    `${shell}: nothing is started but perfmon`,
    inQuietMoment(async () => {
      using folder = temporaryFolder();
      const program = `${folder.path}/perfmon`;
      const told = `${folder.path}/told`;
      const script =
        `#!/bin/sh\nsleep .1; echo "$$ $(cat /proc/$PPID/task/*/children)" >>${told}\n`;
      writeProgram(program, script);
      for (const isAsync of [{ isAsync: true }, {}] as const) {
        const line = writeCommand({ moment: "start", program, ...isAsync, options: {} });
        await runHookLine(line, { shell: [tool, ...flags], stdin: "{}\n" });
      }
      for (const each of Deno.readTextFileSync(told).trim().split("\n")) {
        const [pid, ...children] = each.trim().split(" ");
        assertEquals(children, [pid]);
      }
    }),
  );

  testWith(
    tool,
    `${shell}: in a folder that was deleted it goes to one that is there`,
    async () => {
      using folder = temporaryFolder();
      const program = `${folder.path}/perfmon`;
      const told = `${folder.path}/told`;
      const teller =
        `#!/bin/sh\nread -r input\n{ pwd; echo "\${NODE_CHANNEL_FD-unset}"; } >>${told}\n`;
      writeProgram(program, teller);
      for (const file of [undefined, "rel.csv", "/log.csv"]) {
        const options = file === undefined ? {} : { file };
        const line = writeCommand({ moment: "start", program, options });
        const before = ["sh", "-c", 'mkdir gone && cd gone && rmdir ../gone && exec "$@"', "-"];
        const output = await new Deno.Command(before[0]!, {
          args: [...before.slice(1), tool, ...flags, "-c", line],
          cwd: folder.path,
          env: { NODE_CHANNEL_FD: "99" },
        }).output();
        assertEquals([output.code, output.stdout.length], [0, 0]);
      }
      // A log that is named from the folder that is gone is gone with it: nothing is made elsewhere.
      const lines = Deno.readTextFileSync(told).trim().split("\n");
      assertEquals(lines.filter((each) => each === "/").length, 2);
      assertEquals(lines.filter((each) => each === "unset").length, 3);
    },
  );

  testWith(
    tool,
    `${shell}: perfmon is found beside PATH, and no folder of the project is`,
    async () => {
      using folder = temporaryFolder();
      const cwd = `${folder.path}/project`;
      Deno.mkdirSync(`${folder.path}/home/.local/bin`, { recursive: true });
      Deno.mkdirSync(cwd);
      // It reads its input, as perfmon does: the kit fails where a hook leaves before that.
      const script = `#!/bin/sh\nread -r input\necho $0 "$@" >>${folder.path}/told\n`;
      for (const path of [`${cwd}/perfmon`, `${folder.path}/home/.local/bin/perfmon`]) {
        writeProgram(path, script);
      }
      const line = writeCommand({ moment: "start", isAsync: true, options: {} });
      for (const PATH of ["/usr/bin:/bin", ""]) {
        const env = { HOME: `${folder.path}/home`, PATH };
        await runHookLine(line, { shell: [tool, ...flags], stdin: "{}\n", env, cwd });
      }
      const found = `${folder.path}/home/.local/bin/perfmon rec start --async\n`;
      assertEquals(Deno.readTextFileSync(`${folder.path}/told`), found.repeat(2));
    },
  );
}

/** Programs that pass `-x` and fail: for another machine, cut off, and bytes that a shell can't parse. */
function damagedPrograms(): Record<string, Uint8Array> {
  const whole = Deno.readFileSync("/bin/sh");
  const foreign = whole.slice();
  foreign[ELF_MACHINE] = whole[ELF_MACHINE] === AARCH64 ? X86_64 : AARCH64;
  return {
    foreign,
    "cut off": whole.slice(0, 2000),
    script: new TextEncoder().encode("(((\nexit 2\n"),
    two: new TextEncoder().encode("#!/bin/sh\necho out; echo err >&2; exit 2\n"),
  };
}

/** The line with no other folders than those of PATH. */
function alone(line: string): string {
  return line.replace(/ PATH=\S+; /, " ");
}

/** Runs the line with that much on standard input; all must be taken, nothing printed, status 0. */
async function expectSwallowed(
  shell: readonly string[],
  line: string,
  path: string,
  { answer = "", bytes = 3_000_000 } = {},
): Promise<void> {
  const stdin = "a".repeat(bytes) + "\n";
  assertEquals(await runHookLine(line, { shell, stdin, env: { PATH: path } }), answer, line);
}
