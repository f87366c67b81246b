/** No cell of any CSV that perfmon prints is a formula to a spreadsheet, whatever stands in the log. */
import { FULL_COLUMNS, RELEASED } from "../../../src/row/columns.ts";
import { splitRow } from "../../../src/row/parse_row.ts";
import { assertEquals } from "../../std/std_assert.ts";
import { HOUR_AGO, writeLog } from "../../kit/log_files.ts";
import { perfmon } from "../../kit/perfmon.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";

const HEADER = FULL_COLUMNS.slice(0, RELEASED["0.1.0"]).join(",");

const FORMULAS = ["\t=1+1", '"=HYPERLINK(""x"",""y"")"', " +1", "-2+3", "@SUM(A1)", "\u00a0＝1+1"];

/** A log by another program than `rec`, which would have defused them: a call a formula, and one that runs. */
function foreignLog(): string {
  const rows = FORMULAS.flatMap((formula, index) => {
    const tail = `${index}.5,${formula},${formula},${formula},id${index},${formula},${formula},`;
    return [
      `${HOUR_AGO + index},5,100,${formula},start,,,,0.1,0.1,100,1,1,${tail}${formula}`,
      `${HOUR_AGO + index}.5,5,100,${formula},end,error,7,500,0.2,0.1,100,1,1,${tail}${formula}`,
    ];
  });
  const runs = `${HOUR_AGO + 60},5,100,=1+1,start,,,,0.1,0.1,100,1,1,1.5,=1,=1,=1,run,=1,=1,=1`;
  return [HEADER, ...rows, runs].join("\n") + "\n";
}

const COMMANDS = [
  ["report", "--all", "--csv"],
  ["report", "--all", "--csv", "--by", "session"],
  ["report", "--all", "--csv", "--by", "project"],
  ["report", "--all", "--csv", "--session", "last"],
  ["top", "--all", "--csv"],
  ["tail", "--all", "--csv"],
  ["running", "--all", "--csv"],
  ["check", "--all", "--csv", "--max-duration", "1ms"],
  ["profile", "show", "=p", "--csv"],
  ["profile", "show", "--csv"],
  ["profile", "compare", "=p", "--all", "--csv"],
  ["status", "--csv"],
  ["export", "csv"],
  ["export", "csv", "--calls"],
  ["export", "csv", "--layout", "basic"],
];

Deno.test("no CSV has a cell that a spreadsheet would run", async () => {
  using folder = temporaryFolder();
  const file = writeLog(folder.path, foreignLog());
  const run = (args: string[]) => perfmon([...args, "--file", file], { cwd: folder.path });
  await run(["profile", "save", "=p", "--all"]);
  let cells = 0;
  for (const command of COMMANDS) {
    const { stdout } = await run(command);
    const lines = stdout.trimEnd().split("\n");
    const texts = lines.flatMap(splitRow).filter((cell) => !/^-?[\d.e+-]+$/.test(cell));
    assertEquals(texts.filter((cell) => /^\s*[-=+@＝]/.test(cell)), [], command.join(" "));
    cells += texts.filter((cell) => cell.startsWith("'")).length;
  }
  assertEquals(cells > 60, true, `${cells} cells were defused`);
});
