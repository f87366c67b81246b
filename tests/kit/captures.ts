/** What a real client wrote to its hooks' stdin (tests/testdata/hooks). */

const FOLDER = `${import.meta.dirname}/../testdata/hooks`;

/** The names of all captures, e.g. `PreToolUse-echo`. */
export const captureNames: string[] = [...Deno.readDirSync(FOLDER)]
  .map((entry) => entry.name.replace(/\.json$/, "")).sort();

/** One capture as it came on stdin: a line of JSON with its end. */
export function capture(name: string): Uint8Array {
  return Deno.readFileSync(`${FOLDER}/${name}.json`);
}

/** A capture with some members replaced, or left out where they are `undefined`. */
export function captureWith(name: string, changes: Record<string, unknown>): Uint8Array {
  const whole: Record<string, unknown> = JSON.parse(new TextDecoder().decode(capture(name)));
  return encode(JSON.stringify({ ...whole, ...changes }) + "\n");
}

/** A text as the bytes that stdin brings. */
export function encode(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}
