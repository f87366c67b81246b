import { closestString, levenshteinDistance } from "../std/text.ts";

/** Of so many letters one may be another, missing or too many. */
const LETTERS_PER_MISTAKE = 3;

/** The name that a person most likely meant; `undefined` where none is near: a wrong guess helps nobody. */
export function nearName(given: string, names: readonly string[]): string | undefined {
  if (names.length === 0) return undefined;
  const begun = names.filter((name) => given.length > 1 && name.startsWith(given));
  if (begun.length === 1) return begun[0];
  // Two letters in each other's place are two mistakes of Levenshtein's, and other names may be as near.
  const swapped = names.find((name) => haveSameLetters(given, name));
  if (swapped !== undefined) return swapped;
  const near = closestString(given, names);
  const [a, b] = [given.toLowerCase(), near.toLowerCase()];
  const mistakes = Math.max(1, Math.floor(b.length / LETTERS_PER_MISTAKE));
  const isBeginning = b.length > 1 && a.length > 1 && (a.startsWith(b) || b.startsWith(a));
  return isBeginning || levenshteinDistance(a, b) <= mistakes ? near : undefined;
}

function haveSameLetters(a: string, b: string): boolean {
  const inOrder = (word: string): string => [...word.toLowerCase()].sort().join("");
  return inOrder(a) === inOrder(b);
}

/** How many names a message lists. */
const LISTED = 5;

/** `did you mean "Bash"?`, or where no name is near, what there is. */
export function hintOf(given: string, names: readonly string[]): string {
  const near = nearName(given, names);
  if (near !== undefined) return `did you mean "${near}"?`;
  const more = names.length > LISTED ? ` and ${names.length - LISTED} more` : "";
  return `there is ${names.slice(0, LISTED).map((name) => `"${name}"`).join(", ")}${more}`;
}
