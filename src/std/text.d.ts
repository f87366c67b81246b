/** The part of `@std/text` that perfmon uses, with the types of the original; the npm build has none. */
/** The most similar of the strings, by Levenshtein distance. Throws where there are none. */
export function closestString(givenWord: string, possibleWords: readonly string[]): string;
/** How many characters have to be put in, taken out or changed to make one string of the other. */
export function levenshteinDistance(one: string, other: string): number;
