/** Programs that write to a log while it is rotated, and after it. */
import type { LogLocation } from "../../../src/log/location.ts";
import { assertEquals } from "../../std/std_assert.ts";
import { replaceIo } from "../../kit/file_calls.ts";
import { toolsOf } from "../../kit/log_files.ts";
import {
  allTools,
  APPEND,
  appendRows,
  byNumber,
  logIn,
  names,
  rotating,
  seedRow,
  stateOf,
} from "../../kit/numbered_rows.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";

Deno.test("what others write to the old log while it is rotated comes along", async () => {
  for (const history of ["90d", "0"]) {
    using folder = temporaryFolder();
    const location = logIn(folder.path);
    await appendRows(location, 1, 9);
    {
      // A program that opened the log before the rotation, and writes before and after the rename.
      using foreign = Deno.openSync(location.path, { append: true });
      const write = (number: number): void =>
        void foreign.writeSync(new TextEncoder().encode(seedRow(number)));
      using _ = replaceIo({
        rename: (from, to) => {
          write(11);
          Deno.renameSync(from, to);
          write(12);
        },
      });
      await appendRows(location, 10, 10, rotating(9, 5, { history }));
    }
    assertEquals(toolsOf(location.path), names(12, 6));
    await appendRows(location, 13, 13, { ...APPEND, history });
    assertEquals((await stateOf(location))?.rows, 8);
    assertEquals(await allTools(location), history === "0" ? names(13, 6) : names(13));
  }
});

/** A log of ten rows, rotated while a program of others keeps it open, which writes on to the old one. */
async function rotatedUnderHand(
  location: LogLocation,
): Promise<Disposable & { write(text: string): void }> {
  await appendRows(location, 1, 9);
  const file = Deno.openSync(location.path, { append: true });
  await appendRows(location, 10, 10, rotating(9, 5));
  return {
    write: (text) => void file.writeSync(new TextEncoder().encode(text)),
    [Symbol.dispose]: () => file.close(),
  };
}

Deno.test("what is written to the old log long after it was rotated comes along with the next rotation", async () => {
  using folder = temporaryFolder();
  const location = logIn(folder.path);
  using foreign = await rotatedUnderHand(location);
  foreign.write(seedRow(11) + seedRow(12));
  await appendRows(location, 13, 16);
  assertEquals((await allTools(location)).toSorted(byNumber), names(16), "read where they stand");
  await appendRows(location, 17, 17, rotating(9, 5));
  const first = `${location.folder}/history/00000001.csv`;
  assertEquals(toolsOf(first), names(5));
  assertEquals(toolsOf(location.path), ["t15", "t16", "t17", "t11", "t12"]);
  // A line that is half written stays where it is, with all around it.
  await appendRows(location, 18, 21, rotating(9, 5));
  await appendRows(location, 22, 22, rotating(8, 5));
  assertEquals((await allTools(location)).toSorted(byNumber), names(22));
});

Deno.test("a line that is half written to the old log at the next rotation is left to its writer", async () => {
  using folder = temporaryFolder();
  const location = logIn(folder.path);
  using foreign = await rotatedUnderHand(location);
  foreign.write(seedRow(11).slice(0, 20));
  await appendRows(location, 12, 16, rotating(9, 5));
  foreign.write(seedRow(11).slice(20));
  assertEquals((await allTools(location)).toSorted(byNumber), names(16));
});

Deno.test("rows of others beside the row that rotates, and at once in the new log, stay whole", async () => {
  for (const keep of [5, 0]) {
    const left = keep === 0 ? ["t12"] : names(12, 7);
    using folder = temporaryFolder();
    const location = logIn(folder.path);
    await appendRows(location, 1, 9);
    {
      const foreign = (number: number): void =>
        Deno.writeTextFileSync(location.path, seedRow(number), { append: true });
      const open = Deno.openSync;
      using _ = replaceIo({
        open: (path, options) => {
          const file = open(path, options);
          const write = file.writeSync.bind(file);
          if (path !== location.path) return file;
          file.writeSync = (bytes) => {
            foreign(10);
            return write(bytes);
          };
          return file;
        },
        rename: (from, to) => {
          Deno.renameSync(from, to);
          foreign(12);
        },
      });
      assertEquals(await appendRows(location, 11, 11, rotating(9, keep)), undefined);
    }
    assertEquals(toolsOf(location.path), left);
    assertEquals(await allTools(location), names(12));
    await appendRows(location, 13, 13);
    assertEquals((await stateOf(location))?.rows, left.length + 1);
    assertEquals(await allTools(location), names(13));
  }
});
