/**
 * How far a call's figures of its processes are from the truth, in the real Claude Code: what each program says that it
 * held itself (its VmHWM), and a second sampler that looks each millisecond.
 * `deno run -A tests/client/peaks.ts CLAUDE [ROUNDS] [--server]`, the path of a client; needs python3, make and cc. Eight rounds
 * take two minutes. With `--server` there is nothing but the calls of a server, one a round.
 * Exit status 0 where all that lasted 200 ms is within the goals.
 */
import { recordsOf } from "../kit/log_files.ts";
import { binary, expectExit, perfmon } from "../kit/perfmon.ts";
import { temporaryFolder } from "../kit/temporary_folder.ts";
import { type SessionPeak, SessionPeaks } from "../slow/sampler/session_peaks.ts";
import {
  type AgentSteps,
  installHooks,
  runSession,
  type Steps,
  type ToolCall,
} from "./stand_in.ts";

/** What is held: of memory a part, of CPU seconds. */
const GOALS = { memoryPart: 0.05, cpuSeconds: 0.05 };
/** A model takes longer than none. */
const THINK_MS = 300;
const ROUNDS = 8;
/** What a subagent is told to do. */
const TASK = "hold memory";
/** What the server of `mcp_server.ts` burns in a call, seconds. */
const BURNT = 0.5;

const SERVER_CALL: ToolCall = { name: "mcp__db__query", input: { burn: BURNT } };

/** Holds so many MiB for so many seconds, and writes into a file the most that it held, KiB. */
const HOLD = `
import resource, sys, time
buffer = bytearray(int(sys.argv[1]) << 20)
buffer[::4096] = b"x" * len(buffer[::4096])
time.sleep(float(sys.argv[2]))
with open(sys.argv[3], "w") as file:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=file)
`;
/** Has six forks share one buffer of so many MiB for a second. */
const SHARE = `
import os, sys, time
buffer = bytearray(int(sys.argv[1]) << 20)
buffer[::4096] = b"x" * len(buffer[::4096])
for _ in range(6):
    if os.fork() == 0:
        sum(buffer[::4096])
        time.sleep(1)
        os._exit(0)
time.sleep(1.2)
`;
/** By this a call that may do nothing but read, because it runs beside others, holds memory: the client's shells have it. */
const SLEEP = `
sleep() {
  [[ $1 == *.?????? ]] || { command sleep "$@"; return; }
  echo $$ >"$HOME/truth/\${1#*.}"
  python3 ~/hold.py $((10#\${1: -6:3})) $1 "$HOME/truth/held-\${1#*.}"
}
`;

/** A call, and whether it lasts long enough to be held to the goals. */
interface Known {
  readonly title: string;
  /** Its tool_use_id. */
  readonly id: string;
  /** The name of the file that its shell writes its pid into. */
  readonly name: string;
  readonly isHeld: boolean;
  /** Whether its program tells what it held itself. */
  readonly tells: boolean;
}

