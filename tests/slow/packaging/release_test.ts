/** The files of a release, as `deno task release --dry-run` makes them. */
import config from "../../../deno.json" with { type: "json" };
import { TARGETS } from "../../../tools/build.ts";
import { expectExit } from "../../kit/perfmon.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { testWith } from "../../kit/tools.ts";
import { assert, assertEquals } from "../../std/std_assert.ts";
import { dryRun, execute } from "./dry_run.ts";
import { filesBelow } from "./stand_ins.ts";

const ROOT = Deno.realPathSync(`${import.meta.dirname}/../../..`);
const NAME = `perfmon-${config.version}-${Deno.build.target}`;

testWith(
  ["git", "tar"],
  "a release has all its files, and their sums; two builds of one tree are the same bytes",
  async () => {
    using release = await dryRun();
    using copy = temporaryFolder();
    const { path } = release;
    assertEquals(
      filesBelow(path),
      [
        "SHA256SUMS",
        "install.sh",
        ...["darwin-arm64", "darwin-x64", "linux-arm64", "linux-x64"]
          .map((platform) => `npm/perfmon-${platform}-${config.version}.tgz`),
        `npm/perfmon-${config.version}.tgz`,
        ...TARGETS.map((target) => `perfmon-${config.version}-${target}.tar.gz`),
        "perfmon.rb",
      ].sort(),
    );
    const sums = Deno.readTextFileSync(`${path}/SHA256SUMS`).trimEnd().split("\n");
    assertEquals(sums.length, TARGETS.length + 2);
    const checked = await execute(["shasum", "-a", "256", "--check", "SHA256SUMS"], { cwd: path });
    expectExit(checked, 0);
    const formula = Deno.readTextFileSync(`${path}/perfmon.rb`);
    for (const line of sums.filter((each) => each.endsWith(".tar.gz"))) {
      const [sum, name] = line.split("  ");
      const address = `https://github.com/me/perfmon/releases/download/v${config.version}/${name}`;
      assert(formula.includes(`url "${address}"\n      sha256 "${sum}"\n`), formula);
    }

    expectExit(await execute(["tar", "-xzf", `${NAME}.tar.gz`], { cwd: path }), 0);
    assertEquals(filesBelow(`${path}/${NAME}`), [
      "LICENSE",
      "README.md",
      "completions/_perfmon",
      "completions/perfmon.bash",
      "completions/perfmon.fish",
      "perfmon",
      "perfmon.1",
    ]);
    const page = Deno.readTextFileSync(`${path}/${NAME}/perfmon.1`);
    assert(page.includes(`"perfmon ${config.version}"`), page.slice(0, 200));

    for (const each of ["main.ts", "deno.json", "deno.lock", "src", "tools"]) {
      expectExit(await execute(["cp", "-R", `${ROOT}/${each}`, copy.path]), 0);
    }
    const task = ["run", "-A", "--lock=deno.lock", "--frozen", "tools/build.ts"];
    expectExit(await execute([Deno.execPath(), ...task], { cwd: copy.path }), 0);
    const [one, other] = [`${path}/${NAME}/perfmon`, `${copy.path}/dist/perfmon`];
    expectExit(await execute(["cmp", one, other]), 0);
  },
);

Deno.test("a release without a repository, or with an unknown flag, is refused", async () => {
  const task = ["run", "-A", "--lock=deno.lock", "--frozen", "tools/release.ts", "--dry-run"];
  for (const flags of [[], ["--repository", "perfmon"], ["--repository", "a/b", "--publish"]]) {
    const run = await execute([Deno.execPath(), ...task, ...flags], { cwd: ROOT });
    assert(expectExit(run, 64).stderr.startsWith("usage: deno task release "), run.stderr);
  }
});
