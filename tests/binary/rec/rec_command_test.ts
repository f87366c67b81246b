/** Which command it was, as hooks record it: only where their line says so, and nothing else of the input. */
import { walkSync } from "@std/fs";
import { bashEvent, logOf, record, runLine, spoolHome, whatStandsIn } from "../../kit/homes.ts";
import { quote } from "../../../src/text/shell_words.ts";
import { binary, expectExit } from "../../kit/perfmon.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { assert, assertEquals } from "../../std/std_assert.ts";

const LINE = "cd /home/hunter2 && TOKEN=hunter2 npm test -- --secret hunter2 2>&1 | tail -5";
const START = bashEvent("start", "t1", { tool_input: { command: LINE } });
const END = bashEvent("end", "t1", {
  tool_input: { command: LINE },
  tool_response: { stdout: "hunter2\n", stderr: "ü" },
});

/** What a hook of perfmon 0.1.0 has in settings.json, byte for byte. */
const OLD_LINE = (moment: string): string =>
  `{ [ -x ${quote(binary)} ] && ${
    quote(binary)
  } rec ${moment} || perfmon rec ${moment} || cat || ` +
  "while read -r x; do :; done; } >/dev/null 2>&1; exit 0";

/** All that the files below a folder hold, and their names. */
function everythingIn(folder: string): string {
  return Array.from(
    walkSync(folder),
    ({ path, isFile }) => isFile ? `${path}\n${Deno.readTextFileSync(path)}` : path,
  ).join("\n");
}

function assertNoSecret(folder: string): void {
  assert(!everythingIn(folder).includes("hunter2"), everythingIn(folder));
}

Deno.test("rec --command: both rows say which command it was, and no file anything else of it", async () => {
  using home = temporaryFolder();
  for (const [moment, json] of [["start", START], ["end", END]] as const) {
    await record(home.path, [moment, "--async", "--command"], {
      stdin: JSON.stringify(json) + "\n",
    });
  }
  const { rows, errors } = whatStandsIn(home.path);
  assertEquals(rows.map(({ command, output_bytes }) => [command, output_bytes]), [
    ["npm test", ""],
    ["npm test", "10"],
  ]);
  assertEquals(errors, []);
  assertNoSecret(home.path);
});

Deno.test("rec: without --command nothing of the input is stored, nor under a line of 0.1.0", async () => {
  using home = temporaryFolder();
  const env = { HOME: home.path };
  for (const [moment, json] of [["start", START], ["end", END]] as const) {
    const stdin = JSON.stringify(json) + "\n";
    await record(home.path, [moment], { stdin });
    await runLine(OLD_LINE(moment), stdin, env);
  }
  const { rows } = whatStandsIn(home.path);
  assertEquals(rows.length, 4);
  assertEquals(rows.map(({ command, params }) => [command, params]), Array(4).fill(["", ""]));
  assertNoSecret(home.path);
  assert(!Deno.readTextFileSync(logOf(home.path)).includes("npm"));
});

Deno.test("spool: which command it was is told by the drain, where the hook's line says so", async () => {
  using home = spoolHome();
  await home.hook("start", START, { options: "--command" });
  await home.hook("end", END, { options: "--command" });
  await home.hook("start", { ...START, tool_use_id: "t2" });
  expectExit(await home.perfmon("rec", "drain"), 0);
  const { rows } = whatStandsIn(home.path);
  assertEquals(rows.map(({ command, output_bytes }) => [command, output_bytes]), [
    ["npm test", ""],
    ["npm test", "10"],
    ["", ""],
  ]);
  assertNoSecret(home.path);
});

Deno.test("rec --command: of a payload of megabytes the command and the bytes are told, too", async () => {
  using home = temporaryFolder();
  const command = `cat > x <<'E'\n${"hunter2 'npm\n".repeat(20_000)}E\nnode x`;
  const json = bashEvent("end", "t1", {
    tool_input: { command: `npm test ${"hunter2 ".repeat(20_000)}`, x: command },
    tool_response: { stdout: "ü\n".repeat(500_000), stderr: "", interrupted: false },
  });
  await record(home.path, ["end", "--command"], { stdin: JSON.stringify(json) + "\n" });
  const { rows } = whatStandsIn(home.path);
  assertEquals(rows.map(({ command, output_bytes }) => [command, output_bytes]), [
    ["npm test", "1500000"],
  ]);
  assertNoSecret(home.path);
});
