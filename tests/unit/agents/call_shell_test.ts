import { commandOfShell } from "../../../src/agents/claude/command/call_shell.ts";
import { assertEquals } from "../../std/std_assert.ts";

/** The arguments of the client's shell, as 2.1.330 gives them. */
function shell(quoted: string, program = "/bin/bash", flags = ["-c"]): string {
  const script =
    "source /h/.claude/shell-snapshots/s.sh 2>/dev/null || true && shopt -u extglob && " +
    `eval ${quoted} \\< /dev/null && pwd -P >| /tmp/claude-1-cwd`;
  return [program, ...flags, script, ""].join("\0");
}

Deno.test("the command of a call's shell is read as the call's own, whatever its quotes", () => {
  const of = (text: string): string | undefined => commandOfShell(text)?.command;
  assertEquals(of(shell("'npm test -- --token=x'")), "npm test");
  assertEquals(of(shell(`'git commit -m '"'"'it && pwd -P >| x'"'"''`)), "git commit");
  assertEquals(of(shell("ls")), "ls");
  assertEquals(of(shell("'cargo build'", "/usr/bin/zsh")), "cargo build");
  assertEquals(of(shell("'cargo build'", "/bin/bash", ["-c", "-l"])), "cargo build");
});

Deno.test("hooks, servers and other children of the client are no call's shell", () => {
  for (
    const args of [
      ["/bin/sh", "-c", "trap '' TERM; o perfmon rec start --async"],
      ["node", "server.js"],
      ["/bin/bash", "-c", "eval 'x'"],
      ["/bin/bash", "-c"],
      ["bash"],
      [],
    ]
  ) assertEquals(commandOfShell([...args, ""].join("\0")), undefined, args.join(" "));
  assertEquals(commandOfShell(shell("'$(secret)'")), { command: undefined });
});
