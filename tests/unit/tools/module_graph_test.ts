import { importedInNeed, parseModuleGraph, reach } from "../../../tools/module_graph.ts";
import { assertEquals, assertThrows } from "../../std/std_assert.ts";

const INFO = JSON.stringify({
  modules: [
    {
      specifier: "file:///home/me/my%20perfmon/main.ts",
      dependencies: [
        {
          specifier: "./src/rec.ts",
          code: { specifier: "file:///home/me/my%20perfmon/src/rec.ts" },
        },
        {
          specifier: "./src/choose.ts",
          isDynamic: true,
          code: { specifier: "file:///home/me/my%20perfmon/src/choose.ts" },
        },
      ],
    },
    {
      specifier: "file:///home/me/my%20perfmon/src/choose.ts",
      dependencies: [
        {
          specifier: "./top.ts",
          isDynamic: true,
          code: { specifier: "file:///home/me/my%20perfmon/src/top.ts" },
        },
        { specifier: "yaml", code: { specifier: "npm:yaml@2.9.1" } },
        { specifier: "./x.ts", type: { specifier: "file:///home/me/my%20perfmon/src/x.ts" } },
      ],
    },
    { specifier: "file:///home/me/my%20perfmon/src/style.css", error: "not JavaScript" },
  ],
});

const GRAPH = parseModuleGraph(INFO, "/home/me/my perfmon");

Deno.test("parseModuleGraph names modules of the project by paths, and knows kinds of imports", () => {
  assertEquals([...GRAPH], [
    ["main.ts", [
      { to: "src/rec.ts", kind: "static", written: "./src/rec.ts" },
      { to: "src/choose.ts", kind: "dynamic", written: "./src/choose.ts" },
    ]],
    ["src/choose.ts", [
      { to: "src/top.ts", kind: "dynamic", written: "./top.ts" },
      { to: "npm:yaml@2.9.1", kind: "static", written: "yaml" },
      { to: "src/x.ts", kind: "type", written: "./x.ts" },
    ]],
    ["src/style.css", []],
  ]);
});

Deno.test("parseModuleGraph throws where a module could not be read", () => {
  const info = { modules: [{ specifier: "file:///p/main.ts", error: "Module not found" }] };
  assertThrows(() => parseModuleGraph(JSON.stringify(info), "/p"), Error, "Module not found");
});

Deno.test("reach follows only the kinds of imports that it is told", () => {
  assertEquals([...reach(GRAPH, "main.ts", ["static"])], ["main.ts", "src/rec.ts"]);
  assertEquals(
    [...reach(GRAPH, "main.ts", ["static", "dynamic"])],
    ["main.ts", "src/rec.ts", "src/choose.ts", "src/top.ts", "npm:yaml@2.9.1"],
  );
});

Deno.test("importedInNeed finds dynamic imports of dynamic imports, but not those of the excepted", () => {
  assertEquals(importedInNeed(GRAPH, "main.ts"), ["src/choose.ts", "src/top.ts"]);
  assertEquals(importedInNeed(GRAPH, "main.ts", "src/choose.ts"), ["src/choose.ts"]);
});
