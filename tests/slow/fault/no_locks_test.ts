/** A file system without flock(2): Lustre mounted without it (ENOSYS), NFS without its lock daemon (ENOLCK). */
import { linesOf } from "../../kit/log_files.ts";
import { HOOK } from "../../kit/homes.ts";
import { expectExit, perfmon, type RunResult } from "../../kit/perfmon.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { testWith, tracer } from "../../kit/tools.ts";
import { assertEquals, assertStringIncludes } from "../../std/std_assert.ts";

for (const error of ["ENOSYS", "ENOLCK"]) {
  testWith(
    tracer,
    `where locks end with ${error}, all is recorded and every command works`,
    async () => {
      using folder = temporaryFolder();
      const home = folder.path;
      const inject = ["-e", "trace=flock", "-e", `inject=flock:error=${error}`];
      const run = async (args: string[], stdin?: string): Promise<RunResult> =>
        await perfmon(args, {
          through: ["strace", "-f", "-qq", "-o", "/dev/null", ...inject],
          env: { HOME: home },
          cwd: home,
          ...(stdin === undefined ? {} : { stdin }),
        });
      for (let call = 0; call < 3; call++) {
        for (
          const [event, stdin] of [["start", HOOK], ["end", HOOK.replace("Pre", "Post")]] as const
        ) {
          const result = expectExit(await run(["rec", event, "--max-lines", "2"], stdin), 0);
          assertEquals(result.stdout, "");
          assertStringIncludes(result.stderr, "the file system has no locks, appended without one");
        }
      }
      assertEquals(linesOf(`${home}/.claude/performance.csv`).length, 7);
      const commands = [
        "hooks install",
        "hooks disable",
        "hooks enable",
        "dashboard -o page.html",
        "export csv -o rows.csv",
        "export prometheus -o perfmon.prom",
        "profile save before",
        "report",
        "rec drain --strict",
      ];
      for (const command of commands) expectExit(await run(command.split(" ")), 0);
      const { stdout } = await run(["doctor"]);
      assertStringIncludes(stdout.replace(/\s+/g, " "), `"${home}/.claude" has no locks`);
      assertStringIncludes(stdout, "start and end recorded");
      for (const command of ["hooks remove", "clear --yes"]) {
        expectExit(await run(command.split(" ")), 0);
      }
    },
  );
}
