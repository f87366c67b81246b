/** The first words of a record in the spool; the number is that of its form. */
export const RECORD_MARK = "perfmon 1";

/** A record as the hook's shell line stores it, taken apart but not understood yet. */
export interface SpoolRecord {
  /** The hook's own shell, which is no child of the tool. */
  readonly shell: number;
  /** Flags of `rec` that the hook was installed with, as words. */
  readonly options: readonly string[];
  /** `$AI_AGENT`, which tells the client's version; empty where it was not set. */
  readonly agent: string;
  /** What `cat` took from /proc, or the line of `ps`: up to the hook's JSON. */
  readonly figures: string;
  /** The hook's JSON as far as it is there; empty where none is there yet. */
  readonly json: Uint8Array;
}

/** Header and figures are far shorter than this: some hundred bytes, and seven for each child. */
const HEAD_LIMIT = 1 << 20;
const HEADER = new RegExp(`^${RECORD_MARK} (\\d+);([^;\\n]*);(.*)\\n`);
const OPEN_BRACE = 0x7b;
const NEWLINE = 0x0a;

/**
 * Takes a record apart; `undefined` where the text is none of ours. It is a header line
 * (`perfmon 1 SHELL_PID;FLAGS;AGENT`), then figures in lines of which none begins with `{`, then
 * the hook's JSON.
 */
export function splitRecord(bytes: Uint8Array): SpoolRecord | undefined {
  const headEnd = bytes.indexOf(NEWLINE);
  const jsonStart = headEnd < 0 ? -1 : findJson(bytes, headEnd + 1);
  const head = new TextDecoder().decode(bytes.subarray(0, jsonStart < 0 ? HEAD_LIMIT : jsonStart));
  const header = HEADER.exec(head);
  if (header === null) return undefined;
  const [line, shell, options = "", agent = ""] = header;
  return {
    shell: Number(shell),
    options: options.split(" ").filter((word) => word !== ""),
    agent,
    figures: head.slice(line.length),
    json: jsonStart < 0 ? new Uint8Array(0) : bytes.subarray(jsonStart),
  };
}

/** Where the JSON begins: the first `{` of a line, before which only a list of children may stand; or -1. */
function findJson(bytes: Uint8Array, from: number): number {
  for (let at = from, isStart = true; at < Math.min(bytes.length, HEAD_LIMIT); at++) {
    const byte = bytes[at]!;
    if (byte === OPEN_BRACE && isStart) return at;
    if (byte === NEWLINE) isStart = true;
    else if (byte !== 0x20 && (byte < 0x30 || byte > 0x39)) isStart = false;
  }
  return -1;
}
