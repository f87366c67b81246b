import { HooksError } from "./errors.ts";
import { JsonSyntaxError, parseJson, valueOf } from "./json_edit.ts";

/** A hook's description, as `examples/hooks/*.json` has it; `timeout` is in milliseconds. */
export interface HookDescription {
  readonly name: string;
  readonly event: string;
  readonly command: string;
  readonly description?: string;
  readonly enabled: boolean;
  readonly tool_filter?: string | readonly string[];
  readonly timeout?: number;
}

/** The events that hooks.yaml knows. */
const EVENTS = [
  "before-tool-call",
  "after-tool-call",
  "on-error",
  "user-prompt-submit",
  "assistant-response",
];

interface Key {
  readonly allowed: string;
  readonly isRequired: boolean;
  accepts(value: unknown): boolean;
}

const isText = (value: unknown): boolean => typeof value === "string" && value.trim() !== "";

const KEYS: Readonly<Record<keyof HookDescription, Key>> = {
  name: { allowed: "a text that is not empty", isRequired: true, accepts: isText },
  event: {
    allowed: `one of ${EVENTS.join(", ")}`,
    isRequired: true,
    accepts: (value) => EVENTS.includes(String(value)),
  },
  command: { allowed: "a text that is not empty", isRequired: true, accepts: isText },
  description: {
    allowed: "a text",
    isRequired: false,
    accepts: (value) => typeof value === "string",
  },
  enabled: {
    allowed: "true or false",
    isRequired: false,
    accepts: (value) => typeof value === "boolean",
  },
  tool_filter: {
    allowed: "a text or a list of texts",
    isRequired: false,
    accepts: (value) => Array.isArray(value) ? value.every(isText) : isText(value),
  },
  timeout: {
    allowed: "a whole number of milliseconds from 1 up",
    isRequired: false,
    accepts: (value) => Number.isInteger(value) && Number(value) > 0,
  },
};

/** The keys of a description, in the order in which hooks.yaml has them. */
export const DESCRIPTION_KEYS: readonly string[] = Object.keys(KEYS);

/** Reads and checks a description. Throws a `HooksError` that names the file, the key and what is allowed. */
export function parseDescription(text: string, file: string): HookDescription {
  const given = parseObject(text.replace(/^\uFEFF/, ""), file);
  const checked: Record<string, unknown> = { enabled: true };
  for (const key of Object.keys(given)) {
    if (!DESCRIPTION_KEYS.includes(key)) {
      throw new HooksError(
        `Unknown key "${key}" in "${file}": use ${DESCRIPTION_KEYS.join(", ")}`,
        "data",
      );
    }
  }
  for (const [key, { allowed, isRequired, accepts }] of Object.entries(KEYS)) {
    const value = given[key];
    if (value === undefined) {
      if (!isRequired) continue;
      throw new HooksError(`Missing key "${key}" in "${file}": give ${allowed}`, "data");
    }
    if (!accepts(value)) {
      const shown = JSON.stringify(value).slice(0, 80);
      throw new HooksError(
        `Cannot use ${shown} for "${key}" in "${file}": give ${allowed}`,
        "data",
      );
    }
    checked[key] = value;
  }
  return checked as unknown as HookDescription;
}

function parseObject(text: string, file: string): Readonly<Record<string, unknown>> {
  try {
    const root = parseJson(text);
    const value = valueOf(root);
    if (root.type === "object") return value as Readonly<Record<string, unknown>>;
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    throw new HooksError(`Cannot read "${file}": ${error.message}; mend it there`, "data");
  }
  throw new HooksError(
    `Cannot read "${file}": expected one JSON object, a hook's description`,
    "data",
  );
}
