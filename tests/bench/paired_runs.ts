/** Runs of programs in turn, started by `paired_runs.py`, since Deno itself takes a while to start one. */

/** A run of a program. */
export interface Run {
  readonly argv: readonly string[];
  /** All of its environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly stdin: string;
  /** A program that is run before each run, and not measured. */
  readonly before?: readonly string[];
}

/** Returns the medians of the wall times in milliseconds; needs python3. Throws where a run fails. */
export async function medians(
  commands: readonly Run[],
  runs: number,
  warmup: number,
): Promise<number[]> {
  const child = new Deno.Command("python3", {
    args: [`${import.meta.dirname}/paired_runs.py`],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const plan = new Blob([JSON.stringify({ runs, warmup, commands })]);
  const [{ success, stdout }] = await Promise.all([
    child.output(),
    plan.stream().pipeTo(child.stdin),
  ]);
  if (!success) throw new Error("A run failed: see the message above");
  return JSON.parse(new TextDecoder().decode(stdout));
}
