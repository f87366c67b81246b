/**
 * A text for a cell that a spreadsheet may open: what it would run as a formula has an apostrophe before
 * it (OWASP, "CSV Injection"). The blanks before it don't count, as readers drop them; full-width signs
 * do, which spreadsheets of East Asia take for the others.
 */
export function defused(text: string): string {
  return /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]/.test(text) ? `'${text}` : text;
}
