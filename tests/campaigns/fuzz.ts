/**
 * Hostile input: what must hold for any bytes on stdin and in the log, and for any arguments:
 * `deno run -A tests/campaigns/fuzz.ts [PROPERTY]… [CASES] [--seed N]`. A case that fails is printed in its
 * smallest form, and belongs into tests/testdata/hostile then.
 */
import fc from "fast-check";
import { parseRecOptions } from "../../src/record/rec_options.ts";
import { parseHookEvent } from "../../src/agents/claude/event.ts";
import { parseRow, splitRow } from "../../src/row/parse_row.ts";
import { commandName } from "../../src/agents/claude/command/command_name.ts";
import { redact, redactParameters } from "../../src/agents/claude/redact.ts";
import { formatRow, FULL_COLUMNS } from "../../src/row/columns.ts";
import type { Sample } from "../../src/row/sample.ts";
import { oneLine } from "../../src/log/write/errors.ts";
import { LogLines } from "../../src/log/log_lines.ts";
import { LogReader } from "../../src/log/read/log_reader.ts";
import { RowList, RowTable } from "../../src/row/row_table.ts";
import { StringTexts } from "../../src/row/texts.ts";
import { assert, assertEquals } from "../std/std_assert.ts";
import { allTools, appendRows, logIn, rotating } from "../kit/numbered_rows.ts";
import { temporaryFolder } from "../kit/temporary_folder.ts";
import { toCalls } from "../../src/calls/to_calls.ts";
import { type Campaign, runByHand } from "./campaign.ts";
import { logBytes, recArguments, sample, stdin, text } from "./hostile_input.ts";

interface Read {
  samples: readonly Sample[];
  badRows: number;
}

function read(pieces: Iterable<Uint8Array>): Read {
  const reader = new LogReader();
  reader.read("log", pieces);
  return { samples: [...reader.rows(0)], badRows: reader.takeBadRows().badRows };
}

function* inPieces(bytes: Uint8Array, size: number): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.slice(at, at + size);
}

type Walked = Pick<LogLines, "text" | "columns" | "isHeader" | "offset" | "number">;

/** The lines of a log. */
function walk(pieces: Iterable<Uint8Array>): Walked[] {
  const lines = new LogLines();
  const walked: Walked[] = [];
  const note = (): void => {
    const { text, columns, isHeader, offset, number } = lines;
    walked.push({ text, columns, isHeader, offset, number });
  };
  for (const piece of pieces) {
    lines.add(piece);
    while (lines.next()) note();
  }
  if (lines.finish()) note();
  return walked;
}

/** What the lines of a log say one by one, by the plainest means. */
function readLines(bytes: Uint8Array): Read {
  const lines = new StringTexts();
  const table = new RowTable(new StringTexts(), new StringTexts());
  const bad = new Set<string>();
  for (const { text: line, columns, isHeader } of walk([bytes])) {
    if (isHeader) continue;
    const parsed = parseRow(splitRow(line), columns);
    if (parsed === undefined) bad.add(line);
    else {
      table.write(parsed);
      table.take(lines.ofText(`${line}\n`));
    }
  }
  return { samples: [...new RowList(table, 0, table.nextRow)], badRows: bad.size };
}

function toRow(sample: Sample): string {
  return formatRow(sample, FULL_COLUMNS);
}

/** A row is one physical line, which readers take for what it is. */
function expectRow(row: string): void {
  // deno-lint-ignore no-control-regex -- none of these may reach the file
  assert(/^[^\x00-\x1f\x7f]*\n$/.test(row), "one line without control characters");
  const cells = splitRow(row.slice(0, -1));
  assertEquals(cells.length, FULL_COLUMNS.length);
  assert(parseRow(cells, FULL_COLUMNS) !== undefined, "a row that can be read");
  assert(row.length <= FULL_COLUMNS.length * 2 * 202, "of limited length");
}

/** Whether a call's figures make sense, whatever the rows say. */
function expectSense(samples: Iterable<Sample>): void {
  for (const call of toCalls(samples)) {
    for (const each of [call.durationSeconds, call.waitSeconds, call.cpuSeconds, call.survivors]) {
      assert(each === undefined || each >= 0, "no figure below 0");
    }
    assertEquals(typeof call.status, "string");
    assert(call.memoryGrowth === undefined || Number.isFinite(call.memoryGrowth));
  }
}

