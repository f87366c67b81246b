import { parseHookEvent } from "../../../src/agents/claude/event.ts";
import { scanObject } from "../../../src/agents/claude/json_scan.ts";
import { assertEquals } from "../../std/std_assert.ts";
import { capture, captureNames, captureWith, encode } from "../../kit/captures.ts";

function scan(text: string): Record<string, unknown> {
  return Object.fromEntries(scanObject(encode(text)).members);
}

for (const name of captureNames) {
  Deno.test(`scanning the captured ${name} gives what JSON.parse gives`, () => {
    const { members, complete } = scanObject(capture(name));
    assertEquals(Object.fromEntries(members), JSON.parse(new TextDecoder().decode(capture(name))));
    assertEquals(complete, true);
  });
}

Deno.test("10 MB of PostToolUse are read as JSON.parse reads them, the last members too", async () => {
  const content = 'line "one"\\\n\u2028ü\0'.repeat(350_000);
  const bytes = captureWith("PostToolUse-write", {
    tool_input: { file_path: "/p/big.txt", content },
    tool_response: {
      type: "update",
      structuredPatch: [{ lines: [content] }],
      originalFile: content,
    },
    tool_use_id: "toolu_last",
    duration_ms: 4321,
  });
  assertEquals(bytes.length > 10_000_000, true);
  const { event, problem } = await parseHookEvent(
    bytes,
    () => Promise.resolve({ params: (tool, input) => `${tool} ${filePath(input)}` }),
  );
  assertEquals([event.toolName, event.toolUseId, event.durationMs], ["Write", "toolu_last", 4321]);
  assertEquals([event.event, event.status, problem], ["end", "ok", undefined]);
  assertEquals(event.params, "Write /p/big.txt");
  const small = await parseHookEvent(captureWith("PostToolUse-write", {}));
  assertEquals(event.sessionId, small.event.sessionId);
  assertEquals(event.project, small.event.project);
});

function filePath(input: unknown): unknown {
  return typeof input === "object" && input !== null && "file_path" in input ? input.file_path : "";
}

Deno.test("a huge error still tells the exit code, a huge response that it is in the background", async () => {
  const filler = "x".repeat(300_000);
  const failure = captureWith("PostToolUseFailure-exit3", { error: `Exit code 7\n${filler}` });
  assertEquals((await parseHookEvent(failure)).event.exitCode, 7);
  const response = { stdout: filler, interrupted: false, backgroundTaskId: "b1" };
  const background = captureWith("PostToolUse-echo", { tool_response: response });
  assertEquals((await parseHookEvent(background)).event.status, "background");
  assertEquals((await parseHookEvent(background)).event.durationMs, 24);
});

Deno.test("strings with quotes, backslashes and line ends do not end a member early", () => {
  const nasty = [
    '"',
    "\\",
    '\\"',
    '\\\\"',
    '","tool_name":"Evil","a":"',
    "}]",
    "\u2028\u0000\r\n",
    "日本語 🎉",
    "\ud800",
    "",
  ];
  for (const value of nasty) {
    const object = { before: value, [`key ${value}`]: [value, { [value]: value }], after: 1 };
    assertEquals(scan(JSON.stringify(object)), object);
  }
});

Deno.test("of a long string its beginning comes back, up to the first escape", () => {
  const filler = "x".repeat(100_000);
  assertEquals(scan(JSON.stringify({ a: `abc\n${filler}`, b: 1 })), { a: "abc", b: 1 });
  assertEquals(scan(JSON.stringify({ a: filler })), { a: "x".repeat(1000) });
  const nested = { a: [filler], b: { c: { d: filler }, e: 2 } };
  assertEquals(scan(JSON.stringify(nested)), { b: { e: 2 } });
});

Deno.test("white space and numbers of all kinds are read as JSON.parse reads them", () => {
  const text = ' \r\n\t{ "a" : -1.5e3 ,\n"b":[ ] , "c" : { } , "d":true,"e":null ,"f":0 } \n';
  assertEquals(scan(text), JSON.parse(text));
  assertEquals(scan("{}"), {});
});

Deno.test("of a member that is there twice the last one counts, as with JSON.parse", () => {
  assertEquals(scan('{"a":1,"a":2}'), JSON.parse('{"a":1,"a":2}'));
});

Deno.test("a member called __proto__ is a member and changes no prototype", () => {
  const { members } = scanObject(encode('{"__proto__":{"polluted":1},"constructor":2}'));
  assertEquals([...members.keys()], ["__proto__", "constructor"]);
  assertEquals("polluted" in {}, false);
  const long = `{"tool_response":{"__proto__":{"interrupted":true},"x":"${"x".repeat(70_000)}"}}`;
  const response = scanObject(encode(long)).members.get("tool_response");
  assertEquals(Object.getPrototypeOf(response), Object.prototype);
});

Deno.test("100,000 levels of nesting overflow no stack", async () => {
  const levels = 100_000;
  for (const [open, close] of [["[", "]"], ['{"a":', "}"]] as const) {
    const deep = open.repeat(levels) + "1" + close.repeat(levels);
    const text = `{"hook_event_name":"PreToolUse","tool_input":${deep},"tool_name":"Bash"}`;
    assertEquals(scanObject(encode(text)).members.get("tool_name"), "Bash");
    assertEquals((await parseHookEvent(encode(text))).event.toolName, "Bash");
    const broken = text.slice(0, text.length / 2);
    assertEquals((await parseHookEvent(encode(broken))).event.event, "start");
  }
});

Deno.test("what is no JSON object scans to nothing", () => {
  const texts = [
    "",
    " ",
    "[",
    "5",
    '"x"',
    "{",
    '{"',
    '{"a"',
    '{"a":',
    '{"a":1',
    '{"a" 1}',
    "{a:1}",
  ];
  for (const text of texts) {
    const { members, complete } = scanObject(encode(text));
    assertEquals([members.size, complete], [0, false], text);
  }
});

Deno.test("an object of very many members is looked into only at its beginning, and read to its end", () => {
  const many = Array.from({ length: 200_000 }, (_, index) => `"k${index}":${index}`).join(",");
  const { members, complete } = scanObject(encode(`{"tool_input":{${many}},"tool_use_id":"t"}`));
  const input = members.get("tool_input") as Record<string, unknown>;
  assertEquals([complete, members.get("tool_use_id"), input["k0"], input["k199999"]], [
    true,
    "t",
    0,
    undefined,
  ]);
});
