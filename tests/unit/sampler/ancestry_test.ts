import {
  findMonitored,
  type Lookup,
  ownProcesses,
  type Relative,
  toolsProcesses,
} from "../../../src/sampler/ancestry.ts";
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

/** A client with a server of its own, a tool's shell and two hooks, this one and another; by pid. */
const TREE: Readonly<Record<number, Relative>> = {
  10: { parent: 1, command: "claude", start: 100 },
  20: { parent: 10, command: "node", start: 110 }, // a server
  21: { parent: 20, command: "node", start: 900 }, // which has just begun to work
  30: { parent: 10, command: "sh", start: 500 }, // this hook
  31: { parent: 30, command: "sh", start: 500 }, // its watcher
  [Deno.pid]: { parent: 30, command: "perfmon", start: 501 },
  40: { parent: 10, command: "sh", start: 490 }, // another hook
  41: { parent: 40, command: "perfmon", start: 491 },
  42: { parent: 40, command: "sh", start: 490 },
  50: { parent: 10, command: "bash", start: 500 }, // the tool
  51: { parent: 50, command: "make", start: 501 },
  60: { parent: 10, command: "bash", start: 499 }, // another call's
};

Deno.test("the tools' processes: no hook's, and before the call only what is older than its hook", () => {
  const lookup: Lookup = (pid) =>
    pid === Deno.ppid ? { parent: 10, command: "sh", start: 500 } : TREE[pid];
  const all = Object.keys(TREE).map(Number).filter((pid) => pid !== 10);
  const found = (onlyOlder: boolean): number[] => toolsProcesses(all, 10, lookup, { onlyOlder });
  assertEquals(found(false).filter((pid) => pid !== 30 && pid !== 31), [20, 21, 50, 51, 60]);
  assertEquals(found(true), [20, 60]);
});
