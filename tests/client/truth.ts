/**
 * How far perfmon's figures of a call are from what the call's own shell writes down, in the real Claude Code, where
 * hooks are waited for and where they are not, by the binary and by the spool:
 * `deno run -A tests/client/truth.ts CLAUDE`, the path of a client, on a quiet machine. 60 calls of Bash, the
 * same in each session: 10 ms, 100 ms and 1 s of sleep, CPU, CPU of children, and sleep that leaves a process
 * behind, which its shell's end takes out of the client's descendants; 12 of them four by four side by side.
 * Exit status 0 where all are within the goals.
 */
import { quantile } from "../../src/stats/quantiles.ts";
import { binary, expectExit, perfmon } from "../kit/perfmon.ts";
import { temporaryFolder } from "../kit/temporary_folder.ts";
import { installHooks, runSession, type Steps, type ToolCall } from "./stand_in.ts";

/** What is held: seconds, and of the sum a part. */
const GOALS = { startSeconds: 0.025, cpuSeconds: 0.02, sumPart: 0.02 };
/** A model takes longer; without it the end's hook of one call would still run in the next. */
const THINK_MS = 300;
const ROUNDS = 4;
const SECONDS = [0.01, 0.1, 1];

/** What a shell does for so many seconds. */
const KINDS: Readonly<Record<string, (seconds: number) => string>> = {
  sleep: (seconds) => `sleep ${seconds}`,
  cpu: burn,
  children: (seconds) => `for i in 1 2 3; do (${burn(seconds / 3)}); done`,
  background: (seconds) => `sleep 300 >/dev/null 2>&1 & sleep ${seconds}`,
};

function burn(seconds: number): string {
  const clock = "${EPOCHREALTIME/./}";
  return `e=$(( ${clock} + ${Math.round(1e6 * seconds)} )); while [ ${clock} -lt $e ]; do :; done`;
}

/** A call, and what kind it is. */
interface Known {
  readonly kind: string;
  readonly seconds: number;
  readonly isShared: boolean;
}

/** The steps of a session, and what is known of its calls by number. */
function script(): { steps: Steps; known: Known[] } {
  const known: Known[] = [];
  const steps: (ToolCall | ToolCall[])[] = [];
  const bash = (command: string): ToolCall => ({ name: "Bash", input: { command } });
  for (let round = 0; round < ROUNDS; round++) {
    for (const seconds of SECONDS) {
      for (const [kind, command] of Object.entries(KINDS)) {
        steps.push(bash(`number=${known.length}; . ~/witness.sh; ${command(seconds)}`));
        known.push({ kind, seconds, isShared: false });
      }
    }
  }
  for (const seconds of SECONDS) {
    // Only what reads is run side by side: the number stands in the time.
    steps.push(Array.from({ length: 4 }, () => {
      const call = bash(`sleep ${(seconds + known.length / 1e6).toFixed(6)}`);
      known.push({ kind: "side by side", seconds, isShared: true });
      return call;
    }));
  }
  return { steps, known };
}

/** The client's shell: it notes when it began, before it reads the client's snapshot of the person's own settings. */
const SHELL = `#!/bin/bash
BEGAN=$EPOCHREALTIME exec /bin/bash "$@"
`;
/** By this the shell of a call tells what it was, and is, when it ends. */
const WITNESS = `
begin=$EPOCHREALTIME
trap '{ echo $BEGAN $begin $EPOCHREALTIME; times; } >"$HOME/truth/$number"' EXIT
`;
/** By this a call tells that may do nothing but read, because it runs beside others: the client's shells have it. */
const SLEEP = `
sleep() {
  local begin=$EPOCHREALTIME
  command sleep "$@"
  [[ $1 != *.?????? ]] || echo $BEGAN $begin $EPOCHREALTIME >"$HOME/truth/$((10#\${1: -2}))"
}
`;

/** What a call's shell wrote down; seconds. */
interface Truth {
  /** When the client had started the shell. */
  readonly began: number;
  /** When the shell came to the command. */
  readonly start: number;
  readonly end: number;
  readonly cpu: number;
}

function readTruth(path: string): Truth {
  const [first = "", ...times] = Deno.readTextFileSync(path).trim().split("\n");
  const [began = NaN, start = NaN, end = NaN] = first.split(" ").map(Number);
  const cpu = times.flatMap((line) => [...line.matchAll(/(\d+)m([\d.]+)s/g)])
    .reduce((sum, [, minutes, seconds]) => sum + 60 * Number(minutes) + Number(seconds), 0);
  return { began, start, end, cpu };
}

