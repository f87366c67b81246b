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

/**
 * Runs a session in which the model asks for these calls, all of them allowed unless told; its settings are
 * those of the home.
 */
export async function runSession(
  client: string,
  home: string,
  calls: readonly ToolCall[],
  allowed: readonly string[] = calls.map(({ name }) => name),
): Promise<Session> {
  const requests: string[] = [];
  const times: number[] = [];
  await using api = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => {} },
    async (request) => {
      const text = await request.text();
      const now = performance.now();
      if (!new URL(request.url).pathname.endsWith("/messages")) return Response.json({});
      requests.push(text);
      const results = text.match(/"type":"tool_result"/g)?.length ?? 0;
      times[results] ??= now;
      const body = answer(calls[results], results).map((event) =>
        `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`
      );
      return new Response(body.join(""), { headers: { "content-type": "text/event-stream" } });
    },
  );
  const tools = [...new Set(allowed)].join(",");
  const { code, stdout } = await new Deno.Command(client, {
    args: ["-p", "go", "--output-format", "stream-json", "--verbose", "--allowedTools", tools],
    clearEnv: true,
    env: {
      HOME: home,
      PATH: Deno.env.get("PATH") ?? "",
      ANTHROPIC_API_KEY: "none",
      ANTHROPIC_BASE_URL: `http://127.0.0.1:${api.addr.port}`,
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
    },
    cwd: home,
    stdin: "null",
    stderr: "inherit",
  }).output();
  const lines = new TextDecoder().decode(stdout).split("\n").filter((line) => line !== "");
  // The first call of a session waits for much that is loaded only then.
  const cycles = times.slice(2).map((time, index) => time - times[index + 1]!);
  return { code, events: lines.map((line): Event => JSON.parse(line)), requests, cycles };
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
