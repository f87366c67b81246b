/**
 * Writes check.schema.json, the JSON Schema of rules files for `perfmon check --rules`: editors check
 * and complete by it. A test regenerates and compares it. Run it with
 * `deno run -A examples/monitoring/check_schema.ts`.
 */
import {
  THRESHOLD_NAMES,
  type ThresholdName,
  thresholdOf,
} from "../../src/commands/check/thresholds.ts";

/** The schema (draft 2020-12) as text. */
export function rulesSchema(): string {
  const ofTools = THRESHOLD_NAMES.filter((name) => thresholdOf(name).isOfTool);
  const schema = {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "Rules for perfmon check",
    type: "object",
    additionalProperties: false,
    properties: {
      $schema: { type: "string" },
      ...properties(THRESHOLD_NAMES, false),
      "min-calls": {
        type: "integer",
        minimum: 1,
        description: "Tools with fewer calls are not judged by max-failures and max-p95",
      },
      tools: {
        type: "object",
        description: "Globs of tools or MCP servers; of those that fit the first counts",
        additionalProperties: {
          type: "object",
          additionalProperties: false,
          properties: properties(ofTools, true),
        },
      },
    },
  };
  return JSON.stringify(schema, null, 2) + "\n";
}

function properties(names: readonly ThresholdName[], allowsNone: boolean): Record<string, unknown> {
  return Object.fromEntries(names.map((name) => {
    const { parse, pattern, help, example } = thresholdOf(name);
    const isPlainNumber = parse("90") !== undefined;
    const type = ["string", ...(isPlainNumber ? ["number"] : []), ...(allowsNone ? ["null"] : [])];
    const minimum = isPlainNumber ? { minimum: 0 } : {};
    return [name, { type, pattern, ...minimum, description: help, examples: [example] }];
  }));
}

if (import.meta.main) {
  Deno.writeTextFileSync(`${import.meta.dirname}/check.schema.json`, rulesSchema());
}
