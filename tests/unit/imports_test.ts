/** The rules for imports and for what each part may do, as DESIGN.md has them. */
import { assert, assertEquals } from "../std/std_assert.ts";

/** Part of the code → the parts that it may import, itself always included. */
const MAY_IMPORT: Record<string, string[]> = {
  "main": ["commands", "core"],
  "commands": [
    ...["sampler", "log", "hooks", "report", "dashboard", "core", "std", "npm"],
    "deno.json",
  ],
  "sampler": ["core"],
  "log": ["core", "std"],
  "hooks": ["core", "std", "npm"],
  "page": ["dashboard", "report", "core", "npm"], // runs in the browser, nothing imports it
  "dashboard": ["report", "core"], // what a page is made of, and read from
  "report": ["core", "std"],
  "core": [],
  "std": ["npm"], // typed wrappers of packages without types
};

/** Modules that every hook waits for, and what none of them may reach; types cost nothing. */
const HOT_PATH: { from: string; follows: ImportKind[] }[] = [
  { from: "src/commands/rec.ts", follows: ["static", "dynamic"] },
  { from: "main.ts", follows: ["static"] },
];
const OFF_HOT_PATH = ["npm", "node", "std"];

/** What `rec` loads in need only: parsed at each of its starts it would make every hook slower. */
const LOADED_IN_NEED = [
  "src/commands/rec_alert.ts",
  "src/commands/drain.ts",
  "src/commands/rec_complain.ts",
  "src/commands/rec_drain.ts",
  "src/commands/rec_input_rest.ts",

  "src/commands/rec_options.ts",
  "src/core/alert.ts",
  "src/core/json_scan.ts",
  "src/core/parse_row.ts",
  "src/core/redact.ts",
  "src/log/alerts.ts",
  "src/log/append_unlocked.ts",
  "src/log/cut.ts",
  "src/log/errors.ts",
  "src/log/recount.ts",
  "src/log/resolve.ts",
  "src/log/rotate.ts",
  "src/log/segment.ts",
  "src/log/spool.ts",
  "src/sampler/ps.ts",
  "src/sampler/spooled.ts",
  "src/sampler/sample_ps.ts",
];

