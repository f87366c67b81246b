/** Logs of 0.1.0 and of the seed's recipes say what they said: tests/testdata/logs_0.1.0 has both. */
import { assert, assertEquals } from "../../std/std_assert.ts";
import { splitRow } from "../../../src/row/parse_row.ts";
import { expectExit, perfmon } from "../../kit/perfmon.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";

const LOGS = Deno.realPathSync(`${import.meta.dirname}/../../testdata/logs_0.1.0`);

/** What perfmon prints of a copy of a log: readers may tidy what lies beside it. */
async function printed(log: string, ...args: string[]): Promise<string> {
  using folder = temporaryFolder();
  Deno.mkdirSync(`${folder.path}/performance.d`);
  Deno.copyFileSync(`${LOGS}/${log}/performance.csv`, `${folder.path}/performance.csv`);
  if (log === "imported") {
    const imported = "performance.d/imported.csv";
    Deno.copyFileSync(`${LOGS}/${log}/${imported}`, `${folder.path}/${imported}`);
  }
  return expectExit(await perfmon([...args, "--file", `${folder.path}/performance.csv`]), 0)
    .stdout;
}

function records(csv: string): Record<string, string>[] {
  const [names = [], ...rows] = csv.trimEnd().split(/\r?\n/).map(splitRow);
  return rows.map((cells) => Object.fromEntries(names.map((name, place) => [name, cells[place]!])));
}

/** The members that `known` has, too, at any depth: others may have been added since. */
function knownPart(value: unknown, known: unknown): unknown {
  if (Array.isArray(value) && Array.isArray(known)) {
    return value.map((each, index) => knownPart(each, known[index]));
  }
  if (typeof value !== "object" || value === null || typeof known !== "object" || known === null) {
    return value;
  }
  const members = value as Record<string, unknown>;
  return Object.fromEntries(
    Object.entries(known).map(([key, each]) => [key, knownPart(members[key], each)]),
  );
}

for (const log of ["recipes", "basic", "full", "imported"]) {
  Deno.test(`the calls of the ${log} log of 0.1.0 are what they were`, async () => {
    const known = records(Deno.readTextFileSync(`${LOGS}/${log}/calls.csv`));
    assert(known.length > 0);
    const calls = records(await printed(log, "export", "csv", "--calls"));
    assertEquals(calls.map((call, index) => knownPart(call, known[index])), known);
  });

  Deno.test(`the report on the ${log} log of 0.1.0 has the figures that it had`, async () => {
    const known: unknown = JSON.parse(Deno.readTextFileSync(`${LOGS}/${log}/report.json`));
    const report: unknown = JSON.parse(await printed(log, "report", "--all", "--json"));
    assertEquals(knownPart(report, known), known);
  });
}

/** What was meant to become another text since 0.1.0, see the changelog. Figures are none of it. */
const MEANT: readonly (readonly [was: RegExp, is: string])[] = [
  [/ WAIT /g, " GATE "],
  [/no failures, waits or CPU/, "no failures, gate or CPU"],
  [/wall time, waits included/, "wall time, the gate included"],
];

for (const log of ["recipes", "basic", "full", "imported"]) {
  Deno.test(`the report on the ${log} log of 0.1.0 has the lines that it had, but for what was meant`, async () => {
    const was = Deno.readTextFileSync(`${LOGS}/${log}/report.txt`);
    const known = MEANT.reduce((text, [old, now]) => text.replace(old, now), was);
    assertEquals(lines(await printed(log, "report", "--all")), lines(known));
  });
}

/** The table's lines, and the sentences below it that count or explain; columns may be wider by a blank. */
function lines(report: string): string[] {
  const known = report.replace(/ {2,}/g, "  ").split("\n");
  const header = known.findIndex((line) => line.startsWith("TOOL "));
  const all = known.findIndex((line) => line.startsWith("All "));
  const notes = known.slice(all).filter((line) =>
    /^\d+ (start|call|end)s? (?!in |over )|^No row /.test(line)
  );
  return [...known.slice(header, all + 1), ...notes];
}
