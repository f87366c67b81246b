import { assertEquals } from "../../std/std_assert.ts";
import { toolsOf } from "../../kit/log_files.ts";
import { allTools, appendRows, byNumber, logIn, names, rotating } from "../../kit/numbered_rows.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";

/** The steps of a rotation: the call, whether it dies before or after it, and the end of the path. */
const STEPS: [string, string, string][] = [
  ["open", "before", "rotation.tmp"],
  ["open", "after", "rotation.tmp"],
  ["link", "before", "00000001.csv"],
  ["link", "after", "00000001.csv"],
  ["rename", "before", "performance.csv"],
  ["rename", "after", "performance.csv"],
];

/** Appends row `number` in a process of its own that is killed at that step of the rotation. */
function appendAndDie(folder: string, number: number, step: string[]): void {
  const { code, stderr } = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-A",
      "--no-check",
      `${import.meta.dirname}/killed_rotation_child.ts`,
      folder,
      String(number),
      ...step,
    ],
  }).outputSync();
  assertEquals(code, 128 + 9, new TextDecoder().decode(stderr));
}

for (const step of STEPS) {
  const [call, moment, file] = step;
  Deno.test(`a writer killed ${moment} its ${call} of ${file} loses no row, and the next one goes on`, async () => {
    using folder = temporaryFolder();
    const location = logIn(folder.path);
    await appendRows(location, 1, 9);
    appendAndDie(folder.path, 10, step);
    assertEquals((await allTools(location)).toSorted(byNumber), names(10));

    // Rows that only the log has by now, so that the next rotation has something to lose.
    await appendRows(location, 11, 17);
    assertEquals(toolsOf(location.path).slice(-7), names(17, 11));
    await appendRows(location, 18, 18, rotating(9, 5));
    assertEquals(toolsOf(location.path), names(18, 14));
    assertEquals((await allTools(location)).toSorted(byNumber), names(18));
    const left = [...Deno.readDirSync(location.folder)].map((entry) => entry.name).toSorted();
    assertEquals(left, ["history", "lock"]);
  });
}
