import { findMonitored, type Lookup, ownProcesses } from "../../../src/sampler/ancestry.ts";
import { assertEquals } from "../../std/std_assert.ts";

/** A chain of ancestors, the nearest first; pids count from 100 on, and the last one's parent is 0. */
function chain(...commands: string[]): Lookup {
  return (pid) => {
    const command = commands[pid - 100];
    if (command === undefined) return undefined;
    return { pid, command, parent: pid - 99 < commands.length ? pid + 1 : 0 };
  };
}

Deno.test("the monitored process is the first ancestor that is no shell", () => {
  const cases: [string[], number][] = [
    [["claude", "bash"], 100],
    [["sh", "claude", "bash", "systemd"], 101],
    [["sh", "bash", "2.1.330"], 102],
    [["dash", "zsh", "bash", "fish", "busybox", "node"], 105],
    [["shellcheck"], 100],
    [["bashful", "sh"], 100],
  ];
  for (const [commands, expected] of cases) {
    assertEquals(findMonitored(100, chain(...commands)), expected, commands.join(" < "));
  }
});

Deno.test("where all ancestors are shells it is the outermost, and an unknown parent stands for itself", () => {
  assertEquals(findMonitored(100, chain("sh", "bash")), 101);
  assertEquals(findMonitored(100, chain()), 100);
});

Deno.test("a chain that loops comes to an end", () => {
  const loop: Lookup = (pid) => ({ pid, command: "sh", parent: pid === 100 ? 101 : 100 });
  assertEquals([100, 101].includes(findMonitored(100, loop)), true);
});

Deno.test("perfmon and the shells between it and the monitored process are its own", () => {
  assertEquals([...ownProcesses(99, 102, 102, chain("sh", "bash", "claude"))], [99]);
  assertEquals([...ownProcesses(99, 100, 102, chain("sh", "bash", "claude"))], [99, 100, 101]);
});

Deno.test("a process between perfmon and the monitored one that is no shell is not its own", () => {
  assertEquals([...ownProcesses(99, 100, 103, chain("sh", "make", "bash", "claude"))], [99, 100]);
});
