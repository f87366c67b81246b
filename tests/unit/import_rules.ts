/** The rules on what imports what, and what modules may do. */
import { type ImportKind, type ModuleGraph, reach } from "../../tools/module_graph.ts";

/**
 * The folders of src in the order in which they may import: a folder imports those in the lines above its
 * own and no other.
 */
const LAYERS: readonly (readonly string[])[] = [
  ["files", "text", "stats", "row"],
  ["calls"],
  ["log", "sampler", "summary"],
  ["live", "cli", "page"],
  ["profiles"],
  ["agents"],
  ["record"],
  ["query"],
  ["commands"],
  ["main"],
];

/** Folders that may import packages, or the typed wrappers of packages in src/std. */
const MAY_IMPORT_PACKAGES = ["page", "summary", "cli", "profiles", "agents", "query", "commands"];

/** Files beside the folders of commands, that tie commands together. */
const COMMAND_FRAME = ["src/commands/commands.ts", "src/commands/dispatch.ts"];

/** Modules that every hook waits for, and what none of them may reach; types cost nothing. */
const HOT_PATH: { from: string; follows: ImportKind[] }[] = [
  { from: "src/record/rec.ts", follows: ["static", "dynamic"] },
  { from: "main.ts", follows: ["static"] },
];

const OFF_HOT_PATH = ["npm", "node", "std"];

/** All that `rec` parses at each of its starts: a module more makes every hook slower. The rest it loads in need. */
export const PARSED_BY_HOOKS = [
  "src/agents/claude/client_version.ts",
  "src/agents/claude/command/told_tools.ts",
  "src/agents/claude/event.ts",
  "src/agents/claude/long_text.ts",
  "src/agents/claude/output_bytes.ts",
  "src/agents/claude/session.ts",
  "src/agents/claude/task_notification.ts",
  "src/agents/rec_flags.ts",
  "src/files/environment.ts",
  "src/files/io.ts",
  "src/files/locks.ts",
  "src/files/paths.ts",
  "src/files/within.ts",
  "src/log/find_log.ts",
  "src/log/location.ts",
  "src/log/lock.ts",
  "src/log/write/append.ts",
  "src/log/write/write_rows.ts",
  "src/record/describers.ts",
  "src/record/hook_input.ts",
  "src/record/read_hook.ts",
  "src/record/rec.ts",
  "src/record/record.ts",
  "src/record/shell_tool.ts",
  "src/record/to_sample.ts",
  "src/row/client.ts",
  "src/row/columns.ts",
  "src/row/decode.ts",
  "src/row/sample.ts",
  "src/row/spreadsheet.ts",
  "src/sampler/ancestry.ts",
  "src/sampler/find_process.ts",
  "src/sampler/linux.ts",
  "src/sampler/own_cpu.ts",
  "src/sampler/sample.ts",
  "src/sampler/tree.ts",
  "src/text/message.ts",
];

const PURE = ["text", "stats", "row", "calls", "summary", "live", "page"];

const ALL_PARTS = LAYERS.flat();

