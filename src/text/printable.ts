/**
 * Characters that steer a terminal instead of being shown: C0, DEL, C1 (U+009B begins a sequence as ESC [
 * does), and those that turn the direction of what follows (Unicode Standard Annex 9: "Trojan Source").
 */
const STEERING = "\\x00-\\x1f\\x7f-\\x9f\\u061c\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069";
const ALL_STEERING = new RegExp(`[${STEERING}]`, "g");

/** The sequences by which perfmon itself sets parts of a text apart (`Style`), line ends and tabs. */
const OWN = "\\x1b\\[(?:1|2|22|31|33|36|39)m|[\\n\\t]";
const OWN_OR_STEERING = new RegExp(`(${OWN})|[${STEERING}]`, "g");

/** A name, or another text of one line, for a terminal: what would steer it becomes `?`. */
export function printable(text: string): string {
  return text.replace(ALL_STEERING, "?");
}

/**
 * A text of any number of lines for a terminal: what would steer it becomes `?`, but line ends and
 * `Style`s stay.
 */
export function printableLines(text: string): string {
  return text.replace(OWN_OR_STEERING, (_, own?: string) => own ?? "?");
}
