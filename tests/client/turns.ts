/**
 * Whether perfmon tells where the time of a turn went, in the real Claude Code: the model takes 2 s for each answer,
 * tools, a permission and others' hooks take times that are known too.
 * `deno run -A tests/client/turns.ts CLAUDE [FLAG of hooks install...]`, the path of a client, on a quiet machine.
 * Exit status 0 where each part, by hooks and by import, is within 100 ms of the truth.
 *
 * The truth is taken from the clock of the model's stand-in and from what the commands and the others' hooks note
 * themselves. A turn goes from the prompt to the end of the last answer. By hooks a call goes from when the client
 * calls them to its end: what is neither tool nor prompt of that is gate. By import it goes from the answer that asks
 * for it to its result, which the client writes when the hooks behind the call have ended. All else is the model's by
 * definition: its answers, and the client's own steps, which nothing tells apart. They are printed.
 */
import { parseStat, parseUptime, TICKS } from "../../src/sampler/linux.ts";
import { unionLength } from "../../src/stats/quantiles.ts";
import { binary, expectExit, perfmon } from "../kit/perfmon.ts";
import { temporaryFolder } from "../kit/temporary_folder.ts";
import {
  type Answered,
  END,
  installHooks,
  runSession,
  type Session,
  type Steps,
  type ToolCall,
} from "./stand_in.ts";

const THINK_SECONDS = 2;
const ASK_SECONDS = 1.5;
const GATE_SECONDS = 0.3;
/** Longer than perfmon's own hook, which may be waited for beside it. */
const BEHIND_SECONDS = 0.2;
const MOST_OFF_MS = 100;

/** Says when it is. */
const NOW = "date +%s.%N";

/** A command that says when it begins and when it ends. */
function bash(seconds: number): ToolCall {
  return { name: "Bash", input: { command: `${NOW}; sleep ${seconds}; ${NOW}` } };
}

/** The first turn is for what a client loads only then. */
const FIRST: Steps = [bash(0.1), END];
const STEPS: Steps = [
  bash(1),
  // Side by side, which the client does with what only reads.
  [bash(1), bash(2)],
  { name: "Bash", input: { command: `${NOW} >notes/work; sleep 9`, run_in_background: true } },
  { name: "Write", input: { file_path: "asked.txt", content: "x" } },
  END,
];

/** Installs hooks that every call waits for, before and behind it, and one that answers for the person, who takes some time to. */
function addHooks(home: string): void {
  const path = `${home}/.claude/settings.json`;
  const { hooks, ...settings } = JSON.parse(Deno.readTextFileSync(path));
  const answer = {
    hookSpecificOutput: { hookEventName: "PermissionRequest", decision: { behavior: "allow" } },
  };
  const note = `${NOW} >>${home}/notes/person`;
  const commands = {
    // Its shell tells when it was begun: a program that says the time is late by its own start.
    PreToolUse:
      `read -r stat </proc/$$/stat; echo "$stat" >>${home}/notes/hooks; cat >/dev/null; ` +
      `sleep ${GATE_SECONDS}`,
    PostToolUse: `cat >/dev/null; sleep ${BEHIND_SECONDS}; ${NOW} >>${home}/notes/results`,
    PermissionRequest: `${note}; cat >/dev/null; sleep ${ASK_SECONDS}; ${note}; echo '${
      JSON.stringify(answer)
    }'`,
  };
  for (const [event, command] of Object.entries(commands)) {
    hooks[event].push({ matcher: "*", hooks: [{ type: "command", command }] });
  }
  Deno.writeTextFileSync(path, JSON.stringify({ ...settings, hooks }));
}

/** The moments of a note, seconds since the epoch, in order of time. */
function noted(text: string): number[] {
  return text.trim().split("\n").map(Number).toSorted((a, b) => a - b);
}

/** When the shells of the hooks that calls wait for were begun, seconds since the epoch, to 5 ms. */
function hooksBegun(stats: string): number[] {
  const look = (): number => Date.now() / 1000 - parseUptime(Deno.readTextFileSync("/proc/uptime"));
  const boot = Math.min(...Array.from({ length: 2000 }, look)); // its hundredths are cut
  return stats.trim().split("\n").map((stat) => boot + (parseStat(stat).startTicks + 0.5) / TICKS)
    .toSorted((a, b) => a - b);
}

interface Block {
  readonly type: string;
  readonly tool_use_id?: string;
  readonly content?: string;
}

/** What a call printed, as the model is told it. */
function printed(request: string, id: string): string {
  const { messages } = JSON.parse(request) as { messages: { content: string | Block[] }[] };
  const blocks = messages.flatMap(({ content }) => typeof content === "string" ? [] : content);
  return blocks.find((block) => block.type === "tool_result" && block.tool_use_id === id)
    ?.content ??
    "";
}

function sum(values: readonly number[]): number {
  return values.reduce((all, each) => all + each, 0);
}

function lengthOf(spans: readonly Answered[]): number {
  return unionLength(spans.map(({ from }) => from), spans.map(({ to }) => to));
}

