import { descendants } from "../../../src/sampler/tree.ts";
import { assertEquals } from "../../std/std_assert.ts";
import { CAPTURED, PROC } from "../../kit/captures.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";

const { client, shell, pipe, nasty, sleep } = CAPTURED;

/** Builds a folder like /proc where each process has threads, and each thread a list of children. */
function writeProc(
  folder: string,
  processes: Record<number, { parent: number; lists?: string[] }>,
): void {
  for (const [pid, { parent, lists = [] }] of Object.entries(processes)) {
    Deno.mkdirSync(`${folder}/${pid}/task`, { recursive: true });
    Deno.writeTextFileSync(`${folder}/${pid}/stat`, `${pid} (x) S ${parent} ${"0 ".repeat(48)}`);
    lists.forEach((list, index) => {
      const thread = `${folder}/${pid}/task/${Number(pid) + index}`;
      Deno.mkdirSync(thread);
      if (list !== "gone") Deno.writeTextFileSync(`${thread}/children`, list);
    });
  }
}

function sorted(pids: number[]): number[] {
  return pids.toSorted((a, b) => a - b);
}

Deno.test("without lists of children a scan of /proc finds the same tree", () => {
  using folder = temporaryFolder();
  for (const pid of [client, shell, pipe, nasty, sleep]) {
    Deno.mkdirSync(`${folder.path}/${pid}`);
    Deno.copyFileSync(`${PROC}/${pid}/stat`, `${folder.path}/${pid}/stat`);
  }
  Deno.mkdirSync(`${folder.path}/self`);
  for (const pid of [client, shell, sleep]) {
    const skipNothing = (): boolean => false;
    assertEquals(
      sorted(descendants(pid, skipNothing, folder.path)),
      sorted(descendants(pid, skipNothing, PROC)),
    );
  }
  const skipShell = (pid: number): boolean => pid === shell;
  assertEquals(descendants(client, skipShell, folder.path), [pipe]);
});

Deno.test("a skipped process is left out with all below it", () => {
  assertEquals(descendants(client, (pid) => pid === shell, PROC), [pipe]);
  assertEquals(sorted(descendants(client, (pid) => pid === pipe, PROC)), [shell, nasty, sleep]);
});

Deno.test("a thread that ends meanwhile does not hide the children of the others", () => {
  using folder = temporaryFolder();
  const lists = ["11 ", ...Array(20).fill("gone"), "12 13 ", "", ...Array(20).fill("gone"), "14 "];
  writeProc(folder.path, {
    10: { parent: 1, lists },
    ...Object.fromEntries([11, 12, 13, 14].map((pid) => [pid, { parent: 10, lists: [""] }])),
  });
  assertEquals(sorted(descendants(10, () => false, folder.path)), [11, 12, 13, 14]);
});

Deno.test("a child that ends while the tree is walked is no error", () => {
  using folder = temporaryFolder();
  writeProc(folder.path, { 10: { parent: 1, lists: ["11 99 "] }, 11: { parent: 10, lists: [""] } });
  assertEquals(sorted(descendants(10, () => false, folder.path)), [11, 99]);
});

Deno.test("a fork bomb's tree is followed to a limit only", () => {
  using folder = temporaryFolder();
  const many = Array.from({ length: 5000 }, (_, index) => 100 + index).join(" ") + " ";
  writeProc(folder.path, { 10: { parent: 1, lists: [many] } });
  assertEquals(descendants(10, () => false, folder.path).length, 2000);
});

Deno.test("a tree that loops, as reused pids can show it, comes to an end", () => {
  using folder = temporaryFolder();
  writeProc(folder.path, {
    10: { parent: 11, lists: ["11 "] },
    11: { parent: 10, lists: ["10 "] },
  });
  assertEquals(descendants(10, () => false, folder.path).length <= 2000, true);
});
