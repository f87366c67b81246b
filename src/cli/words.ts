/** What the words and signs of tables mean, a sentence each. */
export const WORDS = {
  id: "ID is what perfmon show takes.",
  duration:
    "DURATION is the client's own figure of how long the tool ran (duration_ms), else end - start.",
  gate:
    "GATE is what else stood between request and run: the client's checks, auto mode, other hooks.",
  prompt: "PROMPT is how long the person was asked whether the tool may run.",
  cpu: "CPU is user + system of the processes that the tool started and waited for.",
  peak:
    "PEAK is the most memory that a call's processes held at once, shared pages once where that is known (rec start --watch).",
  growth: "RSS + is the change of the client's resident set during the call.",
  status:
    "STATUS is ok, error with its exit code, interrupted (stopped or denied), background (it returned, its work " +
    "goes on), running, or abandoned (it has no end and will have none: denied, cancelled or killed).",
  session: "SESSION is as much of the session's id as tells it from the others.",
  what: "WHAT is the command, host or name that the hook recorded (npm test).",
  project: "PROJECT is the last part of the folder that the session was opened on.",
  age: "AGE is the time since its start.",
  pid: "PID is the process's number, in a list of calls the client's.",
  left: "What was left behind (survivors) are processes of a call that has ended.",
  calls: "CALLS counts those that ended.",
  fail: "FAIL counts errors, not interruptions.",
  quantiles:
    "P50, P95 and P99 are the durations that so many in a hundred calls did not exceed, MAX the longest.",
  signs:
    "- or – is not known; ~ is approximate, because other calls ran at the same time; ≤ is at " +
    "most; ° is from a transcript; † is an agent's run, its own calls included.",
} as const;

/** The sentences of some of them, for a command's help. */
export function explain(...words: readonly (keyof typeof WORDS)[]): string {
  return words.map((word) => WORDS[word]).join(" ");
}
