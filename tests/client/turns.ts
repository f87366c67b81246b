/**
 * Whether perfmon tells where the time of a turn went, in the real Claude Code: the model takes 2 s for each answer,
 * tools and a permission take times that are known too. The truth is taken from the clock of the model's stand-in
 * and from what the commands, and the hook that answers for the person, note themselves.
 * `deno run -A tests/client/turns.ts CLAUDE [FLAG of hooks install...]`, the path of a client, on a quiet machine.
 * Exit status 0 where each part, by hooks and by import, is within 100 ms of the truth.
 *
 * What the model's part has besides the model is the client's own work, which no hook tells apart: it is printed,
 * by where in the turn it was.
 */
import { unionLength } from "../../src/stats/quantiles.ts";
import { recordsOf } from "../kit/log_files.ts";
import { binary, expectExit, perfmon } from "../kit/perfmon.ts";
import { temporaryFolder } from "../kit/temporary_folder.ts";
import {
  type Answered,
  END,
  installHooks,
  runSession,
  type Steps,
  type ToolCall,
} from "./stand_in.ts";

const THINK_SECONDS = 2;
const ASK_SECONDS = 1.5;
const MOST_OFF_MS = 100;

/** A command that says when it begins and when it ends. */
function bash(seconds: number, more: Record<string, unknown> = {}): ToolCall {
  const command = `date +%s.%N; sleep ${seconds}; date +%s.%N`;
  return { name: "Bash", input: { command, ...more } };
}

/** The first turn is for what a client loads only then. */
const FIRST: Steps = [bash(0.1), END];
const STEPS: Steps = [
  bash(1),
  // Side by side, which the client does with what only reads.
  [bash(1), bash(2)],
  bash(9, { run_in_background: true }),
  { name: "Write", input: { file_path: "asked.txt", content: "x" } },
  END,
];

/** What the commands of the second turn said, by their ids. */
const NOTED = ["toolu_1", "toolu_2", "toolu_3"];

/** Installs a hook that answers for the person, who takes some time to. */
function answerFor(home: string): void {
  const path = `${home}/.claude/settings.json`;
  const settings = JSON.parse(Deno.readTextFileSync(path));
  const answer = {
    hookSpecificOutput: { hookEventName: "PermissionRequest", decision: { behavior: "allow" } },
  };
  const note = `date +%s.%N >>${home}/notes/person`;
  const command = `${note}; cat >/dev/null; sleep ${ASK_SECONDS}; ${note}; echo '${
    JSON.stringify(answer)
  }'`;
  settings.hooks.PermissionRequest.push({ matcher: "*", hooks: [{ type: "command", command }] });
  Deno.writeTextFileSync(path, JSON.stringify(settings));
}

/** The two moments that a note has, seconds since the epoch. */
function noted(text: string): Answered {
  const [from = NaN, to = NaN] = text.trim().split("\n").map(Number);
  return { from, to };
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

function lengthOf(spans: readonly Answered[]): number {
  return unionLength(spans.map(({ from }) => from), spans.map(({ to }) => to));
}

type Row = Readonly<Record<string, string>>;

/** The client's own work by where in the turn it was, seconds: between what the stand-in and the rows tell. */
function besidesOf(rows: readonly Row[], own: readonly Answered[]): Record<string, number> {
  const timesOf = (event: string): number[] =>
    rows.filter((row) => row["event"] === event).map((row) => Number(row["timestamp"]))
      .toSorted((a, b) => a - b);
  const last = own.at(-1)!;
  const before = (times: readonly number[], time: number): number =>
    times.findLast((each) => each < time) ?? NaN;
  const after = (times: readonly number[], time: number): number =>
    times.find((each) => each > time) ?? NaN;
  const [starts, ends] = [timesOf("start"), timesOf("end")];
  const sum = (values: readonly number[]): number => values.reduce((all, each) => all + each, 0);
  return {
    "from the prompt to the first request": own[0]!.from - before(timesOf("prompt"), own[0]!.from),
    "from an answer to its call": sum(own.slice(0, -1).map(({ to }) => after(starts, to) - to)),
    "from a result to the next request": sum(
      own.slice(1).map(({ from }) => from - before(ends, from)),
    ),
    "from the last answer to the stop": after(timesOf("stop"), last.to) - last.to,
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
  answerFor(home.path);
  const { code, answers, requests } = await runSession(client, home.path, [...FIRST, ...STEPS], {
    prompts: 2,
    allowed: ["Bash"],
    thinkMs: 1000 * THINK_SECONDS,
  });
  const env = { HOME: home.path };
  const run = async (...args: string[]): Promise<string> =>
    expectExit(await perfmon(args, { env }), 0).stdout;
  console.log(`The client ended with ${code}`);
  for (const args of [["--by", "turn"], ["--by", "permission"], [], ["last"]]) {
    console.log(await run("report", ...args));
  }
  // The second turn's, without that of the background work's end.
  const own = answers.slice(FIRST.length, FIRST.length + STEPS.length);
  const model = lengthOf(own);
  const prompts = lengthOf([noted(Deno.readTextFileSync(`${home.path}/notes/person`))]);
  const tools = lengthOf(NOTED.map((id) => noted(printed(requests.at(-1)!, id))));
  let worst = 0;
  const compare = (what: string, seconds: number, truth: number): void => {
    const off = 1000 * (seconds - truth);
    worst = Math.max(worst, Math.abs(off));
    const figures = `${seconds.toFixed(3)} s, in truth ${truth.toFixed(3)}: ${
      off.toFixed(0)
    } ms off`;
    console.log(`${what.padEnd(44)} ${figures}`);
  };
  const { turns: [, turn] } = JSON.parse(await run("report", "--by", "turn", "--json"));
  compare("model, by hooks", turn.model_seconds, model);
  compare("tools, by hooks", turn.tools_seconds, tools);
  compare("prompts, by hooks", turn.prompts_seconds, prompts);
  const imported = `${home.path}/imported.csv`;
  await run("import", "--file", imported);
  const { turns: [, told] } = JSON.parse(
    await run("report", "--by", "turn", "--json", "--file", imported),
  );
  compare("model, by import", told.model_seconds, model);
  compare("the rest, by import", told.tools_prompts_gates_seconds, tools + prompts);
  console.log("\nThe client's own work, in the model's part where nothing else is said:");
  const rows = recordsOf(`${home.path}/.claude/performance.csv`);
  for (const [where, seconds] of Object.entries(besidesOf(rows, own))) {
    console.log(`${where.padEnd(44)} ${(1000 * seconds).toFixed(0)} ms`);
  }
  const took = ["toolu_1", "toolu_2", "toolu_3", "toolu_4", "toolu_5"].map((id) =>
    Number(rows.find((row) => row["tool_use_id"] === id && row["event"] === "end")?.["duration_ms"])
  );
  const [first = 0, second = 0, third = 0, ...others] = took;
  const shells = first + Math.max(second, third) + others.reduce((all, each) => all + each, 0);
  console.log(
    `${"its shells around the commands, in tools".padEnd(44)} ${
      (shells - 1000 * tools).toFixed(0)
    } ms`,
  );
  Deno.exit(worst <= MOST_OFF_MS ? 0 : 1);
}
