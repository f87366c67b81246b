/** The part of `@std/text` that perfmon uses, with the types of the original; the npm build has none. */
/** The most similar of the strings, by Levenshtein distance. Throws where there are none. */
export function closestString(givenWord: string, possibleWords: readonly string[]): string;
