/**
 * An alert in the real Claude Code: two slow calls and a quick one, with the installed hooks and an
 * alert of 1 s. The client talks to a stand-in for the API on loopback, which asks for the three
 * commands one after the other. Run it with `deno run -A tests/client/alert.ts CLAUDE`, the path of a
 * client (`npm i @anthropic-ai/claude-code` puts one into node_modules/.bin); it prints what the
 * client showed to the person. Exit status 0 where that is the alert, once, and the model saw none of it.
 */
import { binary, temporaryFolder } from "../support.ts";

const COMMANDS = ["sleep 2", "sleep 1.5", "true"];

type Event = Readonly<Record<string, unknown>> & { readonly type: string };

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

/** The next command, or the end when all have their results. */
function answer(results: number): Event[] {
  const command = COMMANDS[results];
  if (command === undefined) {
    return message({ type: "text", text: "" }, { type: "text_delta", text: "done" }, "end_turn");
  }
  const id = `toolu_${results}`;
  return message(
    { type: "tool_use", id, name: "Bash", input: {} },
    { type: "input_json_delta", partial_json: JSON.stringify({ command }) },
    "tool_use",
  );
}

async function main(client: string): Promise<number> {
  using home = temporaryFolder();
  let modelSaw = false;
  await using api = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => {} },
    async (request) => {
      const text = await request.text();
      if (!new URL(request.url).pathname.endsWith("/messages")) return Response.json({});
      if (text.includes("perfmon: Bash took")) modelSaw = true;
      const results = text.match(/"type":"tool_result"/g)?.length ?? 0;
      const body = answer(results).map((event) =>
        `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`
      );
      return new Response(body.join(""), { headers: { "content-type": "text/event-stream" } });
    },
  );
  const env = {
    HOME: home.path,
    PATH: Deno.env.get("PATH") ?? "",
    ANTHROPIC_API_KEY: "none",
    ANTHROPIC_BASE_URL: `http://127.0.0.1:${api.addr.port}`,
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
  };
  const hooks = ["hooks", "install", "--alert-duration", "1s"];
  await new Deno.Command(Deno.realPathSync(binary), { args: hooks, clearEnv: true, env }).output();
  const { code, stdout } = await new Deno.Command(client, {
    args: ["-p", "go", "--output-format", "stream-json", "--verbose", "--allowedTools", "Bash"],
    clearEnv: true,
    env,
    cwd: home.path,
    stdin: "null",
    stderr: "inherit",
  }).output();
  const shown = new TextDecoder().decode(stdout).split("\n").filter((line) => line !== "")
    .map((line): Event => JSON.parse(line))
    .flatMap(({ type, subtype, content }) =>
      type === "system" && subtype === "informational" ? [String(content)] : []
    );
  console.log(shown.join("\n"));
  console.log(`The client ended with ${code}; the model saw ${modelSaw ? "the alert" : "nothing"}`);
  const isRight = shown.length === 1 && /perfmon: Bash took 2\.\ds/.test(shown[0] ?? "");
  return code === 0 && isRight && !modelSaw ? 0 : 1;
}

if (import.meta.main) {
  const [client] = Deno.args;
  if (client === undefined) console.error("usage: deno run -A tests/client/alert.ts CLAUDE");
  Deno.exit(client === undefined ? 64 : await main(client));
}
