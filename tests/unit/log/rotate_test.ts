import { BASIC_COLUMNS, FULL_COLUMNS, FULL_HEADER } from "../../../src/row/columns.ts";
import { assertEquals, assertStringIncludes } from "../../std/std_assert.ts";
import { replaceIo } from "../../kit/file_calls.ts";
import { linesOf, recordsOf, toolsOf } from "../../kit/log_files.ts";
import {
  allTools,
  appendRows,
  byNumber,
  logIn,
  names,
  rotating,
  seedRow,
  segmentsOf,
  stateOf,
} from "../../kit/numbered_rows.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";

for (const [maxLines, keep] of [[1000, 500], [2000, 1000], [5, 4], [5, 0], [1, 0]] as const) {
  for (const layout of ["full", "basic"] as const) {
    Deno.test(`row ${maxLines + 1} makes a ${layout} log its newest ${keep}, the rest is history`, async () => {
      using folder = temporaryFolder();
      const location = logIn(folder.path);
      const options = rotating(maxLines, keep, { layout });
      await appendRows(location, 1, maxLines, options);
      assertEquals(toolsOf(location.path), names(maxLines));
      await appendRows(location, maxLines + 1, maxLines + 1, options);
      assertEquals(toolsOf(location.path), names(maxLines + 1, maxLines + 2 - keep));
      assertEquals(linesOf(location.path).includes(FULL_HEADER), layout === "full");
      assertEquals((await allTools(location)).toSorted(byNumber), names(maxLines + 1));
      const state = await stateOf(location);
      assertEquals([state?.rows, state?.size], [keep, Deno.statSync(location.path).size]);
      // The next rotation cuts the segment to what was rotated out.
      const next = 2 * maxLines + 2 - keep;
      await appendRows(location, maxLines + 2, next, options);
      assertEquals(toolsOf(`${location.folder}/history/00000001.csv`), names(maxLines + 1 - keep));
      assertEquals((await allTools(location)).toSorted(byNumber), names(next));
    });
  }
}

Deno.test("many rotations make one segment each, and keep every row in order", async () => {
  using folder = temporaryFolder();
  const location = logIn(folder.path);
  await appendRows(location, 1, 100, rotating(10, 4));
  const sequences = names(segmentsOf(location).length).map((_, index) => index + 1);
  assertEquals(segmentsOf(location), sequences.map((n) => `${String(n).padStart(8, "0")}.csv`));
  assertEquals(await allTools(location), names(100));
  assertEquals((await stateOf(location))?.sequence, sequences.length);
});

Deno.test("with history 0 the rows that are rotated out are gone", async () => {
  using folder = temporaryFolder();
  const location = logIn(folder.path);
  await appendRows(location, 1, 11, rotating(10, 4, { history: "0" }));
  assertEquals(await allTools(location), names(11, 8));
  assertEquals([...Deno.readDirSync(location.folder)].map((entry) => entry.name), ["lock"]);
});

Deno.test("a start row never rotates: nothing does without limits", async () => {
  using folder = temporaryFolder();
  const location = logIn(folder.path);
  await appendRows(location, 1, 30);
  assertEquals(toolsOf(location.path), names(30));
});

Deno.test("a log that lay there much too long is cut in one rotation", async () => {
  using folder = temporaryFolder();
  const location = logIn(folder.path);
  const rows = names(40_000).map((_, index) => seedRow(index + 1)).join("");
  Deno.writeTextFileSync(location.path, rows);
  await appendRows(location, 40_001, 40_001, rotating(1000, 500));
  assertEquals(toolsOf(location.path), names(40_001, 39_502));
  assertEquals((await allTools(location)).length, 40_001);
});

Deno.test("a rotation keeps the header in force, wherever in the log it stands", async () => {
  const header = BASIC_COLUMNS.join(",");
  // Rows before and after a change from the full to the basic layout, and how many stay.
  for (const [before, after, keep] of [[8, 2, 5], [2, 8, 5], [5, 5, 5], [0, 10, 5]] as const) {
    using folder = temporaryFolder();
    const location = logIn(folder.path);
    await appendRows(location, 1, before);
    Deno.writeTextFileSync(location.path, `${header}\n`, { append: true });
    await appendRows(location, before + 1, before + after - 1);
    await appendRows(location, 10, 10, rotating(9, keep));
    const what = `${before} full rows, ${after} basic ones`;
    assertEquals(toolsOf(location.path), names(10, 6), what);
    assertEquals(await allTools(location), names(10), what);
    // The cells come back under the right columns.
    const full = recordsOf(location.path).filter((row) => "tool_use_id" in row);
    assertEquals(
      full.map((row) => row["tool_use_id"]),
      names(before, 6).map((t) => `toolu_${t.slice(1)}`),
    );
    await appendRows(location, 11, 11);
    assertEquals(linesOf(location.path).at(-1), "1729876554.000000000,12.5,256780,t11,end");
    assertEquals((await stateOf(location))?.rows, 6, what);
  }
});

Deno.test("rows of the seed before the first header stay what they are through a rotation", async () => {
  using folder = temporaryFolder();
  const location = logIn(folder.path);
  Deno.writeTextFileSync(
    location.path,
    names(8).map((_, i) => seedRow(i + 1)).join("") + FULL_HEADER + "\n",
  );
  await appendRows(location, 9, 10, rotating(9, 5));
  const all = FULL_COLUMNS.length; // and a comma in a text
  const cells = linesOf(location.path).map((line) => line.split(",").length);
  assertEquals(cells, [5, 5, 5, all, all + 1, all + 1]);
  assertEquals(await allTools(location), names(10));
});

