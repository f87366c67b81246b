/**
 * Sessions of the real Claude Code with a stand-in for the API on loopback, which asks for tool calls one
 * after the other. `npm i @anthropic-ai/claude-code` puts a client into node_modules/.bin.
 */

/** A call that the stand-in asks for. */
export interface ToolCall {
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** What the client prints: one JSON object a line. */
export type Event = Readonly<Record<string, unknown>> & { readonly type: string };

/** What a session came to. */
export interface Session {
  readonly code: number;
  readonly events: readonly Event[];
  /** The bodies of all requests to the model. */
  readonly requests: readonly string[];
  /** Milliseconds between the requests that bring the results of one call and of the next. */
  readonly cycles: readonly number[];
  /** What each request to the model took, in their order. */
  readonly answers: readonly Answered[];
  /** When each of several prompts was given, seconds since the epoch. */
  readonly given: readonly number[];
}

/** When a request came and when its answer left, by the stand-in's clock, seconds since the epoch. */
export interface Answered {
  readonly from: number;
  readonly to: number;
}

/** A stand-in for the model's API, on loopback. */
export interface Model extends AsyncDisposable {
  /** What a client finds it by: the environment of its process. */
  environment(home: string): Record<string, string>;
  /** The bodies of all requests. */
  readonly requests: readonly string[];
  readonly answers: readonly Answered[];
  /** When the results of so many calls came first, milliseconds of `performance.now()`. */
  readonly times: readonly number[];
}

/** What a model asks for, one after the other; the calls of a list side by side; at `END` it answers the prompt. */
export type Steps = readonly (ToolCall | readonly ToolCall[] | typeof END)[];

/** The end of a turn between others. */
export const END = "end";

/** What the model asks for in subagents, by what these are told to do. */
export type AgentSteps = Readonly<Record<string, Steps>>;

/**
 * Begins to serve a model that asks for these calls, and takes a time for each answer; `onResults` is told of how
 * many calls the results came. Requests of `agents` are answered beside these, and not counted.
 */
export function serveModel(
  steps: Steps,
  onResults: (count: number) => void = () => {},
  thinkMs = 0,
  agents: AgentSteps = {},
): Model {
  const requests: string[] = [];
  const times: number[] = [];
  const answers: Answered[] = [];
  const api = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => {} },
    async (request) => {
      const text = await request.text();
      const now = performance.now();
      if (!new URL(request.url).pathname.endsWith("/messages")) return Response.json({});
      const results = text.match(/"type":"tool_result"/g)?.length ?? 0;
      const task = taskOf(text, agents);
      if (task === undefined) {
        requests.push(text);
        times[results] ??= now;
        onResults(results);
      }
      const from = wallClock();
      await new Promise((answer) => setTimeout(answer, thinkMs));
      if (task === undefined) answers.push({ from, to: wallClock() });
      const ended = text.match(/"text":"done"/g)?.length ?? 0;
      const calls = callsAfter(agents[task ?? ""] ?? steps, results, ended);
      const ids = task === undefined ? "toolu_" : "toolu_agent_";
      const body = answer(calls, results, ids).map((event) =>
        `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`
      );
      return new Response(body.join(""), { headers: { "content-type": "text/event-stream" } });
    },
  );
  return {
    requests,
    times,
    answers,
    environment: (home) => ({
      HOME: home,
      PATH: Deno.env.get("PATH") ?? "",
      ANTHROPIC_API_KEY: "none",
      ANTHROPIC_BASE_URL: `http://127.0.0.1:${api.addr.port}`,
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
    }),
    [Symbol.asyncDispose]: () => api.shutdown(),
  };
}

/** How a session is run. */
export interface SessionOptions {
  /** The tools that need no permission; those of all calls unless told. */
  readonly allowed?: readonly string[];
  /** How long the model takes for each answer, milliseconds. */
  readonly thinkMs?: number;
  readonly agents?: AgentSteps;
  /** A program and its arguments that run the client. */
  readonly through?: readonly string[];
  /** What is typed; `go` unless told. */
  readonly prompt?: string;
  /** How many prompts there are, each after the answer to the one before; 1 unless told. */
  readonly prompts?: number;
  /** The client's environment besides what every one has. */
  readonly env?: Readonly<Record<string, string>>;
  /** Is told of how many calls the results came, and may end the client. */
  readonly onResults?: (count: number, client: Deno.ChildProcess) => void;
}

