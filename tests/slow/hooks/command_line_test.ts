/** The line that starts `perfmon rec`, under each shell: whatever is missing, it takes its input and says nothing. */
import { writeCommand } from "../../../src/agents/claude/hooks/command_line.ts";
import { runHookLine } from "../../kit/hook_lines.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { testWith } from "../../kit/tools.ts";
import { assertEquals } from "../../std/std_assert.ts";

/** Where an ELF file names its machine, and two names. */
const ELF_MACHINE = 18, X86_64 = 0x3e, AARCH64 = 0xb7;

const SHELLS = ["dash", "bash", "busybox"];

/** More than any pipe holds; without `cat` a shell reads each byte by itself. */
const WITHOUT_CAT = 200_000;

for (const shell of SHELLS) {
  testWith(shell, `${shell}: without perfmon the line swallows 3 MB in silence`, async () => {
    using folder = temporaryFolder();
    const line = writeCommand({ moment: "start", program: `${folder.path}/gone`, options: {} });
    await expectSwallowed(shell, line, "/usr/bin:/bin");
  });

  testWith(shell, `${shell}: without perfmon and cat too`, async () => {
    using folder = temporaryFolder();
    const line = writeCommand({ moment: "end", program: `${folder.path}/gone`, options: {} });
    await expectSwallowed(shell, line, folder.path, { bytes: WITHOUT_CAT });
  });

  testWith(
    shell,
    `${shell}: with an alert the line lets an answer through, and else nothing`,
    async () => {
      using folder = temporaryFolder();
      const program = `${folder.path}/perfmon`;
      const line = writeCommand({ moment: "end", program, options: { "alert-duration": "60s" } });
      await expectSwallowed(shell, line, "/usr/bin:/bin");
      await expectSwallowed(shell, line, folder.path, { bytes: WITHOUT_CAT });
      const answer = '#!/bin/sh\ncat >/dev/null; echo err >&2; echo "$@"\n';
      Deno.writeTextFileSync(program, answer, { mode: 0o755 });
      await expectSwallowed(shell, line, "/usr/bin:/bin", {
        answer: "rec end --alert-duration 60s\n",
      });
    },
  );

  testWith(shell, `${shell}: with a program that can't run`, async () => {
    using folder = temporaryFolder();
    for (const [name, content] of Object.entries(damagedPrograms())) {
      const program = `${folder.path}/it's ${name}`;
      Deno.writeFileSync(program, content, { mode: 0o755 });
      const line = writeCommand({ moment: "start", program, options: {} });
      await expectSwallowed(shell, line, "/usr/bin:/bin");
    }
  });
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

/** Runs the line with that much on standard input; all must be taken, nothing printed, status 0. */
async function expectSwallowed(
  tool: string,
  line: string,
  path: string,
  { answer = "", bytes = 3_000_000 } = {},
): Promise<void> {
  const shell = tool === "busybox" ? [tool, "sh"] : [tool];
  const stdin = "a".repeat(bytes) + "\n";
  assertEquals(await runHookLine(line, { shell, stdin, env: { PATH: path } }), answer, line);
}
