/** The program of Node that npm puts on PATH, as it lies in the package, with a script for the binary. */
import { expectExit, type RunResult } from "../../kit/perfmon.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { testWith } from "../../kit/tools.ts";
import { assertEquals, assertMatch } from "../../std/std_assert.ts";
import { execute } from "./dry_run.ts";
import { writeProgram } from "../../kit/processes.ts";

const SHIM = `${import.meta.dirname}/../../../tools/packaging/npm/perfmon.mjs`;

/** Installed packages, whose binary is a script for `sh`; none where there is no script. */
interface Packages {
  run(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<RunResult>;
  readonly shim: string;
  [Symbol.dispose](): void;
}

function packagesWith(script: string | undefined): Packages {
  const folder = temporaryFolder();
  const main = `${folder.path}/node_modules/@me/perfmon`;
  Deno.mkdirSync(`${main}/bin`, { recursive: true });
  Deno.copyFileSync(SHIM, `${main}/bin/perfmon.mjs`);
  const name = "@me/perfmon";
  const platforms = ["linux-x64", "linux-arm64", "darwin-x64", "darwin-arm64"];
  const optionalDependencies = Object.fromEntries(
    platforms.map((each) => [`${name}-${each}`, "1"]),
  );
  Deno.writeTextFileSync(`${main}/package.json`, JSON.stringify({ name, optionalDependencies }));
  for (const platform of script === undefined ? [] : platforms) {
    const bin = `${main}-${platform}/bin`;
    Deno.mkdirSync(bin, { recursive: true });
    writeProgram(`${bin}/perfmon`, `#!/bin/sh\n${script}\n`);
  }
  const shim = `${main}/bin/perfmon.mjs`;
  return {
    shim,
    run: (args, env = {}) =>
      execute(["node", shim, ...args], { env: { PATH: Deno.env.get("PATH") ?? "", ...env } }),
    [Symbol.dispose]: () => folder[Symbol.dispose](),
  };
}

testWith("node", "the shim passes on arguments, streams and exit status", async () => {
  using packages = packagesWith('printf "<%s>" "$@"; echo no >&2; exit 66');
  const { stdout, stderr } = expectExit(await packages.run(["a b", "", "--x"]), 66);
  assertEquals([stdout, stderr], ["<a b><><--x>", "no\n"]);
});

testWith("node", "the shim passes on signals, and ends as the binary ends", async () => {
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) {
    const name = signal.slice(3);
    using packages = packagesWith(
      `trap 'echo came; trap - ${name}; kill -${name} $$' ${name}; echo ready; ` +
        "n=0; while [ $((n += 1)) -le 400 ]; do sleep 0.05; done",
    );
    const child = new Deno.Command("node", {
      args: [packages.shim],
      stdin: "null",
      stdout: "piped",
      stderr: "null",
    }).spawn();
    let printed = "";
    for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
      if (printed === "") child.kill(signal);
      printed += text;
    }
    const { signal: endedBy } = await child.status;
    assertEquals([printed, endedBy], ["ready\ncame\n", signal]);
  }
});

testWith("node", "the shim says why there is no binary, and never exits with 2", async () => {
  using packages = packagesWith(undefined);
  const { stderr } = expectExit(await packages.run(["report"]), 1);
  assertMatch(
    stderr,
    /^perfmon: The package "@me\/perfmon-\w+-\w+" is missing: install @me\/perfmon/,
  );
  const require = `${packages.shim}.cjs`;
  Deno.writeTextFileSync(require, 'Object.defineProperty(process, "arch", { value: "riscv64" });');
  const env = { NODE_OPTIONS: `--require=${require}` };
  const other = expectExit(await packages.run(["report"], env), 1);
  const system = Deno.build.os;
  assertEquals(
    other.stderr,
    `perfmon: There is no build for ${system}-riscv64, only for linux-x64, linux-arm64, ` +
      "darwin-x64, darwin-arm64\n",
  );
});

testWith("node", "a binary that can't be started is told", async () => {
  using packages = packagesWith("exit 0");
  const platform = `${Deno.build.os}-${Deno.build.arch === "aarch64" ? "arm64" : "x64"}`;
  const binary = packages.shim.replace("/perfmon/bin/", `/perfmon-${platform}/bin/`);
  Deno.chmodSync(binary.replace(".mjs", ""), 0o644);
  const { stderr } = expectExit(await packages.run([]), 1);
  assertMatch(stderr, /^perfmon: Cannot start ".*\/bin\/perfmon": spawn .* EACCES\n$/);
});
