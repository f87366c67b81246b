/** File systems that can't do all that a rotation would like: no row is lost, and the log stays bounded. */
import { toolsOf } from "../../kit/log_files.ts";
import { mounted, must } from "../../kit/mounts.ts";
import { appendRows, logIn, names, rotating } from "../../kit/numbered_rows.ts";
import { expectExit, exportedTools, perfmon } from "../../kit/perfmon.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { loopDevice, mounting, testWith } from "../../kit/tools.ts";
import { assertEquals, assertStringIncludes } from "../../std/std_assert.ts";

async function recordRows(log: string, from: number, to: number): Promise<string> {
  let complaints = "";
  for (let row = from; row <= to; row++) {
    const args = ["rec", "end", "--tool", `t${row}`, "--file", log, "--max-lines", "9"];
    const result = expectExit(await perfmon([...args, "--keep", "4"]), 0);
    assertEquals(result.stdout, "");
    complaints += result.stderr;
  }
  return complaints;
}

testWith(
  mounting,
  "a log whose folder is on another file system is rotated all the same",
  async () => {
    using folder = temporaryFolder();
    const log = `${folder.path}/performance.csv`;
    using _ = mounted(`${folder.path}/performance.d`, ["-t", "tmpfs", "tmpfs"]);
    assertEquals(await recordRows(log, 1, 25), "");
    assertEquals(toolsOf(log).length <= 9, true);
    assertEquals(await exportedTools(log), names(25));
    const left = [...Deno.readDirSync(folder.path)].map(({ name }) => name).toSorted();
    assertEquals(left, ["performance.csv", "performance.d"]);
  },
);

testWith(
  mounting,
  "a log that is a mount of its own can't be rotated, which is said, and takes rows",
  async () => {
    using folder = temporaryFolder();
    const log = `${folder.path}/performance.csv`;
    Deno.writeTextFileSync(log, "");
    Deno.writeTextFileSync(`${folder.path}/elsewhere`, "");
    must("mount", ["--bind", `${folder.path}/elsewhere`, log]);
    try {
      assertStringIncludes(await recordRows(log, 1, 14), "the log can't be rotated: ");
      assertEquals(await exportedTools(log), names(14));
    } finally {
      must("umount", [log]);
    }
    // As the log that it was made from it is whole, too, and goes on.
    Deno.renameSync(`${folder.path}/elsewhere`, log);
    await appendRows(logIn(folder.path), 15, 60, rotating(9, 4));
    assertEquals(toolsOf(log), names(60).slice(-4));
    assertEquals(await exportedTools(log), names(60));
  },
);

testWith(
  mounting,
  "on a file system that became read-only nothing is recorded, until it can be again",
  async () => {
    using folder = temporaryFolder();
    const disk = `${folder.path}/disk`;
    using _ = mounted(disk, ["-t", "tmpfs", "tmpfs"]);
    const log = `${disk}/performance.csv`;
    await recordRows(log, 1, 2);
    must("mount", ["-o", "remount,ro", disk]);
    const complaint = await recordRows(log, 3, 3);
    assertStringIncludes(complaint, "nothing was recorded: ");
    assertStringIncludes(complaint, "Read-only file system");
    must("mount", ["-o", "remount,rw", disk]);
    assertEquals(await recordRows(log, 4, 4), "");
    assertEquals(await exportedTools(log), ["t1", "t2", "t4"]);
  },
);

testWith(
  [mounting, loopDevice, "mkfs.exfat", "mount.exfat-fuse"],
  "on exFAT, which has no hard links, the log is rotated and no row is lost",
  async () => {
    using folder = temporaryFolder();
    const image = `${folder.path}/image`;
    must("truncate", ["-s", "8M", image]);
    must("mkfs.exfat", [image]);
    const device = must("losetup", ["--find", "--show", image]);
    try {
      using _ = mounted(`${folder.path}/disk`, ["-t", "exfat-fuse", device]);
      const log = `${folder.path}/disk/performance.csv`;
      assertEquals(await recordRows(log, 1, 25), "");
      assertEquals(toolsOf(log).length <= 9, true);
      assertEquals(await exportedTools(log), names(25));
    } finally {
      must("losetup", ["--detach", device]);
    }
  },
);
