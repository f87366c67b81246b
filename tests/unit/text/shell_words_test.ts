import { commandLine, withCommand } from "../../../src/text/command_line.ts";
import { quoteForPaste, shellWords, unquote } from "../../../src/text/shell_words.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { testWith } from "../../kit/tools.ts";
import { assertEquals } from "../../std/std_assert.ts";

const HOSTILE = [
  ...[";touch PWNED;a", "$(touch PWNED)", "`touch PWNED`", "a b", "", "'", "\\", "\\'", "'\\"],
  ...["a'b\\c", "a\\", "\\\\'';x", "''", "=ls", "%self", "~", "*", "{a,b}", "!!", "#", '"', "a\nb"],
  ...["--flag=a", "$HOME", "(ls)", "<x>", "&", "|", "^", "ä€", "\\n", "\\x41", "[a]", "?"],
];
const SCRIPT = `printf '[%s]' ${HOSTILE.map(quoteForPaste).join(" ")}`;

for (const shell of ["bash", "dash", "zsh", "fish"]) {
  testWith(shell, `shell words: ${shell} reads a word as it was before it was quoted`, async () => {
    using folder = temporaryFolder();
    const { code, stdout } = await new Deno.Command(shell, {
      args: [...shell === "fish" ? ["--no-config"] : shell === "zsh" ? ["-f"] : [], "-c", SCRIPT],
      cwd: folder.path,
      env: { HOME: folder.path },
    }).output();
    const read = new TextDecoder().decode(stdout);
    assertEquals([code, read], [0, HOSTILE.map((word) => `[${word}]`).join("")]);
    const made = Array.from(Deno.readDirSync(folder.path), ({ name }) => name);
    assertEquals(made.filter((name) => name.startsWith("PWNED")), []);
  });
}

Deno.test("shell words: a line is taken apart and unquoted as it was put together", () => {
  const line = HOSTILE.map(quoteForPaste).join(" ");
  assertEquals(shellWords(line).map(unquote), HOSTILE);
});

Deno.test("shell words: what a command line is about can't begin another command", () => {
  assertEquals(
    commandLine("report", { project: "it's" }, ";touch PWNED;a"),
    `perfmon report ';touch PWNED;a' --project 'it'"'"'s'`,
  );
});

Deno.test("shell words: a long command line is broken between words, never in one", () => {
  const word = `'${"a ".repeat(12)}it'"'"'s'`;
  const [, ...below] = withCommand("Text", `perfmon report ${word} --all ${word}`, 40, 2);
  assertEquals(below, ["  perfmon report \\", `  ${word} \\`, "  --all \\", `  ${word}`]);
});
