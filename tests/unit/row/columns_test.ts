/**
 * Each column of the log, all the way: measured, written, read by every reader, exported, on the page, told
 * of in docs/log.md. What is forgotten of a new one fails here under its name.
 */
import { parseHookEvent } from "../../../src/agents/claude/event.ts";
import { commandName } from "../../../src/agents/claude/command/command_name.ts";
import { redactParameters } from "../../../src/agents/claude/redact.ts";
import type { CallList } from "../../../src/calls/call_list.ts";
import { toCallList } from "../../../src/calls/to_calls.ts";
import { locationOf } from "../../../src/log/location.ts";
import { LogCursor } from "../../../src/log/read/log_cursor.ts";
import { readLogTail } from "../../../src/log/read/log_tail.ts";
import { readLog } from "../../../src/log/read/read.ts";
import { decodePage, encodePage } from "../../../src/page/data/page_data.ts";
import { toSample } from "../../../src/record/to_sample.ts";
import { type Column, COLUMNS, formatRow, FULL_COLUMNS } from "../../../src/row/columns.ts";
import { parseRow, splitRow } from "../../../src/row/parse_row.ts";
import { RowCells, toCsvRow, toJsonRow } from "../../../src/row/row_cells.ts";
import type { EventKind, Sample } from "../../../src/row/sample.ts";
import { sampleLinux } from "../../../src/sampler/linux.ts";
import { assert, assertEquals, assertMatch } from "../../std/std_assert.ts";
import { capture, CAPTURED, PROC } from "../../kit/captures.ts";
import { logText, writeLog } from "../../kit/log_files.ts";
import { readProjectFile } from "../../kit/project.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";

/** What a row has in a column: something else than in any other, but the same at both ends of a call where it must be. */
function valueOf(column: Column, event: EventKind): string | number {
  const place = COLUMNS.findIndex(({ name }) => name === column.name);
  if (column.kind === "text") return `the ${column.name}`;
  if (column.kind === "word") return column.key === "event" ? event : column.words.at(-1)!;
  const isOfBoth = column.key === "pid" || column.key === "processStart";
  const value = 10 * place + (event === "start" || isOfBoth ? 1000 : 2000);
  return column.digits === 0 ? value : value + 0.5;
}

/** A row with a value in each column; with `text` some are in quotes, which readers take another way for. */
function sampleOf(event: EventKind, text = ""): Sample {
  const entries = COLUMNS.map((column) => {
    const value = valueOf(column, event);
    return [column.key, column.kind === "text" ? value + text : value];
  });
  return Object.fromEntries(entries) as Sample;
}

const [START, END] = [sampleOf("start"), sampleOf("end")];
const QUOTED = [sampleOf("start", ', "quoted"'), sampleOf("end", ', "quoted"')];
const LOG = logText([START, END, ...QUOTED]);

/** Gives a log to a reader; returns the rows of `LOG`. */
type Reader = (path: string) => Promise<readonly Sample[]> | readonly Sample[];

const READERS: Readonly<Record<string, Reader>> = {
  parseRow: () =>
    LOG.trimEnd().split("\n").slice(1).map((line) => parseRow(splitRow(line), FULL_COLUMNS)!),
  readLog: async (path) => (await readLog(locationOf(path), { history: true })).samples,
  readLogTail: (path) => readLogTail(path, 1 << 16, ""),
  LogCursor: async (path) => {
    using cursor = new LogCursor(locationOf(path), { history: true });
    const rows: Sample[] = [];
    for await (const read of cursor.read()) {
      rows.push(...read.map(({ line, columns }) => parseRow(splitRow(line), columns)!));
    }
    return rows;
  },
  toCallList: (path) =>
    [...toCallList(READERS["readLogTail"]!(path) as Sample[]).calls]
      .flatMap(({ start, end }) => [start!, end!]),
};

async function readLogBy(reader: Reader): Promise<readonly Sample[]> {
  using folder = temporaryFolder();
  return await reader(writeLog(folder.path, LOG));
}

