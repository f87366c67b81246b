/** Figures that nothing measured, up to those that are infinite to a computer, stop no command and make no figure. */
import { FULL_COLUMNS, RELEASED } from "../../../src/row/columns.ts";
import { assert, assertEquals } from "../../std/std_assert.ts";
import { HOUR_AGO, writeLog } from "../../kit/log_files.ts";
import { expectExit, perfmon } from "../../kit/perfmon.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";

const HEADER = FULL_COLUMNS.slice(0, RELEASED["0.1.0"]).join(",");

const FIGURES = ["9".repeat(309), "9".repeat(308), `-${"9".repeat(309)}`, "9007199254740993"];

/** A call with each in all its figures, one with each as its times, and one that is as it should be. */
function absurdLog(): string {
  const rows = FIGURES.flatMap((figure, index) => {
    const row = (time: string, rest: string, id: string) =>
      `${time},${figure},${figure},Bash,${rest},${`${figure},`.repeat(6)}s,,,${id},p,2.1,`;
    const start = `start,,,`;
    const end = `end,ok,${figure},${figure}`;
    return [
      row(`${HOUR_AGO + index}`, start, `id${index}`),
      row(`${HOUR_AGO + index}.5`, end, `id${index}`),
      row(figure, start, `time${index}`),
      row(figure, end, `time${index}`),
    ];
  });
  const good = (event: string) =>
    `${HOUR_AGO + 50},5,100,Read,${event},1,1,100,1,1,1.5,s,,,good,p,2.1,`;
  return [HEADER, ...rows, good("start,,,"), good("end,ok,0,20")].join("\n") + "\n";
}

const COMMANDS = [
  ["report", "--all"],
  ["report", "--all", "--json"],
  ["report", "--all", "--session", "last"],
  ["top", "--all"],
  ["tail", "--all", "--csv"],
  ["running", "--all"],
  ["status"],
  ["check", "--all", "--max-duration", "1h"],
  ["profile", "save", "p", "--all"],
  ["export", "csv"],
  ["export", "json"],
  ["export", "json", "--calls"],
  ["export", "prometheus"],
  ["dashboard", "--all", "-o", "dashboard.html"],
];

Deno.test("figures beyond all measure are taken for empty by every reader", async () => {
  using folder = temporaryFolder();
  const file = writeLog(folder.path, absurdLog());
  for (const command of COMMANDS) {
    const args = [...command, "--file", file];
    const options = { cwd: folder.path, env: { LANG: "C.UTF-8" } };
    const { stdout, stderr } = expectExit(await perfmon(args, options), 0);
    const found = (stdout + stderr).match(/.*(infinit|nan\b|9{20}|1e\+?30|internal).*/i);
    assertEquals(found?.[0], undefined, command.join(" "));
  }
  const { stdout } = await perfmon(["report", "--all", "--json", "--file", file]);
  const { all } = JSON.parse(stdout);
  assertEquals([all.calls, all.max_seconds], [FIGURES.length + 1, 0.5]);
  assert(Deno.statSync(`${folder.path}/dashboard.html`).size > 10_000);
});