Deno.test("where there are no hard links the rows that are rotated out are copied", async () => {
  const refuse = (): never => {
    throw new Deno.errors.PermissionDenied("Operation not permitted (os error 1)");
  };
  using folder = temporaryFolder();
  const location = logIn(folder.path);
  using _ = replaceIo({ link: refuse });
  assertEquals(await appendRows(location, 1, 100, rotating(10, 4)), undefined);
  assertEquals(toolsOf(`${location.folder}/history/00000001.csv`), names(7));
  assertEquals(await allTools(location), names(100));
  // Rows that others are writing just then get their time to arrive.
  using foreign = Deno.openSync(location.path, { append: true });
  const late = (): void => void foreign.writeSync(new TextEncoder().encode(seedRow(101)));
  using __ = replaceIo({ link: refuse, pause: late });
  const last = segmentsOf(location).length;
  for (let row = 102; segmentsOf(location).length === last; row++) {
    await appendRows(location, row, row, rotating(10, 4));
  }
  assertEquals((await allTools(location)).includes("t101"), true);
  assertEquals([...Deno.readDirSync(location.folder)].map(({ name }) => name).toSorted(), [
    "history",
    "lock",
  ]);
});

Deno.test("a copy of rotated rows is taken back where the rotation fails afterwards", async () => {
  const refuse = (): never => {
    throw new Deno.errors.PermissionDenied("refused by the test");
  };
  using folder = temporaryFolder();
  const location = logIn(folder.path);
  await appendRows(location, 1, 9);
  {
    const rename: typeof Deno.renameSync = (from, to) =>
      String(to) === location.path ? refuse() : Deno.renameSync(from, to);
    using _ = replaceIo({ link: refuse, rename });
    await appendRows(location, 10, 20, rotating(9, 5));
  }
  assertEquals(segmentsOf(location), []);
  assertEquals(toolsOf(location.path), names(20));
  await appendRows(location, 21, 60, rotating(9, 5));
  assertEquals(toolsOf(location.path), names(60, 56));
  assertEquals((await allTools(location)).toSorted(byNumber), names(60));
});

Deno.test("a rotation leaves the log as readable as it was", async () => {
  using folder = temporaryFolder();
  const location = logIn(folder.path);
  await appendRows(location, 1, 9);
  for (const mode of [0o644, 0o600, 0o640]) {
    Deno.chmodSync(location.path, mode);
    await appendRows(location, 10, 20, rotating(9, 5));
    assertEquals((Deno.statSync(location.path).mode ?? 0) & 0o777, mode);
  }
});

Deno.test("an edit in place to the same size that leaves the last row costs no row", async () => {
  // Nothing tells such an edit but reading all of it, so what is known of the log is wrong for a while.
  const edits: ((text: string) => string)[] = [
    (text) => text.replace(/\n(?=[^\n]*\n[^\n]*\n[^\n]*\n$)/, "x"), // a row less
    (text) => text.replace(/\n[^\n]{20}/g, "$&").replace(/t4,end/, "\n4,end"), // a row more
    (text) => seedRow(0).trimEnd().padEnd(FULL_HEADER.length) + text.slice(FULL_HEADER.length), // no header
  ];
  for (const [index, edit] of edits.entries()) {
    using folder = temporaryFolder();
    const location = logIn(folder.path);
    await appendRows(location, 1, 9);
    const before = Deno.readTextFileSync(location.path);
    const edited = edit(before);
    assertEquals([edited.length, edited === before], [before.length, false]);
    Deno.writeTextFileSync(location.path, edited);
    await appendRows(location, 10, 30, rotating(9, 5));
    const tools = await allTools(location);
    assertEquals(names(30, 10).filter((tool) => !tools.includes(tool)), [], `edit ${index}`);
    assertEquals(toolsOf(location.path).slice(-5), names(30, 26));
    assertEquals(recordsOf(location.path).at(-1)?.["tool_use_id"], "toolu_30", `edit ${index}`);
    assertEquals((await stateOf(location))?.rows, toolsOf(location.path).length, `edit ${index}`);
  }
});

Deno.test("a rotation that fails says so, keeps every row, and is made up for later", async () => {
  const refuse = (): never => {
    throw new Deno.errors.PermissionDenied("refused by the test");
  };
  const open = Deno.openSync;
  const refuseTemporary: typeof open = (path, options) =>
    String(path).endsWith("rotation.tmp") ? refuse() : open(path, options);
  for (const change of [{ open: refuseTemporary }, { rename: refuse }]) {
    using folder = temporaryFolder();
    const location = logIn(folder.path);
    await appendRows(location, 1, 9);
    {
      using _ = replaceIo(change);
      const problem = await appendRows(location, 10, 10, rotating(9, 5));
      assertStringIncludes(problem ?? "", "can't be rotated: refused by the test");
      // Not each call waits for another try.
      assertEquals(await appendRows(location, 11, 59, rotating(9, 5)), undefined);
      const again = await appendRows(location, 60, 60, rotating(9, 5));
      assertStringIncludes(again ?? "", "can't be rotated: refused by the test");
    }
    assertEquals(toolsOf(location.path), names(60));
    assertEquals(await allTools(location), names(60));
    assertEquals(await appendRows(location, 61, 110, rotating(9, 5)), undefined);
    assertEquals(toolsOf(location.path), names(110, 106));
    assertEquals(await allTools(location), names(110));
    assertEquals(await appendRows(location, 111, 115, rotating(9, 5)), undefined);
    assertEquals(toolsOf(location.path), names(115, 111), "from now on as ever");
  }
});
