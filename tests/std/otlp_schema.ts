/** The published schema of OTLP metrics, as OpenTelemetry's own JavaScript has it. */
// @ts-types="./otlp_schema.d.ts"
import root from "@opentelemetry/otlp-transformer/build/src/generated/root.js";
import { assertEquals } from "./std_assert.ts";

const REQUEST = root.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;

/**
 * Checks a body against the schema and the JSON encoding of OTLP: decoded and encoded again it has to
 * be the same, which it isn't with an unknown or misspelt key, a 64-bit integer that is no decimal
 * string, an enum that is no integer, or a value of another type.
 */
export function expectOtlp(body: unknown): void {
  assertEquals(REQUEST.toObject(REQUEST.fromObject(body), { longs: String }), body);
}
