/** Downloading one file whose hash is known: resumed, retried, verified. */

/** The download failed or is not what was expected; the message is for people. */
export class DownloadError extends Error {
  override readonly name = "DownloadError";
  /** Whether another attempt may succeed. */
  readonly isTemporary: boolean;

  constructor(message: string, options: ErrorOptions & { isTemporary?: boolean } = {}) {
    super(message, options);
    this.isTemporary = options.isTemporary ?? false;
  }
}

export interface DownloadOptions {
  url: string;
  /** Where the bytes are collected; kept after a failure, so that the next call resumes. */
  file: string;
  /** As npm has it: `sha512-` and the hash in base64. */
  integrity: string;
  /** Called with the number of bytes that are there and, where known, of all. */
  onProgress?: (received: number, total: number | undefined) => void;
  /** Called with a sentence before each further attempt. */
  onRetry?: (reason: string) => void;
  /** How often in all; 4 unless told. */
  attempts?: number;
  /** Milliseconds to wait before the second attempt, doubled for each further one; 1000. */
  retryDelay?: number;
  /** Milliseconds without a byte after which an attempt has failed; 30,000. */
  idleTimeout?: number;
}

/**
 * Downloads `url` to `file` and returns the verified bytes; the file is the caller's to remove.
 * Throws {@linkcode DownloadError} when the attempts are used up, or when the content is wrong,
 * in which case the file is removed.
 */
export async function download(options: DownloadOptions): Promise<Uint8Array<ArrayBuffer>> {
  const wasResumed = await receiveWithRetries(options);
  const bytes = await Deno.readFile(options.file);
  if (await integrityOf(bytes) === options.integrity) return bytes;
  await Deno.remove(options.file);
  if (!wasResumed) {
    throw new DownloadError(
      `The content of "${options.url}" is not the expected one: removed "${options.file}", ` +
        `expected ${options.integrity}, got ${await integrityOf(bytes)}`,
    );
  }
  options.onRetry?.(`Removed "${options.file}", whose content was wrong: downloading it anew`);
  return await download(options);
}

/** Returns whether anything of an earlier call was kept. */
async function receiveWithRetries(options: DownloadOptions): Promise<boolean> {
  const wasResumed = await sizeOf(options.file) > 0;
  const { attempts = 4, retryDelay = 1000 } = options;
  for (let attempt = 1;; attempt++) {
    try {
      await receive(options);
      return wasResumed;
    } catch (error) {
      if (!(error instanceof DownloadError && error.isTemporary)) throw error;
      if (attempt >= attempts) throw error;
      options.onRetry?.(`${error.message}: trying again`);
      await new Promise((resolve) => setTimeout(resolve, retryDelay * 2 ** (attempt - 1)));
    }
  }
}

/** One attempt: asks for the bytes that are missing and appends them. */
async function receive(options: DownloadOptions): Promise<void> {
  const { url, file, idleTimeout = 30_000 } = options;
  const present = await sizeOf(file);
  const controller = new AbortController();
  const idle = () => controller.abort(new Error(`no byte for ${idleTimeout / 1000} s`));
  let timer = setTimeout(idle, idleTimeout);
  try {
    // Identity, because a compressed answer would count bytes of another kind.
    const headers = new Headers({ "accept-encoding": "identity" });
    if (present > 0) headers.set("range", `bytes=${present}-`);
    const response = await fetch(url, { headers, signal: controller.signal });
    const start = await startOf(response, options, present);
    if (start === undefined) return;
    await using target = await openAt(file, start);
    let received = start;
    const total = totalOf(response, start);
    for await (const chunk of response.body ?? []) {
      clearTimeout(timer);
      timer = setTimeout(idle, idleTimeout);
      await writeAll(target.file, chunk);
      received += chunk.length;
      options.onProgress?.(received, total);
    }
    if (total !== undefined && received < total) throw new Error("the connection was closed");
  } catch (error) {
    if (error instanceof DownloadError || isFileError(error)) throw error;
    throw new DownloadError(`Downloading "${url}" failed (${reasonOf(error)})`, {
      cause: error,
      isTemporary: true,
    });
  } finally {
    clearTimeout(timer);
    controller.abort();
  }
}

/** Deno says only "fetch failed" itself; its cause says why, after the address. */
function reasonOf(error: unknown): string {
  const origin = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const reason = origin instanceof Error ? origin.message : String(origin);
  return reason.replace(/^error sending request for url \(.*?\): /, "");
}

/** Where the answer's first byte belongs, or undefined where nothing is missing. */
async function startOf(
  response: Response,
  { url, file }: DownloadOptions,
  present: number,
): Promise<number | undefined> {
  if (response.status === 200) return 0; // also where the server knows no ranges
  const range = response.headers.get("content-range") ?? "";
  if (response.status === 206 && range.startsWith(`bytes ${present}-`)) return present;
  await response.body?.cancel();
  if (response.status === 416 && range === `bytes */${present}`) return undefined;
  if (response.status === 416 || response.status === 206) {
    await Deno.remove(file);
    throw new DownloadError(`The server can't continue "${file}"`, { isTemporary: true });
  }
  throw new DownloadError(`The server answers "${url}" with HTTP status ${response.status}`, {
    isTemporary: response.status === 429 || response.status === 408 || response.status >= 500,
  });
}

function totalOf(response: Response, start: number): number | undefined {
  const length = response.headers.get("content-length");
  return length === null ? undefined : start + Number(length);
}

async function openAt(
  path: string,
  start: number,
): Promise<{ file: Deno.FsFile; [Symbol.asyncDispose](): Promise<void> }> {
  const file = await Deno.open(path, { write: true, create: true });
  await file.truncate(start);
  await file.seek(start, Deno.SeekMode.Start);
  return {
    file,
    [Symbol.asyncDispose]: async () => {
      await file.sync();
      file.close();
    },
  };
}

async function writeAll(file: Deno.FsFile, bytes: Uint8Array): Promise<void> {
  for (let written = 0; written < bytes.length;) {
    written += await file.write(bytes.subarray(written));
  }
}

/** A full disk or a folder without permission: no further attempt helps. */
function isFileError(error: unknown): boolean {
  return error instanceof Error && "code" in error &&
    ["ENOSPC", "EACCES", "EROFS", "EDQUOT", "EISDIR"].includes(String(error.code));
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await Deno.stat(path)).size;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return 0;
    throw error;
  }
}

async function integrityOf(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-512", bytes));
  return `sha512-${hash.toBase64()}`;
}
