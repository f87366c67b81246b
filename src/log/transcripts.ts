import { lstatIfThere, statIfThere } from "../files/if_there.ts";
import { readTextFile } from "../files/text_file.ts";
import type { Environment } from "../files/environment.ts";

/** A transcript of Claude Code: one session, or one subagent of it. */
export interface Transcript {
  readonly path: string;
  readonly isSubagent: boolean;
  /** Bytes. */
  readonly size: number;
  /** Time of its last change, milliseconds since the epoch. */
  readonly modified: number;
}

/** Where Claude Code keeps transcripts; `undefined` where nothing tells (no `HOME`). */
export function transcriptsFolder(environment: Environment): string | undefined {
  const folder = environment("CLAUDE_CONFIG_DIR");
  if (folder) return `${folder}/projects`;
  const home = environment("HOME");
  return home ? `${home}/.claude/projects` : undefined;
}

/**
 * The transcripts in a folder, oldest change first; none where it is not there. Sessions are
 * `PROJECT/SESSION.jsonl`; their subagents `PROJECT/SESSION/subagents/agent-ID.jsonl` or in a folder
 * below (`agent_transcript_path` of SubagentStop), of older clients `PROJECT/agent-ID.jsonl`.
 */
export function listTranscripts(folder: string): Transcript[] {
  const found: Transcript[] = [];
  for (const project of entries(folder)) {
    for (const name of entries(`${folder}/${project}`)) {
      const path = `${folder}/${project}/${name}`;
      if (name.endsWith(".jsonl")) found.push(...transcriptAt(path));
      else found.push(...listSubagents(`${path}/subagents`));
    }
  }
  return found.sort((a, b) => a.modified - b.modified || (a.path < b.path ? -1 : 1));
}

function listSubagents(folder: string): Transcript[] {
  return entries(folder).flatMap((name) => {
    const path = `${folder}/${name}`;
    if (isOfSubagent(path)) return transcriptAt(path);
    // A link may lead back to where it is: the client makes none there.
    return lstatIfThere(path)?.isDirectory === true ? listSubagents(path) : [];
  });
}

function transcriptAt(path: string): Transcript[] {
  const info = statIfThere(path);
  if (info?.isFile !== true) return [];
  const { size, mtime } = info;
  return [{ path, size, modified: mtime?.getTime() ?? 0, isSubagent: isOfSubagent(path) }];
}

function isOfSubagent(path: string): boolean {
  return /\/agent-[^/]+\.jsonl$/.test(path);
}

/** The type of a subagent, from the file that Claude Code keeps beside its transcript; `undefined` where none tells. */
export function readAgentType({ path, isSubagent }: Transcript): string | undefined {
  if (!isSubagent) return undefined;
  try {
    const { agentType } = JSON.parse(
      readTextFile(path.replace(/jsonl$/, "meta.json"), { limit: 1 })?.text ?? "{}",
    );
    return typeof agentType === "string" && agentType !== "" ? agentType : undefined;
  } catch {
    return undefined;
  }
}

/** A line is no longer than an answer with its images, UTF-16 units; the rest of a longer one is passed over. */
const LINE_LIMIT = 64 << 20;

/** The lines of a transcript, a chunk at a time; a last one that is still being written is left out. */
export function* readLines(path: string): Generator<readonly string[]> {
  using file = Deno.openSync(path, { read: true });
  const buffer = new Uint8Array(1 << 20);
  const decoder = new TextDecoder();
  let rest = "";
  for (let count = file.readSync(buffer); count !== null; count = file.readSync(buffer)) {
    const text = decoder.decode(buffer.subarray(0, count), { stream: true });
    const lines = text.split("\n");
    // To cut a full one again for each piece would copy it as often.
    lines[0] = rest.length < LINE_LIMIT ? (rest + lines[0]).slice(0, LINE_LIMIT) : rest;
    rest = lines.pop() ?? "";
    yield lines;
  }
  if (rest.endsWith("}")) yield [rest];
}

/** Sorted; none for what is no folder. */
function entries(folder: string): string[] {
  try {
    return [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
  } catch {
    return [];
  }
}
