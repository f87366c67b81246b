import { type CountedLog, CountersError, updateCounters } from "../../../src/log/counters_file.ts";
import { maintainHistory } from "../../../src/log/history/tidy_history.ts";
import type { LogLocation } from "../../../src/log/location.ts";
import { noteError } from "../../../src/log/write/errors.ts";
import { type AppendOptions, appendSample } from "../../../src/log/write/append.ts";
import { assertEquals, assertRejects, assertStringIncludes } from "../../std/std_assert.ts";
import { replaceIo } from "../../kit/file_calls.ts";
import { linesOf } from "../../kit/log_files.ts";
import {
  APPEND,
  logIn,
  numbered,
  rotating,
  seedRow,
  segmentsOf,
  untilUnlocked,
} from "../../kit/numbered_rows.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";

/** Appends rows without an id, so that nothing but its place tells a row from others. */
async function appendRows(
  location: LogLocation,
  from: number,
  to: number,
  options: AppendOptions = APPEND,
): Promise<void> {
  for (let number = from; number <= to; number++) {
    const sample = { ...numbered(number), toolUseId: undefined };
    await appendSample(location, () => sample, options);
  }
  await untilUnlocked(location);
}

/**
 * Brings the counters up to date, says nothing of it on stderr, and gives them. It has patience: a lock that
 * was let go is held on until its end by a process that another test, in a thread of its own, just forks.
 */
async function counted(location: LogLocation, warnings: string[] = []): Promise<CountedLog> {
  const options = { now: 1, warn: (sentence: string) => warnings.push(sentence) };
  return await updateCounters(location, options, (each) => each);
}

/** How many calls were counted by now; of the rows in these tests each is one, with a tool of its own. */
async function calls(location: LogLocation, warnings: string[] = []): Promise<number> {
  return total(await counted(location, warnings));
}

function total({ counters }: CountedLog): number {
  return [...counters.tools.values()].flatMap((tool) => Object.values(tool.calls))
    .reduce((a, b) => a + b, 0);
}

function state({ folder }: LogLocation): string {
  return `${folder}/state.json`;
}

Deno.test("counters: each call once, through any number of rotations between two looks", async () => {
  using folder = temporaryFolder();
  const location = logIn(folder.path);
  const options = rotating(9, 4);
  let last = 0;
  for (const next of [1, 9, 10, 11, 12, 25, 60, 60, 61, 70, 100]) {
    await appendRows(location, last + 1, next, options);
    last = next;
    assertEquals(await calls(location), next);
    assertEquals(await calls(location), next);
  }
});

Deno.test("counters: they go on where history is pruned, also what was never looked at before", async () => {
  using folder = temporaryFolder();
  const location = logIn(folder.path);
  const options = rotating(9, 4, { history: "1KiB" });
  await appendRows(location, 1, 12, options);
  assertEquals(await calls(location), 12);
  await appendRows(location, 13, 60, options);
  const before = segmentsOf(location).length;
  await maintainHistory(location);
  assertEquals(before > segmentsOf(location).length, true);
  assertEquals(await calls(location), 60);
  await appendRows(location, 61, 70, options);
  await maintainHistory(location);
  assertEquals(await calls(location), 70);
});

Deno.test("counters: a call whose start was rotated out and pruned long before counts with its duration", async () => {
  for (const isLookedAt of [true, false]) {
    using folder = temporaryFolder();
    const location = logIn(folder.path);
    const options = rotating(9, 4, { history: "1KiB" });
    assertEquals(await calls(location), 0);
    const long = { ...numbered(1), toolName: "Bash", toolUseId: "long", pid: 7 };
    await appendSample(
      location,
      () => ({ ...long, event: "start", childCpuSeconds: 1 }),
      options,
    );
    if (isLookedAt) assertEquals(await calls(location), 0);
    await appendRows(location, 2, 60, options);
    await maintainHistory(location);
    const end = { ...long, timestamp: long.timestamp + 500, childCpuSeconds: 3.5 };
    await appendSample(location, () => end, options);
    const { counters } = await counted(location);
    const bash = counters.tools.get("Bash");
    assertEquals([bash?.durationSeconds, bash?.cpuSeconds], [500, 2.5]);
    assertEquals(counters.open, []);
  }
});

