/** Real servers on the loopback interface for the length of a test. */
import { fail } from "../std/std_assert.ts";
import { waitFor } from "./waits.ts";

/** A server that answers; it is ended at the end of the block: `await using server = …`. */
export interface Server {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Starts a program that serves HTTP on the port it is given, and waits until it answers at `path`. */
export async function serve(
  program: string,
  args: (port: number) => string[],
  path: string,
): Promise<Server> {
  // Somebody else may have taken the port by the time the program asks for it.
  for (let tries = 1;; tries++) {
    const server = await tryToServe(program, args, path);
    if (typeof server !== "string") return server;
    if (tries === 5) fail(`${program} does not answer at ${path}:\n${server}`);
  }
}

/** A server, or what the program said before it ended, or without ever answering. */
async function tryToServe(
  program: string,
  args: (port: number) => string[],
  path: string,
): Promise<Server | string> {
  const port = freePort();
  const log = Deno.makeTempFileSync({ prefix: "perfmon_test_" });
  let hasEnded = false;
  const child = new Deno.Command("sh", {
    args: ["-c", 'exec "$@" > "$0" 2>&1', log, program, ...args(port)],
    stdin: "null",
  }).spawn();
  child.status.then(() => hasEnded = true);
  const url = `http://127.0.0.1:${port}`;
  const stop = async (): Promise<void> => {
    try {
      child.kill("SIGKILL");
    } catch {
      // It has ended by itself.
    }
    await child.status;
    Deno.removeSync(log);
  };
  const answers = async (): Promise<boolean> => await fetchText(`${url}${path}`) !== undefined;
  try {
    await waitFor(async () => hasEnded || await answers(), `${program} answers`);
  } catch {
    hasEnded = true;
  }
  if (!hasEnded) return { url, [Symbol.asyncDispose]: stop };
  const said = Deno.readTextFileSync(log);
  await stop();
  return said;
}

/** Below the ports that the system gives to whoever asks for any, as other tests do. */
function freePort(): number {
  for (;;) {
    const port = 15_000 + Math.floor(Math.random() * 15_000);
    try {
      Deno.listen({ hostname: "127.0.0.1", port }).close();
      return port;
    } catch (error) {
      if (!(error instanceof Deno.errors.AddrInUse)) throw error;
    }
  }
}

/** The text at a URL, `undefined` where nobody answers or the answer is no success. */
export async function fetchText(url: string, init?: RequestInit): Promise<string | undefined> {
  try {
    const response = await fetch(url, init);
    const text = await response.text();
    return response.ok ? text : undefined;
  } catch {
    return undefined;
  }
}

/** One series of an answer: its labels, and its values by time. */
export interface Series {
  readonly metric: Record<string, string>;
  readonly values: readonly (readonly [time: number, value: number])[];
}

/** The series that a PromQL query gives now; a range of raw samples where it asks for one. */
export async function query({ url }: Server, expr: string): Promise<Series[]> {
  const parameters = new URLSearchParams({ query: expr });
  const response = await fetch(`${url}/api/v1/query?${parameters}`);
  const { data, error } = await response.json();
  if (error !== undefined) fail(`${expr}: ${error}`);
  return data.result.map(({ metric, value, values }: Answer) => ({
    metric,
    values: (values ?? [value!]).map(([time, text]) => [time, Number(text)] as const),
  }));
}

interface Answer {
  metric: Record<string, string>;
  value?: [number, string];
  values?: [number, string][];
}

/** The only value that a query gives, once it gives one: each series shows a while after it was taken. */
export async function valueOf(server: Server, expr: string): Promise<number> {
  let series: Series[] = [];
  await waitFor(async () => (series = await query(server, expr)).length > 0, `${expr} is there`);
  if (series.length > 1) fail(`${expr} gives ${series.length} series`);
  return series[0]!.values.at(-1)![1];
}
