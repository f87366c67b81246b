import type { Client } from "./client_cpu.ts";
import { Counters, emptyTool, type OpenCall, type ToolCounters } from "./counters.ts";
import { CommandCounters } from "./command_counters.ts";
import type { EndedCall } from "./ended_calls.ts";
import { END_STATUSES } from "../call_state.ts";

/** Counters as JSON values. */
export function countersToJson(counters: Counters): Record<string, unknown> {
  return {
    since: counters.since,
    tools: [...counters.tools].map(([name, tool]) => ({ name, ...tool })),
    open: counters.open,
    ended: [...counters.ended],
    clientCpuSeconds: counters.client.seconds,
    clients: counters.client.clients,
    ...(counters.commands && { commands: counters.commands.counters }),
  };
}

/** The counters that `countersToJson` gave, through JSON and back; throws where it is anything else. */
export function countersFromJson(value: unknown): Counters {
  const json = object(value);
  const counters = new Counters(figure(json["since"]));
  for (const each of list(json["tools"])) {
    const tool = object(each);
    counters.tools.set(text(tool["name"]), toolFromJson(tool));
  }
  for (const each of list(json["ended"])) {
    // perfmon 0.1.0 knew ids only, of which nothing tells whether they came again.
    if (typeof each === "string") continue;
    const call = object(each);
    text(call["toolName"]);
    figure(call["end"]);
    counters.ended.add(call as unknown as EndedCall);
  }
  counters.client.seconds = figure(json["clientCpuSeconds"]);
  for (const each of list(json["clients"])) {
    const client = object(each);
    for (const span of list(client["spans"])) list(span).forEach(figure);
    figure(client["pid"]);
    counters.client.clients.push(client as unknown as Client);
  }
  if (json["commands"] !== undefined) counters.commands = commandsFromJson(list(json["commands"]));
  counters.restore(
    list(json["open"]).map((each) => {
      const { rows, abandoned } = object(each);
      for (const row of list(rows)) checkRow(object(row));
      return { rows, abandoned: abandoned === true } as OpenCall;
    }),
  );
  return counters;
}

function commandsFromJson(given: readonly unknown[]): CommandCounters {
  const commands = new CommandCounters();
  for (const each of given) {
    const json = object(each);
    const counter = commands.of(text(json["tool"]), text(json["command"]));
    const calls = object(json["calls"]);
    for (const status of END_STATUSES) counter.calls[status] = figure(calls[status]);
    counter.durationSeconds = figure(json["durationSeconds"]);
    counter.cpuSeconds = figure(json["cpuSeconds"]);
  }
  return commands;
}

function toolFromJson(json: Record<string, unknown>): ToolCounters {
  const tool = emptyTool();
  const calls = object(json["calls"]);
  for (const status of END_STATUSES) tool.calls[status] = figure(calls[status]);
  const durations = list(json["durations"]).map(figure);
  if (durations.length !== tool.durations.length) throw new Error("it has other buckets");
  tool.durations.splice(0, durations.length, ...durations);
  tool.durationSeconds = figure(json["durationSeconds"]);
  tool.waitSeconds = figure(json["waitSeconds"]);
  tool.cpuSeconds = figure(json["cpuSeconds"]);
  if (json["peaks"] === undefined) return tool; // of before there were any
  const peaks = list(json["peaks"]).map(figure);
  if (peaks.length !== tool.peaks.length) throw new Error("it has other buckets");
  tool.peaks.splice(0, peaks.length, ...peaks);
  tool.peakBytes = figure(json["peakBytes"]);
  return tool;
}

function checkRow(row: Record<string, unknown>): void {
  figure(row["timestamp"]);
  text(row["toolName"]);
  text(row["event"]);
}

/** A JSON object; throws where it is none. */
export function object(value: unknown): Record<string, unknown> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  throw new Error("an object is missing");
}

/** A number; throws where it is none. */
export function figure(value: unknown): number {
  if (typeof value === "number" && Number.isFinite(value)) return value;
  throw new Error("a number is missing");
}

/** A text; throws where it is none. */
export function text(value: unknown): string {
  if (typeof value === "string") return value;
  throw new Error("a text is missing");
}

/** A list; throws where it is none. */
export function list(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  throw new Error("a list is missing");
}
