/**
 * The binary is killed or stopped at each system call by which it touches the log or what lies beside
 * it, in the row that rotates. strace does it (its option `inject`).
 */
import { existsSync } from "@std/fs";
import { linesOf, toolsOf } from "../../kit/log_files.ts";
import {
  allTools,
  appendRows,
  byNumber,
  logIn,
  names,
  rotating,
  seedRow,
  stateOf,
} from "../../kit/numbered_rows.ts";
import { binary, expectExit, perfmon } from "../../kit/perfmon.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { testWith, tracer } from "../../kit/tools.ts";
import { waitFor } from "../../kit/waits.ts";
import type { LogLocation } from "../../../src/log/location.ts";
import { assert, assertEquals, assertGreater, assertStringIncludes } from "../../std/std_assert.ts";

const LIMITS = ["--max-lines", "9", "--keep", "5"];
/** Rows of a log that rotated once, with late ones of another program in its history, and is to rotate again. */
const ROWS = 15;

async function dueLog(folder: string): Promise<LogLocation> {
  const location = logIn(folder);
  await appendRows(location, 1, 9);
  using foreign = Deno.openSync(location.path, { append: true });
  await appendRows(location, 10, 10, rotating(9, 5));
  foreign.writeSync(new TextEncoder().encode(seedRow(11)));
  await appendRows(location, 12, ROWS - 1, rotating(9, 5));
  assertEquals([(await stateOf(location))?.rows, await sorted(location)], [8, names(ROWS - 1)]);
  Deno.writeTextFileSync(location.path, seedRow(ROWS), { append: true });
  return location;
}

async function sorted(location: LogLocation): Promise<string[]> {
  return (await allTools(location)).toSorted(byNumber);
}

/** `rec end` of row `number`, to which strace does something at one of the system calls, and tells what it sees. */
function recordUnder(
  location: LogLocation,
  number: number,
  injection: string,
  trace = "/dev/null",
): Deno.ChildProcess {
  const { path, folder } = location;
  const history = `${folder}/history`;
  const paths = [path, folder, `${folder}/lock`, `${folder}/rotation.tmp`, history];
  const segments = [1, 2].map((sequence) => `${history}/0000000${sequence}.csv`);
  const watched = [...paths, ...segments].flatMap((each) => ["-P", each]);
  const row = [binary, "rec", "end", "--tool", `t${number}`, "--file", path, ...LIMITS];
  return new Deno.Command("strace", {
    args: ["-f", "-qq", "-o", trace, ...watched, "-e", `inject=${injection}`, ...row],
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

for (const call of ["openat", "write", "ftruncate", "fsync", "/^link", "/^rename", "close"]) {
  testWith(
    tracer,
    `a writer killed at any ${call} of its rotation loses no row, and leaves no harm`,
    async () => {
      let kills = 0;
      for (let count = 1; count < 30; count++) {
        using folder = temporaryFolder();
        const location = await dueLog(folder.path);
        const next = ROWS + 1;
        const child = recordUnder(location, next, `${call}:signal=SIGKILL:when=${count}`);
        const { signal, code, stdout } = await child.output();
        assertEquals(stdout.length, 0);
        if (signal !== "SIGKILL") {
          assertEquals(code, 0);
          break;
        }
        kills++;
        const found = await sorted(location);
        const wasWritten = found.includes(`t${next}`);
        assertEquals(found, names(wasWritten ? next : ROWS), `killed at ${count}`);
        for (let row = next + 1; row <= next + 8; row++) {
          const args = ["rec", "end", "--tool", `t${row}`, "--file", location.path, ...LIMITS];
          const { stdout, stderr } = expectExit(await perfmon(args), 0);
          assertEquals([stdout, stderr], ["", ""]);
        }
        const expected = names(next + 8).filter((name) => wasWritten || name !== `t${next}`);
        assertEquals(await sorted(location), expected, `killed at ${count}`);
        assert(toolsOf(location.path).length <= 9);
        const left = [...Deno.readDirSync(location.folder)].map(({ name }) => name).toSorted();
        assertEquals(left, ["history", "lock"], `killed at ${count}`);
      }
      assertGreater(kills, 0);
    },
  );
}

testWith(
  tracer,
  "a rotator that is stopped holds nobody up, and no row is lost when it goes on",
  async () => {
    for (const call of ["write", "/^link", "/^rename", "ftruncate", "fsync"]) {
      using folder = temporaryFolder();
      const location = await dueLog(folder.path);
      const trace = `${folder.path}/trace`;
      const rotator = recordUnder(location, ROWS + 1, `${call}:signal=SIGSTOP:when=1`, trace);
      const pid = await stoppedChild(rotator.pid, trace);
      const others = Array.from({ length: 4 }, (_, index) => {
        const args = ["rec", "end", "--tool", `t${ROWS + 2 + index}`, "--file", location.path];
        return perfmon([...args, ...LIMITS]);
      });
      for (const result of await Promise.all(others)) {
        assertEquals(expectExit(result, 0).stdout, "");
        assertStringIncludes(result.stderr, "the lock was held by another process, appended");
      }
      const written = await sorted(location);
      const others4 = names(ROWS + 5, ROWS + 2);
      assertEquals(others4.filter((name) => !written.includes(name)), [], "they are there already");
      Deno.kill(pid, "SIGCONT");
      const { code, stdout, stderr } = await rotator.output();
      assertEquals([code, stdout.length, new TextDecoder().decode(stderr)], [0, 0, ""]);
      assertEquals(await sorted(location), names(ROWS + 5), call);
      await appendRows(location, ROWS + 6, ROWS + 20, rotating(9, 5));
      assertEquals(await sorted(location), names(ROWS + 20), call);
      assertEquals(linesOf(location.path).length, (await stateOf(location))!.rows + 1);
    }
  },
);

/** The process that strace runs, once it is stopped by a signal: at each system call it is for a moment. */
async function stoppedChild(tracerPid: number, trace: string): Promise<number> {
  await waitFor(
    () => existsSync(trace) && Deno.readTextFileSync(trace).includes("--- stopped by SIGSTOP ---"),
    "the rotator to be stopped",
  );
  const children = Deno.readTextFileSync(`/proc/${tracerPid}/task/${tracerPid}/children`);
  return Number(children.trim().split(" ")[0]);
}
