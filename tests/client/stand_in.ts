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
}

/** A stand-in for the model's API, on loopback. */
export interface Model extends AsyncDisposable {
  /** What a client finds it by: the environment of its process. */
  environment(home: string): Record<string, string>;
  /** The bodies of all requests. */
  readonly requests: readonly string[];
  /** When the results of so many calls came first, milliseconds of `performance.now()`. */
  readonly times: readonly number[];
}

/** Begins to serve a model that asks for these calls; `onResults` is told of how many the results came. */
export function serveModel(
  calls: readonly ToolCall[],
  onResults: (count: number) => void = () => {},
): Model {
  const requests: string[] = [];
  const times: number[] = [];
  const api = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => {} },
    async (request) => {
      const text = await request.text();
      const now = performance.now();
      if (!new URL(request.url).pathname.endsWith("/messages")) return Response.json({});
      requests.push(text);
      const results = text.match(/"type":"tool_result"/g)?.length ?? 0;
      times[results] ??= now;
      onResults(results);
      const body = answer(calls[results], results).map((event) =>
        `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`
      );
      return new Response(body.join(""), { headers: { "content-type": "text/event-stream" } });
    },
  );
  return {
    requests,
    times,
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
  /** A program and its arguments that run the client. */
  readonly through?: readonly string[];
  /** Is told of how many calls the results came, and may end the client. */
  readonly onResults?: (count: number, client: Deno.ChildProcess) => void;
}

/** Runs a session in which the model asks for these calls; its settings are those of the home. */
export async function runSession(
  client: string,
  home: string,
  calls: readonly ToolCall[],
  { through = [], onResults = () => {}, allowed = calls.map(({ name }) => name) }: SessionOptions =
    {},
): Promise<Session> {
  await using model = serveModel(calls, (count) => onResults(count, child));
  const tools = [...new Set(allowed)].join(",");
  const [program = client, ...before] = [...through, client];
  const args = ["-p", "go", "--output-format", "stream-json", "--verbose", "--allowedTools", tools];
  const child = new Deno.Command(program, {
    args: [...before, ...args],
    clearEnv: true,
    env: model.environment(home),
    cwd: home,
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const { code, stdout } = await child.output();
  const lines = new TextDecoder().decode(stdout).split("\n").filter((line) => line !== "");
  // The first call of a session waits for much that is loaded only then.
  const cycles = model.times.slice(2).map((time, index) => time - model.times[index + 1]!);
  const events = lines.map((line): Event => JSON.parse(line));
  return { code, events, requests: model.requests, cycles };
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

/** The next call, or the end when all have their results. */
function answer(call: ToolCall | undefined, results: number): Event[] {
  if (call === undefined) {
    return message({ type: "text", text: "" }, { type: "text_delta", text: "done" }, "end_turn");
  }
  const { name, input } = call;
  return message(
    { type: "tool_use", id: `toolu_${results}`, name, input: {} },
    { type: "input_json_delta", partial_json: JSON.stringify(input) },
    "tool_use",
  );
}

/** A message of the model as the API streams it: one block, then why it stops. */
function message(start: unknown, delta: unknown, reason: string): Event[] {
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
    { type: "content_block_start", index: 0, content_block: start },
    { type: "content_block_delta", index: 0, delta },
    { type: "content_block_stop", index: 0 },
    { type: "message_delta", delta: { stop_reason: reason }, usage: { output_tokens: 1 } },
    { type: "message_stop" },
  ];
}