/** What the text of files may not have. */
const FORBIDDEN_TEXT = [
  {
    parts: ["core", "report", "dashboard", "page"],
    pattern: /\bDeno\./,
    reason: "is pure: no Deno",
  },
  {
    parts: ["page"],
    pattern: /\b(inner|outer)HTML\b|\binsertAdjacentHTML\b|\bdocument\.write\b|\beval\b/,
    reason: "inserts text as text only",
  },
  {
    parts: ["core", "dashboard"],
    pattern: /\bDate\.now\b|\bnew Date\(\)|\bperformance\.now\b|\bTemporal\.Now\b/,
    reason: "is pure: no clock",
  },
  {
    parts: ["commands", "sampler", "log", "hooks", "report", "dashboard", "core", "std"],
    except: ["src/commands/rec.ts"],
    pattern: /\bDeno\.exit\b/,
    reason: "may not exit: only main.ts does",
  },
  {
    parts: ["main", "sampler", "log", "hooks", "report", "dashboard", "page", "core", "std"],
    pattern: /\bconsole\.|\bDeno\.(stdout|stderr)\b/,
    reason: "may not print: only src/commands does",
  },
  {
    parts: ["main", ...Object.keys(MAY_IMPORT)],
    pattern: /\bimport\(\s*[^"\s]/,
    reason: "may import by literal names only: others are not compiled in",
  },
];

type ImportKind = "static" | "dynamic" | "type";

/** A module graph: a file's path from the root, or a specifier such as `npm:…`, → its imports. */
type Graph = Map<string, { to: string; kind: ImportKind }[]>;

/** The part that a module belongs to; undefined for what no rule knows. */
function partOf(module: string): string | undefined {
  if (module === "main.ts") return "main";
  if (module === "deno.json") return module; // has the version
  const [, scheme] = /^(npm|node):/.exec(module) ?? [];
  const [, folder] = /^src\/(\w+)\//.exec(module) ?? [];
  return scheme ?? folder;
}

function findBrokenImports(graph: Graph): string[] {
  return [...graph].flatMap(([module, imports]) => {
    const part = partOf(module);
    if (part === "npm" || part === "node" || part === "deno.json") return [];
    const allowed = MAY_IMPORT[part ?? ""];
    if (part === undefined || allowed === undefined) return [`${module} belongs to no known part`];
    return imports.filter(({ to }) => !isAllowed(part, to, allowed))
      .map(({ to }) => `${module} may not import ${to}`);
  });
}

function isAllowed(part: string, to: string, allowed: string[]): boolean {
  const target = partOf(to) ?? "";
  if (target === "node") return part === "std" || part === "commands";
  return target === part || allowed.includes(target);
}

function findHotPathPackages(graph: Graph): string[] {
  return HOT_PATH.flatMap(({ from, follows }) => {
    if (!graph.has(from)) return [`${from} is missing`];
    return [...reach(graph, from, follows)]
      .filter((module) => OFF_HOT_PATH.includes(partOf(module) ?? ""))
      .map((module) => `${from} may not reach ${module} (${follows.join(" or ")} imports)`);
  });
}

/** What hooks would parse though they rarely need it; a name that is nowhere is reported, too. */
function findParsedInVain(graph: Graph): string[] {
  const parsed = reach(graph, "src/commands/rec.ts", ["static"]);
  const known = reach(graph, "src/commands/rec.ts", ["static", "dynamic"]);
  return LOADED_IN_NEED.flatMap((module) => {
    if (!known.has(module)) return [`src/commands/rec.ts does not reach ${module} at all`];
    return parsed.has(module) ? [`src/commands/rec.ts may not import ${module} statically`] : [];
  });
}

function reach(graph: Graph, start: string, follows: ImportKind[]): Set<string> {
  const reached = new Set([start]);
  for (const module of reached) { // grows while it is walked
    for (const { to, kind } of graph.get(module) ?? []) {
      if (follows.includes(kind)) reached.add(to);
    }
  }
  return reached;
}

function findForbiddenText(path: string, text: string): string[] {
  const code = text.replace(/\/\*.*?\*\//gs, "").replace(/(^|\s)\/\/.*$/gm, "");
  return FORBIDDEN_TEXT
    .filter(({ parts, except }) => parts.includes(partOf(path) ?? "") && !except?.includes(path))
    .filter(({ pattern }) => pattern.test(code))
    .map(({ reason }) => `${path} ${reason}`);
}

/** The part of the answer of `deno info --json` that matters here. */
interface ModuleInfo {
  modules: {
    specifier: string;
    error?: string;
    dependencies?: {
      isDynamic?: boolean;
      code?: { specifier?: string };
      type?: { specifier?: string };
    }[];
  }[];
}

const ROOT = Deno.realPathSync(`${import.meta.dirname}/../..`);

/** The graph of a program: the binary's, or the page's, which is bundled apart. */
async function readGraph(entry = "main.ts"): Promise<Graph> {
  const command = new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", entry],
    cwd: ROOT,
    stderr: "inherit",
  });
  const { stdout } = await command.output();
  const info: ModuleInfo = JSON.parse(new TextDecoder().decode(stdout));
  const graph: Graph = new Map();
  for (const { specifier, error, dependencies = [] } of info.modules) {
    // Style sheets are for the bundler only.
    assert(error === undefined || specifier.endsWith(".css"), error);
    const imports = dependencies.flatMap(({ code, type, isDynamic }) => [
      { to: code?.specifier, kind: isDynamic ? "dynamic" as const : "static" as const },
      { to: type?.specifier, kind: "type" as const },
    ]).flatMap(({ to, kind }) => to === undefined ? [] : [{ to: shortName(to), kind }]);
    graph.set(shortName(specifier), imports);
  }
  return graph;
}

function shortName(specifier: string): string {
  const root = `${new URL(`file://${ROOT}`)}/`;
  return specifier.startsWith(root) ? specifier.slice(root.length) : specifier;
}

function* listSources(folder = "src"): Generator<string> {
  for (const entry of Deno.readDirSync(`${ROOT}/${folder}`)) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory) yield* listSources(path);
    else if (path.endsWith(".ts") && !path.endsWith(".d.ts")) yield path;
  }
}

