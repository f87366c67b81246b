/** Hostile input by fast-check: stdin, samples, logs and arguments that nobody would send. */
import fc from "fast-check";
import { BASIC_COLUMNS, formatRow, FULL_COLUMNS, FULL_HEADER } from "../../src/row/columns.ts";
import type { Sample } from "../../src/row/sample.ts";
import { hostileFiles } from "../kit/captures.ts";

/** Text with all that CSV, JSON and terminals could stumble over. */
export const text: fc.Arbitrary<string> = fc.oneof(
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
  damaged(fc.constantFrom(...hostileFiles("stdin").map(({ bytes }) => bytes.subarray(0, 2000)))),
  fc.uint8Array({ maxLength: 200 }),
);

const figure = fc.option(
  fc.oneof(fc.double({ min: -10, max: 1e13, noNaN: true }), fc.nat()),
  { nil: undefined },
);
const cell = fc.option(text, { nil: undefined });
const STATUSES = ["ok", "error", "interrupted", "background", undefined] as const;

/** Samples that share few sessions and ids, so that they meet. */
export const sample: fc.Arbitrary<Sample> = fc.record({
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
  damaged(fc.constantFrom(...hostileFiles("logs").map(({ bytes }) => bytes.subarray(0, 3000)))),
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
