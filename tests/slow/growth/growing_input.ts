/** Logs, transcripts and spools of any size, in which all that may come in numbers grows with it. */
import { formatRow, FULL_COLUMNS, FULL_HEADER } from "../../../src/row/columns.ts";
import type { Sample } from "../../../src/row/sample.ts";
import { bashEvent, type SpoolHome } from "../../kit/homes.ts";
import { call, end, start } from "../../kit/samples.ts";

/** Six days of calls, which ended an hour ago. */
const HOURS = 6 * 24;

/**
 * Writes a log of so many calls: half of them of one session, with turns, prompts, subagents, calls beside others,
 * ids that come again and none; a tenth at one time, the person asked for each; the others each of a session, a project, a client in a container, a tool and a
 * command of its own.
 */
export function writeCalls(path: string, calls: number): void {
  const begin = Math.floor(Date.now() / 1000) - (HOURS + 1) * 3600;
  const step = HOURS * 3600 / calls;
  const rows: Sample[] = [];
  for (let number = 0; number < calls; number++) {
    const time = begin + number * step;
    if (number % 10 === 7) rows.push(...ofOneMoment(number, begin));
    else rows.push(...(number % 2 === 0 ? ofOne : ofMany)(number, time, step));
  }
  rows.sort((a, b) => a.timestamp - b.timestamp);
  using file = Deno.openSync(path, { write: true, create: true, truncate: true });
  const encoder = new TextEncoder();
  file.writeSync(encoder.encode(`${FULL_HEADER}\n`));
  for (let from = 0; from < rows.length; from += 1000) {
    const lines = rows.slice(from, from + 1000).map((row) => formatRow(row, FULL_COLUMNS));
    const bytes = encoder.encode(lines.join(""));
    for (let written = 0; written < bytes.length;) {
      written += file.writeSync(bytes.subarray(written));
    }
  }
}

function ofOne(number: number, time: number, step: number): Sample[] {
  const promptId = `p${number - number % 20}`;
  const row: Partial<Sample> = {
    ...usage(number),
    pid: 100,
    processStart: 1,
    sessionId: "one",
    promptId,
    project: "api",
    clientVersion: "2.1.330",
  };
  if (number % 20 === 0) {
    return [start(time, { ...row, toolName: "unknown" })].map((each) => ({
      ...each,
      event: "prompt",
    }));
  }
  const agentId = number % 6 === 0 ? `a${number}` : undefined;
  const id = number % 10 === 4 ? "call_0" : `toolu_01${String(number).padStart(22, "0")}`;
  const asked = start(time + step / 8, { ...row, agentId });
  return [
    ...number % 14 === 8
      ? [start(time, row), end(time + step, row)]
      : call(id, time, time + 5 * step, { ...row, agentId, durationMs: 4000 * step }),
    ...number % 10 === 2 ? [{ ...asked, event: "permission" as const }] : [],
  ];
}

function ofMany(number: number, time: number, step: number): Sample[] {
  const digits = String(number).padStart(8, "0");
  return call(`toolu_02${digits.padStart(22, "0")}`, time, time + step / 2, {
    ...usage(number),
    ...number % 4 === 1 ? { toolName: `mcp__s${digits}__tool` } : { command: `git ${digits}` },
    pid: 7,
    processStart: Math.floor(time) - 3,
    sessionId: `${digits}-4000-8000-000000000000`,
    project: `project${digits}`,
    clientVersion: `2.1.${digits}`,
    durationMs: 400 * step,
  });
}

/** All are asked for before any ends. */
function ofOneMoment(number: number, begin: number): Sample[] {
  const time = begin + number / 100;
  const row = { ...usage(number), pid: 100, processStart: 1, sessionId: "moment", project: "api" };
  const toolUseId = `toolu_04${String(number).padStart(22, "0")}`;
  return [
    ...call(toolUseId, time, time + 200, { ...row, durationMs: 50_000 }),
    { ...start(time + 50, row), event: "permission" },
  ];
}

function usage(number: number): Partial<Sample> {
  return {
    cpuPercent: 3,
    memoryRss: 300_000 + number % 1000,
    cpuSeconds: number / 100,
    childCpuSeconds: number / 50,
    treeRss: 310_000 + number % 1000,
    children: number % 3,
  };
}

/** Writes a transcript of so many calls of one session, a turn for every twenty. */
export function writeTranscript(path: string, calls: number): void {
  const begin = Date.now() - HOURS * 3_600_000;
  const common = { cwd: "/work/api", sessionId: "one", version: "2.1.330", isSidechain: false };
  const lines: unknown[] = [];
  for (let number = 0; number < calls; number++) {
    const at = (part: number): string => new Date(begin + 1000 * number + part).toISOString();
    const id = `toolu_03${String(number).padStart(22, "0")}`;
    const content = number % 20 === 0 ? [{ role: "user", content: "do it" }] : [];
    const uuid = `u${number}`;
    const promptId = `p${number - number % 20}`;
    lines.push(
      ...content.map((message) => ({
        ...{ ...common, type: "user", message, promptId, uuid: `p${number}` },
        timestamp: at(0),
        promptSource: "typed",
      })),
      {
        ...{ ...common, type: "assistant", uuid, timestamp: at(10) },
        message: {
          role: "assistant",
          content: [{ type: "tool_use", id, name: "Bash", input: { command: "true" } }],
        },
      },
      {
        ...{ ...common, type: "user", promptId, uuid: `r${number}`, timestamp: at(500) },
        message: { role: "user", content: [{ type: "tool_result", tool_use_id: id }] },
        toolUseResult: { stdout: "", stderr: "", interrupted: false },
        sourceToolAssistantUUID: uuid,
      },
    );
  }
  Deno.writeTextFileSync(path, lines.map((line) => JSON.stringify(line) + "\n").join(""));
}

/** Leaves records of so many calls in a spool: copies of one that its hooks wrote. */
export async function fillSpool(home: SpoolHome, calls: number): Promise<void> {
  for (const moment of ["start", "end"] as const) {
    await home.hook(moment, bashEvent(moment, "id-0"));
  }
  for (const name of home.waiting()) {
    const text = Deno.readTextFileSync(`${home.spool}/${name}`);
    for (let number = 1; number < calls; number++) {
      const copy = name.replace(/\.\d+\./, `.${1_000_000 + number}.`);
      Deno.writeTextFileSync(`${home.spool}/${copy}`, text.replace('"id-0"', `"id-${number}"`));
    }
  }
}
