import { hintOf } from "../../cli/near_name.ts";
import type { Limits, Rules, ToolRule } from "./rules.ts";
import {
  type Entry,
  type Item,
  type Problem,
  readJson,
  readYaml,
  repeatedKey,
} from "./rules_tree.ts";
import { THRESHOLD_NAMES, type ThresholdName, thresholdOf } from "./thresholds.ts";

/**
 * Reads rules, YAML or, where `isJson`, strict JSON: a map from thresholds to limits, `min-calls`, and
 * `tools`, a map from globs to maps of the like. Returns all that is wrong, in order of lines, or the rules.
 */
export function parseRules(
  text: string,
  isJson: boolean,
): { rules: Rules } | { problems: Problem[] } {
  const { root, problems } = isJson ? readJson(text) : readYaml(text);
  if (root === undefined) return { problems };
  const rules = readRules(root, problems);
  if (problems.length > 0) return { problems: problems.sort((a, b) => a.line - b.line) };
  return { rules };
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

function entriesOf(item: Item, what: string, problems: Problem[]): readonly Entry[] {
  if (item.entries === undefined) {
    const message = `${what} must be a map, e.g. "max-duration: 60s"`;
    problems.push({ line: item.line, message });
    return [];
  }
  const seen = new Set<string>();
  for (const { key, line } of item.entries) {
    if (seen.has(key)) problems.push(repeatedKey(key, line));
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
    const hint = hintOf(key, [...THRESHOLD_NAMES, ...besides]);
    problems.push({ line, message: `Unknown threshold "${key}": ${hint}` });
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
