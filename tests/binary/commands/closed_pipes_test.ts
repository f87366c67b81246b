/** Who reads an answer may stop reading; the answer stays what it is. */
import { assertEquals, assertStringIncludes } from "../../std/std_assert.ts";
import { logText, RECENT, writeLog } from "../../kit/log_files.ts";
import { binary } from "../../kit/perfmon.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { testWith } from "../../kit/tools.ts";

/** Runs a line of bash in which `$P` is the binary and `$LOG` the log; returns what it prints. */
async function bash(line: string, log: string, home: string): Promise<string> {
  const { stdout, stderr } = await new Deno.Command("bash", {
    args: ["-c", line],
    clearEnv: true,
    env: { PATH: Deno.env.get("PATH") ?? "", HOME: home, P: Deno.realPathSync(binary), LOG: log },
    cwd: home,
  }).output();
  return new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
}

testWith(
  "bash",
  "a broken threshold, and a failed check, exit 1 though nobody reads why",
  async () => {
    using folder = temporaryFolder();
    const log = writeLog(folder.path, logText(RECENT));
    const check = '"$P" check --max-duration 1ms --all --file "$LOG"';
    for (const command of [check, `${check} --json`, `${check} --csv`, '"$P" doctor']) {
      const line = `${command} | head -c0; echo "\${PIPESTATUS[0]}"`;
      assertEquals(await bash(line, log, folder.path), "1\n", command);
    }
  },
);

testWith("bash", "a message that nobody reads takes no answer away", async () => {
  using folder = temporaryFolder();
  const log = writeLog(folder.path, logText(RECENT));
  Deno.mkdirSync(`${folder.path}/performance.d/history`, { recursive: true });
  Deno.writeTextFileSync(`${folder.path}/performance.d/history/00000001.csv.gz`, "no gzip");
  const line = '{ "$P" report --all --file "$LOG" 2>&3; echo "code $?"; } 3> >(exec 0<&-); true';
  const printed = await bash(line, log, folder.path);
  assertStringIncludes(printed, "Read");
  assertStringIncludes(printed, "code 0");
});

testWith("bash", "a long output ends without a word when its reader does", async () => {
  using folder = temporaryFolder();
  const log = writeLog(folder.path, logText(RECENT));
  const line = '"$P" export csv --file "$LOG" | head -c1; echo " ${PIPESTATUS[0]}"';
  assertEquals(await bash(line, log, folder.path), "t 0\n");
});
