/** What is made of a Mac's `ps`: which processes are a call's, and what they came to. */
import { commandOfShellLine } from "../../../src/agents/claude/command/call_shell.ts";
import { PsWatch } from "../../../src/sampler/watch/ps_watch.ts";
import { assert, assertEquals } from "../../std/std_assert.ts";

const MAC = Deno.readTextFileSync(`${import.meta.dirname}/../../testdata/ps/macos_groups.txt`);
const CLIENT = 802;
const ARGUMENTS = [
  `  900 /bin/zsh -c -l source /Users/a b/.claude/snapshot.sh && eval 'npm test -- "a b"' \\< /dev/null && pwd -P >| /tmp/c`,
  "  910 /bin/sh -c exec perfmon rec start --watch",
];

/** A watch that is given these lists of processes, one a look, and the arguments of those that may begin a group. */
function watchOf(lists: readonly string[], asked: string[] = []): PsWatch {
  const next = lists.values();
  return new PsWatch(
    ({ commandLine }) => commandOfShellLine(commandLine),
    (args) => {
      if (args[0] === "-A") return Promise.resolve(next.next().value ?? "");
      const pids = args.at(-1)!;
      asked.push(pids);
      const lines = ARGUMENTS.filter((line) => pids.split(",").includes(line.split(" ")[2]!));
      return Promise.resolve(lines.join("\n"));
    },
  );
}

/** The lines of the processes with these pids, maybe with another parent. */
function linesOf(pids: readonly number[], parents: Record<number, number> = {}): string {
  const lines = MAC.split("\n").filter((line) => pids.includes(Number(line.split(/\s+/)[2])));
  return lines.map((line) => {
    const parent = parents[Number(line.split(/\s+/)[2])];
    return parent === undefined ? line : line.replace(/^(\s+\d+\s+\d+)\s+\d+/, `$1 ${parent}`);
  }).join("\n");
}

async function look(watch: PsWatch, clients = new Set([CLIENT])): Promise<number> {
  await watch.read(clients);
  return watch.look(clients);
}

Deno.test("as on macOS: to a call belong its shell's process group, what is below it and what was orphaned", async () => {
  const asked: string[] = [];
  const watch = watchOf([linesOf([1, 512, 802, 850]), MAC, linesOf([1, 802, 850])], asked);
  const before = await look(watch);
  assertEquals(watch.groups.size, 0);
  const now = await look(watch);
  const [group, ...others] = watch.groups;
  assertEquals([others.length, asked], [0, ["900,910"]]);
  assertEquals([group?.origin.client, group?.origin.command], [CLIENT, "npm test"]);
  assertEquals(group?.living.map(({ pid }) => pid), [900, 901, 902, 903]);
  await look(watch);
  assertEquals([group?.isLed, group?.living], [false, []]);
  assertEquals(group?.peak(now), {
    ...{ peakRss: 3072 + 204800 + 102400 + 10240, peakPss: undefined },
    ...{ peakProcesses: 4, peakProcess: "node", processSeconds: now - before },
  });
});

Deno.test("as on macOS: what has a process group of its own stays its call's when its parent has ended", async () => {
  const watch = watchOf([linesOf([802]), MAC, linesOf([802, 902], { 902: 1 })]);
  for (let looks = 0; looks < 3; looks++) await look(watch);
  assertEquals([...watch.groups].map(({ living }) => living.map(({ pid }) => pid)), [[902]]);
});

Deno.test("as on macOS: a child that is not yet what it is going to run is looked at again, one that has settled is not", async () => {
  // It will not have settled by the time of any look.
  const soon = new Date(Date.now() + 600_000).toString();
  const started = soon.replace(/^(\w+ \w+ \d+) (\d+) ([\d:]+).*/, "$1 $3 $2");
  const young = MAC.replace(/^(.*) Mon Dec {2}1 09:20:00 2025/gm, `$1 ${started}`);
  const asked: string[] = [];
  const watch = watchOf([
    linesOf([802]),
    young.replace(/^ {2}900 {3}900/m, "  802   900"),
    young,
    MAC,
  ], asked);
  await look(watch);
  await look(watch);
  assertEquals(watch.groups.size, 0);
  await look(watch);
  assertEquals(watch.groups.size, 1);
  assert(!asked.slice(1).some((pids) => pids.includes("910")), asked.join(" "));
});

Deno.test("a group that is dropped is begun no more", async () => {
  const watch = watchOf([linesOf([802]), MAC, MAC]);
  await look(watch);
  await look(watch);
  for (const group of watch.groups) watch.drop(group);
  await look(watch);
  assertEquals(watch.groups.size, 0);
});

Deno.test("of the arguments of no process but a client's children that lead a group is asked", async () => {
  const asked: string[] = [];
  const watch = watchOf([MAC], asked);
  await look(watch, new Set([512]));
  assertEquals(asked, []);
});