Deno.test("counters: a prune that dies before or after the counters are kept loses and doubles none", async () => {
  for (const dies of ["at the counters", "at the first segment", "at the second segment"]) {
    using folder = temporaryFolder();
    const location = logIn(folder.path);
    const options = rotating(9, 4, { history: "1KiB" });
    await appendRows(location, 1, 5, options);
    assertEquals(await calls(location), 5);
    await appendRows(location, 6, 60, options);
    const fails = (): never => {
      throw new Error(dies);
    };
    let removed = 0;
    {
      using _io = dies === "at the counters" ? replaceIo({ rename: fails }) : replaceIo({
        remove: (path) => {
          if (String(path).endsWith(".csv") && ++removed > (dies.includes("first") ? 0 : 1)) {
            fails();
          }
          Deno.removeSync(path);
        },
      });
      await maintainHistory(location).catch(() => {});
    }
    assertEquals(
      segmentsOf(location).includes("00000001.csv"),
      dies !== "at the second segment",
      dies,
    );
    assertEquals(await calls(location), 60, dies);
    await maintainHistory(location);
    assertEquals(await calls(location), 60, dies);
  }
});

Deno.test("counters: without them, and with those of a newer perfmon, history is pruned or kept", async () => {
  using folder = temporaryFolder();
  const location = logIn(folder.path);
  await appendRows(location, 1, 60, rotating(9, 4, { history: "1KiB" }));
  const before = segmentsOf(location);
  Deno.writeTextFileSync(state(location), `{"version":99}`);
  await maintainHistory(location);
  assertEquals(segmentsOf(location)[0]?.startsWith("00000001.csv"), true);
  await assertRejects(() => counted(location), CountersError, "a newer perfmon wrote it");
  assertEquals(Deno.readTextFileSync(state(location)), `{"version":99}`);
  Deno.removeSync(state(location));
  await maintainHistory(location);
  assertEquals(segmentsOf(location).length < before.length, true);
});

Deno.test("counters: with --history 0 they go on from the last row that was seen", async () => {
  using folder = temporaryFolder();
  const location = logIn(folder.path);
  const options = rotating(9, 4, { history: "0" });
  for (let to = 3; to <= 60; to += 3) {
    await appendRows(location, to - 2, to, options);
    assertEquals(await calls(location), to);
  }
  // More rows than the log holds: those that were dropped before anybody looked can't be known.
  await appendRows(location, 61, 90, options);
  assertEquals(await calls(location), 60 + linesOf(location.path).length - 1);
});

Deno.test("counters: a log deleted by hand, with or without its history, takes nothing back", async () => {
  using folder = temporaryFolder();
  const location = logIn(folder.path);
  await appendRows(location, 1, 25, rotating(9, 4));
  assertEquals(await calls(location), 25);
  Deno.removeSync(location.path);
  assertEquals(await calls(location), 25);
  await appendRows(location, 26, 28, rotating(9, 4));
  assertEquals(await calls(location), 28);
  Deno.removeSync(`${location.folder}/history`, { recursive: true });
  Deno.removeSync(`${location.folder}/lock`);
  assertEquals(await calls(location), 28);
  await appendRows(location, 29, 60, rotating(9, 4));
  assertEquals(await calls(location), 60);
});

Deno.test("counters: a clock that is set back between two looks changes nothing", async () => {
  using folder = temporaryFolder();
  const location = logIn(folder.path);
  await appendRows(location, 100, 110, rotating(9, 4));
  assertEquals(await calls(location), 11);
  await appendRows(location, 1, 30, rotating(9, 4));
  assertEquals(await calls(location), 41);
});

Deno.test("counters: a row without its end waits until it has one", async () => {
  using folder = temporaryFolder();
  const location = logIn(folder.path);
  const [whole = "", torn = ""] = [seedRow(1), seedRow(2)];
  Deno.writeTextFileSync(location.path, whole + torn.slice(0, 20));
  assertEquals(await calls(location), 1);
  Deno.writeTextFileSync(location.path, whole + torn);
  assertEquals(await calls(location), 2);
});