let folder: string;

/** What holds for any input, by name. */
const PROPERTIES: Record<string, fc.IRawProperty<unknown>> = {
  "any stdin makes one row, or none": fc.asyncProperty(stdin, async (bytes) => {
    const { event, problem } = await parseHookEvent(
      bytes,
      () => Promise.resolve({ params: redactParameters, command: commandName }),
    );
    expectRow(toRow({ timestamp: 1, toolName: "unknown", ...event, event: "end" } as Sample));
    assert(problem === undefined || /^[\w .]+$/.test(problem), "a sentence that quotes nothing");
  }),
  "any sample makes a row that says the same": fc.property(sample, (each) => {
    expectRow(toRow(each));
    const again = parseRow(splitRow(toRow(each).trimEnd()), FULL_COLUMNS);
    assertEquals([again?.event, again?.status, again?.pid, again?.sessionId, again?.toolUseId], [
      each.event,
      each.status,
      each.pid,
      each.sessionId,
      each.toolUseId,
    ]);
  }),
  "any arguments give options that can be used": fc.property(recArguments, (args) => {
    const { options, problems } = parseRecOptions(args);
    assert(options["max-lines"] >= 0 && options.keep >= 0);
    assert(options.keep < options["max-lines"] || options["max-lines"] === 0);
    assert(problems.every((problem) => typeof problem === "string"));
  }),
  "any log is read as its lines say": fc.property(
    logBytes,
    fc.integer({ min: 1, max: 300 }),
    (bytes, size) => {
      const found = read(inPieces(bytes, size));
      const expected = readLines(bytes);
      expectSense(found.samples);
      assertEquals(found.samples.map(toRow), expected.samples.map(toRow));
      assertEquals(found.badRows, expected.badRows);
    },
  ),
  "any log comes to the same in any pieces": fc.property(logBytes, fc.nat(300), (bytes, cut) => {
    assertEquals(walk([bytes.slice(0, cut), bytes.slice(cut)]), walk([bytes]));
  }),
  "any text is redacted to one short line": fc.property(
    fc.oneof(text, fc.array(text, { maxLength: 60 }).map((parts) => parts.join(" "))),
    (each) => {
      const line = redactParameters("Bash", { command: each });
      assert(line === undefined || line.length <= 200 && !/[\r\n]/.test(line));
      assertEquals(redact(redact(each)).length <= redact(each).length + 20, true);
      assert(!/\n/.test(oneLine(each)));
    },
  ),
  "any log takes rows and is rotated, and no line of it is lost": fc.asyncProperty(
    logBytes,
    fc.integer({ min: 1, max: 12 }),
    async (bytes, maxLines) => {
      const location = logIn(folder);
      Deno.writeFileSync(location.path, bytes);
      const options = rotating(maxLines, Math.floor(maxLines / 2));
      assertEquals(await appendRows(location, 9001, 9003, options), undefined);
      const files = [location.path, ...filesOf(`${location.folder}/history`)];
      const left = new Set(files.flatMap((file) => lines(Deno.readFileSync(file))));
      for (const line of lines(bytes)) assert(left.has(line), `"${line}" is lost`);
      const tools = await allTools(location);
      for (const tool of ["t9001", "t9002", "t9003"]) assert(tools.includes(tool), tool);
      Deno.removeSync(location.path);
      Deno.removeSync(location.folder, { recursive: true });
    },
  ),
};

function filesOf(path: string): string[] {
  try {
    return [...Deno.readDirSync(path)].map(({ name }) => `${path}/${name}`);
  } catch {
    return [];
  }
}

/** As Latin-1, so that no two lines look the same. */
function lines(bytes: Uint8Array): string[] {
  const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return text.split("\n").filter((line) => line !== "");
}

export const campaigns: Record<string, Campaign> = Object.fromEntries(
  Object.entries(PROPERTIES).map(([name, property]) => [name, {
    usual: 12_500,
    async run(cases, seed): Promise<string> {
      using temporary = temporaryFolder();
      folder = temporary.path;
      await fc.assert(property as fc.IAsyncProperty<unknown>, { numRuns: cases, seed });
      return `${cases} cases, none of them broke it`;
    },
  }]),
);

if (import.meta.main) await runByHand(campaigns);
