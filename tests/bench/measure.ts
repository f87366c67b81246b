/** Runs programs in turn and compares the medians of the times they take. */
import { compileAlike } from "../../tools/build.ts";

/** A program to be measured; a further one is a line in a list of these. */
export interface Program {
  readonly name: string;
  readonly command: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Written to stdin, which is then closed. */
  readonly payload: Uint8Array<ArrayBuffer>;
  /** Done before each run, not measured. */
  readonly before?: () => Promise<void>;
  /** How many are started at once; the time is that of all together. */
  readonly atOnce?: number;
}

/** What the runs of a program came to, milliseconds. */
export interface Result {
  readonly name: string;
  readonly median: number;
  /** From the first to the third quartile. */
  readonly middleHalf: readonly [number, number];
  /** The median beside that of the first program of the same list. */
  readonly ratio: number;
}

const WARM_UP = 4;

/** Compiles an empty program with perfmon's flags and runtime into a folder, and returns its path. */
export async function compileEmpty(folder: string): Promise<string> {
  const path = `${folder}/empty`;
  await Deno.writeTextFile(`${path}.js`, "");
  await compileAlike(`${path}.js`, path);
  return path;
}

/** Runs all programs `rounds` times, each round in another order, and returns them in the order given. */
export async function compare(programs: readonly Program[], rounds: number): Promise<Result[]> {
  const times = programs.map((): number[] => []);
  for (let round = -WARM_UP; round < rounds; round++) {
    for (const index of shuffled(programs.length)) {
      const program = programs[index]!;
      await program.before?.();
      const took = await time(program);
      if (round >= 0) times[index]!.push(took);
    }
  }
  const base = quantile(times[0]!, 0.5);
  return programs.map(({ name }, index) => {
    const median = quantile(times[index]!, 0.5);
    const middleHalf = [quantile(times[index]!, 0.25), quantile(times[index]!, 0.75)] as const;
    return { name, median, middleHalf, ratio: median / base };
  });
}

/** Runs a program once; throws where it does not exit with 0. */
export async function runOnce(program: Program): Promise<void> {
  const child = spawn(program);
  await feed(child, program.payload);
  const { success } = await child.status;
  if (!success) throw new Error(`"${program.command.join(" ")}" failed`);
}

async function time(program: Program): Promise<number> {
  const started = performance.now();
  await Promise.all(Array.from({ length: program.atOnce ?? 1 }, () => runOnce(program)));
  return performance.now() - started;
}

function spawn({ command, env = {} }: Program): Deno.ChildProcess {
  const [program = "", ...args] = command;
  return new Deno.Command(program, {
    args,
    env,
    stdin: "piped",
    stdout: "null",
    stderr: "null",
  }).spawn();
}

async function feed(child: Deno.ChildProcess, payload: Uint8Array<ArrayBuffer>): Promise<void> {
  const writer = child.stdin.getWriter();
  // An empty program reads nothing.
  await writer.write(payload).then(() => writer.close()).catch(() => {});
}

function shuffled(length: number): number[] {
  const order = Array.from({ length }, (_, index) => index);
  for (let index = length - 1; index > 0; index--) {
    const other = Math.floor(Math.random() * (index + 1));
    [order[index], order[other]] = [order[other]!, order[index]!];
  }
  return order;
}

function quantile(values: readonly number[], p: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(p * (sorted.length - 1))] ?? NaN;
}