/** The steps of the session, those of its subagent, and what is known of its calls of Bash. */
function script(rounds: number): { steps: Steps; agents: AgentSteps; known: Known[] } {
  const known: Known[] = [];
  const steps: (ToolCall | ToolCall[])[] = [];
  const bash = (
    title: string,
    command: (held: string) => string,
    more: Partial<Known> = {},
  ): ToolCall => {
    const name = String(known.length);
    const text = command(`"$HOME/truth/held-${name}"`);
    const tells = text.includes("held-");
    known.push({ title, id: `toolu_${name}`, name, isHeld: true, tells, ...more });
    return { name: "Bash", input: { command: `number=${name}; . ~/witness.sh; ${text}` } };
  };
  const add = (title: string, command: (held: string) => string, isHeld = true): void => {
    steps.push(bash(title, command, { isHeld }));
  };
  for (const ms of [300, 100, 20]) {
    for (let round = 0; round < rounds; round++) {
      add(
        `500 MiB for ${ms} ms`,
        (held) => `python3 ~/hold.py 500 ${ms / 1000} ${held}`,
        ms >= 200,
      );
    }
  }
  const hold = (mib: number, seconds: number): string =>
    `python3 ~/hold.py ${mib} ${seconds} /dev/null`;
  add("20 of 50 MiB", () => `for i in {1..20}; do ${hold(50, 2)} & done; wait`);
  add("six forks of 150 MiB", () => "python3 ~/share.py 150");
  add("make -j2 of 200 files", () => "make -s -j2 -C ~/build");
  add("an orphan of 200 MiB", () => `(${hold(200, 4)} >/dev/null 2>&1 &); command sleep 2`);
  const background = bash("200 MiB in the background", (held) => `python3 ~/hold.py 200 2 ${held}`);
  steps.push({ ...background, input: { ...background.input, run_in_background: true } });
  const beside = (title: string, mib: readonly number[], seconds: (place: number) => number) => {
    steps.push(mib.map((size, place): ToolCall => {
      const digits = `${String(size).padStart(3, "0")}${String(known.length).padStart(3, "0")}`;
      const names = { title: `${title}: ${size} MiB`, id: `toolu_${known.length}`, name: digits };
      known.push({ ...names, isHeld: true, tells: true });
      return { name: "Bash", input: { command: `sleep ${seconds(place)}.${digits}` } };
    }));
  };
  beside("side by side", [100, 200, 300, 400], (place) => 2 + place);
  beside("side by side, equal", [150, 150, 150, 150], () => 2);
  steps.push(SERVER_CALL);
  const input = { description: "holds", prompt: TASK, subagent_type: "general-purpose" };
  steps.push({ name: "Agent", input });
  const id = "toolu_agent_0";
  const own = bash("200 MiB in a subagent", (held) => `python3 ~/hold.py 200 1 ${held}`, { id });
  return { steps, agents: { [TASK]: [own] }, known };
}

/** A session of calls of a server, each behind one of Bash. */
function serverScript(rounds: number): { steps: Steps; agents: AgentSteps; known: Known[] } {
  const bash = { name: "Bash", input: { command: "true" } };
  const steps = Array.from({ length: rounds }, () => [bash, SERVER_CALL]).flat();
  return { steps, agents: {}, known: [] };
}

function prepare(home: string): void {
  Deno.mkdirSync(`${home}/truth`);
  Deno.mkdirSync(`${home}/build`);
  Deno.writeTextFileSync(`${home}/witness.sh`, 'echo $$ >"$HOME/truth/$number"\n');
  Deno.writeTextFileSync(`${home}/.bashrc`, SLEEP);
  Deno.writeTextFileSync(`${home}/hold.py`, HOLD);
  Deno.writeTextFileSync(`${home}/share.py`, SHARE);
  const names = Array.from({ length: 200 }, (_, place) => `f${place}`);
  for (const [place, name] of names.entries()) {
    const count = place === names.length - 1 ? 3000 : 3;
    const functions = Array.from(
      { length: count },
      (_, each) => `int ${name}_${each}(int a) { return a * ${each} + a / 3; }\n`,
    );
    Deno.writeTextFileSync(`${home}/build/${name}.c`, functions.join(""));
  }
  const objects = names.map((name) => `${name}.o`).join(" ");
  Deno.writeTextFileSync(
    `${home}/build/Makefile`,
    `all: ${objects}\n%.o: %.c\n\t@cc -O0 -c $< -o $@\n`,
  );
  const args = ["run", "-A", `${import.meta.dirname}/mcp_server.ts`];
  const mcpServers = { db: { type: "stdio", command: Deno.execPath(), args } };
  Deno.writeTextFileSync(`${home}/.claude.json`, JSON.stringify({ mcpServers }));
}

/** A call as `perfmon tail --json` has it. */
interface Call {
  readonly tool: string;
  readonly tool_use_id: string;
  readonly cpu_seconds: number | null;
  readonly peak_shared: boolean;
}

/** What is true of a call, KiB; PSS is not known of what nobody else looked at. */
function truthOf(
  { name, tells }: Known,
  home: string,
  seen: ReadonlyMap<number, SessionPeak>,
): { readonly rss: number; readonly session: SessionPeak | undefined } {
  const read = (file: string): number => Number(Deno.readTextFileSync(`${home}/truth/${file}`));
  const session = seen.get(read(name));
  const own = tells ? read(`held-${name}`) : 0;
  return { rss: Math.max(own, session?.rss ?? 0), session };
}

