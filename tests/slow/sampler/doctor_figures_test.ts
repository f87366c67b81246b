/** `perfmon doctor --figures`, through installed hooks. */
import { assert, assertEquals } from "../../std/std_assert.ts";
import { binary, expectExit, perfmon } from "../../kit/perfmon.ts";
import { must } from "../../kit/mounts.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { procfs, testWith, type Tool } from "../../kit/tools.ts";
import { inQuietMoment } from "../../kit/waits.ts";
import { type Figure } from "../../../src/commands/doctor/figures_text.ts";

async function figures(...install: string[]): Promise<Map<string, Figure>> {
  using folder = temporaryFolder();
  Deno.mkdirSync(`${folder.path}/bin`);
  Deno.symlinkSync(Deno.realPathSync(binary), `${folder.path}/bin/perfmon`);
  const env = { HOME: folder.path, PATH: `${folder.path}/bin:/usr/bin:/bin` };
  const cwd = folder.path;
  expectExit(await perfmon(["hooks", "install", ...install], { env, cwd }), 0);
  const { stdout } = await perfmon(["doctor", "--figures", "--json"], { env, cwd });
  return new Map(JSON.parse(stdout).map((each: Figure) => [each.name, each]));
}

let installed: Promise<Map<string, Figure>> | undefined;

/** Looks at the figures of installed hooks; where they are not as they should be, at others the next time. */
async function withFigures(check: (figures: Map<string, Figure>) => void): Promise<void> {
  const figuresNow = await (installed ??= figures());
  try {
    check(figuresNow);
  } catch (error) {
    installed = undefined;
    throw error;
  }
}

Deno.test(
  "doctor --figures: what installed hooks record of known work is near the truth",
  inQuietMoment(() =>
    withFigures((found) => {
      const names = ["CPU", "Memory at its peak", "Duration", "Its processes ran", "Written"];
      assertEquals([...found.keys()], [...names, "Read, uncached"]);
      // A busy machine makes times longer, and memory and bytes no other.
      const { measured: held = 0, truth = 0 } = found.get("Memory at its peak")!;
      assert(Math.abs(held - truth) < 0.1 * truth, `${held} of ${truth}`);
      const { measured: used = 0, truth: burnt = 0 } = found.get("CPU")!;
      assert(Math.abs(used - burnt) < 0.2 * burnt + 0.05, `${used} of ${burnt}`);
    })
  ),
);

/** To a file system in memory nothing is written. */
const disk: Tool = {
  name: "a disk below /tmp",
  found: () => must("stat", ["-f", "-c", "%T", "/tmp"]).trim() !== "tmpfs",
};

/** Reading past what the kernel keeps of a file, which few file systems refuse. */
const direct: Tool = {
  name: "a file system below /tmp that reads past its cache",
  found: () => {
    using folder = temporaryFolder();
    const file = `${folder.path}/file`;
    Deno.writeFileSync(file, new Uint8Array(1 << 12));
    const args = [`if=${file}`, "of=/dev/null", "iflag=direct", "bs=4096"];
    return new Deno.Command("dd", { args, stderr: "null" }).outputSync().success;
  },
};

/** A test of what a call moves to the disk or from there. */
function assertMoved(name: string): () => Promise<void> {
  return inQuietMoment(() =>
    withFigures((found) => {
      const { measured = 0, truth = 0 } = found.get(name)!;
      assertEquals(truth, 64 << 20);
      assert(Math.abs(measured - truth) < 0.05 * truth, `${measured} of ${truth}`);
    })
  );
}

testWith(
  [procfs, disk],
  "64 MiB that a call writes and syncs are in its row, within a twentieth",
  assertMoved("Written"),
);

testWith(
  [procfs, disk, direct],
  "64 MiB that a call reads uncached are in its row, within a twentieth",
  assertMoved("Read, uncached"),
);

Deno.test("doctor --figures: what a way does not know is not there, and no error", async () => {
  const found = await figures("--via", "spool");
  assertEquals(found.get("Memory at its peak")?.measured, undefined);
  assert((found.get("Duration")?.measured ?? 0) > 1);
});
