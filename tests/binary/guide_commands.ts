/** What stands in code blocks of the pages that a person reads: commands to paste, and commands with their output. */
import { readProjectFile, ROOT } from "../kit/project.ts";

/** A command in a page with what it prints there. */
export interface Transcript {
  readonly command: string;
  /** The lines below it; a last line `…` says that more would follow. */
  readonly output: readonly string[];
}

/** Begins a line that is pasted into a shell, as against one of a program's output. */
const COMMAND = /^(perfmon|npx|rm|make|cd|deno|claude) /;

/** The code blocks of a page, each as its lines without the indent; of one section where that is named. */
function blocksOf(page: string, section?: string): string[][] {
  const blocks: string[][] = [];
  let heading = "";
  let last: string[] | undefined;
  for (const line of readProjectFile(page).split("\n")) {
    if (/^#+ /.test(line)) heading = line.replace(/^#+ /, "");
    const isWanted = section === undefined || heading === section;
    if (line.startsWith("    ") && isWanted) {
      if (last === undefined) blocks.push(last = []);
      last.push(line.slice(4));
    } else if (line === "") last?.push("");
    else last = undefined;
  }
  return blocks.map((lines) => lines.join("\n").trimEnd().split("\n"));
}

/** The blocks of a page that are commands to paste, as their lines. */
export function commandsOf(page: string, section?: string): string[][] {
  return blocksOf(page, section).filter(([first = ""]) => COMMAND.test(first));
}

/** The commands of a page that stand there with what they print. */
export function transcriptsOf(page: string): Transcript[] {
  return blocksOf(page).filter(([first = ""]) => first.startsWith("$ ")).map(
    ([first = "", ...output]) => ({ command: first.slice(2), output }),
  );
}

/** Writes a transcript anew into a page. */
export function renewTranscript(page: string, old: Transcript, output: readonly string[]): void {
  const block = (lines: readonly string[]): string =>
    [`$ ${old.command}`, ...lines].map((line) => line === "" ? "" : `    ${line}`).join("\n");
  const text = readProjectFile(page).replace(block(old.output), () => block(output));
  Deno.writeTextFileSync(`${ROOT}/${page}`, text);
}
