import type { Call } from "../calls/call.ts";
import { toolTitle } from "../row/tool_name.ts";
import { isUniqueId } from "../row/tool_use_id.ts";

/** The letters and digits of ids; none that looks like another. */
const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
/** The characters of an id: 25 bits. */
const LENGTH = 5;

/**
 * A name of a call, five letters and digits, by which `perfmon show` finds it: the same at each look, while a call
 * runs and when it has ended, recorded or imported. Of 20,000 calls one in 1,700 shares it with another.
 */
export function callId({ sessionId, agentId, start, end }: Call): string {
  const row = start ?? end;
  const toolUseId = row?.toolUseId ?? "";
  // An id that may come again names no call: its time does.
  const own = isUniqueId(toolUseId)
    ? toolUseId
    : `${toolUseId}${agentId ?? ""} ${row?.timestamp ?? 0}`;
  const hash = hashOf(`${sessionId ?? row?.pid ?? ""}\n${own}`);
  let id = "";
  for (let place = 0; place < LENGTH; place++) id += ALPHABET[hash >>> 5 * place & 31]!;
  return id;
}

/** FNV-1a over UTF-16 units, mixed so that each of its bits depends on all. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ hash >>> 16, 0x85ebca6b);
  hash = Math.imul(hash ^ hash >>> 13, 0xc2b2ae35);
  return hash ^ hash >>> 16;
}

/**
 * What a call did, in a few words; empty where nothing tells. With `params` it is the redacted line that hooks
 * recorded, where there is one.
 */
export function whatOf(call: Call, params = false): string {
  const { start, end, isRun, command } = call;
  const line = params ? start?.params ?? end?.params : undefined;
  return line ?? command ?? (isRun ? start?.agentType ?? end?.agentType : undefined) ?? "";
}

/** A call in a few words: `Bash npm test`; with `params` as `whatOf` has them. */
export function titleOf(call: Call, params = false): string {
  return `${toolTitle(call.toolName)} ${whatOf(call, params)}`.trimEnd();
}
