import { FULL_COLUMNS } from "../../../src/row/columns.ts";
import type { LogState } from "../../../src/log/lock.ts";
import { LogLock } from "../../../src/log/log_lock.ts";
import { rotate } from "../../../src/log/write/rotate.ts";
import {
  assert,
  assertEquals,
  assertLess,
  assertRejects,
  assertStringIncludes,
} from "../../std/std_assert.ts";
import { replaceIo } from "../../kit/file_calls.ts";
import { toolsOf } from "../../kit/log_files.ts";
import { allTools, appendRows, logIn, names, rotating, stateOf } from "../../kit/numbered_rows.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";

Deno.test("what is known of the log is one line of JSON of one width, whatever the figures", async () => {
  using folder = temporaryFolder();
  const location = logIn(folder.path);
  const line = (): string => Deno.readTextFileSync(`${location.folder}/lock`);
  for (const [from, to] of [[1, 1], [2, 9], [10, 12]] as const) {
    await appendRows(location, from, to, rotating(10, 4));
    assertEquals([line().length, line().indexOf("\n")], [400, 399]);
    assertEquals(JSON.parse(line()), {
      version: 3,
      columns: FULL_COLUMNS.length,
      ...await stateOf(location),
    });
  }
  using lock = await LogLock.acquire(location.folder, 0);
  const huge = 2 ** 52 - 1;
  const state: LogState = {
    inode: 2 ** 64,
    size: huge,
    rows: huge,
    header: huge,
    layout: "custom",
    lastRow: huge,
    lastTime: "99999999999.123456789",
    sequence: huge,
    retryAt: huge,
    cutAt: huge,
    copied: huge,
    history: "999999d,999999MiB",
  };
  lock.writeState(state);
  assertEquals(lock.readState(), state);
  assertEquals([line().length, line().indexOf("\n")], [400, 399]);
});

Deno.test("figures that no log can have are no state, so that its rows are counted anew", async () => {
  using folder = temporaryFolder();
  const location = logIn(folder.path);
  await appendRows(location, 1, 6, rotating(4, 2));
  const state = await stateOf(location);
  assert(state !== undefined);
  const absurd: Partial<LogState>[] = [
    { lastRow: 1e15 },
    { lastRow: state.size + 1 },
    { header: 1e15 },
    { header: -2 },
    { rows: state.size + 1 },
    { size: 1e300 },
    { size: -1 },
    { sequence: 2 ** 53 },
    { cutAt: state.copied + 1 },
    { retryAt: 0.5 },
  ];
  for (const figures of absurd) {
    using lock = await LogLock.acquire(location.folder, 0);
    lock.writeState({ ...state, ...figures });
    assertEquals(lock.readState(), undefined, JSON.stringify(figures));
  }
  await appendRows(location, 7, 12, rotating(4, 2));
  assertEquals([await allTools(location), (await stateOf(location))?.rows], [names(12), 3]);
});

Deno.test("a rotation that failed long ago, or never, is tried again", async () => {
  using folder = temporaryFolder();
  const location = logIn(folder.path);
  await appendRows(location, 1, 4);
  const state = await stateOf(location);
  assert(state !== undefined);
  {
    using lock = await LogLock.acquire(location.folder, 0);
    lock.writeState({ ...state, retryAt: 1e12 });
  }
  await appendRows(location, 5, 5, rotating(4, 2));
  assertEquals([toolsOf(location.path), await allTools(location)], [names(5, 4), names(5)]);
});

Deno.test("a lock makes no folder: whoever only looks leaves nothing behind", async () => {
  using folder = temporaryFolder();
  await assertRejects(
    () => LogLock.acquire(`${folder.path}/performance.d`, 0),
    Deno.errors.NotFound,
  );
  assertEquals([...Deno.readDirSync(folder.path)], []);
});

Deno.test("a look at a lock that another holds does not wait for it, now or later", async () => {
  using folder = temporaryFolder();
  const location = logIn(folder.path);
  await appendRows(location, 1, 1);
  using held = await LogLock.acquire(location.folder, 0);
  assert(held.isHeld, "the test holds the lock");
  const openFiles = (): number => [...Deno.readDirSync("/dev/fd")].length;
  const before = openFiles();
  // As often as a command that watches the log looks: each waiter left behind keeps a thread and a file.
  for (let looks = 0; looks < 100; looks++) {
    using look = await LogLock.acquire(location.folder, 0);
    assertEquals([look.isHeld, look.readState()?.rows], [false, 1]);
  }
  assertLess(openFiles(), before + 50);
});

Deno.test({
  name: "a row appended without the lock survives a rotation at the same moment",
  // The append leaves the thread behind that waits for the lock; in rec it ends with the process.
  sanitizeOps: false,
  fn: async () => {
    // Rotated before the row is written to the old log, and after it.
    for (const moment of ["before", "after"]) {
      using folder = temporaryFolder();
      const location = logIn(folder.path);
      await appendRows(location, 1, 9);
      const state = await stateOf(location);
      using lock = await LogLock.acquire(location.folder, 0);
      assert(lock.isHeld && state !== undefined, "the test holds the lock");
      let rotated = false;
      const open = Deno.openSync;
      const rotateNow = (): void => {
        if (rotated) return;
        rotated = true;
        using log = open(location.path, { read: true, append: true });
        rotate(location, log, state, 5);
      };
      using _ = replaceIo({
        open: (path, options) => {
          const file = open(path, options);
          if (path !== location.path || rotated) return file;
          const write = file.writeSync.bind(file);
          file.writeSync = (bytes) => {
            if (moment === "before") rotateNow();
            const written = write(bytes);
            rotateNow();
            return written;
          };
          return file;
        },
      });
      const problem = await appendRows(location, 10, 10, rotating(9, 5));
      assertStringIncludes(problem ?? "", "appended without it");
      assert(toolsOf(location.path).includes("t10"), "the row is in the new log");
      assertEquals((await allTools(location)).toSorted(), names(10).toSorted(), moment);
    }
  },
});
