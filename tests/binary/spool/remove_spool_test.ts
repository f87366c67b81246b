/** Switching away from the spool while hooks record: what was written arrives. */
import { existsSync } from "@std/fs";
import { readLog } from "../../../src/log/read/read.ts";
import { resolveLog } from "../../../src/log/resolve.ts";
import { bashEvent, spoolHome } from "../../kit/homes.ts";
import { recordsOf } from "../../kit/log_files.ts";
import { expectExit } from "../../kit/perfmon.ts";
import { assertEquals, assertStringIncludes } from "../../std/std_assert.ts";

const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Writes a record in two pieces, as a hook does; false where there is no spool to write into. */
async function leave(spool: string, id: string): Promise<boolean> {
  const name = `s.${id}.1.${Number(id) % 2 === 0 ? "start" : "end"}`;
  const moment = Number(id) % 2 === 0 ? "start" : "end";
  try {
    using file = Deno.openSync(`${spool}/${name}`, { write: true, createNew: true });
    file.writeSync(new TextEncoder().encode(`perfmon 1 ${id};;\n`));
    await pause(4);
    file.writeSync(new TextEncoder().encode(JSON.stringify(bashEvent(moment, id)) + "\n"));
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

Deno.test("whoever switches the spool on and off beside busy hooks loses no record", async () => {
  using home = spoolHome();
  const written: string[] = [];
  let next = 0;
  let isOver = false;
  const writer = async (): Promise<void> => {
    while (!isOver) {
      const id = String(++next);
      if (await leave(home.spool, id)) written.push(id);
      await pause(10);
    }
  };
  const writers = Array.from({ length: 4 }, writer);
  for (let round = 0; round < 3 || written.length <= 100; round++) {
    for (
      const args of [["install", "--via", "spool"], ["install"], ["install", "--via", "spool"], [
        "remove",
      ]]
    ) {
      expectExit(await home.perfmon("hooks", ...args), 0);
    }
  }
  isOver = true;
  await Promise.all(writers);
  expectExit(await home.perfmon("rec", "drain"), 0);
  const { samples } = await readLog(resolveLog(home.log), { history: true });
  const found = new Set(samples.map(({ toolUseId }) => toolUseId));
  assertEquals(written.filter((id) => !found.has(id)), []);
});

Deno.test("what a killed removal has left closed is taken in by the next command", async () => {
  using home = spoolHome();
  await home.hook("start", bashEvent("start", "t1"));
  Deno.renameSync(home.spool, `${home.spool}.closed`);
  expectExit(await home.perfmon("tail"), 0);
  assertEquals(recordsOf(home.log).length, 1);
  expectExit(await home.perfmon("hooks", "install", "--via", "spool"), 0);
  const { stderr } = expectExit(await home.perfmon("hooks", "remove"), 0);
  assertStringIncludes(stderr, `Removed "${home.spool}"`);
  assertEquals([home.spool, `${home.spool}.closed`].filter((path) => existsSync(path)), []);
});

Deno.test("removing a spool says how much of it was not whole, and leaves others' files", async () => {
  using home = spoolHome();
  expectExit(await home.perfmon("hooks", "install", "--via", "spool"), 0);
  await home.hook("start", bashEvent("start", "t1"));
  Deno.writeTextFileSync(`${home.spool}/s.2.1.end`, "perfmon 1 2;;\n{");
  Deno.writeTextFileSync(`${home.spool}/notes.txt`, "mine");
  const first = expectExit(await home.perfmon("hooks", "remove"), 74);
  assertStringIncludes(first.stderr, "Directory not empty");
  assertEquals(recordsOf(home.log).length, 1);
  const closed = `${home.spool}.closed`;
  assertEquals([...Deno.readDirSync(closed)].map(({ name }) => name), ["notes.txt"]);
});
