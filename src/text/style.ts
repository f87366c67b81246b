/** What a part of a text is about, where colour says so besides its words or figures: it never stands alone. */
export type Tone = "fail" | "slow" | "running";

/** How parts of a text are set apart; each takes and returns a text of the same width. */
export type Style = Readonly<Record<"strong" | "faint" | Tone, (text: string) => string>>;

const asItIs = (text: string): string => text;

/** Nothing is set apart. */
export const PLAIN: Style = {
  strong: asItIs,
  faint: asItIs,
  fail: asItIs,
  slow: asItIs,
  running: asItIs,
};

/** A call that takes so long loses a person's attention (Nielsen, Usability Engineering, 1993), seconds. */
const SLOW_SECONDS = 10;

/** The tone of a duration, seconds. */
export function toneOf(seconds: number | undefined): Tone | undefined {
  return seconds !== undefined && seconds >= SLOW_SECONDS ? "slow" : undefined;
}
