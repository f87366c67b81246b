import { statIfThere } from "./io.ts";
import type { Environment } from "./location.ts";

/** A transcript of Claude Code: one session. */
export interface Transcript {
  readonly path: string;
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

/** The transcripts in a folder, `PROJECT/SESSION.jsonl`, oldest change first; none where it is not there. */
export function listTranscripts(folder: string): Transcript[] {
  const found: Transcript[] = [];
  for (const project of entries(folder)) {
    for (const name of entries(`${folder}/${project}`)) {
      const path = `${folder}/${project}/${name}`;
      const info = name.endsWith(".jsonl") ? statIfThere(path) : undefined;
      if (info?.isFile === true) {
        found.push({ path, size: info.size, modified: info.mtime?.getTime() ?? 0 });
      }
    }
  }
  return found.sort((a, b) => a.modified - b.modified || (a.path < b.path ? -1 : 1));
}

/** The lines of a transcript, a chunk at a time; a last one that is still being written is left out. */
export function* readLines(path: string): Generator<readonly string[]> {
  using file = Deno.openSync(path, { read: true });
  const buffer = new Uint8Array(1 << 20);
  const decoder = new TextDecoder();
  let rest = "";
  for (let count = file.readSync(buffer); count !== null; count = file.readSync(buffer)) {
    const text = decoder.decode(buffer.subarray(0, count), { stream: true });
    const lines = text.split("\n");
    lines[0] = rest + lines[0];
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
