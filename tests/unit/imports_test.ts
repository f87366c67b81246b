/** The rules for imports and for what each part may do, as `.github/ARCHITECTURE.md` has them. */
import { type ImportKind, type ModuleGraph, parseModuleGraph } from "../../tools/module_graph.ts";
import { filesBelow, readProjectFile, ROOT } from "../kit/project.ts";
import { assertEquals } from "../std/std_assert.ts";
import {
  findBrokenImports,
  findCircles,
  findForbiddenText,
  findHotPathPackages,
  findParsedInVain,
  PARSED_BY_HOOKS,
} from "./import_rules.ts";

/** An import, for graphs that tests make. */
const edge = (to: string, kind: ImportKind = "static") => ({ to, kind, written: to });

/** The graph of a program: the binary's, or the page's, which is bundled apart. */
async function readGraph(entry = "main.ts"): Promise<ModuleGraph> {
  const command = new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", entry],
    cwd: ROOT,
    stderr: "inherit",
  });
  const { stdout } = await command.output();
  return parseModuleGraph(new TextDecoder().decode(stdout), ROOT);
}

function listSources(): string[] {
  return filesBelow("src").filter((path) => path.endsWith(".ts") && !path.endsWith(".d.ts"));
}

Deno.test("modules import in one direction only, and no command another", async () => {
  assertEquals(findBrokenImports(await readGraph()), []);
  assertEquals(findBrokenImports(await readGraph("src/page/main.ts")), []);
});

Deno.test("no files import each other in a circle", async () => {
  assertEquals(findCircles(await readGraph()), []);
  assertEquals(findCircles(await readGraph("src/page/main.ts")), []);
});

Deno.test("the program, its page, its threads or the tools need each file", async () => {
  const entries = [
    ...["main.ts", "src/page/main.ts", "src/log/read/segment_worker.ts"],
    ...["tools/build.ts", "tools/release.ts"],
  ];
  const graphs = await Promise.all(entries.map(readGraph));
  const needed = new Set(graphs.flatMap((graph) => [...graph.keys()]));
  assertEquals(listSources().filter((path) => !needed.has(path)), []);
});

Deno.test("the hot path reaches no package", async () => {
  assertEquals(findHotPathPackages(await readGraph()), []);
});

Deno.test("a hook parses only what every hook needs", async () => {
  assertEquals(findParsedInVain(await readGraph()), []);
});

Deno.test("parts do only what they may: exit, print, touch the system", () => {
  const broken = ["main.ts", ...listSources()]
    .flatMap((path) => findForbiddenText(path, readProjectFile(path)));
  assertEquals(broken, []);
});

Deno.test("the import rules report what breaks them", () => {
  const graph: ModuleGraph = new Map([
    ["main.ts", [edge("src/record/rec.ts"), edge("src/commands/dispatch.ts", "dynamic")]],
    ["src/commands/dispatch.ts", [edge("src/commands/top/top.ts", "dynamic")]],
    ["src/commands/top/top.ts", [edge("src/commands/tail/tail.ts"), edge("node:os")]],
    ["src/record/rec.ts", [edge("src/log/append.ts"), edge("src/std/yaml.ts", "type")]],
    ["src/log/append.ts", [edge("src/sampler/linux.ts"), edge("src/std/csv.ts", "dynamic")]],
    ["src/sampler/linux.ts", [edge("node:fs")]],
    ["src/calls/pair.ts", [edge("src/agents/claude/event.ts", "type")]],
    ["src/row/row.ts", [edge("src/text/table.ts"), edge("npm:yaml@2")]],
    ["src/std/csv.ts", [edge("npm:deno-std@1.4.0/csv/mod.js")]],
    ["src/other/x.ts", []],
  ]);
  assertEquals(findBrokenImports(graph), [
    "src/commands/top/top.ts may not import src/commands/tail/tail.ts",
    "src/record/rec.ts may not import src/std/yaml.ts",
    "src/log/append.ts may not import src/sampler/linux.ts",
    "src/log/append.ts may not import src/std/csv.ts",
    "src/sampler/linux.ts may not import node:fs",
    "src/calls/pair.ts may not import src/agents/claude/event.ts",
    "src/row/row.ts may not import src/text/table.ts",
    "src/row/row.ts may not import npm:yaml@2",
    "src/other/x.ts belongs to no known part",
  ]);
  assertEquals(findHotPathPackages(graph), [
    "src/record/rec.ts may not reach src/std/csv.ts (static or dynamic imports)",
    "src/record/rec.ts may not reach node:fs (static or dynamic imports)",
    "src/record/rec.ts may not reach npm:deno-std@1.4.0/csv/mod.js (static or dynamic imports)",
    "main.ts may not reach node:fs (static imports)",
  ]);
  assertEquals(findHotPathPackages(new Map()).length, 2);
});