Deno.test("modules import in one direction only", async () => {
  assertEquals(findBrokenImports(await readGraph()), []);
  assertEquals(findBrokenImports(await readGraph("src/page/main.ts")), []);
});

Deno.test("the hot path reaches no package", async () => {
  assertEquals(findHotPathPackages(await readGraph()), []);
});

Deno.test("a hook parses only what every hook needs", async () => {
  assertEquals(findParsedInVain(await readGraph()), []);
});

Deno.test("parts do only what they may: exit, print, touch the system", () => {
  const broken = ["main.ts", ...listSources()]
    .flatMap((path) => findForbiddenText(path, Deno.readTextFileSync(`${ROOT}/${path}`)));
  assertEquals(broken, []);
});

Deno.test("the import rules report what breaks them", () => {
  const edge = (to: string, kind: ImportKind = "static") => ({ to, kind });
  const graph: Graph = new Map([
    ["main.ts", [edge("src/commands/rec.ts"), edge("src/commands/report.ts", "dynamic")]],
    ["src/commands/rec.ts", [edge("src/log/append.ts"), edge("src/std/yaml.ts", "type")]],
    ["src/commands/report.ts", [edge("src/std/csv.ts"), edge("src/report/table.ts")]],
    ["src/log/append.ts", [edge("src/sampler/linux.ts"), edge("src/std/csv.ts", "dynamic")]],
    ["src/sampler/linux.ts", [edge("node:fs")]],
    ["src/report/table.ts", [edge("src/core/row.ts"), edge("npm:yaml@2")]],
    ["src/core/row.ts", [edge("src/report/table.ts")]],
    ["src/std/csv.ts", [edge("npm:deno-std@1.4.0/csv/mod.js")]],
    ["src/other/x.ts", []],
  ]);
  assertEquals(findBrokenImports(graph), [
    "src/log/append.ts may not import src/sampler/linux.ts",
    "src/sampler/linux.ts may not import node:fs",
    "src/report/table.ts may not import npm:yaml@2",
    "src/core/row.ts may not import src/report/table.ts",
    "src/other/x.ts belongs to no known part",
  ]);
  assertEquals(findHotPathPackages(graph), [
    "src/commands/rec.ts may not reach src/std/csv.ts (static or dynamic imports)",
    "src/commands/rec.ts may not reach node:fs (static or dynamic imports)",
    "src/commands/rec.ts may not reach npm:deno-std@1.4.0/csv/mod.js (static or dynamic imports)",
    "main.ts may not reach node:fs (static imports)",
  ]);
  assertEquals(findHotPathPackages(new Map()).length, 2);
  assertEquals(findParsedInVain(graph).length, LOADED_IN_NEED.length);
  const inNeed = LOADED_IN_NEED.map((module) => edge(module, "dynamic"));
  const lean: Graph = new Map([
    ["src/commands/rec.ts", [...inNeed, edge("src/log/append.ts")]],
    ["src/log/append.ts", [edge("src/log/rotate.ts", "dynamic"), edge("src/log/cut.ts", "type")]],
    ["src/log/rotate.ts", [edge("src/log/recount.ts")]],
  ]);
  assertEquals(findParsedInVain(lean), []);
  lean.set("src/log/append.ts", [edge("src/log/rotate.ts")]);
  assertEquals(findParsedInVain(lean), [
    "src/commands/rec.ts may not import src/log/recount.ts statically",
    "src/commands/rec.ts may not import src/log/rotate.ts statically",
  ]);
});

Deno.test("the text rules report what breaks them, outside of comments", () => {
  const broken = (path: string, text: string) => findForbiddenText(path, text).length;
  assertEquals(broken("src/core/row.ts", "const a = Deno.args;"), 1);
  assertEquals(broken("src/core/row.ts", "/** no Deno.args */ // nor Deno.args"), 0);
  assertEquals(broken("src/core/row.ts", "const now = Date.now();"), 1);
  assertEquals(broken("src/log/read.ts", "Deno.exit(1); console.log(1);"), 2);
  assertEquals(broken("src/commands/report.ts", "console.log(1);"), 0);
  assertEquals(broken("src/commands/rec.ts", "Deno.exit(0);"), 0);
  assertEquals(broken("main.ts", "await import(name); Deno.exit(0);"), 1);
});
