/**
 * Hostile input for the binary: random stdin, environment, arguments and logs.
 * `deno run -A tests/campaigns/fuzz_binary.ts [CASES] [--seed N]`. `rec` has to exit
 * with 0 and print nothing on stdout; readers of the same log never end in a crash or with status 2.
 */
import fc from "fast-check";
import { assert, assertEquals } from "../std/std_assert.ts";
import { expectExit, perfmon, type RunResult } from "../kit/perfmon.ts";
import { temporaryFolder } from "../kit/temporary_folder.ts";
import { hostileFiles } from "../kit/captures.ts";
import { type Campaign, runByHand } from "./campaign.ts";
import { logBytes, recArguments, stdin } from "./hostile_input.ts";

/** No run takes longer, or it hangs: `rec` waits for stdin, 3 s at most, and for the lock, 1 s. */
const DEADLINE_MS = 20_000;
const CODES = [0, 1, 64, 65, 66, 74];

const value = fc.string({ unit: "grapheme", maxLength: 30 })
  .map((each) => each.replaceAll("\0", "").replaceAll("/", ""));
const environment = fc.record({
  CLAUDE_PID: fc.oneof(value, fc.constantFrom("1", "0", "-1", "99999999", "1e3")),
  CLAUDE_TOOL_NAME: value,
  AI_AGENT: fc.oneof(value, fc.constantFrom("claude-code_2-1-330_x", "claude-code", "_")),
  TZ: fc.oneof(value, fc.constantFrom("UTC", "Europe/Berlin", ":/nowhere")),
  // A language of 12 letters or more crashes the runtime itself before our first line (ICU).
  LANG: fc.oneof(
    fc.constantFrom("C", "C.UTF-8", "POSIX", "de_DE.UTF-8@euro", "sr_RS.UTF-8@latin", "xx_YY", "é"),
    fc.string({ maxLength: 8 }).map((each) => each.replaceAll("\0", "")),
  ),
  COLUMNS: fc.oneof(value, fc.constantFrom("0", "-5", "1e9")),
  NO_COLOR: value,
}, { requiredKeys: [] });

/** One case: a log as it lies there, and what comes to it. */
interface HostileCase {
  readonly log: Uint8Array | undefined;
  readonly stdin: Uint8Array;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly reader: readonly string[];
}

const READERS = [
  ["report"],
  ["report", "--wide", "--by", "session", "--since", "1970-01-01"],
  ["report", "--json", "--since", "1970-01-01"],
  ["report", "last"],
  ["export", "csv"],
  ["export", "json", "--calls"],
  ["tail", "-n", "5"],
  ["top", "--by", "cpu", "--since", "1970-01-01"],
  ["running"],
  ["status"],
  ["status", "--json"],
  ["clear", "--yes", "--before", "2026-01-01"],
];

/** Random cases. */
const hostileCase: fc.Arbitrary<HostileCase> = fc.record({
  log: fc.option(
    fc.oneof(logBytes, fc.constantFrom(...hostileFiles("logs").map(({ bytes }) => bytes))),
    { nil: undefined },
  ),
  stdin: fc.oneof(stdin, fc.constantFrom(...hostileFiles("stdin").map(({ bytes }) => bytes))),
  args: recArguments,
  env: environment,
  reader: fc.constantFrom(...READERS),
});

/** Runs a case; throws where the binary is not as it promised. */
async function runCase(each: HostileCase): Promise<void> {
  using folder = temporaryFolder();
  const log = `${folder.path}/performance.csv`;
  if (each.log !== undefined) Deno.writeFileSync(log, each.log);
  const env = { ...each.env, HOME: folder.path, PERFMON_FILE: log };
  const common = { env, cwd: folder.path, timeout: DEADLINE_MS };
  const strict = each.args.some((arg) => arg === "--strict");
  const recorded = await perfmon(["rec", ...each.args], { ...common, stdin: each.stdin.slice() });
  assert(strict || recorded.code === 0, dump("rec exits with 0", recorded));
  assertEquals(recorded.stdout, "", dump("nothing on stdout", recorded));
  const isHelp = each.args.some((arg) => arg === "--help" || arg === "-h");
  assert(
    isHelp || recorded.stderr.split("\n").length <= 2,
    dump("one line on stderr at most", recorded),
  );
  const [command = "", ...rest] = each.reader;
  const read = await perfmon([command, ...rest, "--file", log], common);
  assert(CODES.includes(read.code), dump("an exit status that is documented", read));
  const crash = /Uncaught|\n {4}at |Internal error|RangeError|TypeError/;
  for (const text of [read.stderr, read.stdout, recorded.stderr]) {
    assert(!crash.test(text), dump("no crash", read));
  }
  if (each.reader[0] !== "clear") await expectRecordable(log, common.env);
}

/** Whatever happened, an ordinary hook finds its row in the log afterwards. */
async function expectRecordable(log: string, env: Record<string, string>): Promise<void> {
  const hook = '{"hook_event_name":"PostToolUse","tool_name":"Last","tool_use_id":"last"}\n';
  const clean = { HOME: env["HOME"]!, PERFMON_FILE: log };
  const result = expectExit(await perfmon(["rec", "end"], { env: clean, stdin: hook }), 0);
  assertEquals([result.stdout, result.stderr], ["", ""]);
  const { stdout } = expectExit(await perfmon(["export", "csv", "--file", log]), 0);
  assert(/(^|\n)[^\n]*,Last,end,/.test(stdout), "the row is exported");
}

function dump(promise: string, result: RunResult): string {
  return `${promise}: ${JSON.stringify(result)}`;
}

async function runCases(count: number, seed: number): Promise<string> {
  const cases = fc.sample(hostileCase, { numRuns: count, seed });
  let next = 0;
  await Promise.all(Array.from({ length: 3 }, async () => {
    for (let index = next++; index < cases.length; index = next++) {
      try {
        await runCase(cases[index]!);
      } catch (error) {
        throw new Error(`Case ${index} fails: ${fc.stringify(cases[index])}`, { cause: error });
      }
    }
  }));
  return `${count} cases through the binary, none of them broke anything`;
}

export const campaigns: Record<string, Campaign> = {
  fuzz_binary: { usual: 2000, run: runCases },
};

if (import.meta.main) await runByHand(campaigns);
