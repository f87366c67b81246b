/**
 * A payload of 10 MB with `tool_use_id` and `duration_ms` at its end, against one of a few bytes, both
 * through a pipe as hooks get it: `deno run -A tests/campaigns/large_payload.ts [RUNS]`, on a quiet machine. It
 * may take four times as long at most.
 */
import { recordsOf } from "../kit/log_files.ts";
import { binary } from "../kit/perfmon.ts";
import { temporaryFolder } from "../kit/temporary_folder.ts";
import { assertEquals, assertLess } from "../std/std_assert.ts";
import { type Campaign, runByHand } from "./campaign.ts";

/** So many times as long as an empty payload it may take. */
const LIMIT = 4;
/** With fewer runs, on a machine that may be busy, the times are no measure. */
const RUNS = 20;

/** As Claude Code has it after a Write: the text stands in the input and, longer, in the response. */
function payload(bytes: number): string {
  const line = 'a line of text with "quotes" and\n\ttabs\n';
  const content = line.repeat(Math.round(bytes / 3 / JSON.stringify(line).length));
  return JSON.stringify({
    session_id: "s",
    cwd: "/p",
    hook_event_name: "PostToolUse",
    tool_name: "Write",
    tool_input: { file_path: "/p/x", content },
    tool_response: { type: "create", content: content + content },
    tool_use_id: "toolu_1",
    duration_ms: 24,
  }) + "\n";
}

/** Milliseconds of wall time. */
function record(input: string, log: string): number {
  const args = ["-c", 'cat "$1" | "$2" rec end --file "$3"', "sh", input, binary, log];
  const before = performance.now();
  const { code, stdout, stderr } = new Deno.Command("sh", { args }).outputSync();
  const after = performance.now();
  assertEquals([code, stdout.length, new TextDecoder().decode(stderr)], [0, 0, ""]);
  return after - before;
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

function compare(runs: number): string {
  using folder = temporaryFolder();
  const log = `${folder.path}/performance.csv`;
  const [small, large] = [`${folder.path}/small`, `${folder.path}/large`];
  Deno.writeTextFileSync(small, payload(100));
  Deno.writeTextFileSync(large, payload(10_000_000));
  const [short, long]: [number[], number[]] = [[], []];
  for (let run = 0; run < runs; run++) {
    short.push(record(small, log));
    long.push(record(large, log));
  }
  for (const row of recordsOf(log)) {
    assertEquals([row["tool_use_id"], row["duration_ms"], row["status"]], ["toolu_1", "24", "ok"]);
  }
  const times = median(long) / median(short);
  const megabytes = Deno.statSync(large).size / 1e6;
  const found = `${megabytes.toFixed(1)} MB: ${median(long).toFixed(1)} ms, ` +
    `a few bytes: ${median(short).toFixed(1)} ms, ${times.toFixed(1)} times as long ` +
    `(medians of ${runs}; at most ${LIMIT} wanted)`;
  if (runs >= RUNS) assertLess(times, LIMIT, found);
  return found;
}

export const campaigns: Record<string, Campaign> = {
  large_payload: { usual: RUNS, run: (runs) => Promise.resolve(compare(runs)) },
};

if (import.meta.main) await runByHand(campaigns);
