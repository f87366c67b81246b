import { assert, assertEquals, assertMatch, assertStringIncludes } from "../../std/std_assert.ts";
import { expectOtlp } from "../../std/otlp_schema.ts";
import { logText, RECENT, writeLog } from "../../kit/log_files.ts";
import { expectExit, perfmon } from "../../kit/perfmon.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { inQuietMoment } from "../../kit/waits.ts";

interface Taken {
  readonly path: string;
  readonly type: string | null;
  readonly authorization: string | null;
  readonly body: string;
}

/** A collector on loopback that gives these answers, one after the other, the last one again and again. */
class Collector implements AsyncDisposable {
  readonly taken: Taken[] = [];
  readonly #server: Deno.HttpServer<Deno.NetAddr>;

  constructor(answers: readonly (() => Response)[] = [() => Response.json({})]) {
    this.#server = Deno.serve(
      { port: 0, hostname: "127.0.0.1", onListen: () => {} },
      async (request) => {
        this.taken.push({
          path: new URL(request.url).pathname,
          type: request.headers.get("content-type"),
          authorization: request.headers.get("authorization"),
          body: await request.text(),
        });
        const answer = answers[Math.min(this.taken.length, answers.length) - 1];
        return answer?.() ?? Response.json({});
      },
    );
  }

  get url(): string {
    return `http://127.0.0.1:${this.#server.addr.port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }
}

interface NumberPoint {
  readonly attributes?: readonly { key: string; value: { stringValue: string } }[];
  readonly asInt?: string;
}

/** The data points of a metric in a body. */
function pointsOf(body: string, metric: string): NumberPoint[] {
  type Metric = { name: string; sum?: { dataPoints: NumberPoint[] } };
  const request: { resourceMetrics: { scopeMetrics: { metrics: Metric[] }[] }[] } = JSON.parse(
    body,
  );
  return request.resourceMetrics.flatMap(({ scopeMetrics }) => scopeMetrics)
    .flatMap(({ metrics }) => metrics)
    .filter(({ name }) => name === metric)
    .flatMap(({ sum }) => sum?.dataPoints ?? []);
}

function logIn(folder: string): string {
  return writeLog(folder, logText(RECENT));
}

Deno.test("export otlp: the counted calls arrive in OTLP's published JSON encoding", async () => {
  using folder = temporaryFolder();
  const file = logIn(folder.path);
  await using collector = new Collector();
  const args = ["export", "otlp", "--file", file, "--label", "user=ada"];
  const env = { OTEL_EXPORTER_OTLP_HEADERS: "authorization=Basic%20eA%3D%3D, x-team = a" };
  const sent = await perfmon([...args, "--endpoint", collector.url], { env });
  expectExit(sent, 0);
  assertEquals(sent.stdout + sent.stderr, "");
  const [request] = collector.taken;
  assert(request !== undefined);
  assertEquals([request.path, request.type, request.authorization], [
    "/v1/metrics",
    "application/json",
    "Basic eA==",
  ]);
  expectOtlp(JSON.parse(request.body));
  const read = pointsOf(request.body, "perfmon.tool.calls").find(({ attributes }) =>
    JSON.stringify(attributes?.map(({ value }) => value.stringValue)) === '["ada","Read","ok"]'
  );
  assertEquals(read?.asInt, "2");
  assert(!/aaaa1111|toolu/.test(request.body), "no session and no id leaves the machine");
});

Deno.test("export otlp: --dry-run prints the body and needs no endpoint", async () => {
  using folder = temporaryFolder();
  const args = ["export", "otlp", "--dry-run", "--file", logIn(folder.path)];
  const { stdout } = expectExit(await perfmon(args), 0);
  expectOtlp(JSON.parse(stdout));
});

Deno.test("export otlp: the endpoint is a base, unless it names the path; the variables work likewise", async () => {
  using folder = temporaryFolder();
  const file = logIn(folder.path);
  await using collector = new Collector();
  const { url } = collector;
  const cases: [string[], Record<string, string>, string][] = [
    [["--endpoint", `${url}/otlp/`], {}, "/otlp/v1/metrics"],
    [["--endpoint", `${url}/api/v1/otlp/v1/metrics`], {}, "/api/v1/otlp/v1/metrics"],
    [[], { OTEL_EXPORTER_OTLP_ENDPOINT: url }, "/v1/metrics"],
    [[], { OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: `${url}/here` }, "/here"],
  ];
  for (const [flags, env, path] of cases) {
    expectExit(await perfmon(["export", "otlp", "--file", file, ...flags], { env }), 0);
    assertEquals(collector.taken.at(-1)?.path, path);
  }
});

Deno.test("export otlp: what the protocol calls retryable is sent again", async () => {
  using folder = temporaryFolder();
  const busy = (): Response =>
    new Response("busy", { status: 503, headers: { "retry-after": "0" } });
  await using collector = new Collector([busy, busy, () => Response.json({})]);
  const args = ["export", "otlp", "--endpoint", collector.url, "--file", logIn(folder.path)];
  expectExit(await perfmon(args), 0);
  assertEquals(collector.taken.length, 3);
  assertEquals(new Set(collector.taken.map(({ body }) => body)).size, 1);
});

Deno.test("export otlp: what is refused is said, and not sent again", async () => {
  using folder = temporaryFolder();
  const file = logIn(folder.path);
  const cases: [() => Response, number, RegExp][] = [
    [
      () => Response.json({ message: "no such\ntenant" }, { status: 400 }),
      74,
      /HTTP 400, no such tenant$/,
    ],
    [() => new Response("", { status: 404 }), 74, /HTTP 404; is the path right\?$/],
    [
      () => new Response("", { status: 301, headers: { location: "https://x/" } }),
      74,
      /HTTP 301, see https:\/\/x\/$/,
    ],
    [
      () => Response.json({ partialSuccess: { rejectedDataPoints: "3", errorMessage: "too old" } }),
      1,
      /: 3 data points rejected: too old$/,
    ],
  ];
  for (const [answer, code, message] of cases) {
    await using collector = new Collector([answer]);
    const args = ["export", "otlp", "--endpoint", collector.url, "--file", file];
    const { stderr } = expectExit(await perfmon(args), code);
    assertMatch(stderr.trimEnd(), message);
    assertEquals(collector.taken.length, 1);
  }
});

Deno.test("export otlp: nobody there, or nobody who answers, is trouble and no hang", async () => {
  using folder = temporaryFolder();
  const file = logIn(folder.path);
  const listener = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  const url = `http://127.0.0.1:${listener.addr.port}`;
  const args = ["export", "otlp", "--endpoint", url, "--file", file, "--timeout", "500ms"];
  const silent = expectExit(await perfmon(args), 74);
  assertStringIncludes(silent.stderr, `Cannot send to "${url}/v1/metrics": no answer within 0.5 s`);
  listener.close();
  const { stderr } = expectExit(await perfmon(args), 74);
  assertMatch(
    stderr,
    /Cannot send to "http:[^"]*": Connection refused \(os error \d+\); is a receiver/,
  );
});

