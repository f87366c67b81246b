/**
 * Hostile input: what must hold for any bytes on stdin and in the log, and for any arguments. The test
 * suite tries some thousand cases of each; `deno run -A tests/fault/fuzz.ts [--cases 100000] [--seed N]`
 * as many as wanted, shared out among the properties (100,000 take two to three minutes). A case that
 * fails is printed in its smallest form, and belongs into tests/testdata/hostile then.
 */
import fc from "fast-check";
import { parseArgs } from "node:util";
import { parseRecOptions } from "../../src/record/rec_options.ts";
import { parseHookEvent } from "../../src/agents/claude/event.ts";
import { parseRow, splitRow } from "../../src/row/parse_row.ts";
import { redact, redactParameters } from "../../src/agents/claude/redact.ts";
import { BASIC_COLUMNS, formatRow, FULL_COLUMNS, FULL_HEADER } from "../../src/row/columns.ts";
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

const HOSTILE = `${import.meta.dirname}/../testdata/hostile`;

/** The corpus: inputs that once broke something here or elsewhere. */
export function corpus(kind: "stdin" | "logs"): { name: string; bytes: Uint8Array }[] {
  return [...Deno.readDirSync(`${HOSTILE}/${kind}`)].map(({ name }) => name).toSorted()
    .map((name) => ({ name, bytes: Deno.readFileSync(`${HOSTILE}/${kind}/${name}`) }));
}

/** Text with all that CSV, JSON and terminals could stumble over. */
const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.string({ maxLength: 40 }),
  fc.constantFrom(
    '"',
    '""',
    ",",
    "\n",
    "\r\n",
    "\0",
    "=1+1",
    "-x",
    "@",
    "\u2028",
    "\ud800",
    "__proto__",
  ),
);
const jsonValue = fc.oneof(
  text,
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom(1e300, -1, 0, null, true, [], {}, Number.MAX_SAFE_INTEGER),
);
const EVENT_NAMES = ["PreToolUse", "PostToolUse", "PostToolUseFailure", "SubagentStop", "Stop", ""];

/** A hook's JSON of which any member may be missing or of another kind. */
const payload = fc.record({
  hook_event_name: fc.oneof(fc.constantFrom(...EVENT_NAMES), jsonValue),
  session_id: jsonValue,
  cwd: jsonValue,
  tool_name: fc.oneof(fc.constantFrom("Bash", "Read", "Agent"), jsonValue),
  tool_input: fc.oneof(
    jsonValue,
    fc.record({ command: jsonValue, file_path: jsonValue, description: jsonValue }),
  ),
  tool_response: fc.oneof(jsonValue, fc.record({ interrupted: jsonValue, status: jsonValue })),
  tool_use_id: jsonValue,
  duration_ms: jsonValue,
  error: fc.oneof(jsonValue, fc.constant("Exit code 3\nx")),
  is_interrupt: jsonValue,
  agent_id: jsonValue,
  agent_type: jsonValue,
}, { requiredKeys: [] });

