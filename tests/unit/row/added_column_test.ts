/**
 * A perfmon with one column more, made of a copy of the sources in which only the declaration differs, and
 * the logs that this one and those released have written.
 */
import { ensureDirSync, walkSync } from "@std/fs";
import { parentOf } from "../../../src/files/paths.ts";
import { COLUMNS, FULL_HEADER, RELEASED } from "../../../src/row/columns.ts";
import { isHeader } from "../../../src/row/parse_row.ts";
import type { Sample } from "../../../src/row/sample.ts";
import { assert, assertEquals } from "../../std/std_assert.ts";
import { linesOf } from "../../kit/log_files.ts";
import { numbered, rotating } from "../../kit/numbered_rows.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";

const SOURCES = `${import.meta.dirname}/../../../src`;
const LOGS = `${import.meta.dirname}/../../testdata/logs`;
const NEW_HEADER = `${FULL_HEADER},made_up`;

/** What is used of another perfmon's modules. */
interface Perfmon {
  readonly appendSample: typeof import("../../../src/log/write/append.ts").appendSample;
  readonly readLog: typeof import("../../../src/log/read/read.ts").readLog;
  readonly locationOf: typeof import("../../../src/log/location.ts").locationOf;
}

type WithMore = Sample & { readonly madeUp?: number | undefined };

/** Copies the sources into a folder, with a column `made_up` behind all others; returns the copy. */
async function withColumn(folder: string): Promise<Perfmon> {
  for (const { path, isFile } of walkSync(SOURCES)) {
    const copy = `${folder}/src${path.slice(SOURCES.length)}`;
    ensureDirSync(parentOf(copy));
    if (isFile) Deno.copyFileSync(path, copy);
  }
  const path = `${folder}/src/row/columns.ts`;
  const last = COLUMNS.at(-1)!.name;
  const text = Deno.readTextFileSync(path).replace(
    new RegExp(`^  \\{ name: "${last}".*$`, "m"),
    '$&\n  { name: "made_up", key: "madeUp", kind: "number", digits: 0 },',
  );
  Deno.writeTextFileSync(path, text);
  const [append, read, location] = await Promise.all([
    import(`file://${folder}/src/log/write/append.ts`),
    import(`file://${folder}/src/log/read/read.ts`),
    import(`file://${folder}/src/log/location.ts`),
  ]);
  return { ...append, ...read, ...location };
}

function sampleOf(number: number): WithMore {
  return { ...numbered(number), madeUp: 1000 + number };
}

const released = Object.keys(RELEASED).map((version) => `${LOGS}/${version}.csv`);

for (const isHeaderless of [false, true]) {
  const what = isHeaderless ? ", without their headers" : "";

  Deno.test(`a new column comes into logs of released perfmons${what}, and no row is lost or shifted`, async () => {
    using folder = temporaryFolder();
    const { appendSample, readLog, locationOf } = await withColumn(folder.path);
    for (const log of released) {
      const lines = linesOf(log).slice(isHeaderless ? 1 : 0);
      using home = temporaryFolder();
      const location = locationOf(`${home.path}/performance.csv`);
      Deno.writeTextFileSync(location.path, lines.join("\n") + "\n");
      const read = async (): Promise<WithMore[]> =>
        (await readLog(location, { history: true })).samples;
      const idsOf = (samples: readonly Sample[]): unknown[] =>
        samples.map(({ toolUseId, agentId, params }) => [toolUseId, agentId, params]);
      const before = idsOf(await read());
      assertEquals(before.length, lines.length - (isHeaderless ? 0 : 1));

      const append = (number: number): Promise<unknown> =>
        appendSample(location, () => sampleOf(number), rotating(before.length + 1, 6));
      await append(1);
      await append(2);
      const kept = linesOf(location.path).filter((line) => !isHeader(line));
      assertEquals(kept.length, 6);
      for (let number = 3; number <= 40; number++) await append(number);

      const after = await read();
      assertEquals(idsOf(after.slice(0, before.length)), before);
      const appended = after.slice(before.length);
      assertEquals(appended.map(({ toolName }) => toolName).join(), ids(40, "t"));
      // The first two have the old header's columns, where there is one: it goes with the rotation.
      const since = isHeaderless ? 1 : 3;
      assertEquals(
        appended.map(({ madeUp }) => madeUp),
        appended.map((_, index) => index + 1 < since ? undefined : 1001 + index),
      );
      assertEquals(linesOf(location.path).findLast(isHeader), NEW_HEADER);
    }
  });
}

Deno.test("two perfmons that take turns in one log lose and shift nothing", async () => {
  using folder = temporaryFolder();
  const today = { ...await import("../../../src/log/write/append.ts") };
  const { readLog, locationOf, ...newer } = await withColumn(folder.path);
  const location = locationOf(`${folder.path}/performance.csv`);
  for (let number = 1; number <= 60; number++) {
    const { appendSample } = number % 3 === 0 ? newer : today;
    await appendSample(location, () => sampleOf(number), rotating(12, 6));
  }
  const { samples, badRows } = await readLog(location, { history: true });
  assertEquals([badRows, samples.map(({ toolUseId }) => toolUseId).join()], [0, ids(60, "toolu_")]);
  const filled = (samples as readonly WithMore[])
    .filter(({ madeUp }) => madeUp !== undefined);
  assert(filled.length > 0);
  for (const { madeUp, toolUseId } of filled) {
    assertEquals(toolUseId, `toolu_${madeUp! - 1000}`);
  }
});

function ids(to: number, prefix: string): string {
  return Array.from({ length: to }, (_, index) => `${prefix}${index + 1}`).join();
}
