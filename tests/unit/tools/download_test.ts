import { download, DownloadError, type DownloadOptions } from "../../../tools/download.ts";
import { assertEquals, assertRejects, assertStringIncludes } from "../../std/std_assert.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";

const content: Uint8Array<ArrayBuffer> = crypto.getRandomValues(new Uint8Array(60_000));
const hash = new Uint8Array(await crypto.subtle.digest("SHA-512", content));
const integrity = `sha512-${hash.toBase64()}`;

/** How the server answers a request, given by its number, from 1, and its first wanted byte. */
type Handler = (request: number, start: number) => Response;

/** Runs `fn` with a server on loopback; gives the `range` header of each request it had. */
async function withServer(
  handler: Handler,
  fn: (options: DownloadOptions, ranges: (string | null)[]) => Promise<void>,
): Promise<void> {
  using folder = temporaryFolder();
  const ranges: (string | null)[] = [];
  const answer = (request: Request): Response => {
    const range = request.headers.get("range");
    ranges.push(range);
    return handler(ranges.length, Number(/^bytes=(\d+)-$/.exec(range ?? "")?.[1] ?? 0));
  };
  const listen = { hostname: "127.0.0.1", port: 0, onListen: () => {} };
  await using server = Deno.serve(listen, answer);
  await fn({
    url: `http://127.0.0.1:${server.addr.port}/file.tgz`,
    file: `${folder.path}/file.tgz`,
    integrity,
    retryDelay: 1,
  }, ranges);
}

function whole(): Response {
  return new Response(content);
}

function rest(start: number): Response {
  const range = `bytes ${start}-${content.length - 1}/${content.length}`;
  return new Response(content.slice(start), { status: 206, headers: { "content-range": range } });
}

/** Promises everything from `start` on, but ends the connection before `end`. */
function broken(start: number, end: number): Response {
  const headers = { "content-length": String(content.length - start) };
  const body = new Blob([content.slice(start, end)]).stream();
  return new Response(body, { headers });
}

Deno.test("download returns the verified bytes and tells its progress", async () => {
  await withServer(whole, async (options, ranges) => {
    const progress: [number, number | undefined][] = [];
    const onProgress = (received: number, total: number | undefined) =>
      void progress.push([received, total]);
    assertEquals(await download({ ...options, onProgress }), content);
    assertEquals(await Deno.readFile(options.file), content);
    assertEquals(ranges, [null]);
    assertEquals(progress.at(-1), [content.length, content.length]);
  });
});

Deno.test("download resumes a partial file", async () => {
  await withServer((_, start) => rest(start), async (options, ranges) => {
    await Deno.writeFile(options.file, content.slice(0, 20_000));
    assertEquals(await download(options), content);
    assertEquals(ranges, ["bytes=20000-"]);
  });
});

Deno.test("download takes a full answer where the server ignores the range", async () => {
  await withServer(whole, async (options, ranges) => {
    await Deno.writeFile(options.file, content.slice(0, 20_000));
    assertEquals(await download(options), content);
    assertEquals(ranges, ["bytes=20000-"]);
  });
});

Deno.test("download continues after the connection broke halfway", async () => {
  const handler: Handler = (request, start) => request === 1 ? broken(0, 30_000) : rest(start);
  await withServer(handler, async (options, ranges) => {
    const reasons: string[] = [];
    const onRetry = (reason: string) => void reasons.push(reason);
    assertEquals(await download({ ...options, onRetry }), content);
    assertEquals(ranges, [null, "bytes=30000-"]);
    assertEquals(reasons.length, 1);
  });
});

Deno.test("download keeps the partial file when its attempts are used up", async () => {
  await withServer(() => broken(0, 30_000), async (options, ranges) => {
    const error = await assertRejects(
      () => download({ ...options, attempts: 2 }),
      DownloadError,
      options.url,
    );
    assertEquals(error.isTemporary, true);
    assertEquals(ranges.length, 2);
    assertEquals((await Deno.stat(options.file)).size, 30_000);
  });
});

Deno.test("download gives up on a server that sends nothing", async () => {
  const silent = () => new Response(new ReadableStream({}), { headers: { "content-length": "9" } });
  await withServer(silent, async (options) => {
    await assertRejects(
      () => download({ ...options, attempts: 1, idleTimeout: 100 }),
      DownloadError,
      "no byte for 0.1 s",
    );
  });
});

Deno.test("download takes a file that is already whole", async () => {
  const handler = () => {
    const headers = { "content-range": `bytes */${content.length}` };
    return new Response(null, { status: 416, headers });
  };
  await withServer(handler, async (options) => {
    await Deno.writeFile(options.file, content);
    assertEquals(await download(options), content);
  });
});

Deno.test("download starts again where the partial file is longer than the whole", async () => {
  const handler: Handler = (_, start) =>
    start > content.length ? new Response(null, { status: 416 }) : whole();
  await withServer(handler, async (options, ranges) => {
    await Deno.writeFile(options.file, new Uint8Array(content.length + 1));
    assertEquals(await download(options), content);
    assertEquals(ranges, [`bytes=${content.length + 1}-`, null]);
  });
});

Deno.test("download replaces a partial file whose content is wrong", async () => {
  await withServer((_, start) => start > 0 ? rest(start) : whole(), async (options, ranges) => {
    const reasons: string[] = [];
    await Deno.writeFile(options.file, new Uint8Array(20_000));
    const onRetry = (reason: string) => void reasons.push(reason);
    assertEquals(await download({ ...options, onRetry }), content);
    assertEquals(ranges, ["bytes=20000-", null]);
    assertStringIncludes(reasons.join(), `Removed "${options.file}"`);
  });
});

Deno.test("download removes a file of the wrong hash and names it", async () => {
  await withServer(() => new Response("something else"), async (options, ranges) => {
    const error = await assertRejects(() => download(options), DownloadError);
    assertStringIncludes(error.message, `removed "${options.file}"`);
    assertStringIncludes(error.message, integrity);
    assertEquals(ranges.length, 1);
    await assertRejects(() => Deno.stat(options.file), Deno.errors.NotFound);
  });
});

Deno.test("download tries again after a server's fault, not after a missing file", async () => {
  const faulty: Handler = (request) =>
    request === 1 ? new Response("busy", { status: 503 }) : whole();
  await withServer(faulty, async (options) => {
    assertEquals(await download(options), content);
  });
  await withServer(() => new Response("no", { status: 404 }), async (options, ranges) => {
    await assertRejects(() => download(options), DownloadError, "HTTP status 404");
    assertEquals(ranges.length, 1);
  });
});
