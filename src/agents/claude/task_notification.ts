import type { HookEvent } from "../../row/hook_event.ts";
import type { Status } from "../../row/sample.ts";

const BEGINNING = "<task-notification>";

/** Far behind what is looked for, UTF-16 units: behind it stands what an agent has to report. */
const LENGTH = 16 * 1024;

/** At the end, behind an agent's report: how long it ran. */
const USAGE = /<duration_ms>(\d{1,10})<\/duration_ms><\/usage>\s*<\/task-notification>\s*$/;
const USAGE_LENGTH = 300;

/** How the client says that work ended, as a status. */
const STATUSES: Readonly<Record<string, Status>> = {
  completed: "ok",
  failed: "error",
  killed: "interrupted",
  stopped: "interrupted",
};

/**
 * What a prompt says of the end of background work: the client tells the model of it in a prompt of its own
 * (`<task-notification>`), and nobody has typed that. `undefined` for any other prompt. Nothing is
 * taken out of it but the id of the call that launched the work, and words and figures that are known.
 */
export function taskNotification(prompt: string | undefined): HookEvent | undefined {
  if (prompt?.startsWith(BEGINNING) !== true) return undefined;
  const text = prompt.slice(0, LENGTH);
  // Before the summary, in which a command stands as it was typed.
  const [head = "", rest = ""] = text.split("<summary>", 2);
  const [summary = ""] = rest.split("</summary>", 1);
  const status = STATUSES[/<status>(\w+)<\/status>/.exec(head)?.[1] ?? ""];
  const exitCode = /\bexit code (\d{1,3})\)?$/.exec(summary)?.[1];
  return {
    event: "done",
    toolUseId: /<tool-use-id>([\w:.-]{1,100})<\/tool-use-id>/.exec(head)?.[1],
    status,
    exitCode: figure(exitCode),
    durationMs: figure(USAGE.exec(prompt.slice(-USAGE_LENGTH))?.[1]),
  };
}

function figure(digits: string | undefined): number | undefined {
  return digits === undefined ? undefined : Number(digits);
}