/** Runs a session in which the model asks for these calls; its settings are those of the home. */
export async function runSession(
  client: string,
  home: string,
  steps: Steps,
  options: SessionOptions = {},
): Promise<Session> {
  const { through = [], onResults = () => {}, thinkMs, agents, prompts = 1 } = options;
  const { prompt = "go" } = options;
  const allowed = options.allowed ??
    steps.filter((step) => step !== END).flat().map(({ name }) => name);
  const tell = (count: number): void => onResults(count, child);
  await using model = serveModel(steps, tell, thinkMs, agents);
  const tools = [...new Set(allowed)].join(",");
  const [program = client, ...before] = [...through, client];
  const input = prompts === 1 ? ["-p", prompt] : ["-p", "--input-format", "stream-json"];
  const args = [...input, "--output-format", "stream-json", "--verbose", "--allowedTools", tools];
  const child = new Deno.Command(program, {
    args: [...before, ...args],
    clearEnv: true,
    env: { ...model.environment(home), ...options.env },
    cwd: home,
    stdin: prompts === 1 ? "null" : "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const { events, given } = await converse(child, prompts, prompt);
  const { code } = await child.status;
  // The first call of a session waits for much that is loaded only then.
  const cycles = model.times.slice(2).map((time, index) => time - model.times[index + 1]!);
  return { code, events, requests: model.requests, cycles, answers: model.answers, given };
}

/** Gives a client so many prompts, and reads what it prints to its end. */
async function converse(
  child: Deno.ChildProcess,
  prompts: number,
  content: string,
): Promise<Pick<Session, "events" | "given">> {
  const events: Event[] = [];
  const given: number[] = [];
  const stdin = prompts === 1 ? undefined : child.stdin.getWriter();
  let isClosed = false;
  const prompt = async (): Promise<void> => {
    if (given.length === prompts) {
      isClosed = true;
      return await stdin?.close();
    }
    given.push(wallClock());
    const message = { type: "user", message: { role: "user", content } };
    await stdin?.write(new TextEncoder().encode(JSON.stringify(message) + "\n"));
  };
  await prompt();
  let rest = "";
  for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const event of lines.map((line): Event => JSON.parse(line))) {
      events.push(event);
      if (event.type === "result" && !isClosed) await prompt();
    }
  }
  return { events, given };
}

function wallClock(): number {
  return (performance.timeOrigin + performance.now()) / 1000;
}

/** Installs hooks into a home as a person would. */
export async function installHooks(
  binary: string,
  home: string,
  ...flags: string[]
): Promise<void> {
  const { success } = await new Deno.Command(Deno.realPathSync(binary), {
    args: ["hooks", "install", ...flags],
    clearEnv: true,
    env: { HOME: home, PATH: Deno.env.get("PATH") ?? "" },
    stdout: "null",
    stderr: "null",
  }).output();
  if (!success) throw new Error(`"hooks install ${flags.join(" ")}" failed`);
}

/** Which agent a request is of, by its first message; `undefined` for the session's own. */
function taskOf(request: string, agents: AgentSteps): string | undefined {
  const { messages: [first] = [] } = JSON.parse(request);
  const told = JSON.stringify(first ?? "");
  return Object.keys(agents).find((task) => told.includes(task));
}

/**
 * Adds a hook to a home's settings that grants what a permission is asked for, as a person would who takes some
 * time to.
 */
export function allowAfter(home: string, seconds: number): void {
  const path = `${home}/.claude/settings.json`;
  const settings = JSON.parse(Deno.readTextFileSync(path));
  const answer = {
    hookSpecificOutput: { hookEventName: "PermissionRequest", decision: { behavior: "allow" } },
  };
  const command = `cat >/dev/null; sleep ${seconds}; echo '${JSON.stringify(answer)}'`;
  settings.hooks.PermissionRequest.push({ matcher: "*", hooks: [{ type: "command", command }] });
  Deno.writeTextFileSync(path, JSON.stringify(settings));
}

/** The calls that come when so many results are there and so many turns have ended; none where a turn is to end. */
function callsAfter(steps: Steps, results: number, ended: number): readonly ToolCall[] {
  let [before, ends] = [0, 0];
  for (const step of steps) {
    if (step === END) {
      if (ends++ >= ended) return [];
    } else {
      const calls = [step].flat();
      if (before >= results) return calls;
      before += calls.length;
    }
  }
  return [];
}

/** The next calls, or the end when there are none. */
function answer(calls: readonly ToolCall[], results: number, ids: string): Event[] {
  if (calls.length === 0) {
    const delta = { type: "text_delta", text: "done" };
    return message([{ start: { type: "text", text: "" }, delta }], "end_turn");
  }
  const blocks = calls.map(({ name, input }, index) => ({
    start: { type: "tool_use", id: `${ids}${results + index}`, name, input: {} },
    delta: { type: "input_json_delta", partial_json: JSON.stringify(input) },
  }));
  return message(blocks, "tool_use");
}

/** A message of the model as the API streams it: its blocks, then why it stops. */
function message(
  blocks: readonly { readonly start: unknown; readonly delta: unknown }[],
  reason: string,
): Event[] {
  return [
    {
      type: "message_start",
      message: {
        id: "msg_1",
        type: "message",
        role: "assistant",
        model: "stand-in",
        content: [],
        stop_reason: null,
        usage: { input_tokens: 1, output_tokens: 1 },
      },
    },
    ...blocks.flatMap(({ start, delta }, index) => [
      { type: "content_block_start", index, content_block: start },
      { type: "content_block_delta", index, delta },
      { type: "content_block_stop", index },
    ]),
    { type: "message_delta", delta: { stop_reason: reason }, usage: { output_tokens: 1 } },
    { type: "message_stop" },
  ];
}
