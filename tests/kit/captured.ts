/**
 * A process tree as Linux 6.18 showed it in /proc (tests/testdata/proc) and, some milliseconds later,
 * procps 4.0.2 (tests/testdata/ps/linux.txt). `ps/macos.txt` has the shape that Apple's ps gives, made
 * by hand after its manual.
 */

const TESTDATA = `${import.meta.dirname}/../testdata`;

/** The folder to read as if it were /proc. */
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

/** What `ps` printed. */
export function capturedPs(system: "linux" | "macos"): string {
  return Deno.readTextFileSync(`${TESTDATA}/ps/${system}.txt`);
}