/** Bytes with some cut out, doubled or turned into others. */
function damaged(bytes: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Uint8Array> {
  const damage = fc.record({
    at: fc.nat({ max: 1000 }),
    length: fc.nat({ max: 60 }),
    put: fc.uint8Array({ maxLength: 8 }),
  });
  return fc.tuple(bytes, fc.array(damage, { maxLength: 3 })).map(([whole, damages]) =>
    damages.reduce((each, { at, length, put }) => {
      const from = each.length === 0 ? 0 : at % each.length;
      return new Uint8Array([...each.subarray(0, from), ...put, ...each.subarray(from + length)]);
    }, whole)
  );
}

const encode = (value: string): Uint8Array => new TextEncoder().encode(value);

/** What may come on stdin. */
export const stdin: fc.Arbitrary<Uint8Array> = fc.oneof(
  payload.map((value) => encode(JSON.stringify(value) + "\n")),
  damaged(payload.map((value) => encode(JSON.stringify(value) + "\n"))),
  damaged(fc.constantFrom(...corpus("stdin").map(({ bytes }) => bytes.subarray(0, 2000)))),
  fc.uint8Array({ maxLength: 200 }),
);

const figure = fc.option(
  fc.oneof(fc.double({ min: -10, max: 1e13, noNaN: true }), fc.nat()),
  { nil: undefined },
);
const cell = fc.option(text, { nil: undefined });
const STATUSES = ["ok", "error", "interrupted", "background", undefined] as const;

/** Samples that share few sessions and ids, so that they meet. */
const sample: fc.Arbitrary<Sample> = fc.record({
  timestamp: fc.oneof(
    fc.double({ min: 0, max: 5e9, noNaN: true }),
    fc.constantFrom(0, 1795357610.9, 1795357611.5, 2147483648),
  ),
  event: fc.constantFrom("start", "end"),
  toolName: fc.oneof(fc.constantFrom("Bash", "Agent", "mcp__a__b"), text),
  status: fc.constantFrom(...STATUSES),
  durationMs: figure,
  cpuSeconds: figure,
  childCpuSeconds: figure,
  memoryRss: figure,
  children: figure,
  pid: fc.constantFrom(1, 2, undefined),
  processStart: fc.constantFrom(1795357600, 1795361200, undefined),
  sessionId: fc.constantFrom("s", "t", undefined),
  agentId: fc.oneof(fc.constantFrom("a", undefined), cell),
  toolUseId: fc.constantFrom("u1", "u2", "u3", undefined),
  project: cell,
  params: cell,
});
const logLine = fc.oneof(
  { weight: 6, arbitrary: sample.map((each) => formatRow(each, FULL_COLUMNS)) },
  { weight: 2, arbitrary: sample.map((each) => formatRow(each, BASIC_COLUMNS)) },
  fc.constantFrom(`${FULL_HEADER}\n`, `${BASIC_COLUMNS.join(",")}\n`, "\n", "timestamp,\n"),
  text.map((each) => `${each}\n`),
);

/** What may stand in a log. */
export const logBytes: fc.Arbitrary<Uint8Array> = fc.oneof(
  fc.array(logLine, { maxLength: 30 }).map((lines) => encode(`${FULL_HEADER}\n${lines.join("")}`)),
  damaged(fc.array(logLine, { maxLength: 12 }).map((lines) => encode(lines.join("")))),
  damaged(fc.constantFrom(...corpus("logs").map(({ bytes }) => bytes.subarray(0, 3000)))),
  fc.uint8Array({ maxLength: 300 }),
);

/** Arguments of `rec`; none leads out of the working directory. */
export const recArguments: fc.Arbitrary<string[]> = fc.array(
  fc.oneof(
    fc.constantFrom("start", "end", "--params", "--strict=", "--help", "-h", "--"),
    fc.constantFrom("--tool", "--pid", "--max-lines", "--keep", "--layout", "--history", "--bogus"),
    fc.constantFrom("0", "1", "5", "-1", "90d", "1KiB", "full", "basic", "99999999999999", "1e3"),
    fc.string({ unit: "grapheme", maxLength: 12 })
      .map((each) => each.replaceAll("\0", "").replaceAll("/", "").replace("--file", "")),
  ),
  { maxLength: 8 },
);

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
export const PROPERTIES: Record<string, fc.IRawProperty<unknown>> = {
  "any stdin makes one row, or none": fc.asyncProperty(stdin, async (bytes) => {
    const { event, problem } = await parseHookEvent(bytes, redactParameters);
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

/** Tries a property; throws with the smallest case that breaks it. */
export async function tryProperty(name: string, cases: number, seed?: number): Promise<void> {
  using temporary = temporaryFolder();
  folder = temporary.path;
  const parameters = { numRuns: cases, ...(seed === undefined ? {} : { seed }) };
  await fc.assert(PROPERTIES[name] as fc.IAsyncProperty<unknown>, parameters);
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: { cases: { type: "string" }, seed: { type: "string" } },
  });
  const cases = Number(values.cases ?? 100_000);
  const names = Object.keys(PROPERTIES);
  const each = Math.ceil(cases / names.length);
  const before = performance.now();
  for (const name of names) {
    await tryProperty(name, each, values.seed === undefined ? undefined : Number(values.seed));
    console.log(`${name}: ${each} cases`);
  }
  const seconds = Math.round((performance.now() - before) / 1000);
  console.log(`${each * names.length} cases, none of them broke anything (${seconds} s)`);
}
