/** What came from outside: a client's hooks, process trees, and input that once broke something. */

const TESTDATA = `${import.meta.dirname}/../testdata`;
const FOLDER = `${TESTDATA}/hooks`;

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

/**
 * The folder to read as if it were /proc: a process tree as Linux 6.18 showed it there and, some
 * milliseconds later, procps 4.0.2 (`ps/linux.txt`).
 */
export const PROC = `${TESTDATA}/proc`;

/** The processes of the tree. The client has three threads, and started its children from two of them. */
export const CAPTURED = {
  /** A shell, not in /proc's copy. */
  hookShell: 30222,
  /** python3, 0.45 s of CPU. */
  client: 30223,
  /** `sh`, a child of the client, with two children. */
  shell: 30286,
  /** `cat`, a child of the client. */
  pipe: 30288,
  /** A child of the shell called `(a b ) ( c d) `. */
  nasty: 30289,
  /** A child of the shell. */
  sleep: 30290,
};

/** What `ps` printed. That of macOS has the shape that Apple's ps gives, made by hand after its manual. */
export function capturedPs(system: "linux" | "macos"): string {
  return Deno.readTextFileSync(`${TESTDATA}/ps/${system}.txt`);
}

/** Inputs that once broke something here or elsewhere (tests/testdata/hostile). */
export function hostileFiles(kind: "stdin" | "logs"): { name: string; bytes: Uint8Array }[] {
  const folder = `${TESTDATA}/hostile/${kind}`;
  return [...Deno.readDirSync(folder)].map(({ name }) => name).toSorted()
    .map((name) => ({ name, bytes: Deno.readFileSync(`${folder}/${name}`) }));
}