const READ = await Promise.all(
  Object.entries(READERS).map(async ([name, reader]) => [name, await readLogBy(reader)] as const),
);

/** What a page makes of calls. */
function throughPage(calls: CallList): readonly Sample[] {
  const facts = { perfmon: "0", made: 0, covers: "", notes: [], before: "", flags: {} };
  const page = decodePage(encodePage(calls, { ...facts, findings: { changes: [] } }));
  return [page.start(0)!, page.end(0)!];
}

/** What calls of a page say in another form, and what it has no use for. */
const NOT_ON_PAGE = ["durationMs", "toolUseId", "treeRss"];

/** What the sampler fills in rows of its own, as tests/slow/sampler/peaks_test.ts holds. */
const OF_SAMPLER = ["peakRss", "peakPss", "peakProcesses", "peakProcess", "processSeconds"];

/** The rows of some captured events, as `rec` makes them on Linux. */
async function recordedRows(): Promise<Sample[]> {
  const { client, shell, pipe } = CAPTURED;
  const usage = sampleLinux(client, [shell, pipe], PROC);
  const names = ["PreToolUse-in-subagent-Bash", "PostToolUseFailure-exit3"];
  return await Promise.all(names.map(async (name) => {
    const { event: hook } = await parseHookEvent(
      capture(name),
      () => Promise.resolve({ params: redactParameters, command: commandName }),
    );
    const { event = "start", toolName } = hook;
    return toSample({ timestamp: 1, event, toolName, clientVersion: "2.1.330" }, usage, hook);
  }));
}

const LOG_PAGE = readProjectFile("docs/log.md");

for (const column of COLUMNS) {
  const { name, key } = column;
  const expected = [START, END, ...QUOTED].map((sample) => sample[key]);

  Deno.test(`column ${name}: what is written is read by every reader`, () => {
    for (const [reader, samples] of READ) {
      assertEquals(samples.map((sample) => sample[key]), expected, `${name} by ${reader}`);
    }
  });

  Deno.test(`column ${name}: it is exported as it stands in the log`, () => {
    const row = formatRow(END, FULL_COLUMNS);
    const cells = new RowCells(splitRow(row.trimEnd()), FULL_COLUMNS);
    assertEquals(toCsvRow(cells, COLUMNS), row);
    assertEquals(JSON.parse(toJsonRow(cells, COLUMNS))[name], END[key], name);
    assertEquals(toCsvRow(cells, [column]), formatRow(END, [name]), name);
  });

  if (!NOT_ON_PAGE.includes(key)) {
    Deno.test(`column ${name}: it is on the page`, () => {
      const [start, end] = throughPage(toCallList([START, END, { ...END, event: "peak" }]));
      assertEquals(end?.[key], END[key], name);
      // A start says nothing of how the call ended, nor of what it came to.
      if (key !== "status" && !OF_SAMPLER.includes(key)) {
        assertEquals(start?.[key], START[key], name);
      }
    });
  }

  Deno.test(`column ${name}: docs/log.md says what it means`, () => {
    assertMatch(LOG_PAGE, new RegExp(`^\\|[^|]*\\b${name}\\b[^|]*\\|`, "m"), name);
  });

  if (OF_SAMPLER.includes(key)) continue;

  Deno.test(`column ${name}: a hook fills it`, async () => {
    const rows = await recordedRows();
    assert(rows.some((row) => row[key] !== undefined), `no row of a hook has ${name}`);
  });
}

Deno.test("the seed's columns come first, and no name or member twice", () => {
  assertEquals(FULL_COLUMNS.slice(0, 5).join(), "timestamp,cpu_percent,memory_rss,tool_name,event");
  assertEquals(new Set(COLUMNS.map(({ name }) => name)).size, COLUMNS.length);
  assertEquals(new Set(COLUMNS.map(({ key }) => key)).size, COLUMNS.length);
});
