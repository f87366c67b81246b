import { messageOf } from "../../text/message.ts";
import { printable } from "../../text/printable.ts";
import { CommandError, EXIT } from "../../cli/command.ts";

/** Where metrics are sent, and how. */
export interface OtlpTarget {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** For all attempts together, seconds. */
  readonly timeoutSeconds: number;
}

/** The answers after which the protocol wants the same request again. */
const RETRYABLE: ReadonlySet<number> = new Set([429, 502, 503, 504]);
const ATTEMPTS = 4;
const FIRST_PAUSE_MS = 250;
/** An answer is read up to here, bytes as decompressed: it says in a sentence what was wrong. */
const ANSWER_LIMIT = 64 * 1024;

/**
 * Sends the body of an OTLP/HTTP request in JSON, again where the protocol says so
 * (https://opentelemetry.io/docs/specs/otlp/#otlphttp-response). Returns what the receiver has
 * rejected, in words, or `undefined`. Throws a `CommandError` (74) where it was not taken.
 */
export async function pushOtlp(target: OtlpTarget, body: string): Promise<string | undefined> {
  const { url, headers, timeoutSeconds } = target;
  const signal = AbortSignal.timeout(1000 * timeoutSeconds);
  for (let attempt = 1;; attempt++) {
    const answer = await post(url, headers, body, signal).catch((error: unknown) =>
      signal.aborted ? `no answer within ${timeoutSeconds} s` : reasonOf(error)
    );
    if (typeof answer !== "string" && answer.ok) return rejection(answer.text);
    const isFinal = typeof answer === "string" ? signal.aborted : !RETRYABLE.has(answer.status);
    if (isFinal || attempt === ATTEMPTS) throw failure(url, answer);
    const asked = typeof answer === "string" ? undefined : answer.retryAfterMs;
    // What asks for longer than there is time would overflow the timer, and end it at once.
    const longest = 1000 * timeoutSeconds;
    const pause = asked !== undefined
      ? Math.min(asked, longest)
      : FIRST_PAUSE_MS * 2 ** (attempt - 1) * (0.75 + Math.random() / 2);
    if (!await waited(pause, signal)) throw failure(url, answer);
  }
}

interface Answer {
  readonly ok: boolean;
  readonly status: number;
  readonly text: string;
  readonly location: string | null;
  readonly retryAfterMs: number | undefined;
}

async function post(
  url: URL,
  headers: Readonly<Record<string, string>>,
  body: string,
  signal: AbortSignal,
): Promise<Answer> {
  const response = await fetch(url, {
    method: "POST",
    headers: { ...headers, "content-type": "application/json" },
    body,
    signal,
    // A redirected POST may become a GET, and headers may go to somebody else.
    redirect: "manual",
  });
  const seconds = Number(response.headers.get("retry-after") ?? NaN);
  return {
    ok: response.ok, // the protocol says 200, but receivers answer 202 and 204 too
    status: response.status,
    text: await beginningOf(response),
    location: response.headers.get("location"),
    retryAfterMs: Number.isFinite(seconds) && seconds >= 0 ? 1000 * seconds : undefined,
  };
}

/** The beginning of an answer's text; the rest is not waited for. */
async function beginningOf({ body }: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for await (const chunk of body ?? []) { // leaving the loop cancels the rest
    text += decoder.decode(chunk.subarray(0, ANSWER_LIMIT - bytes), { stream: true });
    bytes += chunk.length;
    if (bytes >= ANSWER_LIMIT) break;
  }
  return text;
}

/** False where the time for all attempts ends before. */
async function waited(milliseconds: number, signal: AbortSignal): Promise<boolean> {
  return await new Promise((resolve) => {
    const timer = setTimeout(() => resolve(true), milliseconds);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve(false);
    }, { once: true });
  });
}

function failure(url: URL, answer: Answer | string): CommandError {
  const where = url.origin + url.pathname;
  if (typeof answer === "string") {
    return new CommandError(
      `Cannot send to "${where}": ${answer}; is a receiver of OTLP/HTTP listening there?`,
      EXIT.inputOutput,
    );
  }
  const said = answer.location === null
    ? messageIn(answer.text)
    : `see ${shortened(answer.location)}`;
  const hint = answer.status === 404 ? "; is the path right?" : "";
  return new CommandError(
    `Cannot send to "${where}": HTTP ${answer.status}${said === "" ? "" : `, ${said}`}${hint}`,
    EXIT.inputOutput,
  );
}

/** What lies below the runtime's "fetch failed": the last part of the innermost message. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause === undefined ? messageOf(error).split(": ").at(-1) ?? "" : reasonOf(cause);
}

/** The message of an error's body, a `Status` of the protocol; else the text itself, shortened. */
function messageIn(text: string): string {
  const parsed = parsedObject(text);
  return shortened(typeof parsed?.["message"] === "string" ? parsed["message"] : text);
}

/** One line of at most 200 characters out of what a server said. */
function shortened(text: string): string {
  return printable(text.slice(0, 1000).replace(/\s+/g, " ").trim().slice(0, 200));
}

/** What an `ExportMetricsServiceResponse` says of data points that were not taken. */
function rejection(text: string): string | undefined {
  const partial = parsedObject(text)?.["partialSuccess"];
  if (typeof partial !== "object" || partial === null) return undefined;
  const { rejectedDataPoints = 0, errorMessage = "" } = partial as Record<string, unknown>;
  const reason = messageIn(String(errorMessage));
  const rejected = shortened(String(rejectedDataPoints));
  if (Number(rejected) === 0 && reason === "") return undefined;
  return `${rejected} data points rejected${reason === "" ? "" : `: ${reason}`}`;
}

function parsedObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null
      ? value as Record<string, unknown>
      : undefined;
  } catch {
    return undefined;
  }
}
