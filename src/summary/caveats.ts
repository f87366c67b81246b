import { plural, UNKNOWN } from "../text/units.ts";
import { RESIDENT } from "./calls_text.ts";
import { isCpuMarked, overlaps } from "./report_columns.ts";
import type { Report } from "./summary.ts";

/** What a row without a tool's name is read as. */
const NO_TOOL = "unknown";

/** What the signs in the table mean, as far as it has them. */
export function signs(report: Report, table: string, wide: boolean | undefined): string[] {
  const { groups, mcpTools } = report;
  const kinds: string[] = [];
  if (groups.some(({ kind }) => kind === "agent")) {
    kinds.push("† an agent's run, its calls included");
  }
  if (groups.some(({ kind }) => kind === "mcp")) {
    kinds.push(`‡ MCP server, ${plural(mcpTools, "tool")}: its CPU in calls that ran alone`);
  }
  const figures: string[] = [];
  if (overlaps(report)) figures.push("§ calls at the same time count once");
  if (table.includes(UNKNOWN)) {
    figures.push(`– not known or under 20 calls${wide === true ? " (P99: 100)" : ""}`);
  }
  if ([...groups, report.all].some((group) => group.isPeakShared || isCpuMarked(group))) {
    figures.push("~ with CPU of calls at the same time");
  }
  if (/\d [BKMGT]\*/.test(table)) figures.push(`* ${RESIDENT}`);
  return [kinds, figures].filter((each) => each.length > 0).map((each) => each.join("   "));
}

/** What a reader has to know of the figures. */
export function caveats(report: Report, wide: boolean | undefined): string[] {
  const { all, groups } = report;
  const notes: string[] = [];
  const note = (count: number, noun: string, rest: string): void => {
    if (count > 0) notes.push(plural(count, noun) + rest);
  };
  note(report.abandoned, "start", " abandoned: denied, cancelled or killed");
  note(all.interrupted, "call", " interrupted, which is no failure");
  note(all.background, "call", " went on in the background: not in P50, P95, MAX");
  note(
    all.imported,
    "call",
    " imported from transcripts (°): wall time, the gate included, no CPU",
  );
  note(report.withoutStart, "end", " without a start");
  note(report.approximate, "call", " without an id overlapped: paired by order, times approximate");
  note(
    report.reversed,
    "call",
    " whose start and end don't fit together: the clock was set, or hooks ran out of order",
  );
  const nameless = groups.find(({ name, kind }) => kind === "tool" && name === NO_TOOL);
  note(
    nameless?.calls ?? 0,
    "call",
    " of unknown tools: Claude Code never sets $CLAUDE_TOOL_NAME, which old shell hooks go by; " +
      '"perfmon hooks install" records names',
  );
  if (all.calls > 0 && all.failed === undefined) {
    notes.push(
      "No row says how a call ended: the basic layout knows no failures, gate or CPU time" +
        (report.sessions === 0 ? ", no sessions and no projects" : ""),
    );
  }
  if (wide === true && groups.length > 0) {
    notes.push(
      "RSS and %CPU are those of the client (in rows of old shell hooks of the hook's own shell), at " +
        "the start and end of calls; GROWTH is what its RSS " +
        "changed by during them. CPU% is CPU over the time in tools, SHARE the part of that time",
    );
  }
  return notes;
}