function per(measured: number, truth: number): string {
  const part = 100 * (measured / truth - 1);
  return `${part < 0 ? "" : "+"}${part.toFixed(1)} %`;
}

/** Compares all calls with the truth, a line each; false where one that is held to the goals misses them. */
async function compare(
  home: string,
  known: readonly Known[],
  seen: ReadonlyMap<number, SessionPeak>,
): Promise<boolean> {
  const rows = recordsOf(`${home}/.claude/performance.csv`);
  const peaks = new Map(
    rows.filter(({ event }) => event === "peak").map((row) => [row["tool_use_id"], row]),
  );
  const { stdout } = expectExit(
    await perfmon(["tail", "-n", "100", "--json"], { env: { HOME: home } }),
    0,
  );
  const calls = new Map<string, Call>(
    JSON.parse(stdout).calls.map((call: Call) => [call.tool_use_id, call]),
  );
  const within = new Map<string, { found: number; all: number }>();
  let isTrue = true;
  for (const each of known) {
    const { id } = each;
    const { rss: held, session } = truthOf(each, home, seen);
    const { peak_rss: rss, peak_pss: pss, peak_processes: processes } = peaks.get(id) ?? {};
    const isNear = Math.abs(Number(rss || NaN) / held - 1) <= GOALS.memoryPart;
    const isShared = calls.get(id)?.peak_shared === true;
    // Equal ones that end apart are told apart.
    const isRight = isNear && (!isShared || each.title.includes("equal"));
    isTrue &&= isRight || !each.isHeld;
    const count = within.get(each.title) ?? { found: 0, all: 0 };
    within.set(each.title, { found: count.found + Number(isRight), all: count.all + 1 });
    const figures = rss === undefined
      ? "no peak"
      : `RSS ${mib(rss)}, ${per(Number(rss), held)}; PSS ${mib(pss)}` +
        (pss && session?.pss ? `, ${per(Number(pss), session.pss)}` : "") +
        `; ${processes} processes of ${session?.processes}${isShared ? "; shared" : ""}`;
    console.log(`  ${each.title.padEnd(30)} ${figures}`);
  }
  for (const [title, { found, all }] of within) console.log(`  ${found} of ${all}: ${title}`);
  const burnt = calls.values().filter(({ tool }) => tool.startsWith("mcp"))
    .map(({ cpu_seconds }) => cpu_seconds ?? NaN).toArray();
  console.log(`  CPU of a server that burned ${BURNT} s: ${burnt.join(", ")} s`);
  return isTrue && burnt.every((each) => Math.abs(each - BURNT) <= GOALS.cpuSeconds);
}

function mib(kib: string | undefined): string {
  return kib ? `${(Number(kib) / 1024).toFixed(0)} MiB` : "–";
}

if (import.meta.main) {
  const [client, ...others] = Deno.args;
  const isServerOnly = others.includes("--server");
  const rounds = Number(others.find((each) => each !== "--server") ?? ROUNDS);
  if (client === undefined) {
    console.error("usage: deno run -A tests/client/peaks.ts CLAUDE [ROUNDS] [--server]");
    Deno.exit(64);
  }
  using home = temporaryFolder();
  prepare(home.path);
  Deno.env.set("PATH", `${client.slice(0, client.lastIndexOf("/"))}:${Deno.env.get("PATH")}`);
  await installHooks(binary, home.path);
  const { steps, agents, known } = isServerOnly ? serverScript(rounds) : script(rounds);
  let truth: SessionPeaks | undefined;
  const { code } = await runSession(client, home.path, steps, {
    env: { SHELL: "/bin/bash" },
    allowed: ["Bash", "Agent", "mcp__db__query"],
    thinkMs: THINK_MS,
    agents,
    onResults: (count, { pid }) => {
      if (count === 0) truth ??= new SessionPeaks(pid, home.path);
    },
  });
  const seen = await truth?.end() ?? new Map();
  console.log(`The client ended with ${code}; load ${Deno.loadavg()[0]?.toFixed(1)}`);
  Deno.exit(await compare(home.path, known, seen) ? 0 : 1);
}
