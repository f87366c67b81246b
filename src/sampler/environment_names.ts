import type { LiveProcess } from "./live_process.ts";

/** Only these two names are looked at: an environment holds secrets. */
const CLIENT_NAME = "\0CLAUDE_PID=";
const SESSION_NAME = "\0CLAUDE_CODE_SESSION_ID=";

/** What the environment of a process of one's own names as its client; `undefined` where it names none or is another person's. */
export function namesInEnvironment(
  pid: number,
  proc: string,
): Pick<LiveProcess, "namedClient" | "namedSession"> | undefined {
  let text: string;
  try {
    text = "\0" + new TextDecoder().decode(Deno.readFileSync(`${proc}/${pid}/environ`));
  } catch {
    return undefined;
  }
  const client = valueOf(text, CLIENT_NAME);
  const session = valueOf(text, SESSION_NAME);
  if (client === undefined && session === undefined) return undefined;
  return { namedClient: client === undefined ? undefined : Number(client), namedSession: session };
}

function valueOf(environment: string, name: string): string | undefined {
  const start = environment.indexOf(name);
  if (start < 0) return undefined;
  const end = environment.indexOf("\0", start + 1);
  return environment.slice(start + name.length, end < 0 ? undefined : end);
}