/** How the time of a turn went in truth, seconds. */
interface Truth {
  readonly byHooks: Readonly<Record<"model" | "tools" | "prompts" | "gates", number>>;
  readonly byImport: Readonly<Record<"model" | "together", number>>;
  /** What the model's part has in it, by name. */
  readonly steps: Readonly<Record<string, number>>;
}

/** How the time of the second turn went in truth. */
function truthOf({ answers, requests, given }: Session, home: string): Truth {
  // Without the answer to the background work's end.
  const own = answers.slice(FIRST.length, FIRST.length + STEPS.length);
  const note = (name: string): number[] => noted(Deno.readTextFileSync(`${home}/notes/${name}`));
  const span = ([from = NaN, to = NaN]: readonly number[]): Answered => ({ from, to });
  const ran = ["toolu_1", "toolu_2", "toolu_3"].map((id) =>
    span(noted(printed(requests.at(-1)!, id)))
  );
  const ends = [
    ran[0]!.to,
    Math.max(ran[1]!.to, ran[2]!.to),
    note("work")[0]!, // which then goes on in the background
    Number(Deno.statSync(`${home}/asked.txt`).mtime) / 1000,
  ];
  const hooks = hooksBegun(Deno.readTextFileSync(`${home}/notes/hooks`));
  const results = note("results");
  const calls = ends.map((end, step) => {
    const [{ to: answer }, { from: request }] = [own[step]!, own[step + 1]!];
    const hook = hooks.find((each) => each > answer)!;
    return { answer, hook, end, result: results.findLast((each) => each < request)!, request };
  });
  type Moment = keyof (typeof calls)[number];
  const between = (from: Moment, to: Moment): number =>
    sum(calls.map((call) => call[to] - call[from]));
  const turn = own.at(-1)!.to - given[1]!;
  const [tools, prompts] = [lengthOf(ran), lengthOf([span(note("person"))])];
  return {
    byHooks: {
      model: turn - between("hook", "end"),
      tools,
      prompts,
      gates: between("hook", "end") - tools - prompts,
    },
    byImport: { model: turn - between("answer", "result"), together: between("answer", "result") },
    steps: {
      "the model's answers": lengthOf(own),
      "from the prompt to the first request": own[0]!.from - given[1]!,
      "from results to the next request": between("result", "request"),
      "from answers to their calls' hooks": between("answer", "hook"),
      "hooks behind calls": between("end", "result"),
    },
  };
}

if (import.meta.main) {
  const [client, ...flags] = Deno.args;
  if (client === undefined) {
    console.error("usage: deno run -A tests/client/turns.ts CLAUDE [FLAG of hooks install...]");
    Deno.exit(64);
  }
  using home = temporaryFolder();
  Deno.mkdirSync(`${home.path}/notes`);
  Deno.env.set("PATH", `${client.slice(0, client.lastIndexOf("/"))}:${Deno.env.get("PATH")}`);
  await installHooks(Deno.realPathSync(binary), home.path, ...flags);
  addHooks(home.path);
  const session = await runSession(client, home.path, [...FIRST, ...STEPS], {
    prompts: 2,
    allowed: ["Bash"],
    thinkMs: 1000 * THINK_SECONDS,
  });
  const env = { HOME: home.path };
  const run = async (...args: string[]): Promise<string> =>
    expectExit(await perfmon(args, { env }), 0).stdout;
  console.log(`The client ended with ${session.code}`);
  for (const args of [["--by", "turn"], ["--by", "permission"], [], ["last"]]) {
    console.log(await run("report", ...args));
  }
  const { byHooks, byImport, steps } = truthOf(session, home.path);
  const say = (what: string, text: string): void => console.log(`${what.padEnd(40)} ${text}`);
  let worst = 0;
  const compare = (what: string, seconds: number, truth: number): void => {
    const off = 1000 * (seconds - truth);
    worst = Math.max(worst, Math.abs(off));
    say(
      what,
      `${seconds.toFixed(3)} s, in truth ${truth.toFixed(3)}: ${off.toFixed(0)} ms off`,
    );
  };
  const { turns: [, turn] } = JSON.parse(await run("report", "--by", "turn", "--json"));
  compare("model, by hooks", turn.model_seconds, byHooks.model);
  compare("tools, by hooks", turn.tools_seconds, byHooks.tools);
  compare("prompts, by hooks", turn.prompts_seconds, byHooks.prompts);
  compare("gates, by hooks", turn.gates_seconds, byHooks.gates);
  const imported = `${home.path}/imported.csv`;
  await run("import", "--file", imported);
  const { turns: [, told] } = JSON.parse(
    await run("report", "--by", "turn", "--json", "--file", imported),
  );
  compare("model, by import", told.model_seconds, byImport.model);
  compare("the rest, by import", told.tools_prompts_gates_seconds, byImport.together);
  console.log(
    "\nThe model's part in truth; the last two lines are in it by hooks, in the rest by import",
  );
  for (const [what, seconds] of Object.entries(steps)) {
    say(what, `${(1000 * seconds).toFixed(0)} ms`);
  }
  Deno.exit(worst <= MOST_OFF_MS ? 0 : 1);
}
