/**
 * An MCP server on stdin and stdout with one tool, which answers with two texts and an image between them, or
 * with a text of `size` bytes, and burns `burn` seconds of CPU before.
 */
import process from "node:process";

const TEXT = [{ type: "text", text: "zwölf\n" }, {
  type: "image",
  data:
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  mimeType: "image/png",
}, { type: "text", text: "rows" }];

interface Params {
  readonly protocolVersion?: string;
  readonly arguments?: { readonly size?: number; readonly burn?: number };
}

const TOOL = {
  name: "query",
  description: "Asks",
  inputSchema: {
    type: "object",
    properties: { size: { type: "number" }, burn: { type: "number" } },
  },
};

function answer(method: string, params: Params): unknown {
  switch (method) {
    case "initialize":
      return {
        protocolVersion: params.protocolVersion,
        capabilities: { tools: {} },
        serverInfo: { name: "db", version: "1" },
      };
    case "tools/list":
      return { tools: [TOOL] };
    case "tools/call":
      burn(params.arguments?.burn ?? 0);
      return {
        content: params.arguments?.size === undefined
          ? TEXT
          : [{ type: "text", text: "line\n".repeat(params.arguments.size / 5) }],
      };
    default:
      return {};
  }
}

/** Uses so many seconds of CPU. */
function burn(seconds: number): void {
  const from = process.cpuUsage();
  for (let used = 0; used < 1e6 * seconds;) {
    const { user, system } = process.cpuUsage(from);
    used = user + system;
  }
}

let rest = "";
for await (const text of Deno.stdin.readable.pipeThrough(new TextDecoderStream())) {
  const lines = (rest + text).split("\n");
  rest = lines.pop() ?? "";
  for (const line of lines) {
    const { id, method, params } = JSON.parse(line);
    if (id === undefined) continue;
    const result = answer(method, params ?? {});
    await Deno.stdout.write(
      new TextEncoder().encode(JSON.stringify({ jsonrpc: "2.0", id, result }) + "\n"),
    );
  }
}