Deno.test("export otlp: an endpoint or a header that can't be used, or no endpoint, is wrong usage", async () => {
  using folder = temporaryFolder();
  const file = logIn(folder.path);
  const otlp = (...flags: string[]): string[] => ["export", "otlp", "--file", file, ...flags];
  assertStringIncludes(expectExit(await perfmon(otlp()), 64).stderr, "Missing --endpoint");
  for (const url of ["localhost:4318", "ftp://x", "http://ada:secret@x"]) {
    const { stderr } = expectExit(await perfmon(otlp("--endpoint", url)), 64);
    assertStringIncludes(stderr, "as the endpoint: give http://HOST:PORT");
    assert(!stderr.includes("secret"));
  }
  const env = { OTEL_EXPORTER_OTLP_HEADERS: "secret%" };
  const wrong = expectExit(await perfmon(otlp("--endpoint", "http://x"), { env }), 64);
  assertEquals(
    wrong.stderr,
    "perfmon: Cannot use $OTEL_EXPORTER_OTLP_HEADERS: give " +
      "NAME=VALUE,NAME=VALUE with percent-encoded values\n",
  );
  expectExit(await perfmon(otlp("--endpoint", "http://x", "--timeout", "0s")), 64);
});

Deno.test("export otlp: every answer of success is one, as for other senders", async () => {
  using folder = temporaryFolder();
  const file = logIn(folder.path);
  for (const status of [200, 202, 204]) {
    await using collector = new Collector([() => new Response(null, { status })]);
    const args = ["export", "otlp", "--endpoint", collector.url, "--file", file];
    const sent = expectExit(await perfmon(args), 0);
    assertEquals(sent.stderr, "");
  }
});

/** An answer of this status whose body never ends. */
function endless(status: number): Response {
  const chunk = new TextEncoder().encode("no ".repeat(20_000));
  return new Response(new ReadableStream({ pull: (controller) => controller.enqueue(chunk) }), {
    status,
  });
}

Deno.test("export otlp: of an answer without an end, or one that unpacks to gigabytes, the beginning is read", async () => {
  using folder = temporaryFolder();
  const file = logIn(folder.path);
  const bomb = (): Response =>
    new Response(endless(400).body?.pipeThrough(new CompressionStream("gzip")) ?? null, {
      status: 400,
      headers: { "content-encoding": "gzip" },
    });
  for (const answer of [() => endless(400), bomb]) {
    await using collector = new Collector([answer]);
    const args = ["export", "otlp", "--endpoint", collector.url, "--file", file];
    const { stderr } = expectExit(await perfmon(args), 74);
    assertMatch(stderr, /HTTP 400, no no no [no ]*\n$/);
    assert(stderr.length < 400, stderr);
  }
});

Deno.test(
  "export otlp: a pause longer than there is time is waited for till the end, without a warning",
  inQuietMoment(async () => {
    using folder = temporaryFolder();
    const busy = (): Response =>
      new Response("busy", { status: 503, headers: { "retry-after": "99999999999" } });
    await using collector = new Collector([busy]);
    const args = ["export", "otlp", "--endpoint", collector.url, "--file", logIn(folder.path)];
    const { stderr } = expectExit(await perfmon([...args, "--timeout", "300ms"]), 74);
    assertMatch(stderr, /^perfmon: Cannot send [^\n]*HTTP 503, busy\n$/);
    assertEquals(collector.taken.length, 1);
  }),
);

Deno.test("export otlp: what a server says can't steer the terminal", async () => {
  using folder = temporaryFolder();
  const file = logIn(folder.path);
  const answers = [
    () => new Response("", { status: 301, headers: { location: "https://x/\u009b31m" } }),
    () => Response.json({ partialSuccess: { rejectedDataPoints: "\u001b[2J9\u202e" } }),
  ];
  for (const answer of answers) {
    await using collector = new Collector([answer]);
    const { stderr } = await perfmon(
      ["export", "otlp", "--endpoint", collector.url, "--file", file],
    );
    assertMatch(stderr, /\?/);
    // deno-lint-ignore no-control-regex -- they are what must not be there
    assert(!/[\x1b\x80-\x9f\u202e]/.test(stderr), JSON.stringify(stderr));
  }
});
