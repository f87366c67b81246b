import type { Node } from "jsonc-parser";
import { isAlias, isMap, isScalar, LineCounter, type Node as YamlNode, parseDocument } from "yaml";
import { JsonSyntaxError, parseJson } from "../../agents/claude/hooks/json_edit.ts";
import type { Limits, Rules, ToolRule } from "./rules.ts";
import { THRESHOLD_NAMES, type ThresholdName, thresholdOf } from "./thresholds.ts";
import { closestString } from "../../std/cli.ts";

/** What is wrong in a rules file; lines count from 1. */
export interface Problem {
  readonly line: number;
  readonly message: string;
}

/** A value of a rules file with its line, whichever language it is in. */
interface Item {
  readonly line: number;
  /** The value of what is no map. */
  readonly scalar?: unknown;
  readonly entries?: readonly {
    readonly key: string;
    readonly line: number;
    readonly item: Item;
  }[];
}

/**
 * Reads rules, YAML or, where `isJson`, strict JSON: a map from thresholds to limits, `min-calls`, and
 * `tools`, a map from globs to maps of the like. Returns all that is wrong, in order of lines, or the rules.
 */
export function parseRules(
  text: string,
  isJson: boolean,
): { rules: Rules } | { problems: Problem[] } {
  const problems: Problem[] = [];
  const root = isJson ? jsonItem(text, problems) : yamlItem(text, problems);
  if (problems.length > 0 || root === undefined) return { problems };
  const rules = readRules(root, problems);
  if (problems.length > 0) return { problems: problems.sort((a, b) => a.line - b.line) };
  return { rules };
}

function jsonItem(text: string, problems: Problem[]): Item | undefined {
  const lineOf = (offset: number): number => text.slice(0, offset).split("\n").length;
  const item = (node: Node): Item => ({
    line: lineOf(node.offset),
    ...(node.type === "object"
      ? {
        entries: (node.children ?? []).flatMap(({ children: [key, value] = [] }) =>
          key === undefined || value === undefined
            ? []
            : [{ key: String(key.value), line: lineOf(key.offset), item: item(value) }]
        ),
      }
      : { scalar: node.type === "array" ? [] : node.value }),
  });
  try {
    return item(parseJson(text));
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    problems.push({ line: error.line, message: `Invalid JSON: ${error.found}` });
    return undefined;
  }
}

function yamlItem(text: string, problems: Problem[]): Item | undefined {
  const counter = new LineCounter();
  // Keys that are there twice are found by the check itself, in both languages alike.
  const document = parseDocument(text, { lineCounter: counter, uniqueKeys: false });
  for (const error of document.errors) {
    const message = error.message.split(/ at line |\n/)[0] ?? "";
    problems.push({
      line: counter.linePos(error.pos[0]).line,
      message: `Invalid YAML: ${message}`,
    });
  }
  const item = (given: unknown, line: number): Item => {
    const node = isAlias(given) ? given.resolve(document) : given;
    const at = lineOf(given as YamlNode | null, counter) ?? line;
    if (isMap(node)) {
      return {
        line: at,
        entries: node.items.map(({ key, value }) => {
          const keyLine = lineOf(key as YamlNode, counter) ?? at;
          const name = isScalar(key) ? String(key.value) : String(key);
          return { key: name, line: keyLine, item: item(value, keyLine) };
        }),
      };
    }
    return { line: at, scalar: node === null ? null : isScalar(node) ? node.value : [] };
  };
  return problems.length > 0 ? undefined : item(document.contents, 1);
}

function lineOf(node: YamlNode | null, counter: LineCounter): number | undefined {
  return node?.range ? counter.linePos(node.range[0]).line : undefined;
}

function readRules(root: Item, problems: Problem[]): Rules {
  const limits: Partial<Record<ThresholdName, number>> = {};
  const tools: ToolRule[] = [];
  let minCalls = 1;
  for (const { key, line, item } of entriesOf(root, "The rules", problems)) {
    if (key === "tools") tools.push(...readTools(item, problems));
    else if (key === "min-calls") minCalls = readCount(item, problems) ?? minCalls;
    else if (key !== "$schema") {
      const name = nameOf(key, line, ["tools", "min-calls"], problems);
      const limit = name && readLimit(name, item, problems);
      if (name !== undefined && limit !== undefined) limits[name] = limit;
    }
  }
  const hasLimit = [limits, ...tools.map((tool) => tool.limits)].some((each) =>
    Object.keys(each).length > 0
  );
  if (!hasLimit && problems.length === 0) {
    problems.push({ line: root.line, message: `No threshold: use ${THRESHOLD_NAMES.join(", ")}` });
  }
  return { limits, tools, minCalls };
}

function readTools(tools: Item, problems: Problem[]): ToolRule[] {
  return entriesOf(tools, '"tools"', problems).map(({ key: glob, item }) => {
    const limits: Partial<Record<ThresholdName, number | null>> = {};
    for (const { key, line, item: limitItem } of entriesOf(item, `"${glob}"`, problems)) {
      const name = nameOf(key, line, [], problems);
      if (name === undefined) continue;
      if (!thresholdOf(name).isOfTool) {
        const message =
          `"${name}" is no threshold of a tool: it is of Claude Code; put it above "tools"`;
        problems.push({ line, message });
      } else if (limitItem.scalar === null) limits[name] = null;
      else {
        const limit = readLimit(name, limitItem, problems);
        if (limit !== undefined) limits[name] = limit;
      }
    }
    return { glob, limits: limits satisfies Limits };
  });
}

function entriesOf(item: Item, what: string, problems: Problem[]): NonNullable<Item["entries"]> {
  if (item.entries === undefined) {
    const message = `${what} must be a map, e.g. "max-duration: 60s"`;
    problems.push({ line: item.line, message });
    return [];
  }
  const seen = new Set<string>();
  for (const { key, line } of item.entries) {
    if (seen.has(key)) problems.push({ line, message: `"${key}" is there twice: keep one` });
    seen.add(key);
  }
  return item.entries;
}

function nameOf(
  key: string,
  line: number,
  besides: readonly string[],
  problems: Problem[],
): ThresholdName | undefined {
  const known = THRESHOLD_NAMES.find((name) => name === key);
  if (known === undefined) {
    const near = closestString(key, [...THRESHOLD_NAMES, ...besides]);
    problems.push({ line, message: `Unknown threshold "${key}": did you mean "${near}"?` });
  }
  return known;
}

function readLimit(
  name: ThresholdName,
  { scalar, line }: Item,
  problems: Problem[],
): number | undefined {
  const { parse, form, example } = thresholdOf(name);
  const isText = typeof scalar === "string" || typeof scalar === "number";
  const limit = isText ? parse(String(scalar)) : undefined;
  if (limit === undefined) {
    const given = isText ? `Cannot use "${scalar}" for` : `Missing limit of`;
    problems.push({ line, message: `${given} "${name}": give ${form}, e.g. ${example}` });
  }
  return limit;
}

function readCount({ scalar, line }: Item, problems: Problem[]): number | undefined {
  if (Number.isSafeInteger(scalar) && Number(scalar) > 0) return Number(scalar);
  const message = `Cannot use "${String(scalar)}" for "min-calls": give a whole number from 1 up`;
  problems.push({ line, message });
  return undefined;
}
