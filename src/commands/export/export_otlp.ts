import { variable } from "../../files/environment.ts";
import config from "../../../deno.json" with { type: "json" };
import { parseDuration } from "../../text/units.ts";
import { otlpRequest } from "./otlp_request.ts";
import { type Arguments, type Command, CommandError, EXIT } from "../../cli/command.ts";
import { COMMAND_FLAG, LABEL_FLAG, labelsOf } from "./export_prometheus.ts";
import { withMetrics } from "./with_metrics.ts";
import { type OtlpTarget, pushOtlp } from "./otlp_push.ts";
import { warn, write } from "../../cli/output.ts";
import { locate } from "../../query/asked_log.ts";
import { FILE_FLAG } from "../../query/selection_flags.ts";

const DEFAULT_TIMEOUT = "10s";

/** `perfmon export otlp`. */
export const exportOtlp: Command = {
  name: "export otlp",
  readsLog: true,
  summary: "Send the metrics to an OpenTelemetry receiver by OTLP/HTTP, once",
  flags: [
    {
      name: "endpoint",
      value: "URL",
      help: "Receiver, e.g. http://localhost:4318; /v1/metrics is added unless it ends so " +
        "(default: $OTEL_EXPORTER_OTLP_METRICS_ENDPOINT as it is, else $OTEL_EXPORTER_OTLP_ENDPOINT)",
    },
    { ...LABEL_FLAG, help: "Add an attribute to every data point, e.g. user=ada" },
    {
      name: "timeout",
      value: "TIME",
      help: `For all attempts together (default: ${DEFAULT_TIMEOUT})`,
    },
    COMMAND_FLAG,
    { name: "dry-run", help: "Print the request's body, and send nothing" },
    FILE_FLAG,
  ],
  notes: [
    "For laptops that nobody scrapes: call it from a timer. Sums are cumulative, so that what one " +
    "push could not deliver comes with the next. The figures are those of perfmon export prometheus, " +
    "named after OpenTelemetry's habits (perfmon.tool.duration, unit s); CPU and memory of the " +
    "Claude Code processes, summed, are process.cpu.time and process.memory.usage of the service " +
    "claude-code. This host's name goes with them; no session or path does, and no command unless --command asks for " +
    "perfmon.command.calls, perfmon.command.duration and perfmon.command.cpu.",
    "Headers, e.g. of a login, come from $OTEL_EXPORTER_OTLP_METRICS_HEADERS or " +
    "$OTEL_EXPORTER_OTLP_HEADERS (NAME=VALUE,…, values percent-encoded), and never from the " +
    "command line, which others can see. Exits 74 where the receiver can't be reached or refuses, 1 " +
    "where it takes only a part.",
  ],
  examples: [
    ["export otlp --endpoint http://localhost:4318", "to a collector"],
    ["export otlp --endpoint http://localhost:4318 --dry-run", "what would be sent"],
  ],
  run,
};

async function run(args: Arguments): Promise<number> {
  const labels = labelsOf(args);
  const target = args.has("dry-run") ? undefined : targetOf(args);
  const location = locate(args);
  const body = await withMetrics(
    location,
    { withCommands: args.has("command") },
    (metrics, since) => {
      const context = { version: config.version, host: Deno.hostname(), labels, since };
      return JSON.stringify(otlpRequest(metrics, { ...context, now: Date.now() / 1000 }));
    },
  );
  if (target === undefined) {
    write(body + "\n");
    return EXIT.ok;
  }
  const rejected = await pushOtlp(target, body);
  if (rejected === undefined) return EXIT.ok;
  warn(`"${target.url.origin}${target.url.pathname}": ${rejected}`);
  return EXIT.no;
}

function targetOf(args: Arguments): OtlpTarget {
  const timeout = args.text("timeout") ?? DEFAULT_TIMEOUT;
  const timeoutSeconds = parseDuration(timeout);
  if (timeoutSeconds === undefined || timeoutSeconds <= 0) {
    throw new CommandError(
      `Cannot use "${timeout}" for --timeout: give a duration, e.g. ${DEFAULT_TIMEOUT}`,
      EXIT.usage,
    );
  }
  return { url: endpointOf(args), headers: headersOf(), timeoutSeconds };
}

/** The address of the request; throws a `CommandError` (64) where none is given or it is none. */
function endpointOf(args: Arguments): URL {
  const exact = variable("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT") || undefined;
  const base = args.text("endpoint") ??
    (exact === undefined ? variable("OTEL_EXPORTER_OTLP_ENDPOINT") || undefined : undefined);
  const given = base ?? exact;
  if (given === undefined) {
    throw new CommandError(
      "Missing --endpoint: give the receiver's URL, e.g. http://localhost:4318",
      EXIT.usage,
    );
  }
  const url = URL.parse(given);
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== "") {
    throw new CommandError(
      `Cannot use "${
        given.replace(/\/\/[^/@]*@/, "//…@")
      }" as the endpoint: give http://HOST:PORT ` +
        "or https://…, and a login by $OTEL_EXPORTER_OTLP_HEADERS",
      EXIT.usage,
    );
  }
  if (base !== undefined && !/\/v1\/metrics\/?$/.test(url.pathname)) {
    url.pathname = `${url.pathname.replace(/\/$/, "")}/v1/metrics`;
  }
  return url;
}

/** The headers of OpenTelemetry's environment variables; their values are shown to nobody. */
function headersOf(): Record<string, string> {
  const name = ["OTEL_EXPORTER_OTLP_METRICS_HEADERS", "OTEL_EXPORTER_OTLP_HEADERS"]
    .find((each) => variable(each));
  const text = name === undefined ? "" : variable(name) ?? "";
  const headers: Record<string, string> = {};
  for (const pair of text.split(",").filter((each) => each.trim() !== "")) {
    const [, key = "", value = ""] = /^\s*([^=\s]+)\s*=(.*)$/s.exec(pair) ?? [];
    try {
      headers[key] = decodeURIComponent(value.trim());
      new Headers({ [key]: headers[key] });
    } catch {
      throw new CommandError(
        `Cannot use $${name}: give NAME=VALUE,NAME=VALUE with percent-encoded values`,
        EXIT.usage,
      );
    }
  }
  return headers;
}