/** What the text of files may not have. */
const FORBIDDEN_TEXT: readonly {
  readonly parts: readonly string[];
  readonly except?: readonly string[];
  readonly pattern: RegExp;
  readonly reason: string;
}[] = [
  {
    parts: PURE,
    pattern: /\bDeno\./,
    reason: "is pure: no Deno",
  },
  {
    parts: ["agents/claude"],
    pattern: /\bDeno\./,
    reason: "is the parsing half of an agent: no Deno",
  },
  {
    parts: ["page"],
    pattern: /\b(inner|outer)HTML\b|\binsertAdjacentHTML\b|\bdocument\.write\b|\beval\b/,
    reason: "inserts text as text only",
  },
  {
    parts: PURE.filter((part) => part !== "page"),
    pattern: /\bDate\.now\b|\bnew Date\(\)|\bperformance\.now\b|\bTemporal\.Now\b/,
    reason: "is pure: no clock",
  },
  {
    parts: [...ALL_PARTS.filter((part) => part !== "main"), "std"],
    except: ["src/record/rec.ts"],
    pattern: /\bDeno\.exit\b/,
    reason: "may not exit: only main.ts does",
  },
  {
    parts: [...ALL_PARTS.filter((part) => !["cli", "record", "commands"].includes(part)), "std"],
    pattern: /\bDeno\.(stdout|stderr)\b/,
    reason: "may not print: only cli, record and commands do",
  },
  {
    parts: [...ALL_PARTS, "std"],
    pattern: /\bconsole\./,
    reason: "may not use the console: cli/output.ts keeps what steers a terminal from it",
  },
  {
    parts: [...ALL_PARTS, "std"],
    pattern: /\bimport\(\s*[^"\s]/,
    reason: "may import by literal names only: others are not compiled in",
  },
];

/** The part that a module belongs to; undefined for what no rule knows. */
function partOf(module: string): string | undefined {
  if (module === "main.ts") return "main";
  if (module === "deno.json") return module; // has the version
  const [, scheme] = /^(npm|node):/.exec(module) ?? [];
  const [, folder] = /^src\/(\w+)\//.exec(module) ?? [];
  return scheme ?? folder;
}

export function findBrokenImports(graph: ModuleGraph): string[] {
  return [...graph].flatMap(([module, imports]) => {
    const part = partOf(module);
    if (part === "npm" || part === "node" || part === "deno.json" || part === "std") return [];
    if (layerOf(part) < 0) return [`${module} belongs to no known part`];
    return imports.filter(({ to }) => !isAllowed(module, to))
      .map(({ to }) => `${module} may not import ${to}`);
  });
}

/** The place of a part in `LAYERS`; -1 for none of them. */
function layerOf(part = ""): number {
  return LAYERS.findIndex((parts) => parts.includes(part));
}

function isAllowed(module: string, to: string): boolean {
  const [part = "", target = ""] = [partOf(module), partOf(to)];
  if (target === "deno.json") return part === "commands"; // has the version
  if (target === "node") return part === "commands";
  if (target === "npm" || target === "std") return MAY_IMPORT_PACKAGES.includes(part);
  if (part === "commands" && target === "commands") return isOwnCommand(module, to);
  return target === part || layerOf(target) < layerOf(part) && layerOf(target) >= 0;
}

/** Whether two files of src/commands belong to one command; the frame may import each of them. */
function isOwnCommand(module: string, to: string): boolean {
  if (COMMAND_FRAME.includes(module)) return true;
  const command = (path: string) => path.split("/")[2];
  return command(module) === command(to);
}

/** The circles of files that import each other, types included, each as one line. */
export function findCircles(graph: ModuleGraph): string[] {
  const circles: string[] = [];
  for (const module of graph.keys()) {
    const follows: ImportKind[] = ["static", "dynamic", "type"];
    const isBack = [...reach(graph, module, follows)].filter((other) =>
      other !== module && reach(graph, other, follows).has(module)
    );
    const isItself = graph.get(module)?.some(({ to }) => to === module);
    if (isBack.length > 0 || isItself) circles.push([module, ...isBack].sort().join(" ~ "));
  }
  return [...new Set(circles)];
}

export function findHotPathPackages(graph: ModuleGraph): string[] {
  return HOT_PATH.flatMap(({ from, follows }) => {
    if (!graph.has(from)) return [`${from} is missing`];
    return [...reach(graph, from, follows)]
      .filter((module) => OFF_HOT_PATH.includes(partOf(module) ?? ""))
      .map((module) => `${from} may not reach ${module} (${follows.join(" or ")} imports)`);
  });
}

/** What hooks parse besides what is listed; what is listed and no longer parsed is reported, too. */
export function findParsedInVain(graph: ModuleGraph): string[] {
  const parsed = reach(graph, "src/record/rec.ts", ["static"]);
  return [
    ...[...parsed].filter((module) => !PARSED_BY_HOOKS.includes(module))
      .map((module) => `src/record/rec.ts may not import ${module} statically`),
    ...PARSED_BY_HOOKS.filter((module) => !parsed.has(module))
      .map((module) => `src/record/rec.ts does not import ${module} statically any more`),
  ];
}

/** `src/agents/claude/event.ts` → `agents/claude`. */
function folderOf(path: string): string {
  return path.slice(path.indexOf("/") + 1, path.lastIndexOf("/"));
}

export function findForbiddenText(path: string, text: string): string[] {
  const code = text.replace(/\/\*.*?\*\//gs, "").replace(/(^|\s)\/\/.*$/gm, "");
  return FORBIDDEN_TEXT
    .filter(({ parts }) => parts.includes(partOf(path) ?? "") || parts.includes(folderOf(path)))
    .filter(({ except }) => !except?.includes(path))
    .filter(({ pattern }) => pattern.test(code))
    .map(({ reason }) => `${path} ${reason}`);
}
