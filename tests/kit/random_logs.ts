/** Logs at random, as samples: calls of all kinds, their rows doubled, lost and out of order by some seconds. */
import fc from "fast-check";
import type { Sample } from "../../src/row/sample.ts";
import { end, start } from "./samples.ts";

/** What happens in a log, and what becomes of its rows on their way there. */
interface Happening {
  readonly kind: "call" | "again" | "loose" | "run";
  readonly from: number;
  readonly seconds: number;
  readonly toolName: string;
  readonly session: string | undefined;
  readonly agent: string | undefined;
  readonly pid: number | undefined;
  readonly status: Sample["status"];
  readonly durationMs: number | undefined;
  /** Which of its rows there are. */
  readonly rows: "both" | "start" | "end";
  /** Seconds by which its rows come late. */
  readonly late: readonly [number, number];
  /** Seconds between a row and its double; 0 for none. */
  readonly double: number;
  /** The tool that the double names, if another. */
  readonly doubleTool: string | undefined;
  /** Seconds after its end at which its work ends, which went on in the background, and by which that row comes early. */
  readonly done: readonly [after: number, early: number] | undefined;
  /** The same of what its processes came to, with the figure. */
  readonly peak: readonly [after: number, early: number, rss: number] | undefined;
}

const HAPPENING: fc.Arbitrary<Happening> = fc.record({
  kind: fc.constantFrom("call", "call", "again", "again", "loose", "run"),
  from: fc.nat(400).map((tenths) => tenths / 4),
  seconds: fc.oneof(fc.nat(20).map((tenths) => tenths / 4), fc.nat(100), fc.constant(-3)),
  toolName: fc.constantFrom("Bash", "Read", "Agent", "Agent", "mcp__github__search"),
  session: fc.constantFrom("s", "s", "t", undefined),
  agent: fc.constantFrom(undefined, undefined, "sub", "other"),
  pid: fc.constantFrom(100, 100, 200, undefined),
  status: fc.constantFrom("ok", "ok", "error", "interrupted", "background", undefined),
  durationMs: fc.oneof(fc.constantFrom(undefined, 12), fc.nat(20_000)),
  rows: fc.constantFrom("both", "both", "both", "start", "end"),
  late: fc.tuple(lateness(), lateness()),
  double: fc.constantFrom(0, 0, 0, 0.01, -0.01, 1),
  doubleTool: fc.constantFrom(undefined, undefined, undefined, "Bash", "Agent"),
  done: fc.oneof(
    fc.constant(undefined),
    fc.tuple(fc.constantFrom(0, 1, 5, 30), fc.constantFrom(0, 0, 60)),
  ),
  peak: fc.oneof(
    fc.constant(undefined),
    fc.tuple(fc.constantFrom(-10, 0, 1, 5), fc.constantFrom(0, 0, 60), fc.constantFrom(100, 200)),
  ),
});

/** Most rows come at once. */
function lateness(): fc.Arbitrary<number> {
  return fc.constantFrom(0, 0, 0, 0, 0.5, 2, 3, 30);
}

/** The rows of a log, in the order in which they stand in it. */
export const randomLog: fc.Arbitrary<Sample[]> = fc.array(HAPPENING, { maxLength: 60, size: "max" })
  .map((happenings) =>
    happenings.flatMap(rowsOf).sort((a, b) => a.arrival - b.arrival).map(({ row }) => row)
  );

/** Cuts a log into pieces at random places. */
export function piecesOf<Row>(rows: readonly Row[], cuts: readonly number[]): Row[][] {
  const places = cuts.map((cut) => cut % (rows.length + 1)).sort((a, b) => a - b);
  return [...places, rows.length].map((to, index) => rows.slice(places[index - 1] ?? 0, to));
}

/** Random places for `piecesOf`. */
export const randomCuts: fc.Arbitrary<number[]> = fc.array(fc.nat(), { maxLength: 20 });

function rowsOf(
  happening: Happening,
  index: number,
): { readonly row: Sample; readonly arrival: number }[] {
  const { from, seconds, rows, late, double, doubleTool } = happening;
  const names = namesOf(happening, index);
  const to = from + seconds;
  const made = [
    { row: start(from, { ...names, ...usageAt(from) }), arrival: from + late[0] },
    { row: end(to, { ...names, ...usageAt(to), ...endOf(happening) }), arrival: to + late[1] },
  ].filter(({ row: { event } }) => rows === "both" || rows === event);
  if (happening.done !== undefined && names.toolUseId !== undefined) {
    const [after, early] = happening.done;
    const { sessionId, pid, processStart, toolUseId } = names;
    const ids = { sessionId, pid, processStart, toolUseId, status: undefined, exitCode: 3 };
    const row: Sample = { ...start(to + after, ids), event: "done", toolName: "unknown" };
    made.push({ row, arrival: to + after - early });
  }
  if (happening.peak !== undefined && names.toolUseId !== undefined) {
    const [after, early, peakRss] = happening.peak;
    const row: Sample = { ...start(to + after, { ...names, peakRss }), event: "peak" };
    made.push({ row, arrival: to + after - early });
  }
  if (double === 0) return made;
  // A row of an agent's that names no call and the tool Agent would be of a run, and lack its type.
  const other = names.toolUseId === undefined ? undefined : doubleTool;
  const doubles = made.map(({ row, arrival }) => ({
    row: { ...row, timestamp: row.timestamp + double, toolName: other ?? row.toolName },
    arrival: arrival + 0.001,
  }));
  return [...made, ...doubles];
}

function namesOf(happening: Happening, index: number): Partial<Sample> {
  const { kind, toolName, session, agent, pid } = happening;
  const common = { sessionId: session, pid, processStart: pid };
  if (kind === "run") {
    // The client's own forks have no type; all rows of one agent say the same of it.
    const agentType = agent === "other" ? undefined : "Explore";
    return { ...common, toolName: "Agent", agentId: agent ?? `sub${index % 5}`, agentType };
  }
  const names = { ...common, toolName, agentId: toolName === "Agent" ? undefined : agent };
  if (kind === "loose") return names;
  // An id that comes again, as of models that number theirs anew.
  return { ...names, toolUseId: kind === "call" ? `toolu_${index}` : `call_${index % 2}` };
}

function usageAt(time: number): Partial<Sample> {
  return { cpuSeconds: time / 8, childCpuSeconds: time / 4, memoryRss: 1000 + 4 * time };
}

function endOf({ status, durationMs }: Happening): Partial<Sample> {
  return { status, durationMs };
}