Deno.test("the circle rule reports circles, through types and of a file with itself", () => {
  const graph: ModuleGraph = new Map([
    ["src/row/a.ts", [edge("src/row/b.ts")]],
    ["src/row/b.ts", [edge("src/row/c.ts", "type")]],
    ["src/row/c.ts", [edge("src/row/a.ts", "dynamic"), edge("src/row/d.ts")]],
    ["src/row/d.ts", []],
    ["src/row/e.ts", [edge("src/row/e.ts", "type")]],
  ]);
  assertEquals(findCircles(graph), [
    "src/row/a.ts ~ src/row/b.ts ~ src/row/c.ts",
    "src/row/e.ts",
  ]);
});

Deno.test("the rule on what a hook parses reports what is parsed in vain, and what no longer is", () => {
  const start = "src/record/rec.ts";
  const others = PARSED_BY_HOOKS.filter((module) => module !== start);
  const lean = new Map([
    [start, [...others.map((module) => edge(module)), edge("src/record/drain.ts", "dynamic")]],
    ["src/row/columns.ts", [edge("src/row/parse_row.ts", "type")]],
    ["src/record/drain.ts", [edge("src/log/spool.ts")]],
  ]);
  assertEquals(findParsedInVain(lean), []);
  lean.set("src/row/columns.ts", [edge("src/record/drain.ts")]);
  assertEquals(findParsedInVain(lean), [
    "src/record/rec.ts may not import src/record/drain.ts statically",
    "src/record/rec.ts may not import src/log/spool.ts statically",
  ]);
  lean.set(start, others.slice(1).map((module) => edge(module)));
  lean.delete("src/row/columns.ts");
  assertEquals(findParsedInVain(lean), [
    `src/record/rec.ts does not import ${others[0]} statically any more`,
  ]);
});

Deno.test("the text rules report what breaks them, outside of comments", () => {
  const broken = (path: string, text: string) => findForbiddenText(path, text).length;
  assertEquals(broken("src/row/columns.ts", "const a = Deno.args;"), 1);
  assertEquals(broken("src/row/columns.ts", "/** no Deno.args */ // nor Deno.args"), 0);
  assertEquals(broken("src/row/columns.ts", "const now = Date.now();"), 1);
  assertEquals(broken("src/log/read/read.ts", "Deno.exit(1); console.log(1);"), 2);
  assertEquals(broken("src/commands/report/report.ts", "console.log(1);"), 1);
  assertEquals(broken("src/commands/report/report.ts", "Deno.stdout.isTerminal();"), 0);
  assertEquals(broken("src/agents/claude/event.ts", "Deno.args;"), 1);
  assertEquals(broken("src/agents/claude/hooks/files.ts", "Deno.args;"), 0);
  assertEquals(broken("src/record/rec.ts", "Deno.exit(0);"), 0);
  assertEquals(broken("main.ts", "await import(name); Deno.exit(0);"), 1);
});
