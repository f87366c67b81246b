/** Transcripts for tests of import. */
import { perfmon, type RunResult } from "../../kit/perfmon.ts";

export const CAPTURED = Deno.readTextFileSync(
  `${import.meta.dirname}/../../testdata/transcript.jsonl`,
);

export const SESSION = "084eaac8-8a67-4e97-9b13-49511b9e047f";

/** A configuration folder of Claude Code with one transcript, and perfmon run with it. */
export function withTranscript(
  folder: string,
  text = CAPTURED,
): (...args: string[]) => Promise<RunResult> {
  Deno.mkdirSync(`${folder}/projects/-home-dev-project`, { recursive: true });
  Deno.writeTextFileSync(`${folder}/projects/-home-dev-project/${SESSION}.jsonl`, text);
  const options = { env: { CLAUDE_CONFIG_DIR: folder, LANG: "C.UTF-8" } };
  return (...args) => perfmon(args, options);
}
