import { isLongText } from "./long_text.ts";
import type { Members } from "./members.ts";

/**
 * The UTF-8 bytes of the text that the model is given of a call: of Bash what it printed, of Read what it
 * read, of MCP tools and subagents their text blocks, of WebFetch the answer, of a failure its error. `undefined`
 * where that isn't known: files that were written, images, work that goes on, output that the client put into a
 * file. tests/client/output.ts compares it with what the model was given.
 *
 * @param members Those of the JSON that a hook for the end of a call gets.
 */
export function outputBytes(toolName: string | undefined, members: Members): number | undefined {
  if (members["tool_response"] === undefined) return textBytes(members["error"]);
  return responseBytes(toolName, members["tool_response"]);
}

function responseBytes(toolName: string | undefined, response: unknown): number | undefined {
  if (Array.isArray(response)) return blockBytes(response);
  if (!isObject(response)) return textBytes(response);
  switch (toolName) {
    case "Bash":
      // Of much the client puts all into a file, and gives the model the first 2 KB of it.
      return response["isImage"] === true || response["persistedOutputPath"] !== undefined
        ? undefined
        : printedBytes(response);
    case "Read":
      return isObject(response["file"]) ? textBytes(response["file"]["content"]) : undefined;
    case "WebFetch":
      return textBytes(response["result"]);
    default:
      return Array.isArray(response["content"]) ? blockBytes(response["content"]) : undefined;
  }
}

/** The bytes of what a command printed on both streams, as far as there is any of them. */
function printedBytes({ stdout, stderr }: Members): number | undefined {
  return sum([stdout, stderr].filter((each) => each !== undefined).map(textBytes));
}

/** The bytes of the texts among blocks; `undefined` where there is none. */
function blockBytes(blocks: readonly unknown[]): number | undefined {
  const texts = blocks.map((block) => isObject(block) ? textBytes(block["text"]) : undefined);
  return sum(texts.filter((bytes) => bytes !== undefined));
}

function sum(bytes: readonly (number | undefined)[]): number | undefined {
  let total = bytes.length === 0 ? undefined : 0;
  for (const each of bytes) {
    total = total === undefined || each === undefined ? undefined : total + each;
  }
  return total;
}

function isObject(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value) &&
    !isLongText(value);
}

/** The UTF-8 bytes of a text, `undefined` for all else. */
function textBytes(value: unknown): number | undefined {
  if (isLongText(value)) return value.countBytes();
  return typeof value === "string" ? new TextEncoder().encode(value).length : undefined;
}