Deno.test("counters: bad rows are counted once, lines of the error log too", async () => {
  using folder = temporaryFolder();
  const location = logIn(folder.path);
  Deno.writeTextFileSync(location.path, seedRow(1) + "torn\n");
  assertEquals((await counted(location)).badRows, 1);
  noteError(location.folder, "rec", "no disk");
  noteError(location.folder, "rec", "no disk again");
  Deno.writeTextFileSync(location.path, seedRow(2) + "other rubbish\n", { append: true });
  let { badRows, errors } = await counted(location);
  assertEquals([badRows, errors.count], [2, 2]);
  Deno.renameSync(`${location.folder}/errors.log`, `${location.folder}/errors.old.log`);
  noteError(location.folder, "rec", "a third");
  ({ badRows, errors } = await counted(location));
  assertEquals([badRows, errors.count], [2, 3]);
  Deno.removeSync(`${location.folder}/errors.old.log`);
  assertEquals((await counted(location)).errors.count, 3);
});

Deno.test("counters: a damaged file is set aside with a word, and counting begins anew", async () => {
  for (
    const text of ["", "{", "[]", `{"version":1}`, `{"version":1,"errors":{"count":1,"last":""}}`]
  ) {
    using folder = temporaryFolder();
    const location = logIn(folder.path);
    await appendRows(location, 1, 25, rotating(9, 4));
    Deno.writeTextFileSync(state(location), text);
    const warnings: string[] = [];
    assertEquals(await calls(location, warnings), 25);
    assertEquals(warnings.length, 1);
    assertStringIncludes(warnings[0]!, `Cannot read "${state(location)}": it is damaged (`);
    assertEquals(Deno.readTextFileSync(`${state(location)}.damaged`), text);
    assertEquals(await calls(location, warnings), 25);
    assertEquals(warnings.length, 1);
  }
});

Deno.test("counters: where they can't be kept nothing is handed out", async () => {
  using folder = temporaryFolder();
  const location = logIn(folder.path);
  await appendRows(location, 1, 3);
  Deno.mkdirSync(state(location));
  await assertRejects(() => counted(location), CountersError, `Cannot read "${state(location)}"`);
  Deno.removeSync(state(location));
  {
    using _io = replaceIo({
      rename: () => {
        throw new Error("No space left on device");
      },
    });
    await assertRejects(() => counted(location), CountersError, "No space left on device");
  }
  assertEquals(await calls(location), 3);
});

Deno.test("counters: who finds another perfmon at them says so", async () => {
  using folder = temporaryFolder();
  const location = logIn(folder.path);
  await appendRows(location, 1, 3);
  using lock = Deno.openSync(`${location.folder}/state.lock`, { write: true, create: true });
  lock.lockSync(true);
  await assertRejects(
    () => updateCounters(location, { now: 1, patienceMs: 0 }, () => {}),
    CountersError,
    "another perfmon is busy with it",
  );
});

Deno.test("counters: a call counts once whose end comes twice, from settings and a plugin", async () => {
  using folder = temporaryFolder();
  const location = logIn(folder.path);
  await appendSample(location, () => numbered(8), rotating(9, 4));
  assertEquals(await calls(location), 1);
  const again = { ...numbered(8), timestamp: numbered(8).timestamp + 0.02 };
  await appendSample(location, () => again, rotating(9, 4));
  assertEquals(await calls(location), 1);
});

Deno.test("counters: a row that is written again byte for byte counts once, with and without an id", async () => {
  using folder = temporaryFolder();
  const location = logIn(folder.path);
  const options = rotating(9, 4);
  await appendSample(location, () => numbered(1), options);
  await appendRows(location, 2, 30, options);
  assertEquals(await calls(location), 30);
  // As where a rotation or the spool died half-way.
  await appendSample(location, () => numbered(1), options);
  await appendRows(location, 20, 22, options);
  await appendRows(location, 31, 32, options);
  assertEquals(await calls(location), 32);
});
