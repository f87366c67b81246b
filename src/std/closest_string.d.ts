/** The most similar of the strings, by Levenshtein distance. Throws where there are none. */
export function closestString(givenWord: string, possibleWords: readonly string[]): string;