/** One session; false where a figure is beyond its goal. */
async function compare(client: string, title: string, flags: readonly string[]): Promise<boolean> {
  using home = temporaryFolder();
  await installHooks(binary, home.path, ...flags);
  Deno.mkdirSync(`${home.path}/truth`);
  Deno.writeTextFileSync(`${home.path}/bash`, SHELL, { mode: 0o700 });
  Deno.writeTextFileSync(`${home.path}/witness.sh`, WITNESS);
  Deno.writeTextFileSync(`${home.path}/.bashrc`, SLEEP);
  const { steps, known } = script();
  const { code } = await runSession(client, home.path, steps, {
    env: { SHELL: `${home.path}/bash` },
    thinkMs: THINK_MS,
  });
  await new Promise((resolve) => setTimeout(resolve, 2000));
  const env = { HOME: home.path };
  const { stdout } = expectExit(await perfmon(["tail", "-n", "100", "--json"], { env }), 0);
  const calls = new Map<string, Call>(
    JSON.parse(stdout).calls.map((call: Call) => [call.tool_use_id, call]),
  );
  console.log(`\n${title}: the client ended with ${code}, ${calls.size} calls`);
  const found = known.map((each, number): Compared | undefined => {
    const call = calls.get(`toolu_${number}`);
    return call && { ...each, call, truth: readTruth(`${home.path}/truth/${number}`) };
  }).filter((each) => each !== undefined);
  return tell(found) && found.length === known.length;
}

/** A call as `perfmon tail --json` has it. */
interface Call {
  readonly tool_use_id: string;
  readonly start_timestamp: number;
  readonly cpu_seconds: number | null;
  readonly survivors: number | null;
}

interface Compared extends Known {
  readonly call: Call;
  readonly truth: Truth;
}

function tell(found: readonly Compared[]): boolean {
  const alone = found.filter((each) => !each.isShared);
  const lateOf = (these: readonly Compared[], since: "began" | "start"): number[] =>
    these.map(({ call, truth }) => call.start_timestamp - truth[since]);
  const late = lateOf(found, "began");
  const cpu = alone.map(({ call, truth }) => (call.cpu_seconds ?? NaN) - truth.cpu);
  const sum = sumOf(alone.map(({ call }) => call.cpu_seconds ?? NaN));
  const trueSum = sumOf(alone.map(({ truth }) => truth.cpu));
  const part = (sum - trueSum) / trueSum;
  const wrong = alone.filter(({ call }) => call.survivors !== 0);
  const beyond = (values: readonly number[], goal: number): number =>
    values.filter((value) => !(Math.abs(value) <= goal + 0.005)).length;
  const lateBeyond = beyond(late, GOALS.startSeconds);
  const cpuBeyond = beyond(cpu, GOALS.cpuSeconds);
  console.log(
    `  start later than the shell's, ms: ${spread(late)}; beyond: ${lateBeyond}, ` +
      `${beyond(lateOf(alone, "began"), GOALS.startSeconds)} of them by themselves`,
  );
  console.log(`  than its first command's: ${spread(lateOf(found, "start"))}`);
  console.log(`  CPU of a call more than its own, ms: ${spread(cpu)}; beyond: ${cpuBeyond}`);
  console.log(
    `  CPU of all: ${sum.toFixed(2)} s, own ${trueSum.toFixed(2)} (${(100 * part).toFixed(1)} %)`,
  );
  console.log(`  survivors wrong: ${wrong.length} of ${alone.length}`);
  for (const kind of Object.keys(KINDS)) {
    for (const seconds of SECONDS) {
      const these = alone.filter((each) => each.kind === kind && each.seconds === seconds);
      const names = these.map(({ call, truth }) =>
        `${(1000 * (call.start_timestamp - truth.start)).toFixed(0)}/${
          (1000 * ((call.cpu_seconds ?? NaN) - truth.cpu)).toFixed(0)
        }/${call.survivors}`
      );
      console.log(`    ${kind} ${seconds} s, late/CPU/survivors: ${names.join("  ")}`);
    }
  }
  return lateBeyond + cpuBeyond + wrong.length === 0 && Math.abs(part) <= GOALS.sumPart;
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

/** Least, median and most of some seconds, in milliseconds. */
function spread(seconds: readonly number[]): string {
  const sorted = seconds.map((each) => 1000 * each).sort((a, b) => a - b);
  const [least = NaN, most = NaN] = [sorted[0], sorted.at(-1)];
  return [least, quantile(sorted, 0.5) ?? NaN, most].map((each) => each.toFixed(0)).join(", ");
}

const SESSIONS: Readonly<Record<string, readonly string[]>> = {
  "binary": [],
  "binary, waited for": ["--wait"],
  "spool": ["--via", "spool"],
  "spool, waited for": ["--via", "spool", "--wait"],
};

if (import.meta.main) {
  const [client, ...names] = Deno.args;
  if (client === undefined) {
    console.error("usage: deno run -A tests/client/truth.ts CLAUDE [SESSION...]");
    Deno.exit(64);
  }
  let isTrue = true;
  for (const [name, flags] of Object.entries(SESSIONS)) {
    if (names.length > 0 && !names.includes(name)) continue;
    isTrue = await compare(client, name, flags) && isTrue;
  }
  Deno.exit(isTrue ? 0 : 1);
}
